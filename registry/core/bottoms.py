"""How deep below ground level the bottom of a part lies, piece by piece of one ground level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from registry.core.case import Case
from registry.core.cover_readings import Exact, Reading, Straight
from registry.core.elements import box_of
from registry.core.ground import Ground
from registry.core.ground_over import levels_over
from registry.core.kernels import Axis, Number
from registry.core.model import Geometry, GroundLevel, Line, Open, Point, Shaft, Thing, Volume
from registry.core.same_place import Span
from registry.core.solids import Corridor, Prism, Segment, Solid, solid_of


@dataclass(frozen=True, slots=True)
class Bottom:
    """How deep the bottom lies along a piece of a part, as ``readings`` at both ends tell: one for each ground level
    that may be the one (what the part states, and what counts there), none where it is unknown for want of ``lacking``.

    ``endless``: it goes on downward without end. ``stretch`` is the piece (mm of chainage), ``None`` of a shaft or
    volume: of a volume there is one for each ground level that counts over it.
    """

    readings: tuple[Reading, ...]
    chainage: int | None
    x: int
    y: int
    stretch: Span | None
    lacking: tuple[str, ...] = ()
    endless: bool = False


def bottoms(case: Case, thing: Thing, within: Sequence[Span], limit: int) -> list[Bottom]:
    """The bottom of a part, or of what it replaces, along the stretches ``within`` of a line; of a shaft or volume as a
    whole. A piece ends where the bottom lies just at ``limit`` (mm) below ground level. The ground levels looked at are
    added to ``case.used``."""
    solid, given = case.solid(thing, "casing"), _given(thing)
    ground = case.ground.near(solid.box)
    if isinstance(solid, Corridor) and not solid.is_shaft:
        assert given is None or isinstance(given, Corridor)
        return [
            found
            for segment in solid.segments
            for span in within
            for found in _along(case, thing, solid, given, segment, ground, span, limit)
        ]
    return list(_standing(case, thing, solid, given, ground))


def _given(thing: Thing) -> Solid | None:
    """Where its depth was given, the casing counted from a ground level of 0."""
    geometry: Geometry = thing.geometry
    if geometry.level_reference == "nap":
        return None
    if isinstance(geometry, Line):
        geometry = replace(geometry, ground=(0,) * len(geometry.vertices))
    else:
        geometry = replace(geometry, ground=0)
    return solid_of(replace(thing, geometry=geometry), Ground((), 0), "casing")


def _along(
    case: Case,
    thing: Thing,
    solid: Corridor,
    given: Corridor | None,
    segment: Segment,
    ground: Ground,
    span: Span,
    limit: int,
) -> Iterator[Bottom]:
    """The pieces of one segment that lie in a stretch."""
    clipped = _clipped(solid, segment, span)
    if clipped is None:
        return
    near = ground.near(box_of(segment))
    straight = Straight.of(thing, solid, given, segment, near)
    # What lies below the top: its height, and of a drop how far it drops.
    drop = Fraction(int(segment.axis.z1 - segment.axis.z0), 2) if segment.upright else Fraction(0)
    tall = (solid.height or 0) + abs(drop)
    levels = near.under(*_ends(segment.axis))
    for start, end, level in levels:
        low, high = max(start, clipped[0]), min(end, clipped[1])
        if low > high or (low == high and not segment.upright and clipped[0] < clipped[1]):
            continue
        if level is not None:
            case.used.add(("ground_level", level.id))
        cuts = sorted({low, high, *straight.crossings(low, high, level, (limit - tall,))})
        for first, last in pairwise(cuts) if len(cuts) > 1 else ((low, high),):
            ends, (_, lacking) = [straight.at(f, level)[0] for f in (first, last)], straight.at(first, level)
            stretch = solid.chainage(segment.index, first), solid.chainage_up(segment.index, last)
            deep = [[(cover + tall, off) for cover, off in end] for end in ends]
            for f, here in zip((first, last), deep, strict=True):
                x, y = _at(segment.axis, f)
                readings = tuple(map(Reading.of, here, *deep))
                yield Bottom(readings, solid.chainage(segment.index, f), round(x), round(y), stretch, lacking)


def _clipped(solid: Corridor, segment: Segment, span: Span) -> tuple[Fraction, Fraction] | None:
    """The part of a segment that lies in a stretch, as fractions; a drop does or does not as a whole."""
    start, length = solid.starts[segment.index], solid.lengths[segment.index]
    if length == 0:
        inside = span[0] * 1000 <= start + 1000 and start - 1000 <= span[1] * 1000
        return (Fraction(0), Fraction(1)) if inside else None
    # The end of a line is told in whole mm, rounded down.
    last = solid.starts[-1] if span[1] >= solid.starts[-1] // 1000 else span[1] * 1000
    low, high = (Fraction(at - start, length) for at in (span[0] * 1000, last))
    low, high = max(low, Fraction(0)), min(high, Fraction(1))
    return (low, high) if low < high else None


def _standing(case: Case, thing: Thing, solid: Solid, given: Solid | None, ground: Ground) -> Iterator[Bottom]:
    """The bottom of a shaft or volume, under every ground level that counts over it."""
    geometry = thing.geometry
    assert isinstance(geometry, (Shaft, Volume))
    place = geometry.position if isinstance(geometry, Shaft) else min(geometry.outer)
    drawn = given or solid
    if geometry.bottom is Open.UNBOUNDED:
        yield Bottom((), None, *place, None, endless=True)
        return
    if not _known(drawn):
        yield Bottom((), None, *place, None, tuple(f"own_{item}" for item in drawn.lacking))
        return
    over = levels_over(solid.outer, solid.holes, ground) if isinstance(solid, Prism) else None
    levels: dict[GroundLevel | None, tuple[Number, Number]] = over or {ground.at(*place): place}
    case.used.update(("ground_level", level.id) for level in levels if level is not None)
    for level, (x, y) in levels.items():
        exact = list(_under(thing, solid, given, level, len(levels) == 1))
        readings = tuple(Reading.of(item, item, item) for item in exact)
        lacking = () if exact else ("ground_level",)
        yield Bottom(readings, None, round(x), round(y), None, lacking)


def _under(
    thing: Thing, solid: Solid, given: Solid | None, level: GroundLevel | None, alone: bool
) -> Iterator[Exact]:
    """How deep the bottom of a shaft or volume lies by what is stated, and below the ground level that counts."""
    own, off = getattr(thing.geometry, "ground", None), Fraction(thing.uncertainty.z)
    if given is not None and (own is not None or level is None):
        yield Fraction(-_bottom(given), 2), off
    elif own is not None:
        yield own - Fraction(_bottom(solid), 2), off
    if level is None or not _known(solid):
        return
    if given is None:
        off += level.uncertainty
    elif alone:  # what is unsure of the one it was counted from makes no difference
        off += 0 if own is None else abs(own - level.level)
    else:
        off += solid.extra_z + level.uncertainty
    yield level.level - Fraction(_bottom(solid), 2), off


def _known(solid: Solid) -> bool:
    return solid.known if isinstance(solid, Prism) else solid.segments[0].known


def _bottom(solid: Solid) -> Number:
    """The bottom of a shaft or volume, half mm."""
    return solid.bottom if isinstance(solid, Prism) else min(solid.segments[0].axis.z0, solid.segments[0].axis.z1)


def _ends(p: Axis) -> tuple[Point, Point]:
    return (int(p.x0), int(p.y0)), (int(p.x1), int(p.y1))


def _at(p: Axis, f: Fraction) -> tuple[Number, Number]:
    return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0)
