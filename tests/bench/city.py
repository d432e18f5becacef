"""A seeded city: streets on a grid, in each 14 mains and cables and the connections of the houses beside it.

Made up, but laid out as a Dutch street is: what lies where, how deep and how thick. All of it is round and of known
depth, so that other engines can be asked the same. Whole millimetres, as packed rows (``registry.core.packed``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.core.packed import Column, Rows, flagged

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

#: RD New, mm.
ORIGIN: Final = (84_000_000, 436_000_000)
#: From one street to the next, and from one vertex of a main to the next, mm.
PITCH: Final = 100_000
STEP: Final = 10_000
#: How many house connections there are along each piece of street from one crossing to the next.
HOUSES: Final = 28

THEMES: Final = (
    "datatransport", "laagspanning", "middenspanning", "gasLageDruk", "gasHogeDruk", "water", "rioolVrijverval",
    "rioolOnderOverOfOnderdruk", "warmte",
)  # fmt: skip
_FLAGGED: Final = np.array([flagged(theme) for theme in THEMES], np.int32)
#: By theme, mm: how far something may lie from where it is drawn, sideways and in height.
UNCERTAINTY: Final = np.array([100, 100, 100, 50, 50, 50, 50, 50, 25])
#: Placeholders: nobody's norm. Of two themes the larger is asked (mm); vertically six tenths of it.
_ASKED_OF: Final = np.array([100, 100, 200, 200, 400, 200, 300, 200, 300])
CLEARANCE: Final = np.maximum(_ASKED_OF[:, None], _ASKED_OF[None, :]).astype(np.int32)
VERTICAL: Final = (CLEARANCE * 6 // 10).astype(np.int32)

#: The mains of a street: theme, how far right of its middle, how deep the axis lies, outer diameter (mm).
MAINS: Final = np.array([
    (0, -6_000, 600, 100), (0, -5_600, 600, 50), (1, -5_000, 700, 60), (2, -4_400, 900, 90), (3, -3_600, 900, 160),
    (5, -2_600, 1_100, 200), (6, -1_400, 2_400, 500), (6, 1_000, 2_100, 400), (8, 2_000, 1_200, 315),
    (8, 2_700, 1_200, 315), (7, 3_300, 1_400, 125), (4, 4_000, 1_200, 219), (1, 4_800, 700, 60), (0, 5_600, 600, 100),
])  # fmt: skip
#: Which mains have house connections, and how thick those are.
_CONNECTED: Final = np.array([(4, 32), (5, 32), (2, 25), (0, 20), (6, 125), (12, 25), (13, 20)])


@dataclass(frozen=True)
class City:
    """Object k, of theme ``themes[k]``, has the rows ``starts[k]`` up to ``starts[k + 1]``, in order."""

    streets: int
    rows: Rows
    starts: Longs
    themes: Ints

    @property
    def objects(self) -> int:
        return len(self.themes)

    @cached_property
    def of(self) -> Ints:
        """The object of each row."""
        return np.repeat(np.arange(self.objects, dtype=np.int32), np.diff(self.starts))

    def name(self, number: int) -> tuple[str, str]:
        """Kind and id of an object."""
        return "asset", f"{number:08}"


def streets_for(segments: int) -> int:
    """How many streets each way make a city of about so many segments."""
    per_piece = len(MAINS) * PITCH // STEP + 2 * HOUSES
    return max(2, round(0.5 + (0.25 + segments / (2 * per_piece)) ** 0.5))


def city_of(streets: int, seed: int = 1, turned: float = 0.0) -> City:
    """A city of so many streets each way; with ``turned`` (degrees) they do not run along the axes of the map."""
    chance = np.random.default_rng(seed)
    mains, houses = _mains(chance, streets), _houses(chance, streets)
    parts = [*mains, houses]
    rows = np.concatenate([_rows(part, turned) for part in parts])
    counts = np.concatenate([np.full(len(part.themes), part.vertices.shape[1] - 1, np.int64) for part in parts])
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return City(streets, rows, starts, np.concatenate([part.themes for part in parts]))


def ground(x: Floats, y: Floats) -> Floats:
    """The level of the ground (mm NAP) at a place (mm from the city's corner): it rolls a little."""
    return 400 + 900 * np.sin(x / 731_000) * np.cos(y / 577_000) + 250 * np.sin((x + y) / 93_000)


def in_plan(along: Floats, aside: Floats, street: Floats, crossways: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """x and y (mm from the city's corner) of places along a street: the first ones run east, the others north."""
    line = street * PITCH + aside
    return np.where(crossways, line, along), np.where(crossways, along, line)


def turn(x: Floats, y: Floats, degrees: float) -> tuple[Floats, Floats]:
    """Places turned about the city's corner."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (x * cosine - y * sine, x * sine + y * cosine) if degrees else (x, y)


@dataclass(frozen=True)
class _Lines:
    """Lines of equally many vertices: [line, vertex, x y z] in mm from the city's corner."""

    vertices: Floats
    themes: Ints
    widths: Longs


def _mains(chance: np.random.Generator, streets: int) -> list[_Lines]:
    """The mains of all streets, cut at random crossings into lines of one up to four pieces of street."""
    steps = PITCH // STEP
    length, kinds = (streets - 1) * steps + 1, len(MAINS)
    shape = (2 * streets, kinds, length)
    along = np.arange(length) * STEP + chance.uniform(-1_000, 1_000, shape)
    strayed = chance.uniform(-300, 300, shape[:2])[:, :, None]
    aside = MAINS[:, 1][None, :, None] + strayed + chance.normal(0, 60, shape)
    number = np.arange(2 * streets, dtype=np.float64)[:, None, None]
    x, y = in_plan(along, aside, number % streets, number >= streets)
    z = ground(x, y) - MAINS[:, 2][None, :, None] + chance.normal(0, 40, shape)
    vertices = np.stack([x, y, z], axis=-1)
    found: dict[int, list[tuple[Floats, int]]] = {}
    for street in range(2 * streets):
        for kind in range(kinds):
            at = 0
            while at < streets - 1:
                pieces = min(int(chance.integers(1, 5)), streets - 1 - at)
                line = vertices[street, kind, at * steps : (at + pieces) * steps + 1]
                found.setdefault(pieces, []).append((line, kind))
                at += pieces
    told = []
    for _, lines in sorted(found.items()):
        kinds_of = np.array([kind for _, kind in lines])
        stacked = np.stack([line for line, _ in lines])
        told.append(_Lines(stacked, MAINS[kinds_of, 0].astype(np.int32), MAINS[kinds_of, 3]))
    return told


def _houses(chance: np.random.Generator, streets: int) -> _Lines:
    """Connections of two segments: from a main up to a front, to the left or the right of the street."""
    pieces = streets - 1
    shape = (2 * streets, pieces, HOUSES)
    number = np.broadcast_to(np.arange(2 * streets)[:, None, None], shape).ravel()
    first = np.broadcast_to(np.arange(pieces)[None, :, None], shape).ravel() * PITCH
    along = first + chance.uniform(9_000, PITCH - 9_000, len(number))
    chosen = chance.integers(0, len(_CONNECTED), len(number))
    main, width = _CONNECTED[chosen, 0], _CONNECTED[chosen, 1]
    side = np.where(chance.random(len(number)) < 0.5, -1, 1)
    begin = MAINS[main, 1].astype(np.float64)
    end = side * chance.uniform(7_500, 9_500, len(number))
    share = chance.uniform(0.3, 0.7, len(number))
    aside = np.stack([begin, begin + share * (end - begin), end], axis=1)
    lengthwise = along[:, None] + np.concatenate(
        [np.zeros((len(number), 1)), chance.normal(0, 150, (len(number), 2))], axis=1
    )
    street = (number % streets).astype(np.float64)[:, None]
    x, y = in_plan(lengthwise, aside, street, (number >= streets)[:, None])
    depth = MAINS[main, 2][:, None] - chance.uniform(0, 0.25, (len(number), 1)) * np.array([[0, 0.5, 1]]) * 1_000
    z = ground(x, y) - np.maximum(depth, 350)
    return _Lines(np.stack([x, y, z], axis=-1), MAINS[main, 0].astype(np.int32), width)


def _rows(lines: _Lines, turned: float) -> Rows:
    x, y = turn(lines.vertices[..., 0], lines.vertices[..., 1], turned)
    whole = np.stack([x, y, lines.vertices[..., 2]], axis=-1)
    spread = UNCERTAINTY[lines.themes]
    return packed_lines(whole, lines.widths, spread, lines.themes)


def packed_lines(vertices: Floats, widths: NDArray[Any], spread: NDArray[Any], themes: Ints) -> Rows:
    """The rows of lines of equally many vertices (mm from the city's corner): line after line, round."""
    lines, count = vertices.shape[0], vertices.shape[1] - 1
    whole = np.rint(vertices).astype(np.int64)
    whole[..., 0] += ORIGIN[0]
    whole[..., 1] += ORIGIN[1]
    whole[..., 2] *= 2
    rows = np.zeros((lines, count, len(Column)), np.int32)
    rows[..., Column.X0 : Column.Z0 + 1] = whole[:, :-1]
    rows[..., Column.X1 : Column.Z1 + 1] = whole[:, 1:]
    rows[..., Column.WIDTH] = rows[..., Column.HEIGHT] = np.asarray(widths)[:, None]
    rows[..., Column.XY] = rows[..., Column.Z] = np.asarray(spread)[:, None]
    rows[..., Column.NUMBER] = np.arange(count)
    rows[..., Column.FLAGS] = _FLAGGED[themes][:, None]
    return rows.reshape(-1, len(Column))
