"""Where a ruleset has rules of every kind, whoever is kept without judging again would be judged the same: whichever of
its numbers or severities is another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from registry.core.model import Application
from registry.core.policy import SEVERITIES, Ruleset
from registry.core.rules import KINDS
from registry.core.verdict import judge
from registry.core.weighing import reported
from registry.db import Database
from registry.services import checking
from registry.services.reuse import unchanged
from registry.services.whatif import weigh
from registry.store import objects
from registry.store.near import around
from registry.store.standing import documents
from tests.databases import sqlite_copy
from tests.services.all_kinds import Path, all_kinds, changed, numbers, value_at
from tests.services.making import publish
from tests.services.scenes import NOW, golden, put

#: So many of those that are kept are judged again for each change.
_LOOKED_AT = 6


@dataclass
class Judged:
    """A register of all golden cases, judged by ``rules``: what each asks for, what is about it and was found."""

    db: Database
    rules: Ruleset
    asked: dict[str, Application]
    about: dict[str, list[Any]]
    found: dict[str, Any]

    def kept(self, after: Ruleset) -> dict[str, str]:
        """Of whom nothing changes, with the outcome."""
        with self.db.read() as session:
            return {id_: one.outcome for id_, one in unchanged(session, after, list(self.asked), lambda: None).items()}

    def require_same(self, after: Ruleset, kept: dict[str, str]) -> None:
        """Each of these gets the outcome and the findings that it has."""
        for id_, outcome in kept.items():
            told = judge(self.asked[id_], self.about[id_], after)
            assert told.outcome == outcome, id_
            assert told.document["findings"] == self.found[id_]["findings"], id_


@pytest.fixture(scope="module")
def judged(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    rules = all_kinds()
    db = Database(sqlite_copy(sqlite_template, tmp_path_factory.mktemp("judged")))
    publish(db, rules)
    put(db, golden())
    with db.read() as session:
        heads = objects.heads(session, "application", state=("incomplete", "checking"), limit=None)
    asked = {head.id: head.value for head in heads if isinstance(head.value, Application)}
    for id_ in asked:
        checking.check(db, id_, NOW)
    with db.read() as session:
        about = {id_: list(around(session, one, rules).objects) for id_, one in asked.items()}
        found = dict(documents(session, asked))
    yield Judged(db, rules, asked, about, found)
    db.close()


def test_there_is_a_rule_of_every_kind() -> None:
    assert {rule.kind for rule in all_kinds().rules} == KINDS.keys()


def _otherwise(rules: Ruleset, rng: random.Random) -> Iterator[tuple[Path, Any]]:
    """Of each rule, and of the head, a number that is other by the least or by much, and a severity."""
    places = list(numbers(rules.document))
    for k in range(-1, len(rules.rules)):
        head: Path = ("ruleset",) if k < 0 else ("rules", k)
        mine = [path for path in places if path[: len(head)] == head]
        for path in rng.sample(mine, min(2, len(mine))):
            value = value_at(rules, path)
            yield path, rng.choice((value - 1, value + 1, 3 * value + 7, value // 3))
        if k >= 0:
            yield (*head, "severity"), rng.choice(SEVERITIES)


@pytest.mark.parametrize("seed", range(2))
def test_who_is_kept_would_be_judged_the_same_whatever_changes(judged: Judged, seed: int) -> None:
    rng = random.Random(seed)
    some = 0
    for path, value in _otherwise(judged.rules, rng):
        after = changed(judged.rules, path, value)
        if after is not None:
            kept = sorted(judged.kept(after).items())
            some += bool(kept)
            judged.require_same(after, dict(rng.sample(kept, min(_LOOKED_AT, len(kept)))))
    assert some > 10


def test_most_are_kept_where_a_distance_changes_that_other_kinds_go_by(judged: Judged) -> None:
    path = next(path for path in numbers(judged.rules.document) if path[-2:] == ("parallel", "ch"))
    after = changed(judged.rules, path, value_at(judged.rules, path) + 1)
    assert after is not None
    kept = judged.kept(after)
    assert len(kept) > 0.5 * len(judged.asked)
    judged.require_same(after, kept)
    told = []
    for reuse in (True, False):
        with judged.db.read() as session:
            told.append(reported(weigh(session, after, NOW, reuse=reuse)))
    quick, whole = told
    assert quick.items == whole.items
    assert quick.items
    assert replace(quick.counts, kept=0) == whole.counts
