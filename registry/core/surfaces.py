"""Which surfaces lie over a corridor: where along its axis its width touches a zone, and where no zone is known.

Whole numbers and ratios throughout. Where a square root is needed it is rounded so that a zone counts over a stretch
less than a thousandth of a millimetre longer than it is, never shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Final, Literal

from registry.core.boxes import Box, boxes_meet
from registry.core.elements import box_of
from registry.core.kernels import Axis, Number, plan_nearest, point_in_rings
from registry.core.model import Point, Zone
from registry.core.polygons import Polygon, contains, meetings, touch
from registry.core.solids import Corridor, Prism, Segment

#: From where to where along a segment, as fractions of it.
Span = tuple[Fraction, Fraction]
#: Why a surface does not surely lie over a place: the axis may lie elsewhere, or only the round end reaches it.
Doubt = Literal["possible", "possible_end"]

#: Square roots are taken in steps of one to this.
_FINE: Final = 1 << 40
_WHOLE: Final[Span] = (Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True)
class Above:
    """A surface over a place: its type (``None``: unknown, or not asked), what is in doubt, and the zones it is of."""

    surface: str | None
    doubt: Doubt | None = None
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Along:
    """The surfaces over one segment: per zone where, and in what doubt; and where the surface is unknown."""

    zones: tuple[tuple[Zone, Span, Doubt | None], ...]
    unknown: tuple[Span, ...]

    @property
    def cuts(self) -> set[Fraction]:
        """Where along the segment a surface begins or ends."""
        return {f for _, span, _ in self.zones for f in span} | {f for span in self.unknown for f in span}

    def at(self, f: Fraction) -> list[Above]:
        """The surfaces over a place between two cuts, each once, the least doubtful kept."""
        found: dict[str, Above] = {}
        for zone, (low, high), doubt in self.zones:
            if low <= f <= high:
                so_far = found.get(zone.value, Above(zone.value, doubt))
                kept = None if doubt is None or so_far.doubt is None else so_far.doubt
                found[zone.value] = replace(so_far, doubt=kept, zones=(*so_far.zones, zone.id))
        return [*(found[value] for value in sorted(found)), *([Above(None)] if self.unknown_at(f) else [])]

    def lying(self, f: Fraction) -> list[tuple[Zone, Doubt | None]]:
        """The zones over a place between two cuts, each once, in the least doubt; in order of id."""
        found: dict[str, tuple[Zone, Doubt | None]] = {}
        for zone, (low, high), doubt in self.zones:
            if low <= f <= high and (zone.id not in found or doubt is None):
                found[zone.id] = (zone, doubt)
        return [found[name] for name in sorted(found)]

    def unknown_at(self, f: Fraction) -> bool:
        """Whether over some of the width at a place between two cuts no zone is known."""
        return any(low <= f <= high for low, high in self.unknown)


#: Where nothing depends on the surface.
ANYWHERE: Final = Along((), (_WHOLE,))


def near_zones(zones: Iterable[Zone], box: Box, margin: int) -> list[tuple[Zone, Box]]:
    """The zones whose boxes lie within ``margin`` mm of a box, each with its box."""
    found = []
    for zone in zones:
        xs, ys = [x for x, _ in zone.outer], [y for _, y in zone.outer]
        own = (min(xs), min(ys), max(xs), max(ys))
        if boxes_meet(own, box, margin):
            found.append((zone, own))
    return found


def surfaces_along(solid: Corridor, segment: Segment, zones: Sequence[tuple[Zone, Box]], shift: int) -> Along:
    """The surfaces over one segment of a corridor whose axis may lie ``shift`` mm aside.

    A zone counts where it is touched by the width. The surface is unknown where the axis, or the line along either of
    its sides, lies in none of those zones, unless over no more than a millimetre: so much two zones may be drawn apart.
    """
    width = solid.width or 0
    over: list[Polygon] = []
    around = box_of(segment)
    near = [zone for zone, box in zones if boxes_meet(box, around, width // 2 + 1 + shift)]
    spans: list[tuple[Zone, Span, Doubt | None]] = []
    for zone in near:
        area = (zone.outer, zone.holes)
        drawn = touching(segment, width, area)
        doubt: Doubt | None = None if _without_its_ends(solid, segment, area) else "possible_end"
        spans += [(zone, span, doubt) for span in drawn]
        over += [area] if drawn else []
        if shift:
            spans += [(zone, span, "possible") for span in touching(segment, width + 2 * shift, area)]
    unknown = [span for line in _lines(segment, width) for span in _outside(line, over)]
    length = 0 if segment.upright else solid.lengths[segment.index]
    wide = tuple((low, high) for low, high in unknown if not length or (high - low) * length > 1000)
    return Along(tuple(spans), wide)


def surfaces_over(solid: Prism, zones: Sequence[tuple[Zone, Box]]) -> list[Above]:
    """The surfaces over a volume: of every zone its footprint overlaps or touches. Part of it is unknown, unless one
    zone contains it whole: several that do so together are not put together."""
    footprint = (solid.outer, solid.holes)
    over = [zone for zone, _ in zones if touch(footprint, (zone.outer, zone.holes))]
    named = [
        Above(value, None, tuple(zone.id for zone in over if zone.value == value))
        for value in sorted({zone.value for zone in over})
    ]
    whole = any(contains((zone.outer, zone.holes), footprint) for zone in over)
    return [*named, *([] if whole else [Above(None)])]


def touching(segment: Segment, width: int, area: Polygon) -> list[Span]:
    """Where along a segment what is ``width`` mm wide touches an area: its axis lies in it or on its boundary, or less
    than half the width away. A width of nothing is taken as 1 mm."""
    width = max(width, 1)
    p = segment.axis._replace(z0=0, z1=0)
    edges = [Axis(*ring[k - 1], 0, *corner, 0) for ring in (area[0], *area[1]) for k, corner in enumerate(ring)]
    near = [span for edge in edges if (span := _near_edge(p, edge, width)) is not None]
    spans: list[Span] = []
    for low, high in pairwise(sorted({*_WHOLE, *(f for span in near for f in span)})):
        middle = (low + high) / 2
        if any(start <= middle <= end for start, end in near) or point_in_rings(*_on(p, middle), *area) >= 0:
            joined = spans.pop()[0] if spans and spans[-1][1] == low else low
            spans.append((joined, high))
    return spans


def _near_edge(p: Axis, edge: Axis, width: int) -> Span | None:
    """From where to where along ``p`` a side of an area lies less than half of ``width`` away; ``None``: nowhere.

    What lies so near to a side is a disk around each of its ends and a strip between them, together convex: so it is
    one stretch, from the first of the three to the last.
    """
    half = width // 2 + 1
    if _box_apart(p, edge, half):
        return None
    near = plan_nearest(p, edge, None)
    if near is None or 4 * near.num >= width * width * near.den:
        return None
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    length = ux * ux + uy * uy
    if length == 0:
        return _WHOLE
    spans: list[Span] = []
    for x, y in ((edge.x0, edge.y0), (edge.x1, edge.y1)):
        wx, wy = x - p.x0, y - p.y0
        left = width * width * length - 4 * (wx * uy - wy * ux) ** 2
        if left > 0:
            ahead, chord = Fraction(wx * ux + wy * uy), _root_up(left) / 2
            spans.append(((ahead - chord) / length, (ahead + chord) / length))
    vx, vy = edge.x1 - edge.x0, edge.y1 - edge.y0
    qx, qy = p.x0 - edge.x0, p.y0 - edge.y0
    side = vx * vx + vy * vy
    bound = _root_up(width * width * side) / 2
    strip = _held(_WHOLE, vx * qy - vy * qx, vx * uy - vy * ux, -bound, bound)
    strip = strip and _held(strip, vx * qx + vy * qy, vx * ux + vy * uy, Fraction(0), Fraction(side))
    spans += [strip] if strip else []
    return max(min(low for low, _ in spans), _WHOLE[0]), min(max(high for _, high in spans), _WHOLE[1])


def _held(span: Span, start: Number, rise: Number, least: Fraction, most: Fraction) -> Span | None:
    """What of a span is left where ``start`` + f · ``rise`` lies between ``least`` and ``most``."""
    if rise == 0:
        return span if least <= start <= most else None
    low, high = sorted(((least - start) / rise, (most - start) / rise))
    low, high = max(low, span[0]), min(high, span[1])
    return (low, high) if low <= high else None


def _without_its_ends(solid: Corridor, segment: Segment, area: Polygon) -> bool:
    """Whether a segment touches an area also without what the round ends of its corridor add."""
    flat = segment if solid.is_shaft else solid.flat_ends[segment.index]
    if flat is segment:
        return True
    return flat is not None and bool(touching(flat, solid.flat_width, area))


def _lines(segment: Segment, width: int) -> list[tuple[Point, Point]]:
    """The axis of a segment and the lines along both its sides, rounded inward to whole mm; of an upright one the
    middle and four points around it."""
    p, half = segment.axis, width // 2
    start, end = (int(p.x0), int(p.y0)), (int(p.x1), int(p.y1))
    around: tuple[Point, ...]
    if segment.upright:
        around = ((0, 0), (half, 0), (0, half), (-half, 0), (0, -half))
    else:
        ux, uy = end[0] - start[0], end[1] - start[1]
        long = isqrt(ux * ux + uy * uy - 1) + 1
        aside = (_toward_zero(-uy * width, 2 * long), _toward_zero(ux * width, 2 * long))
        around = ((0, 0), aside, (-aside[0], -aside[1]))
    return [((start[0] + x, start[1] + y), (end[0] + x, end[1] + y)) for x, y in around]


def _outside(line: tuple[Point, Point], areas: Sequence[Polygon]) -> Iterator[Span]:
    """The pieces of a line that lie in none of the areas, their boundaries included."""
    (x0, y0), (x1, y1) = line
    point = line[0] == line[1]
    cuts = {*_WHOLE, *(f for area in areas if not point for f in meetings(*line, area))}
    for low, high in pairwise(sorted(cuts)):
        middle = (low + high) / 2
        x, y = x0 + middle * (x1 - x0), y0 + middle * (y1 - y0)
        if not any(point_in_rings(x, y, *area) >= 0 for area in areas):
            yield low, high


def _box_apart(p: Axis, q: Axis, margin: int) -> bool:
    return (
        min(p.x0, p.x1) - margin > max(q.x0, q.x1)
        or min(q.x0, q.x1) - margin > max(p.x0, p.x1)
        or min(p.y0, p.y1) - margin > max(q.y0, q.y1)
        or min(q.y0, q.y1) - margin > max(p.y0, p.y1)
    )


def _on(p: Axis, f: Fraction) -> tuple[Number, Number]:
    return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0)


def _root_up(value: Number) -> Fraction:
    """√value, rounded up unless it is exact."""
    square = value * _FINE * _FINE
    root = isqrt(int(square))
    return Fraction(root if root * root == square else root + 1, _FINE)


def _toward_zero(num: int, den: int) -> int:
    return num // den if num >= 0 else -(-num // den)
