"""Many applications judged at once get the verdicts they get one by one, and however that ends nothing is left."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from registry.core.errors import Refused
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import judge
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import bulk, checking, surroundings
from registry.services.bulk import Cancelled, Judged, judge_all
from registry.services.judges import Died, Failed
from registry.services.surroundings import Subject, Surroundings, sides_of
from registry.store import objects
from registry.store.bulk import kept as kept_of
from registry.store.near import around
from registry.store.rows import Head
from registry.tables import chunk
from tests.conftest import ROOT
from tests.core.building import asset, line, part, rounded
from tests.core.building import ruleset as made_ruleset
from tests.databases import sqlite_copy
from tests.golden.golden_cases import FOLDER
from tests.servers import PATIENCE, wait_until
from tests.services.making import application, golden_rules, pipe, publish, reservation
from tests.services.scenes import NOW, golden, put, street
from tests.signals import gone

CAUTIOUS = ROOT / "examples" / "rulesets" / "cautious.yaml"
OPEN = ("checking", "incomplete")


@pytest.fixture(autouse=True)
def _none_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def heads(db: Database) -> list[Head]:
    with db.read() as session:
        return objects.heads(session, "application", state=OPEN, limit=None)


def one_by_one(db: Database, ruleset: Ruleset) -> dict[str, tuple[str | None, list[str]]]:
    """The hash of each open application's verdict, or why it has none."""
    found: dict[str, tuple[str | None, list[str]]] = {}
    for head in heads(db):
        assert isinstance(head.value, Application)
        try:
            found[head.id] = checking.what_if(db, head.value, NOW, ruleset=ruleset).sha256, []
        except Refused as refusal:
            found[head.id] = None, [str(problem) for problem in refusal.problems]
    return found


def told(judged: Iterator[Judged]) -> dict[str, tuple[str | None, list[str]]]:
    return {one.application: (one.sha256, [str(problem) for problem in one.problems]) for one in judged}


def without_reservations(ruleset: Ruleset) -> Ruleset:
    """A ruleset that does not say how to weigh them."""
    rules: Any = ruleset.document["rules"]
    return ruleset_from_document(
        {**ruleset.document, "rules": [one for one in rules if one["kind"] != "reserved_space"]}
    )


@pytest.mark.parametrize("policy", ["ruleset.yaml", "ruleset-assumed.yaml"])
def test_all_golden_cases_at_once_get_the_hashes_of_one_by_one(database: Database, policy: str) -> None:
    put(database, golden())
    rules = load_ruleset(FOLDER / policy)
    found = told(judge_all(database, NOW, ruleset=rules))
    assert len(found) > 100
    assert found == one_by_one(database, rules)


@pytest.mark.parametrize("policy", [CAUTIOUS, FOLDER / "ruleset-assumed.yaml"])
@pytest.mark.parametrize("crowded", [False, True])
def test_a_street_gets_the_hashes_of_one_by_one(
    database: Database, policy: Path, crowded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, street(5, applications=60))
    if crowded:
        # As if the core might refuse to compare them.
        monkeypatch.setattr(surroundings, "MAX_PAIRS", 0)
    rules = load_ruleset(policy)
    found = told(judge_all(database, NOW, ruleset=rules))
    assert len(found) > 20
    assert found == one_by_one(database, rules)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_is_never_less_than_around_finds_to_matter(sqlite_url: str, seed: int) -> None:
    db = Database(sqlite_url)
    put(db, street(seed))
    for reach, within in ((0, 0), (1_000, 50_000), (20_000, 3_000)):
        rules = replace(golden_rules(), reach=reach, ground_level_within=within)
        with db.read() as session:
            every = objects.heads(session, "application", state=OPEN, limit=None)
            subjects = [Subject(one.value, rules, 1) for one in every if isinstance(one.value, Application)]
            found, kept = Surroundings(session, [one.id for one in every], lambda: None).about(subjects)
            for subject, names in zip(subjects, found, strict=True):
                objects_ = around(session, subject.application, rules).objects
                verdict = judge(subject.application, objects_, rules)
                needed = {(item.kind, item.id) for item in verdict.basis if item.kind != "works"}
                assert needed <= names
                assert names <= kept.keys()
    db.close()


