"""What a version of policy would change for ten thousand applications, beside checking them one by one.

A made-up city in a register of its own: streets of six mains, and many short applications, each judged as the register
judges. Then one cell of the matrix changes. What is told is held against judging every one again, by outcome and by
finding; and how long it takes, per application, against single checks through the service.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from registry.core.index import compile_all
from registry.core.model import Application, Asset, Line, Part, Size, Uncertainty
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import judge
from registry.core.weighing import Report, reported
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import checking, rulesets
from registry.services.actors import Actor
from registry.services.whatif import weigh
from registry.store import objects, schema
from tests.bench.measure import Measurement, progress
from tests.bench.setting import Setting

FIGURES: Final = ("whatif_vs_one_by_one",)
ROOT: Final = Path(__file__).resolve().parents[2]
NOW: Final = datetime(2027, 6, 1, 12, tzinfo=UTC)
_LOADER: Final = Actor("loader", "bench", "administrator")
_CORNER: Final = (84_000_000, 436_000_000)
#: From one street to the next, and how long one is, mm.
_PITCH: Final = 60_000
_LENGTH: Final = 400_000
#: Of each main: theme, how far beside the middle of the street, how deep its axis, its diameter, mm.
_MAINS: Final = (
    ("datatransport", -5_500, -600, 100), ("laagspanning", -4_500, -700, 60), ("gasLageDruk", -3_000, -900, 160),
    ("water", -1_500, -1_100, 200), ("rioolVrijverval", 500, -2_300, 500), ("warmte", 2_500, -1_200, 315),
)  # fmt: skip
#: So many are checked one by one, to know how long one takes.
_SINGLE: Final = 300


def measure(setting: Setting) -> Iterator[Measurement]:
    """Milliseconds for each application: of one what-if over all of them, and of a single check."""
    count = 120 if setting.smoke else 10_000
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/register.db")
        try:
            yield from _measured(db, count, setting)
        finally:
            db.close()


def _measured(db: Database, count: int, setting: Setting) -> Iterator[Measurement]:
    compile_all()
    rules = _rules()
    applications = fill(db, rules, count)
    draft = _changed(rules)
    progress(f"what-if: {count} applications, by one changed cell")
    start = time.perf_counter()
    found = _report(db, draft, reuse=True)
    taken = time.perf_counter() - start
    progress("what-if: the same, judging all again")
    start = time.perf_counter()
    whole = _report(db, draft, reuse=False)
    all_taken = time.perf_counter() - start
    if found.items != whole.items or found.counts.outcomes != whole.counts.outcomes:
        setting.wrong.append("what-if: what is told is not what judging all again tells")
    single = applications[:: max(1, count // (20 if setting.smoke else _SINGLE))]
    progress(f"what-if: {len(single)} single checks")
    start = time.perf_counter()
    for application in single:
        checking.what_if(db, application, NOW, ruleset=draft)
    alone = (time.perf_counter() - start) / len(single)
    kept = found.counts.kept
    yield Measurement(
        FIGURES[0], 1000 * taken / count, "ms", 1000 * alone, None if setting.smoke else 20.0,
        against="a single check of each",
        told=f"{count} applications, {kept} of them not judged again; {len(found.items)} change, "
        f"{found.counts.differing} in outcome; the same as judging all again",
    )  # fmt: skip
    yield Measurement("what-if, judging all again", 1000 * all_taken / count, "ms", 1000 * alone)


def _report(db: Database, draft: Ruleset, reuse: bool) -> Report:
    with db.read() as session:
        return reported(weigh(session, draft, NOW, reuse=reuse))


def fill(db: Database, rules: Ruleset, count: int) -> list[Application]:
    """A register with that policy in force and so many applications, each with the verdict it has by it."""
    schema.upgrade(db)
    writer, publisher = (Actor(name, "bench", "policy_officer") for name in ("writer", "publisher"))
    rulesets.store(db, rules, "as text", writer, NOW)
    rulesets.publish(db, rules.id, rules.version, publisher, NOW)
    rng = random.Random(7)
    streets = max(2, count // 12)
    progress(f"what-if: {streets} streets and {count} applications into a register")
    assets = [
        _asset(street, k, main) for street in range(streets) for k, main in enumerate(_MAINS)
    ]
    made = [_application(rng, k, k % streets) for k in range(count)]
    with db.write() as session:
        objects.revise_all(session, assets, state="present", action="load", actor=_LOADER, now=NOW)
        objects.revise_all(session, made, state="checking", action="load", actor=_LOADER, now=NOW)
    progress("what-if: judging all, as the register does")
    _judge(db, rules, [one.id for one in made])
    return made


def _judge(db: Database, rules: Ruleset, ids: list[str]) -> None:
    """Give each the verdict that a check gives; many in one transaction, which a check does not."""
    for first in range(0, len(ids), 200):
        read = []
        with db.read() as session:
            for head in objects.by_names(session, {("application", id_) for id_ in ids[first : first + 200]}):
                read.append((head, checking.read_for(session, head, NOW)))
        judged = [(head, one, judge(one.application, one.around.objects, rules)) for head, one in read]
        with db.write() as session:
            for head, one, verdict in judged:
                kept = checking.save_verdict(session, head, one, verdict, NOW, None)
                objects.set_verdict(session, head.id, kept)


def _rules() -> Ruleset:
    document: Any = deepcopy(load_ruleset(ROOT / "examples" / "rulesets" / "cautious.yaml").document)
    document["ruleset"]["effective_from"] = "2026-01-01"
    document.pop("examples", None)
    return ruleset_from_document(document)


def _changed(rules: Ruleset) -> Ruleset:
    """The same with 0.60 m along a parallel run of telecom and drinking water instead of 0.50."""
    document: Any = deepcopy(rules.document)
    document["ruleset"]["version"] = "9.0.0"
    matrix = next(rule for rule in document["rules"] if rule["kind"] == "separation")
    cell = next(one for one in matrix["cells"] if set(one["between"]) == {"datatransport", "water"})
    cell["parallel"]["ch"] += 100
    return ruleset_from_document(document)


def _line(x: int, y: int, length: int, level: int, width: int) -> Line:
    step = 40_000
    points = [*range(0, length, step), length]
    size = Size("round", "outer", width, width)
    return Line(tuple((x + along, y) for along in points), (level,) * len(points), "axis", "nap", size)


def _asset(street: int, number: int, main: tuple[str, int, int, int]) -> Asset:
    theme, beside, level, width = main
    line = _line(_CORNER[0], _CORNER[1] + street * _PITCH + beside, _LENGTH, level, width)
    return Asset(f"main-{street}-{number}", theme, "line", line, f"holder of {theme}", Uncertainty(50, 50))


def _application(rng: random.Random, number: int, street: int) -> Application:
    """A line of 10 to 40 m along a street, at a place of its own."""
    theme, _, level, width = rng.choice(_MAINS)
    x = _CORNER[0] + rng.randrange(0, _LENGTH - 60_000)
    y = _CORNER[1] + street * _PITCH + rng.randrange(-7_000, 7_000)
    line = _line(x, y, rng.randrange(10_000, 40_000), level - rng.randrange(0, 800), width)
    return Application(f"A-{number:05}", f"applicant {number % 50}", "permit", (Part("p", theme, "line", line),))
