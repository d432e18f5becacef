"""What the database itself refuses: what the core would, and any change of what was written."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from registry.db import Database
from registry.geometry import box_polygon
from registry.store import agreements, changes, decisions, objects, verdicts, whatifs
from registry.store.rows import AgreementRow, BasisRow, Change, DecisionRow, ItemRow, WhatIfRow
from registry.tables import APPEND_ONLY, metadata
from tests.core.building import HERE, asset, line, reservation, rounded
from tests.store.making import MANAGER, NOW, put, undone

PIPE = line([(0, 0), (1000, 0)], -1000, rounded(200))
SHA = "a" * 64


@pytest.mark.parametrize(
    ("z_min", "z_max"),
    [
        ("1.0", "0.5"), ("-1000001", "0"), ("0", "1000001"), ("NULL", "0"), ("0", "NULL"),
        ("NaN", "0"), ("0", "NaN"), ("NaN", "NaN"), ("-Infinity", "0"), ("0", "Infinity"),
    ],
)  # fmt: skip
def test_a_chunk_with_no_true_range_of_levels(database: Database, z_min: str, z_max: str) -> None:
    told: dict[str, Any] = {
        name: None if value == "NULL" else float(value) for name, value in (("z_min", z_min), ("z_max", z_max))
    }
    geom = box_polygon((*HERE, HERE[0] + 1, HERE[1] + 1))
    with undone(database) as s:
        put(s, asset("a", PIPE))
        told |= {"geom": geom.hex() if database.is_postgis else geom}
        filed = "INSERT INTO chunk (kind, object_id, geom, z_min, z_max) VALUES ('asset', 'a', :geom, :z_min, :z_max)"
        with pytest.raises(IntegrityError, match=r"ck_chunk_z|NOT NULL|not-null"):
            s.execute(text(filed), told)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("revision", "state", "gone"),
        ("revision", "state", "received"),  # of another kind
        ("revision", "kind", "road"),
        ("revision", "role", "owner"),
        ("revision", "number", 0),
        ("revision", "object_id", ""),
        ("revision", "content_sha256", "abc"),
        ("revision", "content", None),
        ("revision", "actor", None),
        ("revision", "valid_to", date(2027, 1, 1)),
        ("object", "state", "gone"),
        ("object", "strength", "certain"),
        ("object", "strength", None),
        ("object", "regime", "permit"),  # of a reservation
        ("object", "revision_id", 999),
        ("object", "verdict_id", 999),
        ("job", "state", "lost"),
        ("job", "attempt", -1),
        ("job", "max_attempts", 0),
        ("job", "lease_until", NOW),  # waiting, and leased
        ("job", "finished_at", NOW),
        ("decision", "kind", "maybe"),
        ("decision", "role", "owner"),
        ("decision", "verdict_sha256", "abc"),
        ("verdict", "outcome", "perhaps"),
        ("verdict", "application_number", 0),
        ("verdict_basis", "revision_id", 999),
        ("agreement", "kind", "promise"),
        ("agreement", "b_sha256", "abc"),
        ("change", "seq", 0),
        ("token", "role", "owner"),
        ("ruleset", "published_by", "B"),  # and no moment
        ("import_run", "added", -1),
    ],
)
def test_rows_the_core_would_not_have_made(database: Database, table: str, column: str, value: object) -> None:
    rows = dict(ROWS)
    made = rows[table] | {column: value}
    if database.is_postgis:
        made = {name: one.hex() if isinstance(one, bytes) else one for name, one in made.items()}
    with undone(database) as s:
        for name, row in rows.items():
            if name == table:
                break
            s.execute(_insert(name, row))
        # The row as it should be goes in; so it is the one value that is refused.
        with s.begin_nested() as trial:
            s.execute(_insert(table, rows[table]))
            trial.rollback()
        with pytest.raises(IntegrityError):
            s.execute(_insert(table, made))


def _insert(table: str, row: dict[str, Any]) -> Any:
    return insert(metadata.tables[table]).values(**row)


_BY = {"actor": "A", "organisation": "O", "role": "officer"}
ROWS: dict[str, dict[str, Any]] = {
    "revision": {
        "id": 1, "kind": "reservation", "object_id": "r", "number": 1, "state": "filed", "content": "{}",
        "content_sha256": SHA, "action": "file", **_BY, "valid_from": date(2027, 3, 1), "recorded_at": NOW,
    },
    "verdict": {
        "id": 1, "application_id": "A", "application_number": 1, "sha256": SHA, "ruleset_id": "R",
        "ruleset_version": "1", "ruleset_sha256": SHA, "outcome": "fits", "document": {}, "judged_at": NOW,
    },
    "verdict_basis": {"verdict_id": 1, "kind": "asset", "object_id": "a", "sha256": SHA, "revision_id": 1},
    "object": {
        "kind": "reservation", "object_id": "r", "revision_id": 1, "number": 1, "state": "filed",
        "strength": "planned", "current_from": date(2027, 3, 1), "recorded_at": NOW, "created_at": NOW,
    },
    "decision": {
        "id": "d", "application_id": "A", "verdict_sha256": SHA, "kind": "grant", "conditions": [], "weighed": [],
        **_BY, "recorded_at": NOW,
    },
    "ruleset": {
        "ruleset_id": "R", "version": "1", "sha256": SHA, "document": {}, "source_text": "", "stored_by": "A",
        "stored_at": NOW,
    },
    "change": {
        "seq": 1, "kind": "asset", "object_id": "a", "action": "file", "actor": "A", "organisation": "O",
        "recorded_at": NOW, "told": [], "detail": {},
    },
    "job": {
        "id": "j", "kind": "check", "subject": "A", "key": "check:A", "state": "queued", "attempt": 0,
        "max_attempts": 1, "run_after": NOW, "created_at": NOW,
    },
    "token": {"id": "t", "sha256": SHA, **_BY, "created_at": NOW},
    "import_run": {
        "id": "i", "name": "n", "sha256": SHA, "read": 0, "added": 0, "changed": 0, "unchanged": 0, "removed": 0,
        "actor": "A", "organisation": "O", "recorded_at": NOW,
    },
    "agreement": {
        "id": "g", "kind": "duty", "a_kind": "asset", "a_id": "a", "a_sha256": SHA, "b_kind": "asset",
        "b_id": "b", "b_sha256": SHA, "actor": "A", "organisation": "O", "recorded_at": NOW,
    },
}  # fmt: skip


def test_a_second_person_publishes(database: Database) -> None:
    with undone(database) as s, pytest.raises(IntegrityError, match="second_person"):
        s.execute(_insert("ruleset", ROWS["ruleset"] | {"published_by": "A", "published_at": NOW}))


def test_two_jobs_with_one_key_do_not_wait(database: Database) -> None:
    with undone(database) as s:
        s.execute(_insert("job", ROWS["job"]))
        with pytest.raises(IntegrityError):
            s.execute(_insert("job", ROWS["job"] | {"id": "k"}))


def filled(s: Any) -> None:
    """One row at least in each table that is only added to."""
    head = put(s, reservation("r", PIPE))
    kept = verdicts.add(
        s, application_id="A", application_number=1, sha256=SHA, ruleset=("R", "1", SHA), outcome="fits",
        document={}, basis=[BasisRow("reservation", "r", head.sha256, head.revision_id)], judged_at=NOW,
    )  # fmt: skip
    assert kept.id
    decisions.add(s, DecisionRow("d", "A", SHA, "grant", None, None, (), (), MANAGER, NOW))
    agreements.add(s, AgreementRow("g", "duty", ("a", "1"), ("b", "1"), None, None, "A", "O", NOW, SHA, SHA))
    changes.append(s, Change("reservation", "r", 1, "file", "A", "O", NOW))
    whatifs.add(s, WhatIfRow("w", "R", "1", SHA, "j", MANAGER, NOW))
    assert whatifs.finish(s, "w", [ItemRow("A", False, False, SHA, "fits", SHA, "fits", (), ())], {}, 1, 1, NOW)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("what", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_was_written_is_neither_changed_nor_removed(database: Database, table: str, what: str) -> None:
    column = {"verdict_basis": "sha256", "change": "action", "revision": "reason", "verdict": "job_id",
              "whatif_item": "differs"}.get(table, "reason")  # fmt: skip
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table} CASCADE" if database.is_postgis else f"DELETE FROM {table} WHERE 1 = 1",
    }[what]
    with undone(database) as s:
        filled(s)
        with pytest.raises(DBAPIError, match=r"append-only"):
            s.execute(text(statement))


def test_a_moment_names_its_time_zone(database: Database) -> None:
    with undone(database) as s, pytest.raises(StatementError, match="names no time zone"):
        put(s, reservation("r", PIPE), now=NOW.replace(tzinfo=None))


def test_nothing_is_written_while_reading(database: Database) -> None:
    with database.read() as s, pytest.raises(DBAPIError, match=r"read.?only"):
        put(s, reservation("r", PIPE))


def test_content_is_kept_as_its_canonical_text(database: Database) -> None:
    value = reservation("Straße 'n \"x\" \\ é", PIPE)
    with database.write() as s:
        put(s, value)
        kept = str(s.scalar(text("SELECT content FROM revision")))
    assert json.loads(kept)["id"] == value.id
    assert kept == json.dumps(json.loads(kept), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with database.read() as s:
        assert objects.by_names(s, [("reservation", value.id)])[0].value == value
