"""The commands that work on a register, on real files and both engines, in the order in which they are used."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import update

from registry.db import Database
from registry.formats.exchange import read_exchange
from registry.store import jobs, schema
from registry.store.verify import index_equals_rows
from registry.tables import chunk
from tests.cli.running import run
from tests.core.building import asset as core_asset
from tests.core.building import line as core_line
from tests.core.building import rounded
from tests.formats.exchange_samples import asset, encoded, ground, line, part, reservation
from tests.store.making import put_all

Registry = Callable[..., Result]

STREET = line([155000, 463000], [155000, 463100])
BESIDE = line([155002, 463000], [155002, 463100])
AS = ("--as", "someone", "--organisation", "Gemeente")


@pytest.fixture
def registry(engine_url: str, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The command, on an empty register of each engine in turn."""
    monkeypatch.setenv("DATABASE_URL", engine_url)
    return run


@pytest.fixture
def in_force(registry: Registry, root: Path, tmp_path: Path) -> str:
    """A register with the cautious ruleset in force; the path of its text."""
    text = (root / "examples" / "rulesets" / "cautious.yaml").read_text(encoding="utf-8")
    path = tmp_path / "ruleset.yaml"
    path.write_text(text.replace("effective_from: 2027-01-01", "effective_from: 2020-01-01"), encoding="utf-8")
    good(registry("ruleset", "store", str(path), "--as", "one", "--organisation", "Gemeente"))
    good(registry("ruleset", "publish", "example-cautious", "1.2.0", "--as", "two", "--organisation", "Gemeente"))
    return str(path)


def good(result: Result) -> Result:
    assert result.exit_code == 0, result.output + str(result.exception)
    return result


def plain(result: Result) -> Any:
    return json.loads(good(result).stdout)


def plain_of(result: Result) -> Any:
    """What is printed as JSON, whatever the outcome."""
    return json.loads(result.stdout)


def file_of(folder: Path, name: str, *features: object, **members: object) -> str:
    path = folder / name
    path.write_bytes(encoded(*features, **members))
    return str(path)


def accepted(registry: Registry, folder: Path, id_: str = "res-1", **changes: object) -> None:
    path = file_of(folder, f"{id_}.geojson", reservation(id_, STREET, **changes))
    good(registry("reservation", "file", path, *AS))
    good(registry("reservation", "accept", id_, *AS, "--reason", "plan", "--document", "decision"))


def test_a_reservation_from_filing_to_release(registry: Registry, in_force: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, "res.geojson", reservation("res-1", STREET))
    assert "res-1: filed, revision 1" in good(registry("reservation", "file", path, *AS)).stdout
    assert plain(registry("reservation", "file", path, *AS, "--json"))[0]["revision"] == 1
    assert "accepted, revision 2" in good(registry("reservation", "accept", "res-1", *AS)).stdout
    why = ("--reason", "later", "--document", "letter")
    assert (
        "revision 3"
        in good(registry("reservation", "extend", "res-1", "--review-date", "2040-01-01", *AS, *why)).stdout
    )
    stale = registry("reservation", "release", "res-1", *AS, *why, "--revision", "2")
    assert stale.exit_code == 1
    assert "stands at revision 3" in stale.stderr
    assert "released" in good(registry("reservation", "release", "res-1", *AS, *why)).stdout
    shown = plain(registry("reservation", "show", "res-1", "--json"))
    assert [one["action"] for one in shown["history"]] == ["file", "accept", "extend", "release"]
    assert shown["history"][3]["reason"] == "later"
    assert [one["state"] for one in plain(registry("reservation", "list", "--json"))] == ["released"]
    assert good(registry("reservation", "list", "--state", "filed")).stdout == "none\n"


