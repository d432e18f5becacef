"""Laws every verdict obeys, whatever lies in the street."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from registry.core.clash import least_gap
from registry.core.findings import OUTCOMES, Finding
from registry.core.model import Asset, Geometry, Line, Part, Point, Reservation, Shaft, Uncertainty, Volume
from registry.core.verdict import Verdict
from tests.core.building import (
    HERE,
    REACH,
    Asked,
    asset,
    boxed,
    clash,
    judged,
    line,
    part,
    reservation,
    rounded,
    ruleset,
    shaft,
    solid,
    volume,
)

lawful = settings(
    max_examples=50,
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

#: On a coarse grid, so that exact touching, equal gaps and shared vertices are common.
place = st.integers(-16, 16).map(lambda k: 250 * k) | st.integers(-4000, 4000)
points = st.tuples(place, place)
levels = st.integers(-12, -1).map(lambda k: 250 * k) | st.integers(-3000, -200)
sizes = st.sampled_from([100, 315, 400, 500, 1000])
uncertainties = st.sampled_from([(0, 0), (0, 0), (100, 0), (0, 100), (250, 250)]).map(lambda xyz: Uncertainty(*xyz))
clearances: st.SearchStrategy[Asked] = st.tuples(
    st.sampled_from([0, 100, 250, 300, 1000]), st.sampled_from([0, 100, 200, 250, 1000, None])
)


@st.composite
def lines(draw: st.DrawFn, known: bool) -> Line:
    vertices = draw(st.lists(points, min_size=2, max_size=4, unique=True))
    if known or draw(st.booleans()):
        heights: list[int | None] = list(draw(st.lists(levels, min_size=len(vertices), max_size=len(vertices))))
    else:
        heights = [None, *draw(st.lists(levels | st.none(), min_size=len(vertices) - 1, max_size=len(vertices) - 1))]
    size = boxed(draw(sizes), draw(sizes)) if known or draw(st.integers(0, 5)) else None
    return line(vertices, heights, size)


@st.composite
def shafts(draw: st.DrawFn) -> Shaft:
    low, high = sorted(draw(st.lists(levels, min_size=2, max_size=2, unique=True)))
    return shaft(draw(points), low, high, rounded(draw(sizes)))


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    x, y = draw(points)
    width, depth, notch = draw(st.integers(2, 8)) * 250, draw(st.integers(2, 8)) * 250, draw(st.booleans())
    ring = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
    if notch:
        ring = [*ring[:2], (x + width, y + depth // 2), (x + width // 2, y + depth // 3), *ring[3:]]
    low, high = sorted(draw(st.lists(levels, min_size=2, max_size=2, unique=True)))
    return volume(ring, low, high)


def geometries(known: bool) -> st.SearchStrategy[Geometry]:
    return lines(known) | lines(known) | shafts() | volumes()


@dataclass(frozen=True)
class Scene:
    """An application's parts and what lies around them."""

    parts: tuple[Part, ...]
    objects: tuple[Asset | Reservation, ...]

    def judged(self, crossing: Asked, parallel: Asked | None = None) -> Verdict:
        cells = [(theme, "rioolVrijverval", crossing, parallel) for theme in ("warmte", "water")]
        return judged(self.parts, self.objects, ruleset((100, 100), cells, parallel_from=500))


@st.composite
def scenes(draw: st.DrawFn, most: int = 4) -> Scene:
    parts = [
        part(f"p{k}", draw(geometries(True)), uncertainty=draw(uncertainties)) for k in range(draw(st.integers(1, 2)))
    ]
    return Scene(tuple(parts), tuple(draw(st.lists(things(), min_size=1, max_size=most, unique_by=lambda o: o.id))))


@st.composite
def things(draw: st.DrawFn) -> Asset | Reservation:
    name, theme = f"o{draw(st.integers(0, 99))}", draw(st.sampled_from(["warmte", "water"]))
    if draw(st.booleans()):
        return asset(name, draw(geometries(False)), theme, uncertainty=draw(uncertainties))
    return reservation(name, draw(geometries(True)), theme)


def moved(scene: Scene, move: Callable[[Point], Point]) -> Scene:
    """The same scene elsewhere, or turned."""
    return Scene(
        tuple(replace(item, geometry=_moved(item.geometry, move)) for item in scene.parts),
        tuple(replace(item, geometry=_moved(item.geometry, move)) for item in scene.objects),
    )


def _moved(geometry: Geometry, move: Callable[[Point], Point]) -> Geometry:
    if isinstance(geometry, Line):
        return replace(geometry, vertices=tuple(map(move, geometry.vertices)))
    if isinstance(geometry, Shaft):
        return replace(geometry, position=move(geometry.position))
    holes = tuple(tuple(map(move, hole)) for hole in geometry.holes)
    return replace(geometry, outer=tuple(map(move, geometry.outer)), holes=holes)


def told(verdict: Verdict) -> list[Finding]:
    """The findings, without where on the map."""
    return [replace(finding, place=replace(finding.place, x=0, y=0)) for finding in verdict.findings]


def clashing(verdict: Verdict) -> set[tuple[str, str, str, str]]:
    """Which objects clash by which rule, how certainly."""
    return {(f.rule, f.certainty, other.kind, other.id) for f in verdict.findings for other in f.counterparts}


