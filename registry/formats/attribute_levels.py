"""The levels of a line out of its attributes: which candidate counts at each end, and what lies in between."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import hypot
from typing import Final

from registry.core.model import Point
from registry.formats.attributes import Row, date_of, in_metres, lies_in, nearest, number_of, text_of
from registry.formats.conversion_report import Remarks
from registry.formats.foreign import ForeignGeometry
from registry.formats.mapping import LevelFrom, LevelOf, Levels
from registry.formats.notes import note, quality, quality_of_ends
from schemas.metres import LEVEL_RANGE

STRAIGHT: Final = "straight gradient between manholes"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known level of one end, mm, with what it is and its date."""

    rule: LevelFrom
    level: int
    date: str | None


def read_levels(
    rule: Levels, row: Row, vertices: tuple[Point, ...], geometry: ForeignGeometry, remarks: Remarks
) -> tuple[tuple[int | None, ...], str]:
    """A level per vertex, and in words how good they are. ``vertices`` are those kept, in mm."""
    if rule.geometry_z is not None:
        return _levels_from_z(rule, geometry, remarks), quality("geometry", of=rule.of, what=rule.geometry_z)
    begin, begin_quality = _read_end(rule.begin, "begin", rule.of, row, remarks)
    end, end_quality = _read_end(rule.end, "end", rule.of, row, remarks)
    qualities = quality_of_ends(begin_quality, end_quality)
    inside = len(vertices) - 2
    if begin is None or end is None:
        return (begin, *[None] * inside, end), qualities
    if inside:
        remarks.assume(STRAIGHT)
    return _straight(begin, end, vertices), qualities


def known_level(value: object, unit: int, remarks: Remarks, where: str, name: str, **of: str) -> int | None:
    """A number as a level in mm; flagged, noted as ``name`` and ``None`` outside the range of levels."""
    number = number_of(value) if isinstance(value, (int, float, str)) else None
    if number is None:
        return None
    level = nearest(number * unit)
    if lies_in(level, LEVEL_RANGE):
        return level
    kept = note(name, level=text_of(str(value)), **of)
    remarks.flag(f"{where} outside -300 to +100 m NAP, taken as unknown", kept)
    return None


def _read_end(
    rules: tuple[LevelFrom, ...], which: str, of: LevelOf, row: Row, remarks: Remarks
) -> tuple[int | None, str]:
    candidates, reasons = [], []
    for rule in rules:
        candidate, reason = _candidate(rule, which, row, remarks)
        if candidate is not None:
            candidates.append(candidate)
        elif reason and rule.use == "level":
            reasons.append(reason)
    chosen = next((candidate for candidate in candidates if candidate.rule.use == "level"), None)
    for other in candidates:
        if other is not chosen:
            _note_other(chosen, other, which, of, remarks)
    for name, values in reasons:
        outcome = "taken as unknown" if chosen is None else "next level used"
        remarks.flag(note(name, which=which, outcome=outcome, **values))
    if chosen is None:
        return None, quality("unknown", of=of)
    if chosen.rule.what == "design":
        remarks.flag(f"design level at {which} used", kept="")  # the quality says it
        return chosen.level, quality("design", of=of)
    if chosen.rule.date is not None and chosen.date is None:
        remarks.flag(f"undated level at {which} used", kept="")
        return chosen.level, quality("undated", of=of, what=chosen.rule.what)
    return chosen.level, quality("dated" if chosen.date else "plain", of=of, what=chosen.rule.what, date=chosen.date)


def _candidate(
    rule: LevelFrom, which: str, row: Row, remarks: Remarks
) -> tuple[Candidate | None, tuple[str, dict[str, str]] | None]:
    """The level a rule finds, or why it finds none: a note and its values (nothing where that was flagged already)."""
    attribute = rule.number.attribute
    value = row[attribute]
    number = number_of(value)
    date = date_of(row[rule.date]) if rule.date is not None else None
    if number is None:
        return None, ("level_missing" if text_of(value) is None else "level_no_number", {"other": rule.what})
    if number in rule.number.unknown:
        return None, ("level_means_unknown", {"other": rule.what, "level": f"{number:.2f}"})
    if date is None and number in rule.unknown_without_date:
        return None, ("level_undated", {"other": rule.what, "level": f"{number:.2f}"})
    where = f"{rule.what} level at {which}"
    level = known_level(value, rule.number.unit, remarks, where, "level_outside", other=rule.what, which=which)
    return None if level is None else Candidate(rule, level, date), None


def _note_other(chosen: Candidate | None, other: Candidate, which: str, of: LevelOf, remarks: Remarks) -> None:
    level = in_metres(other.level)
    if chosen is None:
        kept = note("level_not_used", which=which, other=other.rule.what, level=level)
        remarks.note(f"{other.rule.what} level not used, level unknown", kept)
    elif chosen.level != other.level:
        name = "level_differs_dated" if chosen.date else "level_differs"
        values = {"which": which, "of": of, "what": chosen.rule.what, "date": chosen.date, "other": other.rule.what}
        apart = in_metres(abs(chosen.level - other.level))
        kept = note(name, level=level, apart=apart, **values)
        remarks.note(f"{chosen.rule.what} level used, {other.rule.what} level differs", kept)


def _straight(begin: int, end: int, vertices: tuple[Point, ...]) -> tuple[int, ...]:
    """Levels on a straight gradient along the plan length, whole mm."""
    lengths = (hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(vertices))
    chainages = list(accumulate(lengths, initial=0.0))
    rise = end - begin
    inner = (begin + round(rise * chainage / chainages[-1]) for chainage in chainages[1:-1])
    return (begin, *inner, end)


def _levels_from_z(rule: Levels, geometry: ForeignGeometry, remarks: Remarks) -> tuple[int | None, ...]:
    levels: list[int | None] = []
    for position in geometry.coordinates:
        z = position[2] if len(position) > 2 else None
        unknown = z is None or number_of(z) in (None, *rule.unknown_z)
        levels.append(None if unknown else known_level(z, 1000, remarks, "geometry z", "z_outside"))
    if None in levels:
        remarks.flag("geometry z unknown at a vertex")
    return tuple(levels)