def test_an_accepted_reservation_is_amended_reduced_and_raised(
    registry: Registry, in_force: str, tmp_path: Path
) -> None:
    accepted(registry, tmp_path)
    path = file_of(tmp_path, "res.geojson", reservation("res-1", STREET, levels=-3.0))
    refused = registry("reservation", "amend", path, *AS)
    assert refused.exit_code == 1
    assert "takes a reason" in refused.stderr
    assert "res.geojson" in refused.stderr
    why = ("--reason", "deeper", "--document", "letter", *AS)
    stale = registry("reservation", "amend", path, *why, "--revision", "1")
    assert stale.exit_code == 1
    assert "stands at revision 2" in stale.stderr
    assert "accepted, revision 3" in good(registry("reservation", "amend", path, *why, "--revision", "2")).stdout
    half = line([155000, 463000], [155000, 463050])
    path = file_of(tmp_path, "half.geojson", reservation("res-1", half, levels=-3.0))
    assert "accepted, revision 4" in good(registry("reservation", "reduce", path, *why)).stdout
    assert "accepted, revision 5" in good(registry("reservation", "raise", "res-1", "decided", *why)).stdout
    again = registry("reservation", "raise", "res-1", "planned", *why)
    assert again.exit_code == 1
    assert "decided already" in again.stderr
    shown = plain(registry("reservation", "show", "res-1", "--json"))
    assert [one["action"] for one in shown["history"]][2:] == ["amend", "release_part", "raise_strength"]
    assert {one["document"] for one in shown["history"][2:]} == {"letter"}


def test_what_is_amended_is_one_reservation_that_is_there(registry: Registry, in_force: str, tmp_path: Path) -> None:
    two = file_of(tmp_path, "two.geojson", reservation("res-1", STREET), reservation("res-2", BESIDE))
    refused = registry("reservation", "amend", two, *AS)
    assert "give a file of one reservation" in refused.stderr
    one = file_of(tmp_path, "one.geojson", reservation("res-1", STREET))
    for command in ("amend", "reduce"):
        refused = registry("reservation", command, one, *AS)
        assert refused.exit_code == 1
        assert "there is no reservation of this id" in refused.stderr


def test_what_was_amended_may_clash_where_both_agree(registry: Registry, in_force: str, tmp_path: Path) -> None:
    accepted(registry, tmp_path)
    away = line([155050, 463000], [155050, 463100])
    path = file_of(tmp_path, "away.geojson", reservation("res-2", away, theme="water"))
    good(registry("reservation", "file", path, *AS))
    good(registry("reservation", "accept", "res-2", *AS))
    why = ("--reason", "moved", "--document", "letter", *AS)
    path = file_of(tmp_path, "near.geojson", reservation("res-2", STREET, theme="water"))
    refused = registry("reservation", "amend", path, *why)
    assert refused.exit_code == 1
    assert "it clashes with reservation res-1" in refused.stderr
    agreed = ("--agreement", "res-1", "they share it", "minutes")
    assert "revision 3" in good(registry("reservation", "amend", path, *why, *agreed)).stdout


def test_what_was_not_accepted_is_withdrawn(registry: Registry, in_force: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, "res.geojson", reservation("res-1", STREET))
    good(registry("reservation", "file", path, *AS))
    assert "withdrawn, revision 2" in good(registry("reservation", "withdraw", "res-1", *AS)).stdout
    again = registry("reservation", "withdraw", "res-1", *AS)
    assert again.exit_code == 1
    assert "not possible" in again.stderr


def test_reservations_that_clash_need_an_agreement(registry: Registry, in_force: str, tmp_path: Path) -> None:
    accepted(registry, tmp_path)
    path = file_of(tmp_path, "other.geojson", reservation("res-2", STREET, theme="water"))
    good(registry("reservation", "file", path, *AS))
    refused = registry("reservation", "accept", "res-2", *AS)
    assert refused.exit_code == 1
    assert "it clashes with reservation res-1" in refused.stderr
    assert registry("reservation", "accept", "res-2", *AS, "--lang", "nl").stderr
    good(registry("reservation", "accept", "res-2", *AS, "--agreement", "res-1", "they share it", "minutes"))


