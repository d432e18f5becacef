"""Whatever the core can hold is written and read back the same, and its identity does not depend on order."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.model import (
    OBJECT_KINDS,
    REGIMES,
    STANDING,
    STRENGTHS,
    SURFACES,
    THEMES,
    ZONE_TYPES,
    Application,
    Asset,
    Consent,
    Envelope,
    GroundLevel,
    Line,
    Open,
    Part,
    Period,
    Relation,
    Reservation,
    Shaft,
    Size,
    Uncertainty,
    Volume,
    Works,
    Zone,
    content_sha256,
)
from registry.core.standing import SURFACING, compact
from registry.core.works import works_id
from registry.formats.exchange import Exchange, object_from_feature, object_to_feature, read_exchange, write_exchange
from schemas.values import RELATION_RULES
from tests.formats.exchange_samples import asset, collection, ground, part, reservation, works

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,12}", fullmatch=True)
WORKS_IDS = st.builds(works_id, IDS, IDS)
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
MAYBE_TEXT = st.none() | TEXT
DATES = st.dates().map(lambda day: day.isoformat())
MAYBE_DATE = st.none() | DATES
LEVELS = st.integers(-300_000, 100_000)
DEPTHS = st.integers(0, 300_000)
LENGTHS = st.integers(10, 50_000)
WALLS = st.none() | st.integers(0, 5_000)
X, Y = st.integers(0, 299_000_000), st.integers(300_000_000, 624_000_000)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted(draw(st.lists(DATES, min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([Period(first, last), Period(first, None), Period(None, last)]))


@st.composite
def sizes(draw: st.DrawFn, *, known: bool) -> Size:
    length = LENGTHS if known else st.none() | LENGTHS
    width, height, wall = draw(length), draw(length), draw(st.integers(0, 5_000) if known else WALLS)
    return draw(
        st.sampled_from(
            [
                Size("round", "outer", width, width),
                Size("round", "casing", width, width),
                Size("round", "inner", width, width, wall),
                Size("rectangular", "outer", width, height),
                Size("rectangular", "inner", width, height, wall),
                Size("egg", "inner", width, height, wall),
            ]
        )
    )


@st.composite
def lines(draw: st.DrawFn, *, known: bool) -> Line:
    x, y = draw(X), draw(Y)
    steps = draw(st.lists(st.tuples(st.integers(1, 500_000), st.integers(0, 500_000)), min_size=1, max_size=4))
    vertices = [(x, y)]
    for index, (dx, dy) in enumerate(steps):
        # There and back, so that a line of any number of steps stays in the box.
        sign = -1 if index % 2 else 1
        vertices.append((vertices[-1][0] + sign * dx, vertices[-1][1] + sign * dy))
    vertices = [(max(0, vx), vy) for vx, vy in vertices if vy >= 300_000_000]
    vertices = [point for index, point in enumerate(vertices) if index == 0 or point != vertices[index - 1]]
    if len(vertices) < 2:
        vertices = [(x, y), (x + 1, y)]
    reference = draw(st.sampled_from(["nap", "ground"]))
    level = LEVELS if reference == "nap" else DEPTHS
    each = level if known else st.none() | level
    levels = tuple(draw(st.lists(each, min_size=len(vertices), max_size=len(vertices))))
    if draw(st.booleans()):
        x0, y0 = vertices[0]
        vertices, levels = [(x0, y0), (x0, y0)], (0, 1)  # a vertical pipe
    ground_levels = draw(st.just(()) | st.tuples(*[st.none() | LEVELS for _vertex in vertices]))
    size = draw(sizes(known=True) if known else st.none() | sizes(known=False))
    envelope = draw(st.none() | st.builds(Envelope, LENGTHS, LENGTHS))
    level_of = draw(st.sampled_from(["axis", "top", "bottom", "invert"]))
    if known and level_of == "invert" and (size is None or size.measure != "inner"):
        level_of = "axis"
    if known and envelope is not None and level_of != "invert" and draw(st.booleans()):
        size = None
    return Line(tuple(vertices), levels, level_of, reference, size, envelope, ground_levels)  # type: ignore[arg-type]


@st.composite
def bounds(draw: st.DrawFn, *, known: bool) -> tuple[Any, Any, Any]:
    """Bottom, top and the level reference."""
    reference = draw(st.sampled_from(["nap", "ground"]))
    low, high = sorted(draw(st.tuples(LEVELS, LEVELS) if reference == "nap" else st.tuples(DEPTHS, DEPTHS)))
    bottom, top = (low, high) if reference == "nap" else (high, low)
    pairs: list[tuple[Any, Any]] = [(bottom, top), (bottom, Open.UNBOUNDED), (Open.UNBOUNDED, top)]
    if not known:
        pairs += [(None, top), (bottom, None), (None, None), (None, Open.UNBOUNDED), (Open.UNBOUNDED, Open.UNBOUNDED)]
    return (*draw(st.sampled_from(pairs)), reference)


@st.composite
def areas(draw: st.DrawFn) -> tuple[Any, Any]:
    """A rectangle, either way round, with no, one or two holes."""
    x, y = draw(X), draw(Y)
    width, height = draw(st.integers(20, 900_000)), draw(st.integers(20, 900_000))

    def box(x0: int, y0: int, x1: int, y1: int) -> tuple[tuple[int, int], ...]:
        ring = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        return ring[::-1] if draw(st.booleans()) else ring

    holes = [box(x + 2, y + 2, x + 6, y + 6), box(x + 8, y + 8, x + 12, y + 12)]
    return box(x, y, x + width, y + height), tuple(holes[: draw(st.integers(0, 2))])


@st.composite
def geometries(draw: st.DrawFn, *, known: bool) -> Line | Shaft | Volume:
    ground_level = draw(st.none() | LEVELS)
    kind = draw(st.sampled_from([Line, Shaft, Volume]))
    if kind is Line:
        return draw(lines(known=known))
    bottom, top, reference = draw(bounds(known=known))
    if kind is Shaft:
        size = draw(sizes(known=True) if known else st.none() | sizes(known=False))
        return Shaft((draw(X), draw(Y)), bottom, top, reference, size, ground_level)
    outer, holes = draw(areas())
    return Volume(outer, holes, bottom, top, reference, ground_level)


def common(*, known: bool) -> dict[str, Any]:
    return {
        "id": IDS,
        "theme": st.sampled_from(THEMES),
        "object_kind": st.sampled_from(OBJECT_KINDS),
        "geometry": geometries(known=known),
        "uncertainty": st.builds(Uncertainty, st.integers(0, 100_000), st.integers(0, 100_000)),
        "temporary": st.none() | periods(),
        "name": MAYBE_TEXT,
        "temperature": st.none() | st.integers(-50_000, 500_000),
        "discharge": st.none() | st.integers(0, 1_000_000_000),
        "storage": st.none() | st.integers(0, 10_000_000_000),
        "surface_area": st.none() | st.integers(0, 1_000_000_000),
    }


@st.composite
def relations(draw: st.DrawFn) -> Relation:
    kind = draw(st.sampled_from(sorted(RELATION_RULES)))
    targets, own = RELATION_RULES[kind]
    also: dict[str, Any] = {
        "point": st.tuples(X, Y, st.none() | LEVELS),
        "left_in_ground": st.booleans(),
        "removal_date": MAYBE_DATE,
        "agreement": MAYBE_TEXT,
    }
    # Ids are at most 13 characters here, so that no part relates to itself.
    target_kind = draw(st.sampled_from(targets))
    target = draw(WORKS_IDS) if target_kind == "works" else "another-object:" + draw(IDS)
    return Relation(kind, target_kind, target, **{key: draw(also[key]) for key in own})  # type: ignore[arg-type]


def of_its_shape(thing: Any) -> bool:
    """Whether what it is called may have the shape it has."""
    if isinstance(thing.geometry, Volume) and thing.object_kind in SURFACING:
        return compact(thing.geometry.outer, thing.geometry.holes)
    return not (isinstance(thing.geometry, Line) and thing.object_kind in STANDING)


def common_of(part: Part) -> dict[str, Any]:
    return {name: getattr(part, name) for name in common(known=True)}


PARTS = st.builds(
    Part, **common(known=True), holder=MAYBE_TEXT, relations=st.lists(relations(), max_size=3).map(tuple)
).filter(of_its_shape)
RESERVATIONS = st.builds(
    Reservation,
    **common(known=True),
    holder=TEXT,
    strength=st.sampled_from(STRENGTHS),
    beneficiary=MAYBE_TEXT,
    period=st.none() | periods(),
    review_date=MAYBE_DATE,
    option_group=MAYBE_TEXT,
    shareable_with=st.lists(st.sampled_from(THEMES), max_size=3).map(tuple),
    legal_basis=MAYBE_TEXT,
).filter(of_its_shape)
ASSETS = st.builds(
    Asset,
    **common(known=False),
    holder=TEXT,
    status=st.sampled_from(["functional", "projected", "disused"]),
    source=MAYBE_TEXT,
    as_of=MAYBE_DATE,
    quality=MAYBE_TEXT,
    disclosure=st.sampled_from(["public", "restricted", "secret"]),
    contact=MAYBE_TEXT,
    removal_date=MAYBE_DATE,
    notes=st.lists(TEXT, max_size=2).map(tuple),
).filter(of_its_shape)
WORKS = st.builds(
    lambda part, **rest: Works(**(common_of(part) | rest | {"id": works_id(rest["application"], part.id)})),
    PARTS,
    holder=TEXT,
    application=IDS,
    state=st.sampled_from(["granted", "open"]),
    works_start=MAYBE_DATE,
)
GROUND_FIELDS: dict[str, Any] = {
    "id": IDS,
    "level": LEVELS,
    "basis": st.sampled_from(["existing", "design"]),
    "as_of": MAYBE_DATE,
    "source": MAYBE_TEXT,
    "uncertainty": st.integers(0, 100_000),
}
GROUND_LEVELS = st.builds(GroundLevel, **GROUND_FIELDS, position=st.tuples(X, Y)) | st.builds(
    lambda area, **rest: GroundLevel(outer=area[0], holes=area[1], **rest), areas(), **GROUND_FIELDS
)
ZONES = st.builds(
    lambda id_, value, area, source: Zone(id_, "surface", value, area[0], area[1], source),
    IDS,
    st.sampled_from(SURFACES),
    areas(),
    MAYBE_TEXT,
) | st.builds(
    lambda id_, kind, area, bounds, rate: Zone(
        id_, kind, "some-value", area[0], area[1], None, bounds[1], bounds[0], rate if kind == "subsidence" else None
    ),
    IDS,
    st.sampled_from(ZONE_TYPES[1:]),
    areas(),
    st.tuples(st.none() | st.integers(-5_000_000, 0), st.none() | st.integers(1, 1_000_000)),
    st.integers(0, 1_000_000),
)


def from_the_start_of_works(application: Application) -> Application:
    """A temporary part is there from the start of works at the soonest."""
    first = [p.temporary.start or "0001-01-01" for p in application.parts if p.temporary is not None]
    return replace(application, works_start=min(first)) if first else application


APPLICATIONS = st.builds(
    Application,
    id=IDS,
    applicant=TEXT,
    regime=st.sampled_from(REGIMES),
    parts=st.lists(PARTS, min_size=1, max_size=2, unique_by=lambda part: part.id).map(tuple),
    filed_on=MAYBE_DATE,
    works_start=MAYBE_DATE,
    title=MAYBE_TEXT,
    consents=st.lists(st.builds(Consent, TEXT, TEXT), max_size=2).map(tuple),
).map(from_the_start_of_works)
OBJECTS = RESERVATIONS | ASSETS | WORKS | GROUND_LEVELS | ZONES
EXCHANGES = st.builds(
    Exchange,
    st.none() | APPLICATIONS,
    st.lists(OBJECTS, max_size=3, unique_by=lambda value: (value.kind, value.id)).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(EXCHANGES)
def test_what_is_written_is_read_back_the_same(exchange: Exchange) -> None:
    text = write_exchange(exchange)
    assert read_exchange(text.encode(), "written.json") == exchange
    assert write_exchange(read_exchange(text.encode(), "written.json")) == text


@settings(max_examples=50, deadline=None)
@given(PARTS | OBJECTS)
def test_one_object_there_and_back(value: Any) -> None:
    again = object_from_feature(object_to_feature(value))
    assert again == value
    assert content_sha256(again) == content_sha256(value)


@settings(max_examples=40, deadline=None)
@given(EXCHANGES, st.randoms(use_true_random=False))
def test_order_of_features_and_attributes_does_not_change_any_identity(
    exchange: Exchange, shuffled: random.Random
) -> None:
    def reordered(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            shuffled.shuffle(keys)
            return {key: reordered(value[key]) for key in keys}
        return [reordered(item) for item in value] if isinstance(value, list) else value

    data = reordered(json.loads(write_exchange(exchange)))
    shuffled.shuffle(data["features"])
    again = read_exchange(json.dumps(data).encode(), "shuffled.json")
    identities = [
        sorted((value.kind, value.id, content_sha256(value)) for value in x.identified()) for x in (exchange, again)
    ]
    assert identities[0] == identities[1]


FULL_LINE: dict[str, Any] = {
    "levels": [-2.0, -2.5], "level_of": "top", "level_reference": "nap", "ground_levels": [0.1, 0.2],
    "size": {"inner": 0.4, "wall": 0.05}, "envelope": {"width": 1.0, "height": 1.0}, "name": "n", "object_kind": "duct",
    "uncertainty": {"xy": 0.1, "z": 0.2}, "temporary": {"from": "2026-01-01", "to": "2027-01-01"}, "holder": "H",
}  # fmt: skip
#: Every field that may be changed by itself, and another value for it.
CHANGES: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
    *(
        (kind, FULL_LINE, change)
        for kind in (part, reservation, asset, works)
        for change in (
            {"levels": [-2.0, -2.501]}, {"level_of": "bottom"}, {"ground_levels": [0.1, 0.201]},
            {"ground_levels": [0.1, None]}, {"size": {"inner": 0.401, "wall": 0.05}},
            {"size": {"inner": 0.4, "wall": 0.051}}, {"size": {"casing": 0.4}},
            {"envelope": {"width": 1.001, "height": 1.0}}, {"envelope": {"width": 1.0, "height": 1.001}},
            {"name": "m"}, {"object_kind": "line"}, {"uncertainty": {"xy": 0.101, "z": 0.2}},
            {"uncertainty": {"xy": 0.1}}, {"temporary": {"from": "2026-01-02", "to": "2027-01-01"}},
            {"temporary": {"from": "2026-01-01"}}, {"holder": "I"}, {"theme": "overig"},
            {"temperature": 70.001}, {"discharge": 0.001}, {"storage": 0.001}, {"surface_area": 0.01},
        )
    ),
    *((reservation, {}, {key: value}) for key, value in {
        "strength": "decided", "beneficiary": "B", "period": {"from": "2026-01-01"}, "review_date": "2026-01-01",
        "option_group": "A", "shareable_with": ["water"], "legal_basis": "L",
    }.items()),
    *((asset, {}, {key: value}) for key, value in {
        "status": "disused", "source": "s", "as_of": "2026-01-01", "quality": "q", "disclosure": "restricted",
        "contact": "c", "removal_date": "2026-01-01", "notes": ["n"],
    }.items()),
    *((ground, {}, {key: value}) for key, value in {
        "level": 0.001, "basis": "design", "as_of": "2026-01-01", "source": "s", "uncertainty": 0.001,
    }.items()),
    (part, {}, {"relations": [{"type": "inside", "target_kind": "asset", "target": "d"}]}),
    (works, {}, {"state": "open"}),
    (works, {}, {"works_start": "2026-01-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "usual", "change"), CHANGES)
def test_any_one_changed_field_changes_the_identity(kind: Any, usual: dict[str, Any], change: dict[str, Any]) -> None:
    before, after = (read_one(kind(**properties)) for properties in (usual, usual | change))
    assert content_sha256(before) != content_sha256(after)


def read_one(feature: dict[str, Any]) -> Any:
    exchange = read_exchange(json.dumps(collection(feature)).encode(), "given.json")
    return exchange.objects[0] if exchange.application is None else exchange.application.parts[0]


def test_one_millimetre_of_a_vertex_changes_the_identity() -> None:
    value = read_one(asset())
    (x, y), end = value.geometry.vertices
    moved = replace(value, geometry=replace(value.geometry, vertices=((x + 1, y), end)))
    again = object_from_feature(object_to_feature(moved))
    assert content_sha256(again) == content_sha256(moved) != content_sha256(value)
