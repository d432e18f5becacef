"""The account of a conversion: every object read, and what was assumed, flagged, noted and set apart, by reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from registry.core.errors import visible
from registry.formats.conversion_nl import LINES
from registry.formats.notes import told_reason
from registry.formats.words import Language

#: So many ids are named per reason on a terminal; the JSON names all.
IDS_SHOWN: Final = 5

Reasons = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An object set apart: by its id where it has one (else layer and row), and why."""

    id: str
    reason: str


@dataclass(slots=True)
class TableReport:
    """One layer's account. ``absent``: the mapping makes it optional, and it was not there."""

    layer: str
    absent: bool = False
    read: int = 0
    converted: list[str] = field(default_factory=list)
    ground_levels: int = 0
    quarantined: list[Quarantined] = field(default_factory=list)


@dataclass(slots=True)
class ConversionReport:
    """The account of a whole conversion; per reason the ids it holds for, in the order read.

    *assumed*: not in the file, filled in from the mapping. *flagged*: doubtful, unknown or contradictory, to be looked
    at. *noted*: a choice the mapping prescribes.
    """

    file: str
    mapping: str
    tables: list[TableReport] = field(default_factory=list)
    assumed: Reasons = field(default_factory=dict)
    flagged: Reasons = field(default_factory=dict)
    noted: Reasons = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, object_id: str, remarks: Remarks) -> None:
        for reasons, found in (
            (self.assumed, remarks.assumed),
            (self.flagged, remarks.flagged),
            (self.noted, remarks.noted),
        ):
            for reason in dict.fromkeys(found):
                reasons.setdefault(reason, []).append(object_id)

    def plain(self) -> dict[str, object]:
        """The account as plain data for JSON."""
        return {
            "file": self.file,
            "mapping": self.mapping,
            "tables": [
                {
                    "layer": table.layer,
                    "absent": table.absent,
                    "read": table.read,
                    "converted": len(table.converted),
                    "quarantined": len(table.quarantined),
                    "ground_levels": table.ground_levels,
                    "converted_ids": table.converted,
                }
                for table in self.tables
            ],
            "written": {
                "asset": sum(len(table.converted) for table in self.tables),
                "ground_level": sum(table.ground_levels for table in self.tables),
            },
            "assumed": _listed(self.assumed),
            "flagged": _listed(self.flagged),
            "noted": _listed(self.noted),
            "quarantined": [
                {"layer": table.layer, "id": item.id, "reason": item.reason}
                for table in self.tables
                for item in table.quarantined
            ],
            "warnings": self.warnings,
        }

    def shortened(self) -> bool:
        """Whether the account for a terminal leaves ids out."""
        lists = [*self.assumed.values(), *self.flagged.values(), *self.noted.values()]
        apart = sum(len(table.quarantined) for table in self.tables)
        return any(len(ids) > IDS_SHOWN for ids in lists) or apart > 10 * IDS_SHOWN

    def text(self, lang: Language = "en") -> str:
        """The account for a terminal."""
        return "\n".join(visible(line) for line in self._lines(lang))

    def _lines(self, lang: Language) -> Iterator[str]:
        words = LINES[lang]
        yield words["head"].format(file=self.file, mapping=self.mapping)
        for table in self.tables:
            if table.absent:
                yield f"  {table.layer}: {words['absent']}"
                continue
            counts = {"read": table.read, "converted": len(table.converted), "apart": len(table.quarantined)}
            yield f"  {table.layer}: {words['counts'].format(**counts)}"
        assets = sum(len(table.converted) for table in self.tables)
        grounds = sum(table.ground_levels for table in self.tables)
        counted = {"assets": _counted(assets, "asset", lang), "grounds": _counted(grounds, "ground", lang)}
        yield "  " + words["written"].format(**counted)
        for title, reasons in (("assumed", self.assumed), ("flagged", self.flagged), ("noted", self.noted)):
            if reasons:
                yield words[title]
            for reason, ids in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
                yield f"{len(ids):>6}  {told_reason(reason, lang)}: {_some(ids, lang)}"
        quarantined = [item for table in self.tables for item in table.quarantined]
        if quarantined:
            yield words["quarantined"]
        for item in quarantined[: 10 * IDS_SHOWN]:
            yield f"        {item.id}: {told_reason(item.reason, lang)}"
        if len(quarantined) > 10 * IDS_SHOWN:
            yield "        " + words["more"].format(count=len(quarantined) - 10 * IDS_SHOWN)
        for warning in self.warnings:
            yield words["warning"].format(text=warning)


@dataclass(slots=True)
class Remarks:
    """What was found about one object on the way. ``notes`` stay with the asset itself: of each reason ``kept``, or
    the reason where nothing else is given; empty where the asset says it elsewhere."""

    assumed: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def assume(self, reason: str, kept: str | None = None) -> None:
        self._keep(self.assumed, reason, f"{reason}, assumed" if kept is None else kept)

    def flag(self, reason: str, kept: str | None = None) -> None:
        self._keep(self.flagged, reason, reason if kept is None else kept)

    def note(self, reason: str, kept: str | None = None) -> None:
        self._keep(self.noted, reason, reason if kept is None else kept)

    def _keep(self, reasons: list[str], reason: str, kept: str) -> None:
        reasons.append(reason)
        self.notes += [kept] if kept else []


def _counted(count: int, what: str, lang: Language) -> str:
    return LINES[lang][what if count == 1 else f"{what}s"].format(count=count)


def _some(ids: list[str], lang: Language) -> str:
    more = " " + LINES[lang]["more"].format(count=len(ids) - IDS_SHOWN) if len(ids) > IDS_SHOWN else ""
    return ", ".join(ids[:IDS_SHOWN]) + more


def _listed(reasons: Reasons) -> list[dict[str, object]]:
    return [{"reason": reason, "count": len(ids), "ids": ids} for reason, ids in sorted(reasons.items())]
