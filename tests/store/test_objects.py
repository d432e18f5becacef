"""Objects are revised, never edited, and can be asked again as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from registry.core.actors import Actor
from registry.core.model import content_sha256
from registry.db import Database
from registry.store import objects, verdicts
from registry.store.near import around
from tests.core.building import application, asset, line, part, reservation, rounded, ruleset
from tests.store.making import MANAGER, NOW, asking, later, put, put_all

PIPE = line([(0, 0), (1000, 0)], -1000, rounded(200))


def test_a_first_revision(database: Database) -> None:
    value = reservation("r", PIPE)
    with database.write() as s:
        made = objects.revise(
            s, value, state="filed", action="file", actor=MANAGER, now=NOW, reason="Warmteplan", document="W-1",
            valid_from=date(2027, 4, 1), valid_to=date(2030, 4, 1), extra={"stretch": [1, 2]}, due_on=date(2027, 5, 1),
        )  # fmt: skip
    with database.read() as s:
        found = objects.head(s, "reservation", "r")
        assert found == made
    assert (made.number, made.state, made.value, made.sha256) == (1, "filed", value, content_sha256(value))
    assert (made.holder, made.actor, made.action) == ("Gemeente", MANAGER, "file")
    assert (made.reason, made.document, made.extra) == ("Warmteplan", "W-1", {"stretch": [1, 2]})
    assert (made.valid_from, made.valid_to) == (date(2027, 4, 1), date(2030, 4, 1))
    assert made.recorded_at == made.created_at == NOW
    assert made.recorded_at.utcoffset() is not None
    assert (made.due_on, made.verdict_id) == (date(2027, 5, 1), None)


def test_every_revision_stays(database: Database) -> None:
    first, second = reservation("r", PIPE), reservation("r", PIPE, beneficiary="Warmtebedrijf")
    other = Actor("Een ander", "Gemeente", "officer")
    with database.write() as s:
        put(s, first, "filed")
        objects.revise(s, second, state="accepted", action="accept", actor=other, now=later(60))
        put(s, second, "released", later(120))
    with database.read() as s:
        told = [(one.number, one.state, one.value, one.actor) for one in objects.history(s, "reservation", "r")]
        assert told == [
            (1, "filed", first, MANAGER), (2, "accepted", second, other), (3, "released", second, MANAGER)
        ]  # fmt: skip
        head = objects.head(s, "reservation", "r")
        assert head is not None
        assert (head.number, head.created_at, head.recorded_at) == (3, NOW, later(120))
        assert objects.revision_value(s, objects.history(s, "reservation", "r")[0].revision_id) == first
        found = objects.revision_of(s, "reservation", "r", 2)
        assert found is not None
        assert found.value == second
        assert objects.revision_of(s, "reservation", "r", 4) is None
        with pytest.raises(KeyError):
            objects.revision_value(s, 999_999)


def test_what_was_known_at_a_moment(database: Database) -> None:
    with database.write() as s:
        put(s, reservation("r", PIPE), "filed", later(10))
        put(s, reservation("r", PIPE), "accepted", later(20))
    with database.read() as s:
        known = [objects.as_of(s, "reservation", "r", later(when)) for when in (9.999999, 10, 19.999999, 20, 1e6)]
    assert [None if one is None else one.number for one in known] == [None, 1, 1, 2, 2]


def test_many_are_revised_at_once_as_one_by_one(database: Database) -> None:
    first = [asset(f"a{k}", PIPE) for k in range(1200)]
    second = [asset(f"a{k}", PIPE, holder="B") for k in range(1198, 1202)]
    with database.write() as s:
        made = objects.revise_all(s, first, state="present", action="import", actor=MANAGER, now=NOW)
        assert [one.value for one in made] == first
        assert len({one.revision_id for one in made}) == 1200
        objects.revise_all(s, second, state="present", action="import", actor=MANAGER, now=later(1))
        assert [one.number for one in objects.heads(s, "asset", holder="B")] == [2, 2, 1, 1]
        assert objects.revise_all(s, [], state="present", action="import", actor=MANAGER, now=NOW) == []
        with pytest.raises(ValueError, match="once at a time"):
            objects.revise_all(s, [first[0], first[0]], state="present", action="import", actor=MANAGER, now=NOW)
    with database.read() as s:
        assert objects.by_names(s, [("asset", one.id) for one in made[:1198]]) == sorted(
            made[:1198], key=lambda one: one.id
        )
        told = objects.head(s, "asset", "a1199")
        assert told is not None
        assert (told.created_at, told.recorded_at) == (NOW, later(1))


def test_objects_are_listed_page_by_page(database: Database) -> None:
    with database.write() as s:
        for k in range(7):
            put(s, reservation(f"r{k}", PIPE, holder=f"H{k % 2}"), "filed" if k < 4 else "accepted")
        put(s, asset("a", PIPE))
    with database.read() as s:
        def ids(**asked: object) -> list[str]:
            return [one.id for one in objects.heads(s, "reservation", **asked)]  # type: ignore[arg-type]

        assert ids() == [f"r{k}" for k in range(7)]
        assert ids(limit=2) == ["r0", "r1"]
        assert ids(limit=2, after="r1") == ["r2", "r3"]
        assert ids(state="accepted") == ["r4", "r5", "r6"]
        assert ids(state={"accepted", "filed"}, holder="H1", limit=None) == ["r1", "r3", "r5"]
        assert ids(state=[]) == []
        names = [("asset", "a"), ("reservation", "r3"), ("reservation", "none"), ("asset", "a")]
        assert [(one.kind, one.id) for one in objects.by_names(s, names)] == [("asset", "a"), ("reservation", "r3")]
        assert objects.by_names(s, []) == []
        assert objects.head(s, "reservation", "none") is None
        assert objects.history(s, "reservation", "none") == []


def test_a_verdict_is_kept_as_long_as_the_content_stays(database: Database) -> None:
    asked = application(part("p", PIPE))
    with database.write() as s:
        put(s, asked)
        kept = verdicts.add(
            s, application_id="A-1", application_number=1, sha256="b" * 64, ruleset=("R", "1", "c" * 64),
            outcome="fits", document={"a": 1}, basis=[], judged_at=NOW,
        )  # fmt: skip
        objects.set_verdict(s, "A-1", kept.id)
        head = put(s, asked, "checked")
        assert (head.holder, head.verdict_id) == ("Riolering", kept.id)
        assert put(s, replace(asked, title="Anders"), "received").verdict_id is None


def test_there_may_be_more_ids_than_an_engine_has_variables(database: Database) -> None:
    with database.write() as s:
        put(s, asset("a39999", PIPE))
        found = objects.by_names(s, [("asset", f"a{k}") for k in range(40_000)])
        assert [one.id for one in found] == ["a39999"]


def test_around_takes_few_statements_however_much_is_found(database: Database) -> None:
    asked = application(part("p", PIPE))
    counts = []
    with database.write() as s:
        for more in (3, 60):
            put_all(s, [asset(f"a{more}-{k}", PIPE) for k in range(more)])
            put_all(s, [asking(f"B{more}-{k}", part("q", PIPE)) for k in range(more)])
            seen: list[str] = []

            def note(*told: object, seen: list[str] = seen) -> None:
                seen.append(str(told[2]))

            event.listen(database.engine, "before_cursor_execute", note)
            found = around(s, asked, ruleset())
            event.remove(database.engine, "before_cursor_execute", note)
            counts.append((len(found.objects), len(seen)))
    assert [number for number, _ in counts] == [6, 126]
    assert counts[0][1] == counts[1][1] <= 12
