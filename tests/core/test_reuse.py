"""In what two versions of policy differ, and where that cannot be told."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from registry.core.policy import Ruleset
from registry.core.reuse import differing
from registry.core.rules import KINDS
from registry.core.ruleset import ruleset_from_document
from tests.core.building import ruleset

HEAT, SEWER, WATER = "warmte", "rioolVrijverval", "water"


def pairs(before: Ruleset, after: Ruleset) -> dict[tuple[str, str], tuple[int, int | None]]:
    found = differing(before, after)
    assert found is not None
    return dict(found.pairs)


def test_a_changed_cell_is_told_with_the_most_either_asks() -> None:
    before = ruleset(cells=[(HEAT, SEWER, (300, 100), (1_000, None))])
    crossing = ruleset(cells=[(HEAT, SEWER, (200, 150), (1_000, None))])
    parallel = ruleset(cells=[(HEAT, SEWER, (300, 100), (500, 400))])
    both = {(HEAT, SEWER), (SEWER, HEAT)}
    assert pairs(before, crossing) == dict.fromkeys(both, (300, 150))
    assert pairs(before, parallel) == dict.fromkeys(both, (1_000, None))
    assert pairs(before, before) == {}


def test_a_cell_of_an_object_kind_counts_for_its_themes() -> None:
    plain = (HEAT, SEWER, (300, 100), None)
    before = ruleset(cells=[plain])
    after = ruleset(cells=[plain, (HEAT, f"{SEWER}/manhole", (500, None), None)])
    assert pairs(before, after).keys() == {(HEAT, SEWER), (SEWER, HEAT)}
    assert pairs(before, after)[HEAT, SEWER] == (500, None)
    found = differing(before, after)
    assert found is not None
    assert found.within([(HEAT, "line"), (SEWER, "manhole")])
    assert not found.within([(HEAT, "line"), (SEWER, "line")])
    assert not found.within([(SEWER, "manhole")])


def test_what_holds_otherwise_counts_for_all_without_a_cell() -> None:
    cells = [(HEAT, SEWER, (300, 100), None)]
    found = pairs(ruleset((200, 200), cells), ruleset((250, 200), cells))
    assert (HEAT, SEWER) not in found
    assert found[HEAT, WATER] == found[WATER, WATER] == (250, 200)
    # A cell without crossing has that of the rest.
    part = [(HEAT, SEWER, None, (900, 100))]
    assert pairs(ruleset((200, 200), part), ruleset((250, 200), part))[HEAT, SEWER] == (250, 200)


def test_parts_without_a_cell_are_asked_no_more_than_not_to_overlap() -> None:
    found = differing(ruleset((200, 200)), ruleset((250, 200)))
    assert found is not None
    assert not found.within([(HEAT, "line"), (WATER, "line")])


def test_cover_and_severity() -> None:
    before = ruleset(covers=[(HEAT, "any", 600, None), (WATER, "any", 800, None)])
    after = ruleset(covers=[(HEAT, "any", 600, None), (WATER, "any", 801, None)])
    found = differing(before, after)
    assert found is not None
    assert found.covers == {WATER}
    assert [found.pairs, found.weighed, found.widest] == [{}, frozenset(), False]
    document: Any = deepcopy(before.document)
    next(rule for rule in document["rules"] if rule["id"] == "cover")["severity"] = "advises"
    weighed = differing(before, ruleset_from_document(document))
    assert weighed is not None
    assert weighed.weighed == {"cover"}
    assert weighed.met_in([{"rule": "separation"}, {"rule": "cover"}])
    assert not weighed.met_in([{"rule": "separation"}])


def test_how_much_is_compared_may_change_with_the_widest() -> None:
    before = ruleset(cells=[(HEAT, SEWER, (900, 100), None)])
    wider = differing(before, ruleset(cells=[(HEAT, SEWER, (901, 100), None)]))
    assert wider is not None
    assert wider.widest
    other = differing(before, ruleset((300, 100), cells=[(HEAT, SEWER, (900, 100), None)]))
    assert other is not None
    assert not other.widest


@pytest.mark.parametrize(
    "after",
    [
        ruleset(joint_radius=501),
        ruleset(ground_level_within=25_001),
        ruleset(parallel_from=5_001),
        ruleset(assumed_depths=[(WATER, 800, 1_000)]),
        ruleset(covers=[(WATER, "any", 800, None)]),
    ],
)
def test_more_than_numbers_is_not_compared(after: Ruleset) -> None:
    assert differing(ruleset(), after) is None
    assert differing(after, ruleset()) is None


def test_beside_a_rule_that_may_look_at_others_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    covers = [(WATER, "any", 800, None)]
    before, after = ruleset((200, 200), covers=covers), ruleset((250, 200), covers=covers)
    assert differing(before, after) is not None
    monkeypatch.setitem(KINDS, "cover", replace(KINDS["cover"], looks_at=None))
    assert differing(before, after) is None
    monkeypatch.setitem(KINDS, "cover", replace(KINDS["cover"], looks_at=("separation",)))
    assert differing(before, after) is None
    monkeypatch.setitem(KINDS, "cover", replace(KINDS["cover"], looks_at=("reserved_space",)))
    assert differing(before, after) is not None
    found = differing(before, before)
    assert found is not None
    assert found.nothing