def test_an_application_from_filing_to_decision(registry: Registry, in_force: str, tmp_path: Path) -> None:
    accepted(registry, tmp_path)
    good(registry("import", file_of(tmp_path, "there.geojson", asset("old", BESIDE, holder="Waternet")), *AS))
    operator = ("--as", "planner", "--organisation", "Waternet")
    path = file_of(tmp_path, "app.geojson", part("new", BESIDE, size={"outer": 1.2}, relations=[
        {"type": "replaces", "target_kind": "asset", "target": "old"}
    ]))  # fmt: skip
    assert "1 to be checked" in good(registry("application", "file", path, *operator)).stdout
    early = registry("application", "verdict", "app-1")
    assert early.exit_code == 1
    assert "there is no verdict yet: the application is received" in early.stderr
    good(registry("worker", "--once"))
    told = registry("application", "verdict", "app-1")
    assert told.exit_code == 2
    assert "0.215 m is missing" in " ".join(told.stdout.split())
    assert "0,215 m" in registry("application", "verdict", "app-1", "--lang", "nl").stdout
    (waiting,) = plain(registry("application", "list", "--inbox", "--json"))
    assert (waiting["outcome"], waiting["days_left"]) == ("conflict", waiting["days_left"])
    decide = ("application", "decide", "app-1", "--kind", "grant", "--verdict", waiting["verdict"][:10], *AS)
    refused = registry(*decide, "--reason", "needed", "--document", "note")
    assert refused.exit_code == 1
    assert "reservation res-1, which was not weighed" in refused.stderr
    weigh = ("--weigh", "res-1", "heat can go elsewhere", "note on weighing")
    assert "granted" in good(registry(*decide, "--reason", "needed", "--document", "note", *weigh)).stdout
    shown = good(registry("application", "show", "app-1")).stdout
    assert "weighed res-1: heat can go elsewhere (note on weighing)" in shown
    assert "impair" in good(registry("reservation", "show", "res-1")).stdout


def test_what_changed_since_the_verdict_refuses_the_decision(registry: Registry, in_force: str, tmp_path: Path) -> None:
    operator = ("--organisation", "Waternet")
    good(registry("application", "file", file_of(tmp_path, "app.geojson", part("new", BESIDE)), *operator))
    good(registry("worker", "--once"))
    verdict = plain_of(registry("application", "verdict", "app-1", "--json"))["sha256"]
    accepted(registry, tmp_path)
    refused = registry(
        "application", "decide", "app-1", "--kind", "grant", "--verdict", verdict, *AS, "--reason", "it fits"
    )
    assert refused.exit_code == 1
    assert "has changed since" in refused.stderr
    unknown = registry("application", "decide", "app-1", "--kind", "grant", "--verdict", "0" * 64, *AS, "--reason", "x")
    assert "there is no verdict" in unknown.stderr


def test_data_are_asked_for_and_an_application_withdrawn(registry: Registry, in_force: str, tmp_path: Path) -> None:
    operator = ("--organisation", "Waternet")
    good(registry("application", "file", file_of(tmp_path, "app.geojson", part("new", BESIDE)), *operator))
    assert registry("application", "request-data", "app-1", *AS).exit_code == 1
    assert "incomplete" in good(registry("application", "request-data", "app-1", *AS, "--reason", "no depth")).stdout
    completed = file_of(tmp_path, "completed.geojson", part("new", line([155002, 463000], [155002, 463090])))
    unseen = registry("application", "file", completed, *operator)
    assert unseen.exit_code == 1
    assert "Name the revision you saw (If-Match, --revision)" in unseen.stderr
    assert "incomplete" in good(registry("application", "file", completed, *operator, "--revision", "2")).stdout
    assert "received, revision 4" in good(registry("application", "supply", completed, *operator)).stdout
    again = good(registry("application", "supply", completed, *operator, "--revision", "3"))
    assert "received, revision 4" in again.stdout
    assert "stands at revision 4" in registry("application", "supply", completed, *operator, "--revision", "2").stderr
    assert "supply_data is not possible" in registry("application", "supply", completed, *operator).stderr
    theirs = registry("application", "withdraw", "app-1", "--organisation", "Another")
    assert theirs.exit_code == 1
    assert "is not of Another" in theirs.stderr
    assert "withdrawn" in good(registry("application", "withdraw", "app-1", *operator)).stdout
    assert [one["state"] for one in plain(registry("application", "list", "--applicant", "Waternet", "--json"))] == [
        "withdrawn"
    ]


