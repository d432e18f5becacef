"""Two things as near as a ruleset may ask always wait for each other: the keys that writers take, with shapely."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.case import Case
from registry.core.cells import COARSE, FINE, cells_of
from registry.core.model import Envelope, Geometry, Line, Part, Point, Shaft, Size, Uncertainty, Volume
from registry.core.sizes import outer_size
from registry.services.locking import cell_keys
from tests.core.building import HERE, application, asset, boxed, line, part, rounded, ruleset, shaft, star, volume

#: What a thing's size may be, or that it is unknown.
SIZES = (rounded(110), rounded(801), boxed(1_201, 400), Size("round", "inner", 300, 300, 15), None)


def a_line(rng: random.Random) -> Line:
    """Up to five kilometres: one straight, one that winds, one of many pieces, one there and back; some in a casing."""
    total, count = rng.choice([1_000, 60_000, 400_000, 5_000_000]), rng.choice([1, 2, 6, 60])
    course, points = rng.choice([0.0, math.pi / 2, math.pi / 4, rng.uniform(0, 7)]), [(0, 0)]
    wind = rng.choice([0.0, 0.1, 1.5, math.pi])
    for _ in range(count):
        course += rng.uniform(-wind, wind)
        long = total / count
        x, y = points[-1]
        points.append((x + round(long * math.cos(course)), y + round(long * math.sin(course))))
    envelope = Envelope(2_001, 900) if rng.random() < 0.2 else None
    return line(points, rng.choice([-1_500, None]), rng.choice(SIZES), envelope=envelope)


def a_thing(rng: random.Random, name: str) -> Part:
    uncertainty = Uncertainty(rng.choice([0, 0, 1, 1_500, 100_000]), 0)
    kind = rng.randrange(5)
    geometry: Geometry = a_line(rng)
    if kind == 0:
        geometry = shaft((0, 0), -5_000, 0, rng.choice(SIZES))
    elif kind == 1:
        spread = rng.choice([1_000, 50_000, 3_000_000])
        geometry = volume(star(rng, 0, 0, spread // 2, spread, 7), -3_000, -1_000)
    return part(name, geometry, uncertainty=uncertainty)


def moved(thing: Part, x: int, y: int) -> Part:
    geometry = thing.geometry

    def aside(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple((u + x, v + y) for u, v in points)

    changed: Geometry
    if isinstance(geometry, Line):
        changed = Line(aside(geometry.vertices), geometry.levels, "axis", "nap", geometry.size, geometry.envelope)
    elif isinstance(geometry, Shaft):
        changed = Shaft(aside((geometry.position,))[0], geometry.bottom, geometry.top, "nap", geometry.size)
    else:
        changed = Volume(aside(geometry.outer), (), geometry.bottom, geometry.top, "nap")
    return part(thing.id, changed, uncertainty=thing.uncertainty)


def drawn(thing: Part) -> shapely.Geometry:
    """Axis, place or footprint, seen from ``HERE``: near it floats tell thousandths of a millimetre."""
    geometry = thing.geometry
    if isinstance(geometry, Shaft):
        return shapely.Point(geometry.position[0] - HERE[0], geometry.position[1] - HERE[1])
    corners = geometry.vertices if isinstance(geometry, Line) else geometry.outer
    points = [(x - HERE[0], y - HERE[1]) for x, y in corners]
    return shapely.LineString(points) if isinstance(geometry, Line) else shapely.Polygon(points)


def half_of(thing: Part) -> float:
    """How far it may reach beside its axis: half of its outer width, and its uncertainty."""
    geometry, width = thing.geometry, 0
    if not isinstance(geometry, Volume):
        width = outer_size(geometry.size)[0] or 0
        if isinstance(geometry, Line) and geometry.envelope is not None:
            width = max(width, geometry.envelope.width)
        if isinstance(geometry, Shaft) and geometry.size is not None and geometry.size.shape == "rectangular":
            width = math.ceil(math.hypot(*(length or 0 for length in outer_size(geometry.size))))
    return width / 2 + thing.uncertainty.xy


def apart(a: Part, b: Part) -> float:
    """Their distance in plan, from face to face."""
    return float(drawn(a).distance(drawn(b))) - half_of(a) - half_of(b)


def conflict(a: list[Part], b: list[Part], reach: int) -> bool:
    """Whether they ask for a key that they may not hold beside each other."""
    mine = {key.key: key.shared for key in cell_keys(a, reach)}
    return any(key.key in mine and not (key.shared and mine[key.key]) for key in cell_keys(b, reach))


def at_a_distance(rng: random.Random, a: Part, b: Part, wanted: float) -> Part:
    """``b`` beside any place of ``a``, as near to that distance as whole mm allow, but not nearer than 0."""
    places = shapely.get_coordinates(drawn(a))
    x, y = rng.choice(places.tolist())
    u, v = rng.choice(shapely.get_coordinates(drawn(b)).tolist())
    course = rng.choice([0.0, math.pi / 2, math.pi, rng.uniform(0, 7)])
    b = moved(b, round(x - u + 9_000_000 * math.cos(course)), round(y - v + 9_000_000 * math.sin(course)))
    for _ in range(6):  # towards it, by how much it is too far
        p, q = shapely.get_coordinates(shapely.shortest_line(drawn(a), drawn(b))).tolist()
        far, long = apart(a, b) - wanted, math.hypot(q[0] - p[0], q[1] - p[1])
        if abs(far) < 1 or long < 1:
            break
        step = min(far, long)
        b = moved(b, round((p[0] - q[0]) * step / long), round((p[1] - q[1]) * step / long))
    return b


@settings(max_examples=600, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 50_000), st.sampled_from([0.0, 0.4, 0.9, -1.0, -20_000.0]))
def test_two_within_reach_always_conflict(rng: random.Random, reach: int, more: float) -> None:
    a, b = a_thing(rng, "a"), a_thing(rng, "b")
    b = at_a_distance(rng, a, b, reach + more)
    # Wherever the edges of cells lie between them.
    x, y = rng.randrange(COARSE), rng.randrange(COARSE)
    if rng.random() < 0.5:
        x, y = (-HERE[0]) % FINE + rng.randint(-reach - 2, reach + 2), (-HERE[1]) % COARSE + rng.randint(-2, 2)
    a, b = moved(a, x, y), moved(b, x, y)
    assert conflict([a], [b], reach) == conflict([b], [a], reach)
    # A gap in whole mm that is no more than the reach: less than one more, and the thousandth that it forgives.
    if apart(a, b) < reach + 0.998:
        assert conflict([a], [b], reach), (a, b, reach)
        assert conflict([a, moved(b, 9_000_000, 9_000_000)], [b, moved(a, -9_000_000, 0)], reach)


def facing(kind: str, x: int, to: int) -> Part:
    """Something whose face is at ``x``, from where it goes on east (1) or west (-1)."""
    size, long = rounded(800), 900_000 if kind == "large" else 3_000
    geometry: Geometry
    if kind == "line":
        geometry = line([(x + to * 400, 0), (x + to * 400, 9_000)], -1_000, size)
    elif kind == "shaft":
        geometry = shaft((x + to * 400, 0), -1_000, 0, size)
    else:
        west, east = sorted((x, x + to * long))
        geometry = volume([(west, 0), (east, 0), (east, long), (west, long)], -1_000, 0)
    return part(kind, geometry)


@pytest.mark.parametrize("side", [FINE, COARSE])
@pytest.mark.parametrize("reach", [0, 1, 9_999, 10_000, 50_001])
@pytest.mark.parametrize("one", ["line", "shaft", "volume", "large"])
@pytest.mark.parametrize("other", ["line", "shaft", "volume", "large"])
def test_face_to_face_over_the_edge_of_a_cell(one: str, other: str, reach: int, side: int) -> None:
    """Exactly at the reach, whatever part of it lies before the edge."""
    edge = -(-HERE[0] // side) * side - HERE[0]
    for before in {0, 1, reach // 2 - 1, reach // 2, reach // 2 + 1, reach - 1, reach}:
        a, b = facing(one, edge - before, -1), facing(other, edge - before + reach, 1)
        assert abs(apart(a, b) - reach) < 1e-6
        assert conflict([a], [b], reach), before


@pytest.mark.parametrize("seed", range(6))
def test_what_a_verdict_looks_at_conflicts(seed: int) -> None:
    """All that a case counts as within a ruleset's reach: also what is less than a millimetre beyond it."""
    rng, rules, counted = random.Random(seed), ruleset(), Counter[bool]()
    for _ in range(120):
        a, b = a_thing(rng, "a"), a_thing(rng, "b")
        b = at_a_distance(rng, a, b, rules.reach + rng.choice([-1.0, 0.0, 0.5, 0.99, 1.0, 2.0]))
        other = asset("b", b.geometry, uncertainty=b.uncertainty)
        case = Case.of(application(a), [other], rules)
        counted[bool(case.obstacles)] += 1
        if case.obstacles:
            assert conflict([a], [b], rules.reach), (a, b)
    assert min(counted[True], counted[False]) > 20, counted


def test_those_pairs_are_of_every_kind() -> None:
    """What is tested above takes fine cells and whole kilometres, and lies just within reach or just not."""
    rng, kinds, near = random.Random("kinds"), Counter[str](), Counter[bool]()
    for _ in range(300):
        a, b = a_thing(rng, "a"), a_thing(rng, "b")
        b = at_a_distance(rng, a, b, 10_000)
        near[abs(apart(a, b) - 10_000) < 2] += 1
        cells = cells_of([a], 5_000)
        kinds["coarse" if cells.coarse_exclusive else "fine"] += 1
    assert near[True] > 150, near
    assert kinds["fine"] > 100, kinds
    assert kinds["coarse"] > 20, kinds
