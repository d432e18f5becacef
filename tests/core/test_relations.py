"""What parts claim of other objects: true to the geometry, or not believed."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from registry.core.findings import ACCEPTED_FAULTS
from registry.core.inside import sticking_out
from registry.core.model import Bound, Geometry, Open, Point, Relation, Size
from registry.core.solids import Corridor
from registry.core.verdict import Verdict
from tests.core.building import (
    HERE,
    asset,
    boxed,
    corridor,
    judged,
    line,
    part,
    prism,
    reservation,
    rounded,
    ruleset,
    shaft,
    square,
    volume,
)

RULES = ruleset((300, 300), joint_radius=500)
HOLDER = "Warmtebedrijf"


def claimed(
    geometry: Geometry,
    kind: str,
    target: Geometry,
    point: tuple[int, int, int | None] | None = None,
    theme: str = "warmte",
    object_kind: str = "line",
) -> Verdict:
    """The verdict on a part that claims one relation to the one asset near it, with its holder's consent."""
    if point is not None:
        point = (HERE[0] + point[0], HERE[1] + point[1], point[2])
    said = Relation(kind, "asset", "other", point)  # type: ignore[arg-type]
    claiming = part("p", geometry, theme, relations=[said])
    return judged([claiming], [asset("other", target, holder=HOLDER, object_kind=object_kind)], RULES, [HOLDER])


def fault(verdict: Verdict) -> str | None:
    """The fault of the relation, ``None`` when it was relied on and nothing is left to be shown."""
    found = [finding.fault for finding in verdict.findings if finding.cause == "relation"]
    assert bool(verdict.relations) == (not found or found[0] in ACCEPTED_FAULTS)
    return found[0] if found else None


PIPE = line([(0, 0), (20_000, 0)], -1000, rounded(200))


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((5000, 0, None), None),
        ((5000, 0, -1000), None),
        ((5000, 110, -1000), None),  # on the face of the pipe and 10 beyond
        ((5000, 111, -1000), "not_at_point"),
        ((5000, 0, -890), None),
        ((5000, 0, -889), "not_at_point"),
        ((5000, 0, -1110), None),
        ((5000, 0, -1111), "not_at_point"),
        ((4889, 0, None), "not_at_point"),  # on the target, 111 before the part's axis
        ((4890, 0, None), None),
        ((5000, 3000, None), "not_at_point"),  # on the part, not on the target
        ((9000, 0, None), "not_at_point"),  # on the target, not on the part
    ],
)
def test_connects_only_where_both_lie(point: tuple[int, int, int | None], expected: str | None) -> None:
    branch = line([(5000, 0), (5000, 8000)], -1000, rounded(200))
    assert fault(claimed(branch, "connects", PIPE, point)) == expected


@pytest.mark.parametrize(("point", "expected"), [((3000, 0, None), None), ((3010, 0, None), None)])
def test_connects_to_a_volume_at_its_wall(point: tuple[int, int, int | None], expected: str | None) -> None:
    tank = volume(square(0, -1500, 3000), -3000, -500)
    assert fault(claimed(line([(3000, 0), (9000, 0)], -1000, rounded(200)), "connects", tank, point)) == expected


@pytest.mark.parametrize("point", [(3111, 0, None), (6000, 0, None), (3000, 0, -489), (3000, 0, -3011)])
def test_connects_to_a_volume_nowhere_else(point: tuple[int, int, int | None]) -> None:
    tank = volume(square(0, -1500, 3000), -3000, -500)
    pipe = line([(3000, 0), (9000, 0)], [-1000, -1000], boxed(200, 9000))
    assert fault(claimed(pipe, "connects", tank, point)) == "not_at_point"


def test_connects_to_a_shaft_within_its_height() -> None:
    manhole = shaft((0, 0), -3000, 0, rounded(1000))
    pipe = line([(0, 0), (9000, 0)], -3005, rounded(200))
    assert fault(claimed(pipe, "connects", manhole, (0, 0, -3005))) is None
    assert fault(claimed(pipe, "connects", manhole, (0, 0, -3050))) == "not_at_point"