def test_sides_are_never_counted_too_few(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    put(db, street(1))
    with db.read() as session:
        for kind in ("asset", "application", "reservation"):
            for head in objects.heads(session, kind, limit=None):
                text = kept_of(session, [(kind, head.id)])[kind, head.id].content
                things = head.value.parts if isinstance(head.value, Application) else (head.value,)
                corners = 0
                for thing in things:
                    shape = thing.geometry  # type: ignore[union-attr]
                    corners += len(getattr(shape, "vertices", getattr(shape, "outer", (0,))))
                assert sides_of(text) >= corners
    db.close()


def test_checks_and_bulk_agree_on_the_ruleset_in_force(ruled: Database) -> None:
    put(ruled, street(9, applications=12))
    before = {one.application: one for one in judge_all(ruled, NOW)}
    checked = {head.id: checking.check(ruled, head.id, NOW) for head in heads(ruled)}
    assert {id_: one.sha256 for id_, one in before.items()} == {id_: one.sha256 for id_, one in checked.items()}
    assert all(one.before is None and one.differs for one in before.values())
    after = {one.application: one for one in judge_all(ruled, NOW)}
    for id_, one in after.items():
        assert one.before == (checked[id_].sha256, checked[id_].outcome)
        assert one.ruleset == (golden_rules().id, golden_rules().version)
        # What was found about it may have become checked; the verdict does not hang on that.
        assert (one.differs, one.sha256) == (False, checked[id_].sha256)
    other = made_ruleset((5_000, None))
    assert any(one.differs for one in judge_all(ruled, NOW, ruleset=other))


def test_order_and_results_hang_on_nothing_but_the_register(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    put(db, street(3))
    every = [
        list(judge_all(db, NOW, ruleset=golden_rules(), processes=processes, at_once=at_once))
        for processes, at_once in ((1, 1), (1, 100), (2, 3), (3, 16))
    ]
    assert len(every[0]) > 10
    assert all(found == every[0] for found in every)
    some = [one.application for one in every[0][:4]]
    assert list(judge_all(db, NOW, ruleset=golden_rules(), ids=some)) == every[0][:4]
    db.close()


def test_progress_goes_up_one_by_one(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    said: list[tuple[int, int]] = []
    assert list(judge_all(db, NOW, ruleset=golden_rules(), progress=lambda *at: said.append(at))) == []
    assert said == [(0, 0)]
    put(db, street(3))
    said.clear()
    count = len(list(judge_all(db, NOW, ruleset=golden_rules(), progress=lambda *at: said.append(at))))
    assert said == [(k, count) for k in range(count + 1)]
    db.close()


def test_what_is_written_meanwhile_is_not_seen(database: Database) -> None:
    put(database, street(4))
    rules = golden_rules()
    before = one_by_one(database, rules)
    judging = judge_all(database, NOW, ruleset=rules, processes=1, at_once=1)
    found = [next(judging)]
    rivals = [replace(one, id=f"B-{k}") for k, one in enumerate(head.value for head in heads(database))]
    put(database, [(one, "checking") for one in rivals])
    put(database, [(asset(f"asset-{k:03}", pipe(0), "warmte"), "present") for k in range(80)])
    assert told(iter([*found, *judging])) == before
    after = one_by_one(database, rules)
    assert any(after[id_] != verdict for id_, verdict in before.items())
    assert told(judge_all(database, NOW, ruleset=rules)) == after


def test_one_that_is_refused_keeps_no_other_from_being_judged(database: Database) -> None:
    scribble = [(k % 2 * 3_000, k // 4) for k in range(750)]
    drawn = line(scribble, -1_000, rounded(100))
    far = replace(application("far"), parts=(part("p", pipe(900_000), "water"),))
    put(
        database,
        [
            (replace(application("scribbled"), parts=(part("p", drawn, "water"),)), "checking"),
            (asset("scribble", drawn), "present"),
            (far, "checking"),
            (replace(application("reserved"), parts=(part("p", pipe(2_000_000), "water"),)), "checking"),
            (reservation("R-1", 2_000_000), "accepted"),
        ],
    )
    rules = without_reservations(made_ruleset())
    found = told(judge_all(database, NOW, ruleset=rules))
    assert found == one_by_one(database, rules)
    assert "too_complex" not in found["far"][1]
    assert found["far"][0] is not None
    assert "pairs of segments" in found["scribbled"][1][0]
    assert "no rule for reservations" in found["reserved"][1][0]


def test_where_no_ruleset_is_in_force_that_is_told(database: Database) -> None:
    put(database, [(application("A-1"), "checking"), (application("A-2", 5_000), "checking")])
    found = list(judge_all(database, NOW))
    assert [(one.sha256, one.ruleset, one.problems[0].code) for one in found] == [(None, None, "wrong_state")] * 2
    publish(database)
    assert all(one.sha256 for one in judge_all(database, NOW))


def test_an_id_that_is_none_is_refused(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with pytest.raises(Refused):
        list(judge_all(db, NOW, ids=["nobody"], ruleset=golden_rules()))
    db.close()


@pytest.mark.parametrize("after", [0, 1, 7])
def test_cancelled_it_ends_soon(sqlite_url: str, after: int) -> None:
    db = Database(sqlite_url)
    put(db, street(3))
    said: list[int] = []
    judging = judge_all(
        db, NOW, ruleset=golden_rules(), at_once=1,
        progress=lambda done, _all: said.append(done), cancelled=lambda: bool(said) and said[-1] >= after,
    )  # fmt: skip
    with pytest.raises(Cancelled):
        list(judging)
    assert after <= said[-1] < len(heads(db))
    assert multiprocessing.active_children() == []
    db.close()


def test_left_alone_it_ends(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    put(db, street(3))
    judging = judge_all(db, NOW, ruleset=golden_rules(), at_once=1)
    next(judging)
    assert multiprocessing.active_children()
    judging.close()
    assert multiprocessing.active_children() == []
    db.close()


def test_a_process_that_is_killed_is_told_of(database: Database) -> None:
    put(database, street(3))
    judging = judge_all(database, NOW, ruleset=golden_rules(), processes=2, at_once=1)
    next(judging)
    children = multiprocessing.active_children()
    assert children
    for child in children[:1]:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(Died, match="ended with -9"):
        list(judging)
    assert multiprocessing.active_children() == []


def test_a_process_that_cannot_be_begun_is_told_of(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    db = Database(sqlite_url)
    put(db, street(3))
    monkeypatch.setattr(SpawnProcess, "start", full)
    with pytest.raises(Died, match="could not be begun"):
        list(judge_all(db, NOW, ruleset=golden_rules()))
    db.close()


def test_what_goes_wrong_in_a_process_is_told(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(sqlite_url)
    put(db, street(3))
    monkeypatch.setattr(bulk, "_stored", lambda one: (one.state, one.revision_id, "{}"))
    with pytest.raises(Failed, match="Traceback"):
        list(judge_all(db, NOW, ruleset=golden_rules()))
    db.close()


_PARENT = """
import multiprocessing, sys
from registry.db import Database
from registry.services.bulk import judge_all
from tests.services.making import golden_rules
from tests.services.scenes import NOW
if __name__ == "__main__":
    judging = judge_all(Database(sys.argv[1]), NOW, ruleset=golden_rules(), processes=2, at_once=1)
    next(judging)
    next(judging)
    print(*[child.pid for child in multiprocessing.active_children()], flush=True)
    list(judging)
    sys.stdin.read()
"""


def test_children_end_with_who_began_them(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    put(db, street(3))
    # One that is judged for long: so many pairs that the core only just compares them.
    drawn = line([(k % 2 * 3_000, 2_000_000 + k * 7) for k in range(700)], -1_000, rounded(100))
    put(db, [(replace(application("long"), parts=(part("p", drawn, "water"),)), "checking"),
             (asset("long", drawn), "present")])  # fmt: skip
    db.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _PARENT, sqlite_url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    children = [int(pid) for pid in process.stdout.readline().split()]
    assert children
    process.kill()
    process.communicate(timeout=PATIENCE)
    for pid in children:
        wait_until(lambda pid=pid: gone(pid), "a process that judged has ended")  # type: ignore[misc]


def test_as_many_processes_as_there_are_processors_for_us() -> None:
    assert bulk.available() >= 1
    if hasattr(os, "sched_getaffinity"):
        assert bulk.available() == len(os.sched_getaffinity(0))


def test_a_register_that_is_not_filed_for_this_version_is_refused(sqlite_template: Path, tmp_path: Path) -> None:
    db = Database(sqlite_copy(sqlite_template, tmp_path))
    put(db, street(3))
    with db.write() as session:
        session.execute(update(chunk).values(segments=b""))
    with pytest.raises(Refused, match="registry migrate"):
        list(judge_all(db, NOW, ruleset=golden_rules()))
    db.close()
