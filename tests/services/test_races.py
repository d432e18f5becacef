"""Whoever writes at the same time: what may not be together is not together afterwards, and nothing else is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from registry.core.acceptance import clashes_with
from registry.core.boxes import boxes_meet
from registry.core.errors import Refused
from registry.core.model import Application, Period, Reservation
from registry.core.sizes import plan_box
from registry.db import Database
from registry.services import applications, feed, reservations
from registry.services.deciding import decide
from registry.services.saved import Saved
from registry.store import objects
from tests.services.making import (
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    WATER,
    WHY,
    application,
    asset,
    checked,
    decision,
    golden_rules,
    head,
    imported,
    pipe,
    reservation,
    work,
)
from tests.services.racing import race

T = TypeVar("T")


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Refused]:
    """What each act, all begun together, gave or was refused."""
    begin = Barrier(len(acts))

    def act(one: Callable[[], T]) -> T | Refused:
        begin.wait(10)
        try:
            return one()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def clashing_pairs(db: Database) -> list[tuple[str, str]]:
    """Every pair of accepted exclusive reservations that may not be together, by the core alone."""
    with db.read() as session:
        heads = objects.heads(session, "reservation", state="accepted", limit=None)
    held = [one.value for one in heads if isinstance(one.value, Reservation)]
    rules, found = golden_rules(), []
    boxes = [plan_box(one) for one in held]
    for k, one in enumerate(held):
        near = [held[j] for j in range(k + 1, len(held)) if boxes_meet(boxes[k], boxes[j], rules.reach)]
        found += [(one.id, clash.other) for clash in clashes_with(one, near, (), rules)]
    return found


@pytest.mark.parametrize("width", [150_000, 3_000_000], ids=["hot", "spread"])
def test_eight_writers_leave_no_two_that_clash(ruled: Database, width: int) -> None:
    did = race(ruled.url, 10, width)
    assert set(did) <= {"filed", "accepted", "clash", "moved", "move clash"}, did
    assert did["accepted"] > 20
    if width == 150_000:
        assert did["clash"] > 0
    assert clashing_pairs(ruled) == []


def _pairs() -> list[tuple[Reservation, Reservation]]:
    """Pairs apart on one axis only, each pair at a place of its own: pipes of 0.5 m, between which 0.2 m is kept."""
    pairs = []
    for k in range(6):
        y = 20_000 * k
        apart = {
            "x": (pipe(y, x=0, length=5_000), pipe(y, x=5_700, length=5_000)),
            "y": (pipe(y + 5_000), pipe(y + 5_700)),
            "depth": (pipe(y + 10_000, -1000), pipe(y + 10_000, -1700)),
            "time": (pipe(y + 15_000), pipe(y + 15_000)),
        }
        for axis, (one, other) in apart.items():
            made = [
                replace(reservation(f"R-{axis}-{k}-{name}", theme="water"), geometry=geometry)
                for name, geometry in (("a", one), ("b", other))
            ]
            if axis == "time":
                made = [
                    replace(each, temporary=Period(f"{year}-01-01", f"{year + 1}-01-01"))
                    for each, year in zip(made, (2030, 2031), strict=True)
                ]
            pairs.append((made[0], made[1]))
    return pairs


def test_pairs_apart_on_one_axis_only_are_all_accepted(ruled: Database) -> None:
    pairs = _pairs()
    for one in (each for pair in pairs for each in pair):
        reservations.file(ruled, one, MANAGER, NOW)

    def accept(which: int) -> Callable[[], list[Saved]]:
        return lambda: [reservations.accept(ruled, pair[which].id, MANAGER, NOW, expected=1, **WHY) for pair in pairs]

    assert [one for one in at_once([accept(0), accept(1)]) if isinstance(one, Refused)] == []
    with ruled.read() as session:
        assert len(objects.heads(session, "reservation", state="accepted", limit=None)) == 2 * len(pairs)
    assert clashing_pairs(ruled) == []


def test_two_clashing_applications_are_never_both_granted(ruled: Database) -> None:
    rounds = 8
    for k in range(rounds):
        y = 20_000 * k
        pair = application(f"A-{k}", y), application(f"B-{k}", y + 400, applicant=WATER)
        for one in pair:
            checked(ruled, one)
        work(ruled)
        stands = [head(ruled, "application", one.id) for one in pair]
        taken = [decision(ruled, one.id, name=f"D-{one.id}") for one in pair]
        done = at_once([
            partial(decide, ruled, one.id, what, OFFICER, NOW, expected=at.number)
            for one, what, at in zip(pair, taken, stands, strict=True)
        ])  # fmt: skip
        refused = [each for each in done if isinstance(each, Refused)]
        assert [each.problems[0].code for each in refused] == ["stale_verdict"]
        assert sorted(head(ruled, "application", one.id).state for one in pair) == ["checked", "granted"]


def test_what_is_imported_while_it_is_granted_comes_after_it(ruled: Database) -> None:
    """Either the grant saw the asset, and was refused, or the asset came later: never granted without knowing it."""
    for k in range(8):
        y = 20_000 * k
        stands = checked(ruled, application(f"A-{k}", y))
        taken = decision(ruled, f"A-{k}", name=f"D-{k}")
        acts: list[Callable[[], object]] = [
            partial(decide, ruled, f"A-{k}", taken, OFFICER, NOW, expected=stands.number),
            partial(imported, ruled, asset(f"asset-{k}", y + 400)),
        ]
        granted, _ = at_once(acts)
        order = {(c.id, c.action): c.seq for c in feed.changes(ruled, 0, 1000)}
        if isinstance(granted, Refused):
            assert granted.problems[0].code == "stale_verdict"
        else:
            assert order[f"A-{k}", "grant"] < order[f"asset-{k}", "import"]


def test_one_put_by_many_clients_is_one_act(ruled: Database) -> None:
    done = at_once([lambda: applications.file(ruled, application(), OPERATOR, NOW) for _ in range(8)])
    saved = [one for one in done if isinstance(one, Saved)]
    assert len({(one.created, one.head.number, one.job_id) for one in saved}) == 1
    assert len(saved) == 8
    assert len(applications.history(ruled, "A-1")) == 1
    filed = at_once([lambda: reservations.file(ruled, reservation(), MANAGER, NOW) for _ in range(8)])
    assert {one.created for one in filed if isinstance(one, Saved)} == {True}
    assert len(reservations.history(ruled, "R-1")) == 1


def test_two_who_amend_the_same_version_do_not_undo_each_other(ruled: Database) -> None:
    applications.file(ruled, application(), OPERATOR, NOW)
    asked: list[Application] = [application(y=10 * k) for k in range(1, 7)]
    done = at_once([partial(applications.amend, ruled, one, OPERATOR, NOW, expected=1) for one in asked])
    assert sum(isinstance(one, Saved) for one in done) == 1
    assert {one.problems[0].code for one in done if isinstance(one, Refused)} == {"version_mismatch"}
    assert len(applications.history(ruled, "A-1")) == 2
