"""What is found among packed rows is no less than what the core's own judgement finds, and no farther off."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from registry.core.clash import find_clash, least_gap
from registry.core.ground import Ground
from registry.core.index import ANY, Asked, Found, near_rows
from registry.core.model import (
    THEMES,
    Asset,
    Bound,
    Envelope,
    Geometry,
    GroundLevel,
    Line,
    Open,
    Part,
    Point,
    Reservation,
    Shaft,
    Size,
    Uncertainty,
    Volume,
)
from registry.core.packed import (
    BOX,
    THEME_NUMBERS,
    UNKNOWN,
    Column,
    flagged,
    packed,
    stored,
    theme_numbers,
    unstored,
)
from registry.core.policy import Clearance
from registry.core.solids import Corridor, MeasuredFrom, solid_of
from tests.core.building import HERE, REACH, application, boxed, here, line, part, rounded, shaft, square, star, volume

#: What may lie somewhere.
Placed = Asset | Reservation | Part

SIZES: tuple[Size | None, ...] = (
    rounded(63), rounded(315), boxed(1_201, 401), boxed(300, 900), Size("round", "inner", 300, 300, 15),
    Size("round", "inner", 300, 300), Size("round", "outer", 500, None), None,
)  # fmt: skip


def a_ground(rng: random.Random) -> Ground:
    """Spot heights all about, and an area now and then."""
    levels = [
        GroundLevel(f"g{k}", rng.randint(-200, 300), here([(rng.randint(0, 9_000), rng.randint(0, 9_000))])[0])
        for k in range(rng.choice([0, 3, 20]))
    ]
    if rng.random() < 0.3:
        levels.append(GroundLevel("area", rng.randint(-500, 500), outer=here(square(0, 0, 5_000)), uncertainty=40))
    return Ground(tuple(levels), 3_000)


def a_geometry(rng: random.Random) -> Geometry:
    def place() -> Point:
        return rng.randint(0, 9_000), rng.randint(0, 9_000)

    by_depth = rng.random() < 0.4
    kind = rng.randrange(5)
    own = rng.choice([None, rng.randint(-300, 300)])
    if kind < 2:
        low = rng.choice([Open.UNBOUNDED, None, 2_000 if by_depth else -2_000])
        high: Bound = rng.choice([Open.UNBOUNDED, 500 if by_depth else -500, 500 if by_depth else -500])
        reference = "ground" if by_depth else "nap"
        if kind == 0:
            made = shaft(place(), low, high, rng.choice(SIZES))
            return Shaft(made.position, low, high, reference, made.size, own)  # type: ignore[arg-type]
        ring = star(rng, *place(), *rng.choice([(100, 900), (1_000, 4_000)]), 7)
        return Volume(volume(ring, low, high).outer, (), low, high, reference, own)  # type: ignore[arg-type]
    points = [place() for _ in range(rng.choice([2, 3, 8]))]
    level = rng.randint(400, 2_500)
    levels: list[int | None] = [level + rng.randint(-200, 200) for _ in points]
    if rng.random() < 0.2:
        levels[rng.randrange(len(points))] = None
    if not by_depth:
        levels = [None if z is None else -z for z in levels]
    grounds = [rng.choice([None, 100, 200]) for _ in points] if rng.random() < 0.5 else []
    return line(
        points, levels, rng.choice(SIZES), of=rng.choice(["axis", "axis", "top", "bottom", "invert"]),
        reference="ground" if by_depth else "nap", ground=grounds if by_depth else (),
        envelope=Envelope(1_500, 700) if rng.random() < 0.2 else None,
    )  # fmt: skip


def a_thing(rng: random.Random, name: str) -> Placed:
    uncertainty = Uncertainty(rng.choice([0, 0, 200]), rng.choice([0, 0, 150]))
    kind, geometry = rng.randrange(3), a_geometry(rng)
    if kind == 0:
        return Asset(name, "warmte", "line", geometry, "Warmtebedrijf", uncertainty)
    if kind == 1:
        return Reservation(name, "warmte", "line", geometry, "Gemeente", uncertainty=uncertainty)
    return part(name, geometry, uncertainty=uncertainty)


def found(a: Placed, b: Placed, ch: int, cv: int | None) -> Found:
    rows = packed(b)
    return near_rows(packed(a), rows, [0] * len(rows), Asked.alike(ch, ANY if cv is None else cv))


@pytest.mark.parametrize("measured", ["envelope", "casing"])
def test_no_clash_is_left_out(measured: MeasuredFrom) -> None:
    """However the ruleset measures, and whatever ground levels of others there are."""
    rng, seen = random.Random(measured), Counter[str]()
    for _ in range(700):
        ground = a_ground(rng)
        a, b = a_thing(rng, "a"), a_thing(rng, "b")
        clearance = Clearance(rng.choice([0, 200, 1_000]), rng.choice([None, 0, 1, 300]))
        one, other = (solid_of(thing, ground, measured) for thing in (a, b))
        doubt = Uncertainty(
            a.uncertainty.xy + b.uncertainty.xy,
            a.uncertainty.z + b.uncertainty.z
            + sum(solid_of(thing, ground, "envelope").extra_z for thing in (a, b)),
        )  # fmt: skip
        clash = find_clash(one, other, clearance, doubt, REACH)
        sized = all(not isinstance(s, Corridor) or s.width is not None for s in (one, other))
        # Of unknown size, it may be as large as the reach allows.
        lines = found(a, b, clearance.ch if sized else max(clearance.ch, REACH), clearance.cv)
        seen["found"] += len(lines)
        if clash is None:
            continue
        seen[clash.certainty] += 1
        assert len(lines) == 1, (a, b, ground, clearance)
        assert lines.gap[0] <= clash.gap.horizontal, (a, b, ground, clearance)
    assert min(seen["certain"], seen["undetermined"], seen["possible"]) > 10, seen
    assert seen["found"] < 600  # not just everything


def plainly_known(rng: random.Random, name: str) -> Part:
    """A line or shaft of which all is known for sure."""
    points = [(rng.randint(0, 9_000), rng.randint(0, 9_000)) for _ in range(rng.choice([2, 3, 6]))]
    size, level = rng.choice([rounded(63), rounded(316), boxed(1_201, 401)]), rng.randint(-2_500, -400)
    if rng.random() < 0.3:
        return part(name, shaft(points[0], level, level + 900, size))
    levels = [level + rng.randint(-200, 200) for _ in points]
    return part(name, line(points, levels, size, of=rng.choice(["axis", "top", "bottom"])))


def test_of_lines_and_shafts_it_is_the_least_gap_itself() -> None:
    rng, seen = random.Random("least"), Counter[bool]()
    for _ in range(500):
        a, b = plainly_known(rng, "a"), plainly_known(rng, "b")
        one, other = (solid_of(thing, Ground((), 0), "envelope") for thing in (a, b))
        ch, cv = rng.choice([1, 500, 3_000]), rng.choice([None, 1, 300])
        least, lines = least_gap(one, other, cv, REACH), found(a, b, ch, cv)
        near = least is not None and least.horizontal is not None and least.horizontal < ch
        seen[near] += 1
        assert (len(lines) == 1) == near, (a, b, ch, cv)
        if near:
            assert least is not None
            assert lines.gap[0] == least.horizontal
    assert min(seen[True], seen[False]) > 100, seen


def test_rows_of_an_application_are_numbered_through() -> None:
    """In the order of its parts' ids, in which they are judged."""
    rng = random.Random("numbers")
    parts = [thing for k in range(30) if isinstance(thing := a_thing(rng, f"p{k}"), Part)]
    rows = packed(application(*parts))
    assert rows[:, Column.NUMBER].tolist() == list(range(len(rows)))
    each = np.concatenate([packed(thing) for thing in sorted(parts, key=lambda one: one.id)])
    assert np.delete(rows, Column.NUMBER, axis=1).tolist() == np.delete(each, Column.NUMBER, axis=1).tolist()