def test_a_check_that_was_set_aside_is_asked_for_again(registry: Registry, in_force: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, "asked.geojson", part("part-1", BESIDE))
    filed = plain(registry("application", "file", path, "--organisation", "Waternet", "--json"))
    waiting = plain(registry("application", "check", filed["id"], *AS, "--json"))
    assert waiting["job"] == filed["job"]
    wrong = registry("application", "check", filed["id"], *AS, "--role", "operator")
    assert wrong.exit_code == 1
    assert "It is for: officer, administrator" in wrong.stderr
    db, now = Database(os.environ["DATABASE_URL"]), datetime.now(UTC)
    with db.write() as session:
        claimed = jobs.claim(session, "worker", now, timedelta(minutes=5))
        assert claimed is not None
        jobs.park(session, claimed.id, claimed.attempt, "stuck", now)
    db.close()
    refused = registry("application", "verdict", filed["id"])
    assert refused.exit_code == 1
    asked = good(registry("application", "check", filed["id"], *AS)).stdout
    assert "to be checked by the worker" in asked
    assert filed["job"] not in asked
    good(registry("worker", "--once"))
    assert good(registry("application", "list", "--state", "checked")).stdout != "none\n"
    done = registry("application", "check", filed["id"], *AS)
    assert done.exit_code == 1
    assert "was not set aside" in done.stderr


def test_import_writes_what_differs_and_asks_for_checks(registry: Registry, in_force: str, tmp_path: Path) -> None:
    good(
        registry(
            "application", "file", file_of(tmp_path, "app.geojson", part("new", BESIDE)), "--organisation", "Waternet"
        )
    )
    good(registry("worker", "--once"))
    path = file_of(tmp_path, "there.geojson", asset("old", BESIDE), ground("level"))
    first = good(registry("import", path, *AS)).stdout
    assert "there.geojson: 2 read: 2 new, 0 changed, 0 unchanged; 1 open applications are checked again" in first
    assert "2 unchanged\n" in good(registry("import", path, *AS)).stdout
    filed = registry("import", file_of(tmp_path, "res.geojson", reservation("res-1", STREET)), *AS)
    assert filed.exit_code == 1
    assert "a reservation is not imported" in filed.stderr
    assert "an application is filed" in registry("import", str(tmp_path / "app.geojson"), *AS).stderr


def test_what_is_exported_gives_the_same_verdict(registry: Registry, in_force: str, tmp_path: Path) -> None:
    accepted(registry, tmp_path)
    good(registry("import", file_of(tmp_path, "there.geojson", asset("old", BESIDE), ground("level")), *AS))
    water = ("--organisation", "Waternet")
    good(registry("application", "file", file_of(tmp_path, "app.geojson", part("new", BESIDE)), *water))
    other = {"id": "app-2", "applicant": "Another", "regime": "permit"}
    rival = file_of(
        tmp_path, "rival.geojson", part("beside", line([155003, 463000], [155003, 463100])), application=other
    )
    good(registry("application", "file", rival, "--organisation", "Another"))
    good(registry("worker", "--once"))
    stands = plain_of(registry("application", "verdict", "app-1", "--json"))["sha256"]
    exported, asked, rules = (str(tmp_path / name) for name in ("all.geojson", "asked.geojson", "rules.yaml"))
    good(registry("export", "-o", exported))
    good(registry("export", "--application", "app-1", "-o", asked))
    text = good(registry("ruleset", "show", "example-cautious", "1.2.0", "--text")).stdout
    Path(rules).write_text(text, encoding="utf-8")
    checked = run("check", asked, "--against", exported, "--ruleset", rules, "--json")
    assert plain_of(checked)["sha256"] == stands
    bundle = str(tmp_path / "bundle.json")
    good(registry("application", "bundle", "app-1", "-o", bundle))
    assert run("verify", bundle).exit_code == checked.exit_code
    only = good(registry("export", "--kind", "reservation")).stdout
    assert [one.id for one in read_exchange(only.encode()).objects] == ["res-1"]
    assert read_exchange(good(registry("export", "--as-of", "2020-01-01")).stdout.encode()).objects == ()
    assert len(read_exchange(good(registry("export", "--as-of", "2999-01-01")).stdout.encode()).objects)
    assert registry("export", "--as-of", "yesterday").exit_code == 1