@lawful
@given(scenes(), clearances, clearances, st.randoms(use_true_random=False))
def test_order_does_not_count(scene: Scene, crossing: Asked, parallel: Asked, chance: random.Random) -> None:
    parts, objects = list(scene.parts), list(scene.objects)
    chance.shuffle(parts)
    chance.shuffle(objects)
    first, again = scene.judged(crossing, parallel), Scene(tuple(parts), tuple(objects)).judged(crossing, parallel)
    assert again.document == first.document
    assert again.sha256 == first.sha256


@lawful
@given(scenes(), clearances, st.sampled_from([0, 1, 50, 700]), st.sampled_from([0, 1, 50, 700, None]))
def test_a_larger_clearance_never_makes_it_better(scene: Scene, asked: Asked, wider: int, taller: int | None) -> None:
    ch, cv = asked
    less = scene.judged(asked)
    more = scene.judged((ch + wider, None if cv is None or taller is None else cv + taller))
    assert OUTCOMES.index(more.outcome) <= OUTCOMES.index(less.outcome)
    assert {name for *_, name in clashing(less)} <= {name for *_, name in clashing(more)}


@lawful
@given(scenes(), things(), clearances, clearances)
def test_another_object_takes_no_clash_away(
    scene: Scene, added: Asset | Reservation, crossing: Asked, parallel: Asked
) -> None:
    assume(added.id not in {item.id for item in scene.objects})
    before = scene.judged(crossing, parallel)
    after = Scene(scene.parts, (*scene.objects, added)).judged(crossing, parallel)
    assert clashing(before) <= clashing(after)
    assert OUTCOMES.index(after.outcome) <= OUTCOMES.index(before.outcome)
    assert {item.id for item in before.basis} <= {item.id for item in after.basis}


@lawful
@given(scenes(), clearances, clearances, points, st.integers(0, 3))
def test_shifts_and_quarter_turns_change_nothing_but_the_place(
    scene: Scene, crossing: Asked, parallel: Asked, by: Point, turns: int
) -> None:
    def move(point: Point) -> Point:
        x, y = point[0] - HERE[0], point[1] - HERE[1]
        for _ in range(turns):
            x, y = -y, x
        return HERE[0] + x + by[0], HERE[1] + y + by[1]

    here, there = scene.judged(crossing, parallel), moved(scene, move).judged(crossing, parallel)
    assert told(there) == told(here)
    assert there.outcome == here.outcome
    for one, other in zip(here.findings, there.findings, strict=True):
        if one.cause != "relation":
            x, y = move((one.place.x, one.place.y))
            tolerance = 1 if not any(isinstance(p.geometry, Volume) for p in scene.parts) else 10_000
            assert abs(x - other.place.x) <= tolerance
            assert abs(y - other.place.y) <= tolerance


@lawful
@given(geometries(True), geometries(True), clearances, uncertainties)
def test_both_sides_find_the_same(a: Geometry, b: Geometry, asked: Asked, uncertainty: Uncertainty) -> None:
    one, other = solid(a), solid(b)
    there, back = clash(one, other, *asked, uncertainty), clash(other, one, *asked, uncertainty)
    assert (there and (there.certainty, there.gap)) == (back and (back.certainty, back.gap))


@lawful
@given(scenes(2), lines(True), st.integers(1, 1000), st.integers(0, 1000))
def test_what_lies_within_ch_at_an_unknown_depth_never_fits(scene: Scene, drawn: Line, ch: int, cv: int) -> None:
    unknown = asset("unknown", replace(drawn, levels=(None,) * len(drawn.vertices)))
    gaps = [least_gap(solid(item.geometry), solid(unknown.geometry), None, REACH) for item in scene.parts]
    near = any(gap is not None and gap.horizontal is not None and gap.horizontal < ch for gap in gaps)
    verdict = Scene(scene.parts, (*scene.objects, unknown)).judged((ch, cv))
    if near:
        assert verdict.outcome in ("conflict", "undetermined")
    alone = Scene(scene.parts[:1], (unknown,)).judged((ch, cv))
    gap = gaps[0].horizontal if gaps[0] is not None else None
    if scene.parts[0].uncertainty.xy == 0:
        assert alone.outcome == ("undetermined" if gap is not None and gap < ch else "fits")


@lawful
@given(scenes(), clearances, clearances)
def test_every_finding_adds_up(scene: Scene, crossing: Asked, parallel: Asked) -> None:
    verdict = scene.judged(crossing, parallel)
    assert (verdict.outcome == "fits") == (not verdict.findings)
    for finding in verdict.findings:
        assert finding.gap is not None
        assert finding.required is not None
        assert all(stretch.start <= stretch.end for stretch in finding.stretches)
        if finding.certainty == "undetermined":
            assert finding.lacking
        elif finding.missing is not None:
            _adds_up(finding.required.horizontal, finding.gap.horizontal, finding.missing.horizontal)
            _adds_up(finding.required.vertical, finding.gap.vertical, finding.missing.vertical)
        if finding.certainty == "certain" and finding.missing is not None:
            amounts: Sequence[int | None] = (finding.missing.horizontal, finding.missing.vertical)
            assert all(amount is None or amount > 0 for amount in amounts)


def _adds_up(required: int | None, gap: int | None, missing: int | None) -> None:
    if missing is not None:
        assert required is not None
        assert gap is not None
        assert missing == required - gap
