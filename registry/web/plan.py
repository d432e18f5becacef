"""The drawn plan: parts, what lies and is reserved around them, and the places the findings are about, as SVG shapes.

It shows what was given, to scale, and judges nothing. Texts are put in by the templates, which escape them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor, hypot
from typing import Final, Literal

from registry.core.boxes import Box
from registry.core.errors import shown
from registry.core.ground import Ground
from registry.core.model import Line, Part, Point, Reservation, Shaft, Thing, Volume, Works, Zone
from registry.core.sizes import plan_box
from registry.core.solids import Corridor, solid_of
from registry.web.placing import Places
from registry.web.window import Dot, Window, around, step_of

Look = Literal["zone", "asset", "reservation", "granted", "open", "part"]
#: What is drawn first lies undermost.
LOOKS: Final[tuple[Look, ...]] = ("zone", "asset", "reservation", "granted", "open", "part")

#: Units: of a number's disk, and of a label's letters.
DISK: Final = 12.0
_LETTER, _LINE = 6.7, 14.0
_ASIDE: Final = (0.0, 0.2, -0.2, 0.35, -0.3, 0.1, -0.1)
#: Room beside the map for the coordinates, and below it for these, the scale bar and the north arrow.
LEFT, RIGHT, TOP, BOTTOM = 22.0, 6.0, 6.0, 62.0
#: Of how many things at most the ids are written: more cannot be read.
_LABELLED: Final = 120
#: At how many places along a thing its label is tried, and with how many numbers there is no use in looking far.
_TRIED: Final = 6
_MANY: Final = 60
#: So far from the edges a coordinate is written whole.
_EDGE: Final = 22.0
_NO_GROUND: Final = Ground((), 0)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A thing as it is drawn: ``line`` is the path of its axis, ``band`` how wide it is (units), ``area`` the path of
    its footprint, ``disk`` middle and radius of what stands at a place."""

    look: Look
    theme: str
    kind: str
    id: str
    line: str = ""
    band: float = 0.0
    area: str = ""
    disk: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding's place: its number and heading, where it is (mm RD) and the stretches, as lines in mm RD."""

    number: int
    group: str
    place: Point
    stretches: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in the drawing, in a disk beside the place it is about."""

    number: int
    group: str
    at: Dot
    disk: Dot


@dataclass(frozen=True, slots=True)
class Label:
    """An id in the drawing."""

    text: str
    at: Dot
    look: Look


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the RD grid: where, and which coordinate in metres."""

    at: float
    metres: float


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is drawn in one window."""

    window: Window
    drawn: tuple[Drawn, ...]
    stretches: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    eastings: tuple[Tick, ...]
    northings: tuple[Tick, ...]
    bar: tuple[float, float]
    numbers: tuple[int, ...] = ()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole drawing."""
        return LEFT + self.window.width + RIGHT, TOP + self.window.height + BOTTOM

    @property
    def looks(self) -> tuple[Look, ...]:
        """Those of what is drawn, for the legend."""
        return tuple(look for look in reversed(LOOKS) if any(item.look == look for item in self.drawn))

    @property
    def themes(self) -> tuple[str, ...]:
        """Those of what is drawn, but for zones."""
        return tuple(dict.fromkeys(item.theme for item in self.drawn if item.look != "zone"))

    @property
    def zones(self) -> tuple[str, ...]:
        """The values of the zones that are drawn."""
        return tuple(dict.fromkeys(item.theme for item in self.drawn if item.look == "zone"))


@dataclass(frozen=True, slots=True)
class Scene:
    """What may be drawn: things, zones, the places of findings, and the ids whose labels come first."""

    things: Sequence[Thing]
    zones: Sequence[Zone] = ()
    marked: Sequence[Marked] = ()
    named: frozenset[tuple[str, str]] = field(default=frozenset())


def box_of(things: Iterable[Thing], places: Iterable[Point] = ()) -> Box:
    """The box around things and places, of which there is at least one."""
    return around([*(plan_box(thing) for thing in things), *((x, y, x, y) for x, y in places)])


