"""What became of findings between two verdicts, and how that is counted."""

from __future__ import annotations

from typing import Any

from registry.core.shifts import Shift, shifts
from registry.core.weighing import Weighed, reported


def finding(rule: str = "separation", other: str = "W-1", certainty: str = "certain", **more: Any) -> dict[str, Any]:
    named = {"kind": "asset", "id": other, "theme": "water", "object_kind": "line", "holder": "Nuts"}
    return {"rule": rule, "cause": "crossing", "certainty": certainty, "severity": "blocks", "counterparts": [named],
            "place": {"part": "p", "x": 0, "y": 0}, **more}  # fmt: skip


def test_what_is_the_same_is_left_out() -> None:
    assert shifts([finding(), finding("cover")], [finding("cover"), finding()]) == []


def test_one_that_appears_vanishes_or_changes() -> None:
    near, nearer = finding(gap={"horizontal": 300}), finding(gap={"horizontal": 200})
    assert [shift.what for shift in shifts([], [near])] == ["appeared"]
    assert [shift.what for shift in shifts([near], [])] == ["vanished"]
    assert shifts([near], [nearer]) == [Shift(near, nearer)]
    assert Shift(near, nearer).what == "changed"
    assert Shift(None, near).rule == Shift(near, None).rule == "separation"


def test_another_object_is_another_finding_and_another_certainty_the_same() -> None:
    found = shifts([finding(other="W-1")], [finding(other="W-2")])
    assert sorted(shift.what for shift in found) == ["appeared", "vanished"]
    assert [shift.what for shift in shifts([finding(certainty="possible")], [finding()])] == ["changed"]


def test_of_what_is_undetermined_the_network_counts() -> None:
    one, two = (finding(other=name, certainty="undetermined") for name in ("W-1", "W-2"))
    two["counterparts"] = [*one["counterparts"], *two["counterparts"]]
    assert [shift.what for shift in shifts([one], [two])] == ["changed"]


def test_of_two_about_the_same_each_is_told() -> None:
    sure, perhaps = finding(), finding(certainty="possible", gap={"horizontal": 1})
    other = finding(certainty="possible", gap={"horizontal": 2})
    assert shifts([sure, perhaps], [sure, other]) == [Shift(perhaps, other)]
    assert [shift.what for shift in shifts([sure, perhaps], [sure])] == ["vanished"]


def test_all_is_counted_and_what_changes_is_listed_in_order() -> None:
    new, gone = Shift(None, finding()), Shift(finding("cover"), None)
    weighed = [
        Weighed("c", "1" * 64, "fits", "2" * 64, "conflict", shifts=(new, new)),
        Weighed("b", None, None, "3" * 64, "fits"),
        Weighed("a", "4" * 64, "fits", None, "fits", kept=True),
        Weighed("d", "5" * 64, "conflict", "6" * 64, "conflict", shifts=(new, gone)),
        Weighed("e", "7" * 64, "fits", None, None),
        Weighed("z", "8" * 64, "fits", "9" * 64, "undetermined", past=True),
    ]
    report = reported(weighed, untold=2)
    assert [one.application for one in report.items] == ["b", "c", "d", "e"]
    counts = report.counts
    assert (counts.applications, counts.kept, counts.differing, counts.other_findings) == (5, 1, 3, 1)
    assert dict(counts.outcomes) == {"conflict": 2, "fits": 2, None: 1}
    assert dict(counts.turns) == {("fits", "conflict"): 1, ("fits", None): 1, (None, "fits"): 1}
    assert counts.rules == {"cover": {"vanished": 1}, "separation": {"appeared": 2}}
    assert ([one.application for one in report.past_items], report.past.applications, report.untold) == (["z"], 1, 2)
