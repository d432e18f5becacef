"""``thermal``: how far what is hot has to lie from what is to stay cool, by how hot it is: heat and drinking water."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final, Literal

from registry.core.case import Case
from registry.core.findings import Quantity
from registry.core.model import THEMES, Asset, Part, Thing
from registry.core.policy import Clearance, RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.apart import Apart, judged, pairs
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, choices, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.separation import read_clearance


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked of what is hotter than ``above`` (0.001 °C)."""

    above: int
    apart: Clearance


@dataclass(frozen=True, slots=True)
class ThermalRule:
    """Between things of ``hot`` themes and of ``cool`` ones. ``steps`` go from cool to hot, each asking no less than
    the one before it."""

    header: RuleHeader
    hot: tuple[str, ...]
    cool: tuple[str, ...]
    steps: tuple[Step, ...]
    kind: Literal["thermal"] = "thermal"

    @property
    def widest(self) -> int:
        """The most that is asked sideways, mm."""
        return max(step.apart.ch for step in self.steps)

    def step(self, temperature: int | None) -> Step | None:
        """The one that holds at a temperature; where it is not known the one that asks the most."""
        below = [step for step in self.steps if temperature is None or temperature > step.above]
        return below[-1] if below else None


def read(node: Node, surroundings: Surroundings) -> ThermalRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "hot", "cool", "steps"), HEADER_OPTIONAL)
    hot, cool = (choices(given[side], THEMES, "theme") for side in ("hot", "cool"))
    both = sorted({*hot} & {*cool})
    if both and given["hot"].sound and given["cool"].sound:
        given["cool"].fault(f"{both[0]} is among the hot ones too", "Name it on one side only.", "duplicate_id")
    read_steps = []
    for item in given["steps"].items(at_least=1):
        entries = item.entries(("above", "apart", "source"))
        apart = read_clearance(entries["apart"], surroundings.source(entries["source"]), surroundings)
        read_steps.append((entries["above"].measured("temperature"), apart, entries))
    read_steps.sort(key=lambda step: step[0])
    for (above, cooler, _), (next_above, hotter, entries) in pairwise(read_steps):
        if next_above == above and entries["above"].sound:
            entries["above"].fault("there already is a step above this", "Keep one of the two.", "duplicate_id")
        elif _less(hotter, cooler) and entries["above"].sound:
            remedy = "Let each hotter step ask at least as much, sideways and vertically."
            entries["apart"].fault("this asks less than a cooler step", remedy, "out_of_range")
    return ThermalRule(read_header(given), hot, cool, tuple(Step(above, apart) for above, apart, _ in read_steps))


def _less(one: Clearance, other: Clearance) -> bool:
    """Whether one asks less than the other, in some respect."""
    shallower = one.cv is not None and (other.cv is None or one.cv < other.cv)
    return one.ch < other.ch or shallower


def evaluate(rule: ThermalRule, case: Case, relied: Relied) -> Evaluated:
    """What is hot too near to what is to stay cool, whichever of the two the application is for."""
    beside = [pair for pair in pairs(rule.header, case, relied) if _hot_of(rule, *pair) is not None]
    return replace(judged(rule, _asked(rule, beside), case, relied), touched=bool(beside))


def _asked(rule: ThermalRule, beside: Sequence[tuple[Part, Thing]]) -> Iterable[Apart]:
    for part, other in beside:
        hot = _hot_of(rule, part, other)
        step = rule.step(hot.temperature) if hot is not None else None
        if hot is None or step is None:
            continue
        cause, unknown = ("warms", "own_temperature") if hot is part else ("warmed", "temperature")
        because = None
        if hot.temperature is not None:
            because = Quantity(hot.temperature, "millicelsius"), Quantity(step.above, "millicelsius")
        lacking = (unknown,) if because is None else ()
        alike = partial(_no_hotter, hot, part)
        yield Apart(cause, step.apart, part, other, lacking=lacking, because=because, alike=alike)


def _hot_of(rule: ThermalRule, part: Part, other: Thing) -> Thing | None:
    """Which of the two is hot while the other is to stay cool. What is disused is neither."""
    if isinstance(other, Asset) and other.status == "disused":
        return None
    for hot, cool in ((part, other), (other, part)):
        if hot.theme in rule.hot and cool.theme in rule.cool:
            return hot
    return None


def _no_hotter(hot: Thing, part: Part, replaced: Asset) -> bool:
    """Whether a part is surely no hotter than what it replaces, if it is the hot one of the two."""
    now, before = part.temperature, replaced.temperature
    return hot is not part or (now is not None and before is not None and now <= before)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "thermal": "heat and what is to stay cool",
        "hot": "hot",
        "cool": "to stay cool",
        "steps": "distances by temperature",
        "above": "hotter than",
        "apart": "distance",
    },
    "nl": {
        "thermal": "warmte en wat koel moet blijven",
        "hot": "heet",
        "cool": "moet koel blijven",
        "steps": "afstanden naar temperatuur",
        "above": "heter dan",
        "apart": "afstand",
    },
}

KIND: Final = Kind(
    "thermal",
    ("cables_and_pipes",),
    read,
    evaluate,
    {
        "en": {
            "warms": {
                "what": "Part {part}, of {measured}, lies too near to {other}, which is to stay cool.",
                "remedy": "Lay it {missing} farther away. At {required} or less a smaller distance is asked, or none.",
            },
            "warmed": {
                "what": "Part {part} is to stay cool, and lies too near to {other}, of {measured}.",
                "remedy": "Lay it {missing} farther away. Beside {required} or less a smaller distance is asked, or "
                "none.",
            },
            "undetermined": {
                "what": "It cannot be determined whether part {part} and {other} lie far enough apart for what is to "
                "stay cool. Unknown: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Part {part} and {other} may lie too near to each other for what is to stay cool.",
                "remedy": "",
            },
            "assumed": {
                "what": "Part {part} and {other} lie far enough apart for what is to stay cool, if the depth or size "
                "is what the municipality assumes.",
                "remedy": "",
            },
        },
        "nl": {
            "warms": {
                "what": "Onderdeel {part}, van {measured}, ligt te dicht bij {other}, dat koel moet blijven.",
                "remedy": "Leg het {missing} verder weg. Bij hoogstens {required} is een kleinere afstand vereist, of "
                "geen.",
            },
            "warmed": {
                "what": "Onderdeel {part} moet koel blijven en ligt te dicht bij {other}, van {measured}.",
                "remedy": "Leg het {missing} verder weg. Naast hoogstens {required} is een kleinere afstand vereist, "
                "of geen.",
            },
            "undetermined": {
                "what": "Het is niet te bepalen of onderdeel {part} en {other} ver genoeg uit elkaar liggen voor wat "
                "koel moet blijven. Onbekend: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Onderdeel {part} en {other} liggen mogelijk te dicht bij elkaar voor wat koel moet blijven.",
                "remedy": "",
            },
            "assumed": {
                "what": "Onderdeel {part} en {other} liggen ver genoeg uit elkaar voor wat koel moet blijven, als de "
                "diepte of de maat is wat de gemeente aanneemt.",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=("reserved_space",),
)