def window_of(things: Iterable[Thing], places: Iterable[Point] = (), margin: int = 2_500) -> Window:
    """A window that shows all of these, with some room: at least ``margin`` mm, and a twelfth of what they take."""
    box = box_of(things, places)
    return Window.on(box, max(margin, (box[2] - box[0]) // 12, (box[3] - box[1]) // 12))


def look_of(thing: Thing) -> Look:
    """How a thing is drawn."""
    if isinstance(thing, Works):
        return "granted" if thing.state == "granted" else "open"
    if isinstance(thing, Part):
        return "part"
    return "reservation" if isinstance(thing, Reservation) else "asset"


def plan_of(scene: Scene, window: Window) -> Plan:
    """The plan of a scene in a window."""
    drawn = [*_zones(scene.zones, window)]
    for look in LOOKS:
        drawn += [one for thing in scene.things if look_of(thing) == look for one in _thing(thing, look, window)]
    # The worst comes last: over the others.
    lines = [(marked.group, window.line(line)) for marked in reversed(scene.marked) for line in marked.stretches]
    places = Places(window.width, window.height)
    here = [marked for marked in scene.marked if window.holds(window.at(marked.place))]
    for marked in here:
        places.keep(window.at(marked.place), 10, 10)
    marks = tuple(_marks(here, window, places))
    return Plan(
        window,
        tuple(drawn),
        tuple((group, path) for group, path in lines if path),
        marks,
        tuple(_labels(scene, window, places)),
        tuple(_ticks(window.x, window.width, window.scale)),
        tuple(Tick(window.height - tick.at, tick.metres) for tick in _ticks(window.y, window.height, window.scale)),
        _bar(window),
        tuple(mark.number for mark in marks),
    )


def _thing(thing: Thing, look: Look, window: Window) -> Iterator[Drawn]:
    geometry = thing.geometry
    name = look, thing.theme, thing.kind if hasattr(thing, "kind") else "", thing.id
    if isinstance(geometry, Volume):
        area = window.area((geometry.outer, *geometry.holes))
        if area:
            yield Drawn(*name, area=area)
        return
    solid = solid_of(thing, _NO_GROUND, "envelope")
    wide = solid.sure_width * window.scale if isinstance(solid, Corridor) else 0.0
    if isinstance(geometry, Shaft):
        x, y = window.at(geometry.position)
        if -wide <= x <= window.width + wide and -wide <= y <= window.height + wide:
            yield Drawn(*name, disk=(x, y, max(wide / 2, 3.0)))
    elif path := window.line(geometry.vertices):
        yield Drawn(*name, line=path, band=wide)


def _zones(zones: Sequence[Zone], window: Window) -> Iterator[Drawn]:
    for zone in zones:
        area = window.area((zone.outer, *zone.holes))
        if area:
            yield Drawn("zone", zone.value, zone.kind, zone.id, area=area)


def _marks(marked: Sequence[Marked], window: Window, places: Places) -> Iterator[Mark]:
    away = (22, 34, 50, 70, 95, 130) if len(marked) <= _MANY else (22,)
    for one in marked:
        at = window.at(one.place)
        disk = places.take(at, 2 * DISK, 2 * DISK, away)
        if disk is None:
            disk = places.inside(at, 2 * DISK, 2 * DISK)
        yield Mark(one.number, one.group, at, disk)


def _labels(scene: Scene, window: Window, places: Places) -> Iterator[Label]:
    ordered = sorted(scene.things, key=lambda thing: (_rank(thing, scene.named), thing.id))
    for k, thing in enumerate(ordered[:_LABELLED]):
        text, look = shown(thing.id, 26), look_of(thing)
        # Not all at the same height: what lies side by side would have its labels in one heap.
        for dot in _along(thing, window, _ASIDE[k % len(_ASIDE)])[:_TRIED]:
            at = places.take(dot, len(text) * _LETTER + 4, _LINE, (10, 20, 34), left=dot[0] < window.width / 2 - 20)
            if at is not None:
                yield Label(text, at, look)
                break


def _rank(thing: Thing, named: frozenset[tuple[str, str]]) -> int:
    look = look_of(thing)
    if look == "part":
        return 0
    return 1 if (getattr(thing, "kind", ""), thing.id) in named else 2 if look == "reservation" else 3


def _along(thing: Thing, window: Window, aside: float) -> list[Dot]:
    """Places in the window that a label may stand beside, those nearest to the middle first; or to so much before or
    after the middle (``aside``, as a part of the whole)."""
    geometry = thing.geometry
    if isinstance(geometry, Shaft):
        dots = [window.at(geometry.position)]
    elif isinstance(geometry, Volume):
        xs, ys = zip(*geometry.outer, strict=True)
        dots = [window.at((sum(xs) / len(xs), sum(ys) / len(ys)))]
    else:
        dots = [window.at(point) for point in spread(geometry, 24)]
    held = [dot for dot in dots if window.holds(dot)]
    return sorted(held, key=lambda dot: abs(held.index(dot) - len(held) * (0.5 + aside)))


def spread(line: Line, count: int) -> list[tuple[float, float]]:
    """Points at equal distances along a line."""
    return [at_chainage(line, length_of(line) * (k + 0.5) / count) for k in range(count)]


def length_of(line: Line) -> float:
    """How long a line is in plan, mm."""
    return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(line.vertices))


def at_chainage(line: Line, chainage: float) -> tuple[float, float]:
    """The place at so many mm along a line."""
    for (x0, y0), (x1, y1) in pairwise(line.vertices):
        run = hypot(x1 - x0, y1 - y0)
        if run and chainage <= run:
            return x0 + (x1 - x0) * chainage / run, y0 + (y1 - y0) * chainage / run
        chainage -= run
    return line.vertices[-1]


def stretch_of(line: Line, start: int, end: int) -> tuple[Point, ...]:
    """The piece of a line between two chainages (mm), as points in mm RD."""
    first, last = at_chainage(line, start), at_chainage(line, end)
    points, at = [first], 0.0
    for (x0, y0), (x1, y1) in pairwise(line.vertices):
        at += hypot(x1 - x0, y1 - y0)
        if start < at < end:
            points.append((x1, y1))
    return tuple((round(x), round(y)) for x, y in (*points, last))


def _ticks(start: float, length: float, scale: float) -> Iterator[Tick]:
    """Where whole steps of metres lie, from ``start`` (mm) on, over ``length`` units."""
    step = step_of(length / scale / 1000, 5)
    for k in range(ceil(start / 1000 / step), floor((start + length / scale) / 1000 / step) + 1):
        at = (k * step * 1000 - start) * scale
        if _EDGE <= at <= length - _EDGE:
            yield Tick(at, k * step)


def _bar(window: Window) -> tuple[float, float]:
    """The scale bar: how many metres, and how long it is in units."""
    metres = step_of(window.width / window.scale / 1000, 8)
    return metres, metres * 1000 * window.scale
