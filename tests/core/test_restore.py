"""What was made of a value for its identity is turned back into that very value."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from registry.core.canonical import canonical_json
from registry.core.errors import Refused
from registry.core.model import Application, Identified, Part, Reservation, Works, content, content_sha256
from registry.core.restore import restore
from registry.core.works import works_of
from registry.formats.exchange import Exchange, read_exchange
from tests.core.building import application, asset, line, part, reservation, rounded, shaft, square, volume
from tests.formats.test_exchange_round_trip import EXCHANGES
from tests.golden.golden_cases import FOLDER


def in_order(value: Identified) -> Identified:
    """The value with those of its lists sorted whose order does not count."""

    def ordered(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(sorted(items, key=lambda item: canonical_json(content(item))))

    if isinstance(value, Application):
        parts = ordered(tuple(in_order(one) for one in value.parts))
        return replace(value, parts=parts, consents=ordered(value.consents))
    if isinstance(value, Part):
        return replace(value, relations=ordered(value.relations))
    if isinstance(value, Reservation):
        return replace(value, shareable_with=ordered(value.shareable_with))
    return value


def there_and_back(value: Identified) -> None:
    """It goes through text, as it does in the register."""
    text = canonical_json(content(value))
    made = restore(value.kind, json.loads(text))
    assert made == in_order(value)
    assert content_sha256(made) == content_sha256(value)
    assert canonical_json(content(made)) == text


@settings(max_examples=60)
@given(EXCHANGES)
def test_content_and_back(exchange: Exchange) -> None:
    for value in exchange.identified():
        there_and_back(value)


def test_golden_inputs_there_and_back() -> None:
    seen = 0
    for path in sorted(FOLDER.glob("*/*.geojson")):
        try:
            exchange = read_exchange(path)
        except Refused:  # on purpose
            continue
        for value in exchange.identified():
            there_and_back(value)
            seen += 1
    assert seen > 300


def test_builders_and_works_there_and_back() -> None:
    things: list[Identified] = [
        asset("a", line([(0, 0), (5, 5)], [None, -3], None)),
        reservation("r", shaft((0, 0), -5, -1, rounded(3))),
        asset("v", volume(square(0, 0, 9), -5, -1, [square(2, 2, 3)])),
    ]
    asked = application(part("p", line([(0, 0), (5, 5)], -3, rounded(3))))
    for value in (*things, asked, *works_of(asked, "granted"), *works_of(asked, "open")):
        there_and_back(value)
    assert isinstance(restore("works", content(works_of(asked, "open")[0])), Works)


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("road", {}, "no kind 'road'"),
        ("asset", {"colour": "red"}, "no colour"),
        ("asset", {"theme": 3}, "is no str"),
        ("asset", {"status": "gone"}, "is none of"),
        ("asset", {"geometry": {}}, "fits no geometry"),
        ("asset", {"geometry": 3}, "fits no geometry"),
        ("asset", {"uncertainty": {"xy": True, "z": 0}}, "is no int"),
        ("asset", {"uncertainty": 3}, "named fields"),
        ("asset", {"notes": "one"}, "is no list"),
        ("asset", {"kind": "reservation"}, "none of"),
        ("zone", {}, "has no"),
    ],
)
def test_what_is_no_content_is_refused(kind: str, change: dict[str, Any], told: str) -> None:
    plain = content(asset("a", line([(0, 0), (5, 5)], -3, rounded(3))))
    assert isinstance(plain, dict)
    with pytest.raises(ValueError, match=told):
        restore(kind, plain | change)


def test_what_lacks_something_is_refused() -> None:
    plain = content(asset("a", line([(0, 0), (5, 5)], -3, rounded(3))))
    assert isinstance(plain, dict)
    del plain["theme"]
    with pytest.raises(ValueError, match=r"Asset\.theme is missing"):
        restore("asset", plain)
    with pytest.raises(ValueError, match="has not 2 items"):
        restore("ground_level", {"id": "g", "level": 1, "position": [1, 2, 3], "kind": "ground_level"})
