"""The account of a conversion: every object read, and what was assumed, flagged, noted and set apart, by reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from registry.core.errors import visible

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

    def text(self) -> str:
        """The account for a terminal."""
        return "\n".join(visible(line) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.file}, read by mapping {self.mapping}"
        for table in self.tables:
            if table.absent:
                yield f"  {table.layer}: not there"
                continue
            counts = f"{table.read} read = {len(table.converted)} converted + {len(table.quarantined)} quarantined"
            yield f"  {table.layer}: {counts}"
        assets = sum(len(table.converted) for table in self.tables)
        grounds = sum(table.ground_levels for table in self.tables)
        yield f"  written: {_counted(assets, 'asset')}, {_counted(grounds, 'ground level')}"
        for title, reasons in (
            ("Assumed (not in the file; filled in as the mapping says)", self.assumed),
            ("Flagged (doubtful or unknown; look at these)", self.flagged),
            ("Noted (done as the mapping says)", self.noted),
        ):
            if reasons:
                yield f"{title}:"
            for reason, ids in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
                yield f"{len(ids):>6}  {reason}: {_some(ids)}"
        quarantined = [item for table in self.tables for item in table.quarantined]
        if quarantined:
            yield "Quarantined (could not be converted, and are not written):"
        for item in quarantined[: 10 * IDS_SHOWN]:
            yield f"        {item.id}: {item.reason}"
        if len(quarantined) > 10 * IDS_SHOWN:
            yield f"        and {len(quarantined) - 10 * IDS_SHOWN} more"
        for warning in self.warnings:
            yield f"Warning: {warning}"


@dataclass(slots=True)
class Remarks:
    """What was found about one object on the way. ``notes`` stay with the asset itself."""

    assumed: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else ""
    return ", ".join(ids[:IDS_SHOWN]) + more


def _listed(reasons: Reasons) -> list[dict[str, object]]:
    return [{"reason": reason, "count": len(ids), "ids": ids} for reason, ids in sorted(reasons.items())]
