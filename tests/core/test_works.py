"""Works of other applications: granted ones are in the way as assets are, and rivals never change the outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core import case as cases
from registry.core import runs
from registry.core.model import Application, Asset, Consent, Line, Object, Period, Relation, Uncertainty, Works
from registry.core.rules import parallel
from registry.core.solids import Solid
from registry.core.tightest import tightest
from registry.core.verdict import Verdict, judge
from registry.core.works import works_id, works_of
from tests.core.building import application, asset, judged, line, part, reservation, rounded, ruleset, square, volume

RULES = ruleset(
    (200, 200),
    [("rioolVrijverval", "warmte", (200, 200), (1_000, None)), ("water", "warmte", (300, 100), None)],
    parallel_from=5_000,
)
THEMES = ("rioolVrijverval", "warmte", "water")


def works(
    name: str,
    geometry: Any,
    theme: str = "warmte",
    *,
    state: Any = "open",
    holder: str = "Warmtebedrijf",
    **rest: Any,
) -> Works:
    """Works of an application named before the first slash."""
    return Works(name, theme, "line", geometry, holder, application=name.split("/")[0], state=state, **rest)


def as_asset(item: Works) -> Asset:
    """An asset of the same holder at the same place."""
    return Asset(f"asset-of-{item.id}", item.theme, item.object_kind, item.geometry, item.holder, item.uncertainty,
                 item.temporary)  # fmt: skip


places = st.tuples(st.integers(-3_000, 3_000), st.integers(-3_000, 3_000))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    points = draw(st.lists(places, min_size=2, max_size=3, unique=True))
    levels = draw(st.sampled_from([-2_000, -1_500, -1_000]))
    return line(points, levels, rounded(draw(st.sampled_from([100, 400]))))


geometries = lines() | st.builds(
    lambda at, side: volume(square(at[0], at[1], side), -2_500, -1_200), places, st.integers(200, 2_000)
)


@st.composite
def many_works(draw: st.DrawFn, state: str) -> list[Works]:
    items = draw(st.lists(st.tuples(geometries, st.sampled_from(THEMES), st.sampled_from(["Riolering", "Gasnet"]),
                                    st.sampled_from([0, 300])), max_size=4))  # fmt: skip
    return [
        works(f"B-{k}/p", geometry, theme, state=state, holder=holder, uncertainty=Uncertainty(xy, 0))
        for k, (geometry, theme, holder, xy) in enumerate(items)
    ]


@st.composite
def filed(draw: st.DrawFn) -> Application:
    claims = (
        Relation("continues", "works", "B-0/p"),
        Relation("shares_trench", "works", "B-1/p", agreement="doc"),
        Relation("continues", "asset", "asset-of-G-0/p"),
    )
    parts = [
        part(f"p{k}", draw(lines()), draw(st.sampled_from(THEMES)), relations=draw(st.sampled_from([(), claims])))
        for k in range(draw(st.integers(1, 2)))
    ]
    return application(*parts, consents=("Gasnet",))


@settings(max_examples=60, deadline=None)
@given(filed(), many_works("granted"), many_works("open"), st.data())
def test_rivals_never_change_the_outcome(
    asked: Application, granted: list[Works], rivals: list[Works], data: st.DataObject
) -> None:
    granted = [replace(item, id=f"G{item.id[1:]}", application=f"G{item.application[1:]}") for item in granted]
    standing: list[Object] = [*granted, *(as_asset(item) for item in granted[:1])]
    held = [reservation("r", data.draw(lines()), "water")]
    with_them = judge(asked, [*standing, *held, *rivals], RULES)
    without = judge(asked, [*standing, *held], RULES)
    assert with_them.outcome == without.outcome
    # Nothing that is found of others is hidden or changed by them; of what a part says of works it may be told why not.
    found = [item for item in with_them.findings if not item.rival and item.cause != "relation"]
    assert found == [item for item in without.findings if item.cause != "relation"]
    assert all(item.severity == "advises" for item in with_them.findings if item.rival)
    named = {(c.kind, c.id) for item in with_them.findings if item.rival for c in item.counterparts}
    assert named <= {("works", item.id) for item in rivals}


@settings(max_examples=60, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=2), many_works("granted"), st.integers(0, 4))
def test_granted_works_count_as_assets_do(asked: list[Line], granted: list[Works], split: int) -> None:
    parts = [part(f"p{k}", geometry) for k, geometry in enumerate(asked)]
    all_assets = [as_asset(item) for item in granted]
    some: list[Object] = [*granted[:split], *all_assets[split:]]
    compared: tuple[list[Object], ...] = ([*granted], [*all_assets], some)
    verdicts = [judged(parts, objects, RULES) for objects in compared]
    assert len({verdict.outcome for verdict in verdicts}) == 1
    told = [sorted((f.cause, f.certainty, f.severity, str(f.gap), str(f.place)) for f in verdict.findings
                   if f.certainty != "undetermined") for verdict in verdicts]  # fmt: skip
    assert told[0] == told[1] == told[2]


PIPE = line([(0, 0), (20_000, 0)], -2_000, rounded(400))
NEXT = line([(0, 500), (20_000, 500)], -2_000, rounded(400))


def test_a_rival_beside_a_like_asset_is_grouped_apart() -> None:
    """Undetermined findings are one per network: a rival may not stand for an asset, nor the other way round."""
    unknown = line([(0, 500), (20_000, 500)], None, rounded(400))
    others = [works("B/p", unknown, state=state) for state in ("open", "granted")]
    objects: list[Object] = [others[0], replace(others[1], id="G/p", application="G"), asset("a", unknown)]
    verdict = judged([part("p", PIPE, "water")], objects, RULES)
    assert verdict.outcome == "undetermined"
    assert sorted((f.rival, f.severity, [c.id for c in f.counterparts]) for f in verdict.findings) == [
        (False, "blocks", ["G/p"]),
        (False, "blocks", ["a"]),
        (True, "advises", ["B/p"]),
    ]


def test_an_unknown_depth_of_a_rival_only_advises() -> None:
    unknown = line([(0, 500), (20_000, 500)], None, rounded(400))
    verdict = judged([part("p", PIPE, "water")], [works("B/p", unknown)], RULES)
    assert verdict.outcome == "fits"
    assert [(f.certainty, f.severity, f.rival) for f in verdict.findings] == [("undetermined", "advises", True)]


def test_a_run_is_not_made_longer_by_a_rival() -> None:
    """Two halves of 3 m are one run of 6 m where both are there, and none where one of them is only asked for."""
    halves = [line([(x, 900), (x + 3_000, 900)], -2_000, rounded(400)) for x in (5_000, 8_000)]
    asked = [part("p", PIPE)]

    def outcome(first: Any, second: Any) -> str:
        return judged(asked, [works(f"{name}/p", half, state=state) for name, half, state
                              in zip("BC", halves, (first, second), strict=True)], RULES).outcome  # fmt: skip

    assert outcome("granted", "granted") == "conflict"
    assert outcome("granted", "open") == outcome("open", "granted") == outcome("open", "open") == "fits"
    mixed: list[Object] = [works("B/p", halves[0], state="granted"), asset("a", halves[1])]
    assert judged(asked, mixed, RULES).outcome == "conflict"


def test_own_parts_are_no_works_of_another() -> None:
    asked = application(part("p", PIPE))
    verdict = judge(asked, works_of(asked, "granted"), RULES)
    assert (verdict.outcome, verdict.findings, verdict.basis) == ("fits", (), ())


def test_works_of_an_application() -> None:
    period = Period("2027-05-01", "2027-06-01")
    laid = replace(part("p/1", PIPE), holder="Somebody", temporary=period, name="Main", uncertainty=Uncertainty(10, 20))
    given = Application("A/1", "Riolering", "permit", (laid,), works_start="2027-05-01")
    (made,) = works_of(given, "granted")
    assert made == Works("A~1/p/1", "rioolVrijverval", "line", PIPE, "Riolering", Uncertainty(10, 20), period, "Main",
                         application="A/1", state="granted", works_start="2027-05-01")  # fmt: skip
    assert made.kind == "works"


@given(*(st.text("A/.-", min_size=1, max_size=5) for _ in range(4)))
def test_no_two_works_have_one_id(a: str, b: str, c: str, d: str) -> None:
    assert (works_id(a, b) == works_id(c, d)) == ((a, b) == (c, d))


@pytest.mark.parametrize(
    ("period", "start", "outcome"),
    [
        (Period("2027-03-01", "2027-09-01"), "2027-09-01", "fits"),
        (Period("2027-03-01", "2027-09-02"), "2027-09-01", "conflict"),
        (Period("2027-03-01", "2027-09-01"), None, "conflict"),
        (None, "2029-09-01", "conflict"),
    ],
)
def test_works_are_there_from_their_start(period: Period | None, start: str | None, outcome: str) -> None:
    laid = replace(part("p", PIPE), temporary=period)
    asked = Application("A", "Riolering", "permit", (laid,), works_start="2027-03-01")
    other = works("G/p", PIPE, "gasLageDruk", state="granted", works_start=start)
    assert judge(asked, [other], RULES).outcome == outcome


def test_temporary_works_separate_in_time() -> None:
    asked = Application("A", "Riolering", "permit", (part("p", PIPE),), works_start="2027-09-01")
    other = works("G/p", PIPE, "gasLageDruk", state="granted", works_start="2027-01-01",
                  temporary=Period("2027-01-01", "2027-09-01"))  # fmt: skip
    assert judge(asked, [other], RULES).outcome == "fits"
    assert judge(replace(asked, works_start="2027-08-31"), [other], RULES).outcome == "conflict"


def related(kind: Any, state: Any, consents: tuple[str, ...] = ("Warmtebedrijf",), **rest: Any) -> Verdict:
    going_on = line([(20_000, 0), (40_000, 0)], -2_000, rounded(400))
    claim = Relation(kind, "works", "G/p", **rest)
    asked = Application("A", "Riolering", "permit", (part("p", PIPE, "warmte", relations=(claim,)),),
                        consents=tuple(Consent(name, "doc") for name in consents))  # fmt: skip
    return judge(asked, [works("G/p", going_on, state=state)], RULES)


AT = (155_020_000, 463_000_000, None)


@pytest.mark.parametrize(("kind", "rest"), [("continues", {}), ("connects", {"point": AT}),
                                            ("shares_trench", {"agreement": "doc"})])  # fmt: skip
def test_a_relation_with_granted_works_holds(kind: str, rest: dict[str, Any]) -> None:
    verdict = related(kind, "granted", **rest)
    assert [relation.kind for _, relation in verdict.relations] == [kind]
    assert not [f for f in verdict.findings if f.cause == "relation"]
    assert [f.fault for f in related(kind, "granted", (), **rest).findings if f.fault] == ["no_consent"]
    (fault,) = [f for f in related(kind, "open", **rest).findings if f.cause == "relation"]
    assert (fault.fault, fault.severity, fault.rival) == ("not_granted", "conditions", False)


def test_nothing_lies_inside_works_that_are_to_be_made() -> None:
    wide = line([(-100, 0), (20_100, 0)], -2_000, rounded(900))
    duct = replace(works("G/p", wide, state="granted"), object_kind="duct")
    asked = application(part("p", PIPE, relations=(Relation("inside", "works", "G/p"),)), consents=("Warmtebedrijf",))
    assert [f.fault for f in judge(asked, [duct], RULES).findings if f.fault] == ["not_a_container"]


def zigzag(count: int) -> Line:
    return line([(k * 10, 2_000 * (k % 2)) for k in range(count)], -2_000, rounded(100))


def test_a_scribbled_rival_does_not_keep_another_from_being_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "MAX_PAIRS", 50)
    compared: list[int] = []
    watch = runs.alongside

    def alongside(a: Solid, b: Solid, *rest: Any) -> Any:
        compared.extend((len(a.side_boxes), len(b.side_boxes)))
        return watch(a, b, *rest)

    monkeypatch.setattr(parallel, "alongside", alongside)
    rivals: list[Object] = [works("B/p", zigzag(100)), works("C/p", NEXT)]
    objects: list[Object] = [*rivals, asset("a", NEXT, "water")]
    verdict = judged([part("p", PIPE)], objects, RULES)
    assert verdict.outcome == judged([part("p", PIPE)], objects[2:], RULES).outcome == "conflict"
    found = {f.counterparts[0].id: (f.certainty, f.lacking) for f in verdict.findings if f.rival}
    assert found == {"B/p": ("undetermined", ("drawing",)), "C/p": ("certain", ())}
    assert {item.id for item in verdict.basis} == {"a", "B/p", "C/p"}
    assert compared
    assert max(compared) < 50, "not as part of the network of the other either"


def test_the_tightest_distance_may_be_with_granted_works() -> None:
    near = line([(0, 700), (20_000, 700)], -2_000, rounded(400))
    for state, name in (("granted", "B/p"), ("open", None)):
        objects = [works("B/p", near, "water", state=state)]
        margin = tightest(application(part("p", PIPE)), objects, RULES)
        assert (margin and (margin.kind, margin.other, margin.gap)) == (("works", name, 300) if name else None)


def test_a_part_is_told_apart_from_works_of_one_id() -> None:
    """Kinds have ids of their own: an asset may be called as works are."""
    objects: list[Object] = [works("B/p", NEXT, state="granted"), asset("B/p", replace(NEXT, levels=(-9_000, -9_000)))]
    verdict = judged([part("B/p", PIPE, "water")], objects, RULES)
    assert [(f.counterparts[0].kind, f.place.part) for f in verdict.findings] == [("works", "B/p")]
