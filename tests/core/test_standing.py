"""What is called a manhole or chamber is asked no cover only where it stands at a place."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
import shapely

from registry.core.model import GroundLevel, Part, Point
from registry.core.solids import Prism, Solid
from registry.core.standing import _hull, _squared_extent, at_a_place, compact
from tests.core.building import corridor, here, judged, line, part, prism, rounded, ruleset, shaft, square, star, volume

RULES = ruleset(covers=[("rioolVrijverval", "any", 500, None)])
LEVEL = GroundLevel("g", 0, outer=here([(-99_000, -99_000), (99_000, -99_000), (99_000, 99_000), (-99_000, 99_000)]))


def box(x: int, y: int, long: int, wide: int) -> list[Point]:
    return [(x, y), (x + long, y), (x + long, y + wide), (x, y + wide)]


def chamber(name: str, ring: Sequence[Point], kind: str = "chamber", top: int = -50) -> Part:
    return part(name, volume(ring, top - 400, top), object_kind=kind)


def shallow(*parts: Part) -> set[str]:
    """Which parts are told that they have too little cover."""
    return {f.place.part for f in judged(parts, [LEVEL], RULES).findings if f.cause == "cover_too_small"}


ELL: list[Point] = [(0, 0), (20_000, 0), (20_000, -19_000), (20_400, -19_000), (20_400, 400), (0, 400)]


@pytest.mark.parametrize("kind", ["chamber", "manhole", "well", "tree", "tank", "line"])
def test_a_pipe_is_asked_its_cover_whatever_it_is_called(kind: str) -> None:
    assert shallow(chamber("p", ELL, kind)) == {"p"}
    assert shallow(chamber("p", box(0, 0, 6001, 1000), kind)) == {"p"}
    chain = [chamber(f"p{k:02}", box(k * 2300, 0, 2300, 400), kind) for k in range(20)]
    assert shallow(*chain) == {piece.id for piece in chain}
    row = [part(f"p{k}", shaft((k * 500, 0), -450, -50, rounded(400)), object_kind=kind) for k in range(20)]
    assert shallow(*row) == {piece.id for piece in row}


@pytest.mark.parametrize("gap", [-300, 0, 1, 500, 1100])
def test_a_chain_with_gaps_or_overlaps_is_a_chain(gap: int) -> None:
    chain = [chamber(f"p{k:02}", box(k * (2300 + gap), k % 2 * 30, 2300, 400)) for k in range(8)]
    assert shallow(*chain) == {piece.id for piece in chain}


def test_a_wide_chamber_does_not_hide_the_chain_that_ends_in_it() -> None:
    chain = [chamber(f"p{k}", box(k * 2000, 0, 2000, 400 - k)) for k in range(4)]
    wide = chamber("wide", box(8000, -2000, 5000, 5000))
    # The narrowest by itself is five times as long as wide; all others are the widest of some of the chain.
    assert shallow(*chain, wide) == {"p0", "p1", "p2"}
    even = [chamber(f"p{k}", box(k * 2000, 0, 2000, 400)) for k in range(4)]
    assert shallow(*even, wide) == {piece.id for piece in even}
    below = part("wide", volume(box(0, -4000, 8000, 8000), -9000, -6000), object_kind="chamber")
    assert "p0" in shallow(*chain, below)


@pytest.mark.parametrize("kind", ["manhole", "chamber", "well", "tree"])
def test_what_stands_at_a_place_reaches_the_surface(kind: str) -> None:
    assert shallow(part("p", shaft((0, 0), -3000, 0, rounded(800)), object_kind=kind)) == set()
    for ring in (square(0, 0, 3000), box(0, 0, 6000, 1000), star(random.Random(kind), 0, 0, 1500, 2500, 9)):
        assert shallow(chamber("p", ring, kind)) == set()
    short = [(0, 0), (3000, 0), (3000, 1000), (1000, 1000), (1000, 3000), (0, 3000)]
    assert shallow(chamber("p", short, kind)) == set()
    # Two manholes beside each other on a chamber, and a third on its corner.
    on_it = [
        part(f"m{k}", shaft(at, -3000, 0, rounded(800)), object_kind="manhole")
        for k, at in enumerate([(1000, 1000), (2000, 1000), (5000, 4000)])
    ]
    assert shallow(chamber("p", box(0, 0, 5000, 4000), kind, -300), *on_it) == set()
    apart = [part(f"m{k}", shaft((k * 1500, 0), -3000, 0, rounded(800)), object_kind=kind) for k in range(20)]
    assert shallow(*apart) == set()


def test_a_line_never_stands() -> None:
    pipe = part("p", line([(0, 0), (9000, 0)], -250, rounded(400)), object_kind="manhole")
    assert shallow(pipe) == {"p"}


def test_a_loop_is_no_chamber() -> None:
    ring, hole = here(square(0, 0, 20_000)), here(square(400, 400, 19_200))
    assert compact(ring)
    assert not compact(ring, [hole])


def test_the_extent_of_many_corners_is_that_of_few() -> None:
    ring = here(star(random.Random("many"), 0, 0, 9000, 9000, 300))
    squared = max((x - p) ** 2 + (y - q) ** 2 for x, y in ring for p, q in ring)
    assert _squared_extent(ring) == _squared_extent(_hull(ring)) == squared


def _plainly(solids: dict[str, Solid]) -> set[str]:
    """By the definition, in floats, with the geometry of shapely: one at a time."""
    shapes = {}
    for name, solid in solids.items():
        if isinstance(solid, Prism):
            shapes[name] = shapely.Polygon(solid.outer, solid.holes)
        elif solid.is_shaft:
            axis, half = solid.segments[0].axis, -(-(solid.width or 0) // 2)
            shapes[name] = shapely.box(axis.x0 - half, axis.y0 - half, axis.x0 + half, axis.y0 + half)

    def extent(*names: str) -> float:
        points = [point for name in names for point in shapes[name].exterior.coords]
        return max(math.dist(one, other) for one in points for other in points)

    long = {name: extent(name) for name in shapes}
    wide = {name: shape.area / long[name] for name, shape in shapes.items()}
    standing = set()
    for name in shapes:
        cluster, todo = {name}, [name]
        while todo:
            one = todo.pop()
            for other in shapes.keys() - cluster:
                near = shapes[one].distance(shapes[other]) <= min(long[one], long[other]) // 2 + 0.999
                if near and wide[other] <= wide[name] * (1 + 1e-12):
                    cluster.add(other)
                    todo.append(other)
        if extent(*cluster) <= wide[name] * 37 / 6 * (1 + 1e-12):
            standing.add(name)
    return standing


def test_what_stands_is_what_the_definition_says() -> None:
    rng = random.Random("standing")
    counts = {True: 0, False: 0}
    for _ in range(100):
        solids: dict[str, Solid] = {}
        for k in range(rng.randint(1, 12)):
            x, y = rng.randint(0, 5000), rng.randint(0, 400)
            size = rng.randint(200, 900)
            kind = rng.randrange(4)
            if kind == 0:
                solids[f"s{k}"] = prism(volume(box(x, y, size, rng.randint(150, 600)), -2, 0))
            elif kind == 1:
                solids[f"s{k}"] = corridor(shaft((x, y), -2, 0, rounded(size)))
            elif kind == 2:
                solids[f"s{k}"] = prism(volume(star(rng, x, y, size // 2, size, 9), -2, 0))
            else:
                solids[f"s{k}"] = prism(volume(square(x, y, size), -2, 0, [square(x + 10, y + 10, size // 2)]))
        found = at_a_place(solids)
        assert found == _plainly(solids)
        for name in solids:
            counts[name in found] += 1
    assert min(counts.values()) > 30