def test_rows_are_the_segments_or_one_box() -> None:
    rng = random.Random("rows")
    for _ in range(300):
        thing = a_thing(rng, "a")
        rows = packed(thing)
        lines = isinstance(thing.geometry, Line)
        assert len(rows) == (len(thing.geometry.vertices) - 1 if isinstance(thing.geometry, Line) else 1)
        assert (rows[:, Column.FLAGS] & BOX == (BOX if isinstance(thing.geometry, Volume) else 0)).all()
        assert (theme_numbers(rows) == THEME_NUMBERS[thing.theme]).all()
        assert (rows[:, Column.FLAGS] == flagged(thing.theme) | rows[:, Column.FLAGS] & BOX).all()
        assert rows[:, Column.NUMBER].tolist() == list(range(len(rows)))
        assert ((rows[:, Column.Z0] == UNKNOWN) == (rows[:, Column.Z1] == UNKNOWN)).all()
        assert (rows[:, [Column.X0, Column.X1]] >= HERE[0] - 5_000).all() or not lines


def test_each_theme_keeps_its_number() -> None:
    """Rows with these numbers are stored in registers: a theme that is added gets the next one."""
    assert set(THEME_NUMBERS) == set(THEMES)
    assert sorted(THEME_NUMBERS.values()) == list(range(1, len(THEMES) + 1))
    first = "buisleidingGevaarlijkeInhoud datatransport gasHogeDruk gasLageDruk hoogspanning laagspanning"
    first += " landelijkHoogspanningsnet middenspanning overig petrochemie rioolOnderOverOfOnderdruk rioolVrijverval"
    first += " warmte water wees water_storage tree_roots soil_energy geothermal"
    assert [THEME_NUMBERS[theme] for theme in first.split()] == list(range(1, 20))


def test_what_has_no_theme_has_number_0() -> None:
    assert theme_numbers(packed(GroundLevel("g", 100, HERE))).tolist() == [0]
    assert flagged("a theme of a later version") == 0


def test_stored_rows_come_back() -> None:
    rng = random.Random("stored")
    pieces = [packed(a_thing(rng, "a")) for _ in range(50)]
    for rows in pieces:
        assert unstored(stored(rows)).tolist() == rows.tolist()
    assert unstored(b"".join(map(stored, pieces))).tolist() == np.concatenate(pieces).tolist()
    assert stored(pieces[0])[:4] == int(pieces[0][0, 0]).to_bytes(4, "little", signed=True)
    assert unstored(b"").shape == (0, len(Column))
