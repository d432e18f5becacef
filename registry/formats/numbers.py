"""The numbers of a finding in words: what there is, what is required, what is missing, from where it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from registry.core.errors import shown
from registry.core.model import Line, Thing, kind_of
from registry.formats.cover_after_told import cover_after, cover_between
from registry.formats.kind_told import quantities
from registry.formats.telling import AXES, COVER, COVER_UNKNOWN, DISTANCE, Axis, Telling, amounts, on
from registry.formats.words import listed


def numbers(telling: Telling) -> Iterator[str]:
    """The sentences with the numbers."""
    number, finding = telling.words["number"], telling.finding
    if not telling.of_distance:
        yield from quantities(telling)
    if finding.after is not None:
        yield from cover_after(telling, finding.after)
    elif finding.cause in (*COVER, *COVER_UNKNOWN):
        yield from _cover(telling)
    elif finding.cause == "sticks_out":
        for axis, missing in amounts(finding.missing):
            yield number["out"].format(axis=telling.words["axis"][axis], missing=telling.metres(missing))
    elif telling.of_distance:
        yield from (number[finding.cause],) if finding.cause in DISTANCE else ()
        for axis in AXES:
            yield from _axis(telling, axis)
        if finding.cause != "overlap" and finding.required is not None and finding.required.vertical is None:
            yield number["any_depth"]
        if finding.measured_from is not None:
            yield _measured_from(telling, finding.measured_from)


def _axis(telling: Telling, axis: Axis) -> Iterator[str]:
    """The numbers along one axis; none where nothing is required there."""
    finding = telling.finding
    gap, required, missing = (on(m, axis) for m in (finding.gap, finding.required, finding.missing))
    if finding.cause == "overlap":
        required = None
    if required is None:
        if gap is None or (finding.cause != "overlap" and axis == "vertical"):
            return
        kind = "overlap_only" if gap < 0 else "gap_only"
        if finding.certainty in ("undetermined", "certain") and telling.size_unknown():
            kind = "at_most_only_overlap" if gap < 0 else "at_most_only"
    elif gap is None:
        kind = "unknown" if finding.certainty in ("undetermined", "assumed") else "endless"
    else:
        kind = _kind(telling, gap, required)
    short = missing if missing is not None else (required or 0) - (gap or 0)
    yield telling.words["number"][kind].format(
        axis=telling.words["axis"][axis],
        gap=telling.metres(abs(gap or 0)),
        required=telling.metres(required or 0),
        missing=telling.metres(short),
    )
    uncertain = on(finding.uncertainty, axis)
    if gap is not None and uncertain and finding.certainty == "possible":
        yield _between(telling, gap, uncertain)


def _kind(telling: Telling, gap: int, required: int) -> str:
    """How the gap is told beside what is required."""
    certainty = telling.finding.certainty
    if certainty in ("undetermined", "certain") and telling.size_unknown():
        kind = "at_most" if certainty == "undetermined" or gap >= required else "at_most_short"
    elif certainty == "possible" or (certainty == "undetermined" and not _for_want_of_depth(telling)):
        # As drawn it may well be enough: that it is missing is what nobody can say.
        kind = "drawn"
    elif gap >= required:
        return "enough"
    elif certainty == "possible_end":
        kind = "end"
    else:
        kind = "decides" if certainty in ("undetermined", "assumed") else "short"
    return f"{kind}_overlap" if gap < 0 else kind


def _for_want_of_depth(telling: Telling) -> bool:
    """Whether what is undetermined is so for want of a depth, as it always is by the matrix where the sizes are known;
    a rule kind may need to know something else."""
    lacking = {item.removeprefix("own_") for item in telling.finding.lacking}
    return telling.finding.cause in DISTANCE or bool(lacking & {"level", "ground_level"})


def _between(telling: Telling, gap: int, uncertain: int) -> str:
    """Between which two numbers the true gap lies."""
    number = telling.words["number"]
    ends = [gap - uncertain, gap + uncertain]
    low, high = (number["overlap_room" if end < 0 else "room"].format(gap=telling.metres(abs(end))) for end in ends)
    return number["between"].format(uncertain=telling.metres(uncertain), low=low, high=high)


def _measured_from(telling: Telling, measured_from: str) -> str:
    """From where was measured: the envelope only where one of the two has one, as far as that is known."""
    number = telling.words["number"]
    things = [thing for thing in (telling.part, *telling.others) if thing is not None]
    if measured_from == "envelope" and len(things) == 1 + len(telling.finding.counterparts):
        having = [thing for thing in things if isinstance(thing.geometry, Line) and thing.geometry.envelope is not None]
        if not having:
            return number["outside"]
        if len(having) == 1:
            return number["envelope_of"].format(other=_named(telling, having[0]))
        if len(things) == len(having) == 2:
            return number["envelope_both"]
    return number[measured_from]


def _named(telling: Telling, thing: Thing) -> str:
    words = telling.words
    return words["text"]["one"].format(kind=words["kind"][kind_of(thing)], id=shown(thing.id))


def _cover(telling: Telling) -> Iterator[str]:
    number, finding = telling.words["number"], telling.finding
    gap, required, missing = (on(m, "vertical") for m in (finding.gap, finding.required, finding.missing))
    if required is not None:
        kind, told = "cover_required", abs(gap or 0)
        if gap is not None and finding.cause == "cover_unknown":
            kind, told = "cover_depends_small" if gap < required else "cover_depends_large", gap
        if gap is not None and finding.cause != "cover_unknown":
            too_large = finding.cause == "cover_too_large"
            short = gap > required if too_large else gap < required
            kind = finding.cause if short else "cover_enough"
            kind = "cover_above" if short and gap < 0 and not too_large else kind
            if finding.certainty in ("possible", "possible_end"):
                kind = "cover_drawn_above" if gap < 0 else "cover_drawn"
        yield number[kind].format(
            gap=telling.metres(told),
            required=telling.metres(required),
            missing=telling.metres(abs(missing if missing is not None else required - (gap or 0))),
        )
        uncertain = on(finding.uncertainty, "vertical")
        if gap is not None and uncertain and finding.certainty == "possible":
            yield cover_between(telling, gap, uncertain)
    if finding.surface is not None:
        yield number["surface"].format(surface=telling.words["surface"][finding.surface])


def numbered(telling: Telling, found: list[int]) -> str:
    """The numbers of other findings: *finding 2*, *findings 2 and 3*."""
    text = telling.words["text"]
    names = listed([str(number) for number in sorted(found)], telling.lang)
    return text["finding" if len(found) == 1 else "findings"].format(numbers=names)
