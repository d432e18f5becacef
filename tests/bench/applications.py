"""Applications for a seeded city: new mains along its streets, 50 m up to 2 km, of 5 up to 200 vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from registry.core.index import Subjects
from registry.core.packed import Column, Rows
from tests.bench.city import ORIGIN, PITCH, THEMES, UNCERTAINTY, City, Floats, Ints, Longs, ground, packed_lines, turn

SHORTEST: Final = 50_000
LONGEST: Final = 2_000_000
#: As long a piece (mm) for each vertex; and from which length (mm) half of them turn corners.
PIECE: Final = 9_400
LONG: Final = 200_000
#: How many of them are bored, and dive below all else.
BORED: Final = 0.15
#: By theme: outer diameter, and cover above the axis at least and at most, mm.
_SIZES: Final = np.array([100, 60, 90, 160, 219, 200, 500, 125, 450])
_COVERS: Final = np.array([
    (500, 800), (600, 900), (700, 1_100), (800, 1_200), (1_000, 1_600), (900, 1_400), (1_500, 2_800), (1_000, 1_600),
    (900, 1_600),
])  # fmt: skip


@dataclass(frozen=True)
class Applications:
    """Application k, of theme ``themes[k]``, has the rows ``starts[k]`` up to ``starts[k + 1]``, in order."""

    rows: Rows
    starts: Longs
    themes: Ints

    def __len__(self) -> int:
        return len(self.themes)

    def rows_of(self, number: int) -> Rows:
        return self.rows[self.starts[number] : self.starts[number + 1]]

    def subjects(self) -> Subjects:
        """As the index is asked."""
        return Subjects.of([self.rows_of(k) for k in range(len(self))], self.themes.tolist())

    def first(self, count: int) -> Applications:
        """The first so many of them."""
        count = min(count, len(self))
        return Applications(self.rows[: self.starts[count]], self.starts[: count + 1], self.themes[:count])


def applications_for(city: City, count: int, seed: int = 2, turned: float = 0.0) -> Applications:
    """So many, each along streets of the city; ``turned`` as the city is."""
    chance = np.random.default_rng(seed)
    themes = chance.integers(0, len(THEMES), count).astype(np.int32)
    found = [_rows(chance, city.streets, int(theme), turned) for theme in themes]
    starts = np.zeros(count + 1, np.int64)
    np.cumsum([len(rows) for rows in found], out=starts[1:])
    return Applications(np.concatenate(found) if found else np.empty((0, len(Column)), np.int32), starts, themes)


def _rows(chance: np.random.Generator, streets: int, theme: int, turned: float) -> Rows:
    length = SHORTEST * (LONGEST / SHORTEST) ** chance.random()
    path = _path(chance, streets, length, length >= LONG and chance.random() < 0.5)
    legs = np.hypot(*np.diff(path, axis=0).T)
    chainages = np.concatenate([[0], np.cumsum(legs)])
    vertices = int(np.clip(round(length / PIECE), 5, 200))
    along = np.linspace(0, chainages[-1], vertices)
    x = np.interp(along, chainages, path[:, 0]) + chance.uniform(-100, 100, vertices)
    y = np.interp(along, chainages, path[:, 1]) + chance.uniform(-100, 100, vertices)
    z = ground(x, y) - chance.uniform(*_COVERS[theme]) + chance.normal(0, 30, vertices)
    if chance.random() < BORED:
        z -= chance.uniform(2_000, 7_000) * np.sin(np.pi * np.linspace(0, 1, vertices)) ** 2
    x, y = turn(x, y, turned)
    return packed_lines(
        np.stack([x, y, z], axis=-1)[None], _SIZES[[theme]], UNCERTAINTY[[theme]], np.array([theme], np.int32)
    )


def _path(chance: np.random.Generator, streets: int, length: float, turns: bool) -> Floats:
    """Places (mm from the city's corner) along streets, beside their middle, until it is as long; at the city's edge
    it turns."""
    last = (streets - 1) * PITCH
    crossways = bool(chance.integers(2))
    street = int(chance.integers(streets)) * PITCH
    at = np.array([street, chance.uniform(0, last)] if crossways else [chance.uniform(0, last), street])
    way = np.array([0, 1] if crossways else [1, 0]) * (1 if chance.random() < 0.5 else -1)
    lane = chance.uniform(-6_500, 6_500)
    places, left = [at + lane * _left_of(way)], length
    corner = at
    while True:
        ahead = corner[way != 0].item() * way.sum()
        # How far it is to the edge of the city, and to where it may turn.
        edge = (last if way.sum() > 0 else 0) - ahead
        until = edge
        if turns:
            pieces = chance.integers(1, 5) * PITCH
            until = min(edge, (ahead // PITCH) * PITCH + pieces - ahead)
        if left <= until:
            places.append(corner + left * way + lane * _left_of(way))
            return np.array(places)
        left -= until
        corner = corner + until * way
        side = _left_of(way) * (1 if chance.random() < 0.5 else -1)
        beyond = corner + side * PITCH / 2
        if beyond.min() < 0 or beyond.max() > last:
            side = -side
        places.append(corner + lane * (_left_of(way) + _left_of(side)))
        way = side


def _left_of(way: Longs) -> Longs:
    return np.array([-way[1], way[0]])


def middle(city: City) -> tuple[int, int]:
    """The middle of a city that is not turned, mm."""
    half = (city.streets - 1) * PITCH // 2
    return ORIGIN[0] + half, ORIGIN[1] + half