def test_a_joint_takes_away_the_clash_at_the_joint_only() -> None:
    branch = line([(5000, 0), (5000, 8000), (12_000, 8000), (12_000, -3000)], -1000, rounded(200))
    verdict = claimed(branch, "connects", PIPE, (5000, 0, -1000))
    assert verdict.outcome == "conflict"
    (finding,) = verdict.findings
    # It crosses the pipe again, 8000 + 7000 + 8000 along.
    assert finding.place.chainage == 23_000
    assert [(s.start, s.end) for s in finding.stretches] == [(22_500, 23_500)]
    short = line([(5000, 0), (5000, 8000)], -1000, rounded(200))
    assert claimed(short, "connects", PIPE, (5000, 0, -1000)).outcome == "fits"


@pytest.mark.parametrize(
    ("start", "level", "width", "theme", "expected"),
    [
        ((20_000, 0), -1000, 200, "warmte", None),
        ((20_010, 0), -1000, 200, "warmte", None),
        ((20_006, 8), -1000, 200, "warmte", None),
        ((20_011, 0), -1000, 200, "warmte", "not_end_to_end"),
        ((20_007, 8), -1000, 200, "warmte", "not_end_to_end"),
        ((20_000, 0), -1010, 200, "warmte", None),
        ((20_000, 0), -1011, 200, "warmte", "not_end_to_end"),
        ((20_000, 0), -1110, 400, "warmte", None),  # level soffits or inverts: half the difference in height
        ((20_000, 0), -1111, 400, "warmte", "not_end_to_end"),
        ((20_000, 0), None, 200, "warmte", None),
        ((20_000, 0), -1000, 200, "water", "not_end_to_end"),
        ((10_000, 0), -1000, 200, "warmte", "not_end_to_end"),
    ],
)
def test_continues_end_to_end(start: Point, level: int | None, width: int, theme: str, expected: str | None) -> None:
    onward = line([start, (start[0] + 9000, start[1])], level, rounded(width))
    for drawn in (onward, line([(start[0] + 9000, start[1]), start], level, rounded(width))):
        verdict = claimed(drawn, "continues", PIPE, theme=theme)
        assert fault(verdict) == expected


def test_end_to_end_fits_when_said_and_is_possible_when_not() -> None:
    onward = line([(20_000, 0), (29_000, 0)], -1000, rounded(200))
    assert claimed(onward, "continues", PIPE).outcome == "fits"
    unsaid = judged([part("p", onward, "warmte")], [asset("other", PIPE)], ruleset((0, 300)))
    assert unsaid.outcome == "fits_with_conditions"
    assert [finding.certainty for finding in unsaid.findings] == ["possible_end"]


@pytest.mark.parametrize(
    ("cable", "expected"),
    [
        (line([(1000, 0), (9000, 0)], -1000, rounded(50)), None),
        (line([(1000, 45), (9000, -45)], [-940, -1060], rounded(50)), None),  # 45, 60, 75: against the wall
        (line([(1000, 45), (9000, -45)], [-939, -1060], rounded(50)), "not_inside"),
        (line([(1000, 75), (9000, -75)], [-925, -1075], rounded(50)), "not_inside"),  # in the corner of a round bore
        (line([(1000, 76), (9000, 0)], -1000, rounded(50)), "not_inside"),
        (line([(1000, 0), (9000, 0)], [-924, -1000], rounded(50)), "not_inside"),
        (line([(1000, 0), (20_200, 0)], -1000, rounded(50)), "not_inside"),
        (line([(1000, 0), (9000, 0)], -1000, rounded(201)), "not_inside"),
        (line([(1000, 0), (9000, 0)], -1000, rounded(200)), None),
    ],
)
def test_inside_a_duct(cable: Geometry, expected: str | None) -> None:
    duct = replace(PIPE, size=Size("round", "inner", 200, 200, 10))
    assert fault(claimed(cable, "inside", duct, theme="laagspanning", object_kind="duct")) == expected
    # Of the outer size alone nobody knows whether it fits; that it does not is known.
    outer = fault(claimed(cable, "inside", PIPE, theme="laagspanning", object_kind="duct"))
    assert outer == (expected or "bore_unknown")


