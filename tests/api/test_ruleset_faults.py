"""A ruleset that cannot be read is answered with 400, and of every fault with its line, column and what to write."""

from __future__ import annotations

import pytest

from tests.api.conftest import RULESET, RULESET_PATH, Town


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        (b"severity: blocks", b"severity: no", "Quote it, or write true or false."),
        (b"reach: 10.00 m", b"reach: 0123", "quote it"),
        (b"reach: 10.00 m", b"reach: 10.00", "Write 10.00 m."),
        (b"ch: 0.10 m", b"ch: -0.10 m", "Write 0.00 m or more."),
        (b"title: {", b"title: !!python/object:os.system {", "Remove the tag"),
        (b"title: {", b"title: &a {", "write each value out"),
        (b"  reach:", b"  version: 1.0.0\n  reach:", "Keep one of them; the first is on line"),
        (b"  reach:", b"  raech:", "Did you mean reach?"),
    ],
)
def test_a_fault_is_told_with_its_place(sqlite_town: Town, old: bytes, new: bytes, remedy: str) -> None:
    assert old in RULESET
    text = RULESET.replace(old, new, 1)
    answer = sqlite_town.asking.put(
        RULESET_PATH, text, kind="application/yaml", token=sqlite_town.tokens["policy"]
    )
    assert answer.status_code == 400
    before = RULESET[: RULESET.index(old)].count(b"\n") + 1
    told = [error for error in answer.get_json()["errors"] if remedy in error["remedy"]]
    assert [error["in"] for error in told] == ["body"], answer.get_json()
    assert told[0]["location"].startswith(f"line {before}, column ")
    assert sqlite_town.asking.get(RULESET_PATH).status_code == 404
