"""Looking a ruleset over tells of its examples too: those that fail are faults, what none shows is a warning."""

from __future__ import annotations

from registry.formats.problems_told import problem_line
from registry.formats.ruleset_lint import lint
from tests.core.test_examples import BESIDE, TEXT


def test_an_example_that_fails_is_a_fault_at_its_place() -> None:
    linted = lint(TEXT + BESIDE.replace("outcome: conflict", "outcome: fits"), "rules.yaml")
    (fault,) = linted.faults
    assert fault.detail == "example sewer-beside-heat comes out as conflict, not as fits"
    assert (fault.field, fault.file) == ("examples[0]", "rules.yaml")
    assert fault.line == TEXT.count("\n") + 3
    assert "voorbeeld sewer-beside-heat komt uit op conflict, niet op fits" in problem_line(fault, "nl")


def test_what_no_example_shows_is_told_of_each_rule() -> None:
    linted = lint(TEXT + BESIDE)
    assert linted.faults == ()
    told = {warning.field: warning.detail for warning in linted.warnings}
    assert told == {
        "rules[0]": "no example says where this rule is met",
        "rules[1]": "no example says where this rule is met and where it is not",
        "rules[2]": "no example says where this rule is not met",
    }
    assert not any("Engels" in problem_line(warning, "nl") for warning in linted.warnings)
