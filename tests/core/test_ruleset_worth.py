"""What in a sound ruleset is hardly meant: told where it stands, and only there."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from registry.core.model import OBJECT_KINDS, SURFACES
from registry.core.ruleset import read_ruleset
from registry.core.ruleset_worth import worth
from tests.core.test_ruleset import plain


def quiet() -> Any:
    """A ruleset of which nothing is said."""
    data = plain()
    cells = data["rules"][0]["cells"]
    cells[1]["parallel"] = {"ch": "1.00 m", "cv": "any_depth"}
    return data


def found(data: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.detail) for problem in worth(read_ruleset(data), data)]


def test_nothing_is_said_of_what_is_meant() -> None:
    assert found(quiet()) == []


def _cells(data: Any) -> list[Any]:
    cells: list[Any] = data["rules"][0]["cells"]
    return cells


def _same(data: Any) -> None:
    cell = {"between": ["datatransport", "water"], "crossing": {"ch": "0.20 m", "cv": "0.25 m"}, "source": "read"}
    _cells(data).append(cell)


def _no_more(data: Any) -> None:
    _cells(data)[2]["parallel"] = {"ch": "0.30 m", "cv": "0.10 m"}


def _less(data: Any) -> None:
    del _cells(data)[1]["parallel"]
    _cells(data)[1]["between"] = ["rioolVrijverval/duct", "warmte"]


def _never(data: Any) -> None:
    clearance = {"ch": "0.40 m", "cv": "any_depth"}
    for kind in OBJECT_KINDS:
        pair = [f"datatransport/{kind}", "water"]
        _cells(data).append({"between": pair, "crossing": clearance, "source": "own"})
    other = {"ch": "0.45 m", "cv": "any_depth"}
    _cells(data).append({"between": ["water", "datatransport"], "crossing": other, "source": "own"})


def _every_surface(data: Any) -> None:
    cover = data["rules"][1]["cells"]
    cover += [{"theme": "water", "surface": s, "minimum": "1.00 m", "source": "own"} for s in SURFACES]
    cover.append({"theme": "water", "surface": "any", "minimum": "1.00 m", "source": "own"})


def _internal(data: Any) -> None:
    data["rules"][2]["legal_force"] = "internal"


def _over(data: Any) -> None:
    data["rules"][1]["applies"] = {"filed_until": "2027-01-01"}


def _norm(data: Any) -> None:
    data["sources"]["read"] |= {"kind": "norm", "confidence": "second_hand"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_same, [("rules[0].cells[3]", "this cell says what would hold without it")]),
        (
            _no_more,
            [
                (
                    "rules[0].cells[2].parallel",
                    "along a parallel run this asks no more than crossing does everywhere",
                )
            ],
        ),
        (
            _less,
            [
                (
                    "rules[0].cells[1]",
                    "along a parallel run this asks less than would hold without this cell, 1.00 m sideways",
                )
            ],
        ),
        (
            _never,
            [
                (
                    "rules[0].cells[12]",
                    "this cell never holds: for every object kind there is a cell that goes before it",
                )
            ],
        ),
        (_every_surface, [("rules[1].cells[8]", "this cell never holds: there is one for every surface type")]),
        (
            _internal,
            [
                ("rules[2].severity", "a rule of legal force internal does no more than advises"),
                ("rules[2].by_strength.option", "a rule of legal force internal does no more than advises"),
                ("rules[2].by_strength.planned", "a rule of legal force internal does no more than advises"),
                ("rules[2].by_strength.decided", "a rule of legal force internal does no more than advises"),
            ],
        ),
        (
            _over,
            [
                (
                    "rules[1].applies.filed_until",
                    "the rule never applies: this version judges what is filed from 2027-01-01 on",
                )
            ],
        ),
        (_norm, [("sources.read.confidence", "numbers rest on a norm that was not read")]),
    ],
)
def test_what_is_said(change: Callable[[Any], None], said: list[tuple[str, str]]) -> None:
    data = copy.deepcopy(quiet())
    change(data)
    assert found(data) == said


def test_what_stands_at_a_place_is_asked_nothing_along_a_run() -> None:
    data = quiet()
    del _cells(data)[1]["parallel"]
    assert _cells(data)[1]["between"] == ["rioolVrijverval/manhole", "warmte"]
    assert found(data) == []


def test_a_cell_of_a_theme_with_itself_is_never_needless() -> None:
    """Without it things of one holder and theme are judged for overlap only."""
    data = quiet()
    clearance = {"ch": "0.20 m", "cv": "0.25 m"}
    _cells(data).append({"between": ["water", "water"], "crossing": clearance, "source": "read"})
    assert found(data) == []


def test_what_rests_on_another_source_says_something() -> None:
    data = quiet()
    _same(data)
    _cells(data)[3]["source"] = "own"
    assert found(data) == []
