"""Who goes first: the same seen from either side, in the order that the rule states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.errors import Refused
from registry.core.findings import Finding
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.verdict import judge
from registry.core.works import works_of
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, line, part, rounded
from tests.golden.golden_cases import FOLDER

RULES: Final = load_ruleset(FOLDER / "ruleset-priority.yaml")
THEMES: Final = ("rioolVrijverval", "warmte", "gasLageDruk", "water", "datatransport")
#: What each says of the one is what its opposite says of the other.
OPPOSITE: Final = {
    "first_by_theme": "last_by_theme", "last_by_theme": "first_by_theme", "first_by_filing": "last_by_filing",
    "last_by_filing": "first_by_filing", "same_day": "same_day", "by_filing": "by_filing",
}  # fmt: skip


def asked(name: str, theme: str, filed: str | None) -> Application:
    """An application for a pipe through the usual place."""
    pipe = part("p", line([(0, 0), (10_000, 0)], -1_000, rounded(400)), theme)
    return replace(application(pipe), id=name, applicant=name, filed_on=filed)


def told(one: Application, other: Application, rules: Ruleset = RULES) -> list[Finding]:
    """What is found on who goes first, of the two."""
    found = judge(one, works_of(other, "open"), rules).findings
    return [finding for finding in found if finding.rule_kind == "priority"]


_DAYS: Final = st.sampled_from([None, "2027-03-01", "2027-03-02", "2028-02-29"])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(THEMES), st.sampled_from(THEMES), _DAYS, _DAYS)
def test_seen_from_the_other_side_it_is_the_opposite(
    theme: str, other: str, filed: str | None, late: str | None
) -> None:
    one, two = asked("one", theme, filed), asked("two", other, late)
    (mine,), (theirs,) = told(one, two), told(two, one)
    assert OPPOSITE[mine.cause] == theirs.cause
    assert mine.measured == theirs.measured
    order = ("rioolVrijverval", "warmte", "gasLageDruk")
    ranks = [order.index(one) if one in order else 3 for one in (theme, other)]
    if ranks[0] != ranks[1]:
        assert mine.cause == ("first_by_theme" if ranks[0] < ranks[1] else "last_by_theme")
    elif filed is None or late is None:
        assert (mine.cause, mine.certainty) == ("by_filing", "undetermined")
        assert mine.lacking == tuple(
            name for name, day in (("filed_on", filed), ("other_filed_on", late)) if day is None
        )
    else:
        assert mine.cause == ("same_day" if filed == late else "first_by_filing" if filed < late else "last_by_filing")


def test_it_changes_no_outcome_and_the_rule_did_not_fail() -> None:
    verdict = judge(asked("one", "water", None), works_of(asked("two", "warmte", None), "open"), RULES)
    assert verdict.outcome == "fits"
    assert [one.outcome for one in verdict.results if one.rule == "priority"] == ["met"]


def test_of_granted_works_nothing_is_said() -> None:
    found = judge(asked("one", "water", None), works_of(asked("two", "warmte", None), "granted"), RULES).findings
    assert {finding.rule_kind for finding in found} == {"separation"}


def test_the_order_is_kept_and_is_part_of_what_the_ruleset_is() -> None:
    turned = _rules(order=["gasLageDruk", "warmte", "rioolVrijverval"])
    assert turned.sha256 != RULES.sha256
    assert ruleset_from_document(turned.document).rules == turned.rules
    one, two = asked("one", "warmte", None), asked("two", "gasLageDruk", None)
    assert [finding.cause for finding in told(one, two)] == ["first_by_theme"]
    assert [finding.cause for finding in told(one, two, turned)] == ["last_by_theme"]


def test_where_it_does_not_apply_nothing_is_said() -> None:
    assert told(asked("one", "water", None), asked("two", "warmte", None), _rules(applies={"themes": ["warmte"]})) == []


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"severity": "blocks"}, "rules[3].severity", "Write advises."),
        ({"order": []}, "rules[3].order", "Give at least 1."),
        ({"order": ["water", "water"]}, "rules[3].order[1]", "Keep one of the two."),
        ({"order": ["watr"]}, "rules[3].order[0]", "Did you mean water?"),
        ({"separation": "no"}, "rules[3].separation", "It is one of: separation."),
    ],
)
def test_a_wrong_parameter_is_refused(changes: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        _rules(**changes)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert remedy in refused.value.problems[0].remedy


def _rules(**changes: Any) -> Ruleset:
    """The rules with entries of the rule on who goes first changed."""
    plain: Any = load_yaml(FOLDER / "ruleset-priority.yaml", "", "invalid_ruleset").data
    plain["rules"][-1] = plain["rules"][-1] | changes
    return read_ruleset(plain)