def test_inside_something_of_unknown_depth_is_not_believed() -> None:
    cable = line([(1000, 0), (9000, 0)], -1000, rounded(50))
    duct = line([(0, 0), (20_000, 0)], None, rounded(200))
    assert fault(claimed(cable, "inside", duct, object_kind="duct")) == "depth_unknown"


def beyond(inner: Corridor, outer: Corridor, f: float) -> float:
    """How far (mm) a straight corridor sticks out of another at a fraction of its length: at most 0 when inside."""
    p = inner.segments[0].axis
    x, y, z = (float(low + f * (high - low)) for low, high in zip(p[:3], p[3:], strict=True))
    room, headroom = (outer.width or 0) - (inner.width or 0), (outer.height or 0) - (inner.height or 0)
    least = math.inf
    for segment in outer.segments:
        q = segment.axis
        for k in range(401):
            u, v, w = (float(low + k / 400 * (high - low)) for low, high in zip(q[:3], q[3:], strict=True))
            least = min(least, max(math.hypot(x - u, y - v) - room / 2, (abs(z - w) - headroom) / 2))
    return least


def test_inside_along_slopes_and_bends_agrees_with_steps() -> None:
    rng = random.Random("inside")
    wholly = 0
    for _ in range(80):
        outer = corridor(
            line(
                [(0, 0), (4000, rng.randint(-300, 300)), (8000, rng.randint(-800, 800))],
                [rng.randint(-1300, -1000) for _ in range(3)],
                boxed(1000, 600),
            )
        )
        start, end = (rng.randint(0, 1000), rng.randint(-400, 400)), (rng.randint(3000, 9000), rng.randint(-700, 700))
        levels = (rng.randint(-1300, -1000), rng.randint(-1300, -1000))
        inner = corridor(line([start, end], levels, boxed(rng.randint(50, 500), rng.randint(50, 300))))
        out = sticking_out(inner, outer)
        assert out is not None
        length = inner.lengths[0] // 1000
        for at in range(0, length + 1, 450):
            told_out = any(low - 1 <= at <= high + 1 for low, high in out)
            told_in = not any(low + 1 < at < high - 1 for low, high in out)
            sticks = beyond(inner, outer, at / length)
            assert told_out or sticks < 11, (outer, inner, at, out)
            assert told_in or sticks > -11, (outer, inner, at, out)
        wholly += not out
    assert 5 < wholly < 75


def test_a_tall_shaft_is_not_inside_a_low_duct() -> None:
    duct = corridor(line([(0, 0), (9000, 0)], -1000, boxed(2000, 1000)))
    cases: list[tuple[Bound, Bound, bool]] = [
        (-1500, -500, True),
        (-5000, 0, False),
        (-1600, -900, False),
        (-1400, -400, False),
        (Open.UNBOUNDED, -600, False),
    ]
    for bottom, top, inside in cases:
        out = sticking_out(corridor(shaft((4000, 300), bottom, top, rounded(500))), duct)
        assert out is not None
        assert (out == []) == inside, (bottom, top)
    manhole = corridor(shaft((0, 0), -3000, 0, rounded(1000)))
    assert sticking_out(corridor(shaft((100, 0), -3000, 0, rounded(800))), manhole) == []
    assert sticking_out(corridor(shaft((101, 0), -3000, 0, rounded(800))), manhole) != []
    assert sticking_out(corridor(shaft((0, 0), -3010, 0, rounded(800))), manhole) != []