def test_a_ruleset_is_published_by_another(registry: Registry, root: Path) -> None:
    path = str(root / "examples" / "rulesets" / "two-number.yaml")
    assert "stored, not published" in good(registry("ruleset", "store", path, *AS)).stdout
    own = registry("ruleset", "publish", "example-two-number", "1.2.0", *AS)
    assert own.exit_code == 1
    assert "who stored a ruleset does not publish it" in own.stderr
    own = registry("ruleset", "publish", "example-two-number", "1.2.0", *AS, "--lang", "nl")
    assert own.stderr == (
        "actor: wie een regelset heeft opgeslagen, publiceert haar niet. "
        "Laat een andere beleidsmedewerker haar lezen en publiceren.\n"
    )
    assert "opgeslagen, niet gepubliceerd" in good(registry("ruleset", "list", "--lang", "nl")).stdout
    other = ("--as", "another", "--organisation", "Gemeente")
    assert "published by another" in good(registry("ruleset", "publish", "example-two-number", "1.2.0", *other)).stdout
    assert [one["published_by"] for one in plain(registry("ruleset", "list", "--json"))] == ["another"]
    assert "Two-number example" in good(registry("ruleset", "show", "example-two-number", "1.2.0")).stdout
    missing = registry("ruleset", "show", "example-two-number", "9.9.9", "--lang", "nl")
    assert missing.exit_code == 1
    assert "er is geen regelset met dit id (gevonden: example-two-number 9.9.9). Zoek het id op" in missing.stderr
    officer = registry("ruleset", "store", path, *AS, "--role", "officer")
    assert "not for this role" in officer.stderr


def test_migrate_makes_tells_and_takes_down(blank_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", blank_url)
    assert run("migrate", "--status").exit_code == 1
    assert "from revision none to " in good(run("migrate")).stdout
    assert "nothing to do" in good(run("migrate")).stdout
    good(run("migrate", "--status"))
    assert good(run("reservation", "list")).stdout == "none\n"
    unsure = run("migrate", "--down", "base")
    assert unsure.exit_code == 1
    assert "is lost. Make a copy first" in unsure.stderr
    good(run("migrate", "--status"))
    assert "to none" in good(run("migrate", "--down", "base", "--yes")).stdout
    assert run("migrate", "--down", "nowhere", "--yes").exit_code == 1
    assert run("migrate", "--down", "base", "--status").exit_code == 1


def test_migrate_files_what_was_there_before(blank_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", blank_url)
    good(run("migrate"))
    db = Database(blank_url)
    with db.write() as s:
        put_all(s, [core_asset(f"a{k}", core_line([(0, 0), (1_000, 0)], -1_000, rounded(200))) for k in range(3)])
    assert "to 0001" in good(run("migrate", "--down", "0001", "--yes")).stdout
    up = good(run("migrate"))
    assert f"from revision 0001 to {schema.newest()}; 3 objects filed anew" in up.stdout
    assert "filing objects anew by the segments they have: 3 of 3" in up.stderr
    with db.write() as s:
        s.execute(update(chunk).where(chunk.c.object_id == "a1").values(segments=b""))
    assert f"revision {schema.newest()}; 1 objects filed anew" in good(run("migrate")).stdout
    assert f"revision {schema.newest()}; nothing to do" in good(run("migrate")).stdout
    with db.read() as s:
        assert index_equals_rows(s) == []
    db.close()


@pytest.mark.parametrize("words", [["reservation", "list"], ["export"], ["application", "show", "x"]])
def test_a_register_that_is_not_there_is_not_made(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    refused = run(*words, "--database", f"sqlite:///{path}")
    assert refused.exit_code == 1
    assert "there is no register here. Make it with `registry migrate`" in refused.stderr
    assert not os.listdir(tmp_path)


def test_a_register_that_may_not_be_written_is_told_of(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    good(run("migrate"))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON token BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    refused = run("token", "create", "--name", "one", "--organisation", "Gemeente", "--role", "officer")
    assert refused.exit_code == 1
    assert "cannot be read or written: disk is full" in refused.stderr
    assert refused.stdout == ""


def test_who_acts_is_recorded(sqlite_url: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, "res.geojson", reservation("res-1", STREET))
    words = ["reservation", "file", path, "--database", sqlite_url]
    assert run(*words).exit_code == 1
    bad = run(*words, "--organisation", " ")
    assert bad.exit_code == 1
    assert "--organisation: no name to record" in bad.stderr
    another = run(*words, "--organisation", "Another")
    assert "is not of Another" in another.stderr
    good(run(*words, *AS))
    shown = json.loads(run("reservation", "show", "res-1", "--database", sqlite_url, "--json").stdout)
    who = {name: shown["history"][0][name] for name in ("actor", "organisation", "role")}
    assert who == {"actor": "someone", "organisation": "Gemeente", "role": "manager"}
