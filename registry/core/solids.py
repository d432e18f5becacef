"""From an object as given to its canonical solid: axis and outer size, derived once.

Heights are kept *doubled* (half millimetres), so that the axis of a pipe of odd height given by its top is exact.
A datum that is missing leaves ``None``; ``lacking`` names it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import TYPE_CHECKING, Literal

from registry.core.boxes import Box, box_around
from registry.core.ground import Ground
from registry.core.ground_over import levels_over
from registry.core.kernels import Axis, Number, axis_box
from registry.core.levels import UNBOUNDED as UNBOUNDED
from registry.core.levels import bounds, doubled_axis, ground_level, needs_ground
from registry.core.model import Asset, Line, Point, Shaft, Thing, Volume
from registry.core.sizes import enclosing, least_size, least_width, outer_size

if TYPE_CHECKING:
    from registry.core.sides import Sides

MeasuredFrom = Literal["casing", "envelope"]



@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of a corridor's axis between the fractions ``low`` and ``high`` of segment ``index``.

    ``axis`` has z 0 where ``known`` is false.
    """

    index: int
    axis: Axis
    known: bool
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)

    def piece(self, low: Fraction, high: Fraction) -> Segment:
        """The piece between two fractions of this piece."""
        p = self.axis

        def at(f: Fraction) -> tuple[Number, Number, Number]:
            return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0), p.z0 + f * (p.z1 - p.z0)

        span = self.high - self.low
        return Segment(
            self.index, Axis(*at(low), *at(high)), self.known, self.low + low * span, self.low + high * span
        )

    @property
    def upright(self) -> bool:
        """Whether it has no length in plan."""
        return self.axis.x0 == self.axis.x1 and self.axis.y0 == self.axis.y1


@dataclass(frozen=True, slots=True)
class Flank:
    """A straight flank that something may run alongside: a segment of a corridor's axis, or an edge of a footprint.

    ``element`` is the index of the segment (0 for a volume); ``start`` and ``length`` are chainage in whole µm, around
    a ring as along a line.
    """

    element: int
    axis: Axis
    start: int
    length: int

    def chainage(self, fraction: Fraction) -> int:
        """Metres along the line or ring, in whole mm, of a fraction of this flank."""
        return round(self.start + fraction * self.length) // 1000