@pytest.mark.parametrize(
    ("points", "level", "width", "inside"),
    [
        ([(200, 500), (8800, 500)], -1000, 400, True),
        ([(200, 200), (8800, 200)], -1000, 400, True),  # against the side
        ([(199, 500), (8800, 500)], -1000, 400, False),
        ([(200, 199), (8800, 500)], -1000, 400, False),
        ([(200, 500), (8800, 500)], -199, 400, False),
        ([(200, 500), (8800, 500)], -200, 400, True),
        ([(200, 4500), (8800, 4500)], -1000, 400, False),  # through the hole
        ([(200, 2800), (8800, 2800)], -1000, 400, True),
        ([(200, 2801), (8800, 2801)], -1000, 400, False),
        ([(4500, 4500), (4600, 4500)], -1000, 400, False),  # in the hole
    ],
)
def test_a_line_inside_a_volume(points: list[Point], level: int, width: int, inside: bool) -> None:
    tank = prism(volume(square(0, 0, 9000), -3000, 0, [square(3000, 3000, 3000)]))
    assert (sticking_out(corridor(line(points, level, rounded(width))), tank) == []) == inside


@pytest.mark.parametrize("beneficiary", ["Riolering", "Een ander"])
def test_only_what_sticks_out_of_a_used_reservation_is_judged(beneficiary: str) -> None:
    space = line([(0, 0), (20_000, 0)], -2000, boxed(2000, 1000))
    held = reservation("R", space, "rioolVrijverval", beneficiary=beneficiary)
    said = Relation("uses", "reservation", "R")
    within = part("p", line([(1000, 0), (19_000, 0)], -2000, rounded(400)), relations=[said])
    longer = part("p", line([(1000, 0), (25_000, 0)], -2000, rounded(400)), relations=[said])
    if beneficiary != "Riolering":
        assert judged([within], [held], RULES).outcome != "fits"
        return
    assert judged([within], [held], RULES).outcome == "fits"
    verdict = judged([longer], [held], RULES)
    assert verdict.outcome == "fits_with_conditions"
    (finding,) = verdict.findings
    # The reservation is a corridor too, with a round end of 1000; the pipe, 400 wide, leaves it at 20,800.
    assert [(s.start, s.end) for s in finding.stretches] == [(19_800, 24_000)]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_parts_either_may_say_that_they_share_a_trench(names: tuple[str, str]) -> None:
    rules = ruleset((200, 200), [("warmte", "rioolVrijverval", (500, 500), None)])
    said = Relation("shares_trench", "part", names[1], agreement="agreed in writing")
    one = part(names[0], line([(0, 0), (9000, 0)], -1000, rounded(200)), "warmte", relations=[said])
    other = part(names[1], line([(0, 400), (9000, 400)], -1000, rounded(200)))
    assert judged([one, other], [], rules).outcome == "fits"
    assert judged([replace(one, relations=()), other], [], rules).outcome == "conflict"


def test_what_lies_far_off_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is near is looked at: the same as looking at all."""
    rng = random.Random("around")
    seen = 0
    for _ in range(150):
        points = [(1_000 * k, rng.randint(-400, 400)) for k in range(8)]
        moved = [(x + rng.randint(-150, 150), y + rng.randint(-150, 150)) for x, y in points]
        inner = corridor(line(moved, -1_000, rounded(rng.choice([50, 200]))))
        outer = corridor(line(points, -1_000, rounded(rng.choice([60, 300, 800]))))
        few = sticking_out(inner, outer)
        with monkeypatch.context() as patched:
            every = list(range(len(outer.segments)))
            patched.setattr("registry.core.inside._around", lambda *_, every=every: dict.fromkeys(every, every))
            assert few == sticking_out(inner, outer)
        seen += bool(few) and few != [(0, inner.starts[-1] // 1000)]
    assert seen > 30
