"""Findings in the words of their own rule kind: those that are not about a distance between two solids or cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.core.errors import shown
from registry.core.findings import Measure, Quantity
from registry.core.rules import KINDS
from registry.formats.telling import Telling
from registry.formats.words import Language, length, listed

#: How many of a quantity's whole numbers make one of the unit in which it is told, and that unit.
_TOLD: Final[dict[str, tuple[int, str]]] = {
    "mm": (1_000, " m"),
    "millideg": (1_000, "°"),
    "millicelsius": (1_000, " °C"),
    "ml_per_s": (1_000, " l/s"),
    "litre": (1_000, " m³"),
    "dm2": (100, " m²"),
    "count": (1, ""),
    "day": (1, ""),
}

#: One day, and any other number of them.
_DAYS: Final[dict[Language, tuple[str, str]]] = {"nl": (" dag", " dagen"), "en": (" day", " days")}

#: What stands for the numbers of a finding; of a distance those sideways.
_AMOUNTS: Final = ("measured", "required", "missing")


def quantity(value: Quantity, lang: Language) -> str:
    """A quantity with its unit: ``0.215 m``, ``45°``, ``60 m³``; a length with three decimals, others as few as do."""
    per, unit = _TOLD[value.unit]
    if value.unit == "mm":
        return length(value.value, lang) + unit
    if value.unit == "day":
        unit = _DAYS[lang][abs(value.value) != 1]
    whole, rest = divmod(abs(value.value), per)
    decimals = str(rest).rjust(len(str(per)) - 1, "0").rstrip("0")
    sign = "−" if value.value < 0 else ""
    return f"{sign}{whole}{(',' if lang == 'nl' else '.') + decimals if decimals else ''}{unit}"


def in_its_words(telling: Telling, text: str, other: str = "") -> str:
    """``what``, ``numbers`` or ``remedy`` of a finding in the words of its rule kind; empty where that leaves it to the
    report."""
    finding, lang = telling.finding, telling.lang
    kind = KINDS.get(finding.rule_kind)
    says = kind.says.get(lang, {}) if kind is not None else {}
    if finding.cause not in says:
        return ""
    found = says[finding.cause]
    if finding.certainty != "certain":
        doubt = "possible" if finding.certainty == "possible_end" else finding.certainty
        found = says.get(f"{finding.cause}_{doubt}", says.get(doubt, found))
    sideways = (finding.gap, finding.required, finding.missing)
    stated = zip(_AMOUNTS, (finding.measured, finding.asked, finding.short), sideways, strict=True)
    amounts = {name: value or _sideways(measure) for name, value, measure in stated}
    return found.get(text, "").format(
        part=shown(finding.place.part),
        other=other,
        about=shown(finding.about or ""),
        lacking=listed([telling.words["lacking"][item] for item in finding.lacking], lang),
        **{name: "" if value is None else quantity(value, lang) for name, value in amounts.items()},
    )


def _sideways(measure: Measure | None) -> Quantity | None:
    return None if measure is None or measure.horizontal is None else Quantity(measure.horizontal, "mm")


def quantities(telling: Telling) -> Iterator[str]:
    """What was measured, what is asked and by how much it fails, as far as the finding says: in the words of its kind
    where that has them. A plain number of things or days says nothing without these."""
    finding, own = telling.finding, in_its_words(telling, "numbers")
    if own:
        yield own
        return
    told = {
        name: quantity(value, telling.lang)
        for name, value in (("measured", finding.measured), ("asked", finding.asked), ("short", finding.short))
        if value is not None and value.unit not in ("count", "day")
    }
    if told:
        yield telling.words["quantity"]["_".join(told)].format(**told)
