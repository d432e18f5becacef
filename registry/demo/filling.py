"""Fills an empty register with the example district, as a municipality's register would have come to be: through the
services, in the order and on the days on which it would have happened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from registry.core.canonical import sha256
from registry.core.model import Application, Object, content
from registry.db import Database
from registry.demo import asked
from registry.demo.district import what_it_lies_under, what_lies_there
from registry.demo.people import People
from registry.demo.words import Language, text
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import applications, imports, reservations, rulesets

RULESETS: Final = Path(__file__).resolve().parents[2] / "examples" / "rulesets"
#: The version of policy before the one of today, and that of today.
FORMER, PRESENT = "two-number", "cautious"
#: So many days ago each came to hold, and was stored.
EFFECTIVE: Final = {FORMER: 700, PRESENT: 14}
STORED: Final = {FORMER: 730, PRESENT: 60}


@dataclass(frozen=True, slots=True)
class Filled:
    """What the register holds now: how many of each."""

    objects: int
    reservations: int
    applications: int
    rulesets: int


def fill(db: Database, people: People, lang: Language, now: datetime) -> Filled:
    """Fill the register ``db``, of which the tables are there and empty."""

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    today = now.astimezone(UTC).date()
    _publish(db, FORMER, people, lang, now)
    objects = [*what_lies_there(), *what_it_lies_under()]
    _import(db, objects, people, lang, ago(500))
    reserved = _reserve(db, people, lang, today, ago(400))
    _publish(db, PRESENT, people, lang, now)
    # Filed before the ruleset of today came to hold: judged by the one that held then.
    applications.file(db, asked.power_cable(lang, today), people.power_operator, ago(24))
    _ask_for_data(db, asked.heat_pipe(lang, today), people, lang, ago(12), ago(9))
    applications.file(db, asked.fibre(lang, today), people.fibre_operator, ago(6))
    reservations.file(db, asked.future_trees(lang, today), people.manager, ago(2))
    return Filled(len(objects), reserved + 1, 3, 2)


def ruleset_text(name: str, effective_from: date) -> str:
    """An example ruleset as it would be with another date from which it holds."""
    source = (RULESETS / f"{name}.yaml").read_text(encoding="utf-8")
    dated, count = re.subn(r"(?m)^  effective_from: .*$", f"  effective_from: {effective_from.isoformat()}", source)
    if count != 1:
        raise ValueError(f"{name}.yaml does not name one date from which it holds")
    return dated


def _publish(db: Database, name: str, people: People, lang: Language, now: datetime) -> None:
    effective_from = (now - timedelta(days=EFFECTIVE[name])).date()
    source = ruleset_text(name, effective_from)
    rules, stored = load_ruleset(source, f"{name}.yaml"), now - timedelta(days=STORED[name])
    rulesets.store(db, rules, source, people.policy_officer, stored)
    rulesets.publish(db, rules.id, rules.version, people.second_policy_officer, stored + timedelta(days=5))


def _import(db: Database, objects: list[Object], people: People, lang: Language, when: datetime) -> None:
    digest = sha256([content(one) for one in objects])
    imports.import_objects(db, objects, text("import_name", lang), digest, people.administrator, when)


def _reserve(db: Database, people: People, lang: Language, today: date, when: datetime) -> int:
    found = asked.other_reservations(lang, today)
    for one in found:
        filed = reservations.file(db, one, people.manager, when)
        reservations.accept(
            db,
            one.id,
            people.manager,
            when + timedelta(days=10),
            expected=filed.head.number,
            reason=text("reason_accept", lang),
            document=text("document_council", lang),
        )
    return len(found)


def _ask_for_data(
    db: Database, application: Application, people: People, lang: Language, filed: datetime, asked_on: datetime
) -> None:
    saved = applications.file(db, application, people.heat_operator, filed)
    applications.request_data(
        db,
        application.id,
        people.second_officer,
        asked_on,
        expected=saved.head.number,
        reason=text("reason_data", lang),
    )


def told(filled: Filled) -> Iterable[int]:
    """The numbers of what is there, in the order in which they are told."""
    return filled.objects, filled.reservations, filled.applications, filled.rulesets