@dataclass(frozen=True)
class Corridor:
    """A centreline ⊕ (disk of ``width`` × vertical interval of ``height``), mm; ``None`` is unknown.

    ``lengths`` are the segments' plan lengths in whole µm. A shaft is a corridor of one upright segment and height 0.
    ``joined``: whether it goes on in another at its first and last end (``joins``). ``least_width``: what of the width
    is sure: all where it is known, 0 where nothing is.
    """

    segments: tuple[Segment, ...]
    width: int | None
    height: int | None
    lacking: tuple[str, ...]
    extra_z: int
    ground_used: tuple[str, ...]
    is_shaft: bool = False
    joined: tuple[bool, bool] = (False, False)
    least_width: int = 0

    @property
    def sure_width(self) -> int:
        """Its width, or where that is unknown as much as it has at least."""
        return self.least_width if self.width is None else self.width

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        return tuple(
            isqrt(int((s.axis.x1 - s.axis.x0) ** 2 + (s.axis.y1 - s.axis.y0) ** 2) * 1_000_000) for s in self.segments
        )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Chainage (µm) at which each segment starts; one more for the end."""
        sums = [0]
        for length in self.lengths:
            sums.append(sums[-1] + length)
        return tuple(sums)

    def chainage(self, index: int, fraction: Fraction) -> int:
        """Metres along the line, in whole mm, of a fraction of a segment."""
        return round(Fraction(self.starts[index]) + fraction * self.lengths[index]) // 1000

    def chainage_up(self, index: int, fraction: Fraction) -> int:
        """As ``chainage``, rounded up."""
        return -(-round(Fraction(self.starts[index]) + fraction * self.lengths[index]) // 1000)

    @cached_property
    def flanks(self) -> tuple[Flank, ...]:
        """The segments that have a length in plan; of a shaft its position, for what it covers by its width."""
        if self.is_shaft:
            return (Flank(0, self.segments[0].axis, 0, 0),)
        return tuple(
            Flank(segment.index, segment.axis, start, length)
            for segment, start, length in zip(self.segments, self.starts, self.lengths, strict=False)
            if length
        )

    def between(self, start: int, end: int) -> list[Segment]:
        """The pieces of the axis between two chainages (mm)."""
        pieces = []
        # Those before end before the start, and those after begin after the end.
        first = max(bisect_left(self.starts, start * 1000) - 1, 0)
        for k in range(first, min(bisect_right(self.starts, end * 1000), len(self.segments))):
            segment, at, length = self.segments[k], self.starts[k], self.lengths[k]
            if length == 0:
                continue
            low = max(Fraction(start * 1000 - at, length), Fraction(0))
            high = min(Fraction(end * 1000 - at, length), Fraction(1))
            if low <= high:
                pieces.append(segment.piece(low, high))
        return pieces

    @cached_property
    def box(self) -> Box:
        xs = [x for s in self.segments for x in (s.axis.x0, s.axis.x1)]
        ys = [y for s in self.segments for y in (s.axis.y0, s.axis.y1)]
        half = self.sure_width // 2 + 1
        return int(min(xs)) - half, int(min(ys)) - half, int(max(xs)) + half, int(max(ys)) + half

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of the axis, segment by segment."""
        return tuple(axis_box(segment.axis) for segment in self.segments)

    @property
    def side_boxes(self) -> tuple[Box, ...]:
        """The same: what may lie beside something."""
        return self.boxes

    @cached_property
    def flat_width(self) -> int:
        """The width of what ``flat_ends`` leaves: a corridor too short to be cut leaves a disk at its middle, or at the
        end where it is joined."""
        ends = 2 - sum(self.keeps_cap(k) for k in (0, -1))
        if not self.starts[-1] or not ends:
            return self.sure_width
        return min(self.sure_width, 2 * self.starts[-1] // (1000 * ends))

    def keeps_cap(self, end: int) -> bool:
        """Whether the disk at an end (0 or −1) is no cap: it is joined there, or steep."""
        return self.joined[end] or self._steep(end)

    def _steep(self, index: int) -> bool:
        """Whether a segment rises more than it runs: the disk at its end is then its own section, not a cap."""
        segment = self.segments[index]
        return segment.known and abs(int(segment.axis.z1 - segment.axis.z0)) * 500 > self.lengths[index]

    @cached_property
    def flat_ends(self) -> tuple[Segment | None, ...]:
        """Each segment without what its end caps add: half the width is cut off the axis at both ends, unless it is
        joined or steep there.

        With its round cap the shortened axis reaches just to the true flat end. ``None``: nothing is left.
        """
        total = self.starts[-1]
        if not self.sure_width or not total:
            return self.segments
        cut = Fraction(self.flat_width * 1000, 2)
        first, last = (Fraction(0) if self.keeps_cap(k) else cut for k in (0, -1))
        kept: list[Segment | None] = []
        for segment, start, length in zip(self.segments, self.starts, self.lengths, strict=False):
            low = max((first - start) / length, Fraction(0)) if length else Fraction(0)
            high = min((total - last - start) / length, Fraction(1)) if length else Fraction(1)
            if low <= 0 and high >= 1:
                kept.append(segment)
            else:
                kept.append(segment.piece(low, high) if low <= high else None)
        return tuple(kept)


@dataclass(frozen=True)
class Prism:
    """A footprint with holes between ``bottom`` and ``top`` (half mm); ``known`` is false where one is unknown."""

    outer: tuple[Point, ...]
    holes: tuple[tuple[Point, ...], ...]
    bottom: int
    top: int
    known: bool
    lacking: tuple[str, ...]
    extra_z: int
    ground_used: tuple[str, ...]

    @cached_property
    def box(self) -> Box:
        return box_around(self.outer)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Its one box."""
        return (self.box,)

    @cached_property
    def side_boxes(self) -> tuple[Box, ...]:
        """The boxes of the sides of all rings."""
        return tuple(
            box_around((ring[k - 1], corner)) for ring in (self.outer, *self.holes) for k, corner in enumerate(ring)
        )

    @cached_property
    def sides(self) -> Sides:
        """The sides of all rings: for distances in plan."""
        # Volumes are rare and this import is slow.
        from registry.core.sides import Sides

        return Sides(self.outer, self.holes)

    @cached_property
    def flanks(self) -> tuple[Flank, ...]:
        """The edges of the footprint, ring after ring; between two rings a metre of chainage is left out."""
        flanks: list[Flank] = []
        at = 0
        for ring in (self.outer, *self.holes):
            for k, (x, y) in enumerate(ring):
                x0, y0 = ring[k - 1]
                length = isqrt(((x - x0) ** 2 + (y - y0) ** 2) * 1_000_000)
                flanks.append(Flank(0, Axis(x0, y0, 0, x, y, 0), at, length))
                at += length
            at += 1_000_000
        return tuple(flanks)


    @cached_property
    def boundaries(self) -> tuple[Corridor, ...]:
        """Its rings as lines half-way up, in the order of ``sides``; each twice around, so that it nowhere ends."""
        middle = Fraction(self.bottom + self.top, 2)
        lines = []
        for ring in (self.outer, *self.holes):
            around = [Axis(*ring[k - 1], middle, *ring[k], middle) for k in range(len(ring))] * 2
            segments = tuple(Segment(k, axis, self.known) for k, axis in enumerate(around))
            lines.append(Corridor(segments, 0, 0, (), 0, (), joined=(True, True)))
        return tuple(lines)


Solid = Corridor | Prism


def solid_of(thing: Thing, ground: Ground, measured_from: MeasuredFrom) -> Solid:
    """The canonical solid of a part, reservation or asset, by its envelope or by its casing.

    Where a part or reservation given by its cover states a ground level, and the one that counts there is another, its
    height is uncertain by the difference. An asset is known better at its place than a spot height some way off.
    """
    geometry, built = thing.geometry, isinstance(thing, Asset)
    if isinstance(geometry, Line):
        return _corridor(geometry, ground, measured_from, built)
    if isinstance(geometry, Shaft):
        return _shaft(geometry, ground, built)
    return _prism(geometry, ground, built)


def _corridor(line: Line, ground: Ground, measured_from: MeasuredFrom, built: bool) -> Corridor:
    outer_width, outer_height = outer_size(line.size)
    asked = (line.envelope.width, line.envelope.height) if line.envelope else (outer_width, outer_height)
    width, height = outer_width, outer_height
    if measured_from == "envelope" or height is None:
        least = least_size(line.size)
        width = enclosing(asked[0], outer_width, least[0], built)
        height = enclosing(asked[1], outer_height, least[1], built)
    axis: list[int | None] = []
    used: set[str] = set()
    uncertain, lacking = 0, set()
    for k, (point, level) in enumerate(zip(line.vertices, line.levels, strict=True)):
        if level is None:
            lacking.add("level")
            axis.append(None)
            continue
        if line.level_reference == "ground":
            own = line.ground[k] if line.ground else None
            surface, doubt, name = ground_level(own, point, ground, built)
            uncertain = max(uncertain, doubt)
            used |= {name} if name is not None else set()
            if surface is None:
                lacking.add("ground_level")
                axis.append(None)
                continue
            level = surface - level
        axis.append(doubled_axis(line, level, asked[1]))
        if axis[-1] is None:
            lacking.add("size")  # of an invert: the inner one, or the wall
    if height is None or width is None:
        lacking.add("size")
    segments = []
    for k in range(len(line.vertices) - 1):
        z0, z1 = axis[k], axis[k + 1]
        known = z0 is not None and z1 is not None and height is not None
        (x0, y0), (x1, y1) = line.vertices[k], line.vertices[k + 1]
        ends = Axis(x0, y0, z0, x1, y1, z1) if z0 is not None and z1 is not None else Axis(x0, y0, 0, x1, y1, 0)
        segments.append(Segment(k, ends, known))
    least_wide = least_width(line.size) if width is None else width
    return Corridor(
        tuple(segments), width, height, tuple(sorted(lacking)), uncertain, tuple(sorted(used)), least_width=least_wide
    )


def _shaft(shaft: Shaft, ground: Ground, built: bool) -> Corridor:
    width, depth = outer_size(shaft.size)
    if width is not None and depth is not None and (width != depth or (shaft.size and shaft.size.shape != "round")):
        width = isqrt(width * width + depth * depth) + 1  # the disk that encloses a rectangle
    surface, uncertain, name = None, 0, None
    if needs_ground(shaft):
        surface, uncertain, name = ground_level(shaft.ground, shaft.position, ground, built)
    bottom, top, lacking = bounds(shaft, None if surface is None else 2 * surface)
    if width is None:
        lacking = tuple(sorted({*lacking, "size"}))
    known = bottom is not None and top is not None
    x, y = shaft.position
    axis = Axis(x, y, bottom, x, y, top) if bottom is not None and top is not None else Axis(x, y, 0, x, y, 0)
    round_one = shaft.size is not None and shaft.size.shape == "round"
    return Corridor(
        (Segment(0, axis, known),),
        width,
        0,
        lacking,
        uncertain,
        () if name is None else (name,),
        is_shaft=True,
        least_width=(least_width(shaft.size) if round_one else 0) if width is None else width,
    )


def _prism(volume: Volume, ground: Ground, built: bool) -> Prism:
    """A volume given by its depth lies below some ground level that counts over it: half-way between the lowest and the
    highest, uncertain by half of what they differ."""
    surface = None if volume.ground is None else 2 * volume.ground
    uncertain, over = 0, []
    if needs_ground(volume) and not (built and surface is not None):
        over = [level for level in levels_over(volume.outer, volume.holes, ground) if level is not None]
    if over and volume.ground is not None:
        uncertain = max(abs(volume.ground - level.level) + level.uncertainty for level in over)
    elif over:
        least = min(level.level - level.uncertainty for level in over)
        most = max(level.level + level.uncertainty for level in over)
        surface, uncertain = least + most, (most - least + 1) // 2
    bottom, top, lacking = bounds(volume, surface)
    known = bottom is not None and top is not None
    used = tuple(sorted(level.id for level in over))
    return Prism(volume.outer, volume.holes, bottom or 0, top or 0, known, lacking, uncertain, used)
