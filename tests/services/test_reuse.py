"""Of whom a version of policy is told to change nothing, judging again says the same; whatever the numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import OBJECT_KINDS, Application, Asset, Part
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import Verdict
from registry.core.weighing import reported
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import checking, imports
from registry.services.reuse import unchanged
from registry.services.whatif import weigh
from registry.store import objects
from registry.store.standing import documents
from tests.core.building import part
from tests.databases import sqlite_copy
from tests.golden.golden_cases import FOLDER
from tests.services.making import ADMINISTRATOR, application, asset, pipe, publish
from tests.services.scenes import NOW, Stated, golden, put, street

OPEN = ("received", "incomplete", "checking", "checked")
_THEMES = ("rioolVrijverval", "warmte", "water", "laagspanning", "gasLageDruk", "middenspanning", "hoogspanning")
Plain = dict[str, Any]


def base(measured_from: str = "envelope") -> Ruleset:
    """The golden ruleset with what is assumed, and more cells: of object kinds, and of a theme with itself."""
    document = deepcopy(load_ruleset(FOLDER / "ruleset-assumed.yaml").document)
    matrix = rule_of(document, "separation")
    matrix["measured_from"] = measured_from
    matrix["cells"] += [
        cell(["warmte", "rioolVrijverval/manhole"], (500, None)),
        cell(["laagspanning", "water"], (300, 100), (900, 400)),
        cell(["water", "water"], (100, 100), (400, None)),
    ]
    rule_of(document, "cover")["cells"] += [
        {"theme": "water", "surface": surface, "minimum": least, "source": "made-up"}
        for surface, least in (("any", 700), ("carriageway", 1_100))
    ]
    return ruleset_from_document(document)


def rule_of(document: Any, kind: str) -> Plain:
    found: Plain = next(rule for rule in document["rules"] if rule["kind"] == kind)
    return found


def cell(between: list[str], crossing: tuple[int, int | None], parallel: tuple[int, int | None] | None = None) -> Plain:
    def asked(numbers: tuple[int, int | None]) -> Plain:
        return {"ch": numbers[0], "cv": "any_depth" if numbers[1] is None else numbers[1]}

    given = {"between": between, "source": "made-up", "crossing": asked(crossing)}
    return given | ({} if parallel is None else {"parallel": asked(parallel)})


def varied(given: Ruleset, rng: random.Random) -> Ruleset:
    """The same with another number or so, or another cell, or weighed otherwise."""
    while True:
        document: Any = deepcopy(given.document)
        document["ruleset"]["version"] = "2.0.0"
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            _vary(document, rng)
        try:
            return ruleset_from_document(document)
        except Refused:
            continue  # two cells for one pair, or so


def _vary(document: Any, rng: random.Random) -> None:
    matrix, cover, reserved = (rule_of(document, kind) for kind in ("separation", "cover", "reserved_space"))
    what = rng.choice(("number", "number", "number", "parallel", "new", "gone", "cover", "weight", "otherwise"))
    chosen = rng.choice(matrix["cells"]) if matrix["cells"] else matrix["otherwise"]
    if what == "otherwise":
        chosen, what = matrix["otherwise"], rng.choice(("number", "parallel"))
    if what == "number":
        asked = rng.choice([chosen[key] for key in ("crossing", "parallel") if key in chosen])
        if rng.random() < 0.5:
            asked["ch"] = max(0, asked["ch"] + rng.choice((-300, -50, -1, 1, 50, 400, 2_000)))
        else:
            asked["cv"] = rng.choice((0, 1, 99, 150, 199, 201, 500, "any_depth"))
    elif what == "parallel":
        if chosen.pop("parallel", None) is None:
            chosen["parallel"] = {"ch": rng.choice((200, 600, 1_500)), "cv": rng.choice((100, "any_depth"))}
    elif what == "new":
        sides = [rng.choice(_THEMES) + rng.choice(("", "", f"/{rng.choice(OBJECT_KINDS)}")) for _ in range(2)]
        matrix["cells"].append(cell(sorted(sides), (rng.choice((0, 150, 700)), rng.choice((100, None)))))
    elif what == "gone" and matrix["cells"]:
        matrix["cells"].remove(rng.choice(matrix["cells"]))
    elif what == "cover":
        rng.choice(cover["cells"])["minimum"] = rng.choice((0, 699, 701, 1_000, 1_500))
    elif what == "weight" and rng.random() < 0.5:
        rng.choice((matrix, cover, reserved))["severity"] = rng.choice(("blocks", "conditions", "advises"))
    elif what == "weight":
        reserved["by_strength"][rng.choice(("option", "planned"))] = rng.choice(("blocks", "advises"))


@pytest.fixture(scope="module", params=["envelope", "casing"])
def judged(
    request: pytest.FixtureRequest, sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Ruleset]]:
    """All golden cases and some made-up streets in one register, each open application judged by ``base``."""
    rules = base(request.param)
    db = Database(sqlite_copy(sqlite_template, tmp_path_factory.mktemp("judged")))
    publish(db, rules)
    put(db, golden())
    put(db, _of_kinds(street(5), random.Random(5)))
    for id_ in ids_of(db):
        try:
            checking.check(db, id_, NOW)
        except Refused:
            continue
    yield db, rules
    db.close()


def _of_kinds(stated: Stated, rng: random.Random) -> Stated:
    """The same, some of what lies there being of other kinds."""
    return [
        (replace(value, object_kind=rng.choice(OBJECT_KINDS)), state)
        if isinstance(value, Asset) and rng.random() < 0.3
        else (value, state)
        for value, state in stated
    ]


def ids_of(db: Database) -> list[str]:
    with db.read() as session:
        return [head.id for head in objects.heads(session, "application", state=OPEN, limit=None)]


def kept_by(db: Database, rules: Ruleset) -> dict[str, str]:
    """Of whom nothing changes, with the outcome."""
    with db.read() as session:
        found = unchanged(session, rules, ids_of(db), lambda: None)
    return {id_: one.outcome for id_, one in found.items()}


def judged_by(db: Database, id_: str, rules: Ruleset) -> Verdict:
    with db.read() as session:
        head = objects.head(session, "application", id_)
    assert head is not None
    assert isinstance(head.value, Application)
    return checking.what_if(db, head.value, NOW, ruleset=rules)


def require_kept(db: Database, rules: Ruleset, kept: dict[str, str]) -> None:
    """Each of these gets the outcome and the findings that it has."""
    with db.read() as session:
        before = documents(session, kept)
    for id_, outcome in kept.items():
        after = judged_by(db, id_, rules)
        assert after.outcome == outcome, id_
        assert after.document["findings"] == before[id_]["findings"], id_


@pytest.mark.parametrize("seed", range(3))
def test_who_is_kept_would_be_judged_the_same(judged: tuple[Database, Ruleset], seed: int) -> None:
    db, rules = judged
    rng = random.Random(seed)
    for _ in range(2):
        after = varied(rules, rng)
        require_kept(db, after, kept_by(db, after))


def test_most_are_kept_where_one_cell_changes(judged: tuple[Database, Ruleset]) -> None:
    db, rules = judged
    document: Any = deepcopy(rules.document)
    cells = rule_of(document, "separation")["cells"]
    next(one for one in cells if one["between"] == ["laagspanning", "water"])["crossing"]["ch"] = 301
    after = ruleset_from_document(document)
    kept = kept_by(db, after)
    # Many of them lie in a made-up street, across all there is.
    assert len(kept) > 0.7 * len(ids_of(db))
    require_kept(db, after, kept)


def test_all_are_kept_where_only_words_change(judged: tuple[Database, Ruleset]) -> None:
    db, rules = judged
    document: Any = deepcopy(rules.document)
    document["ruleset"]["version"] = "1.0.1"
    document["rules"][0]["citation"]["document"] = "Elsewhere"
    document["rules"][0]["title"]["en"] = "Other words"
    after = ruleset_from_document(document)
    kept = kept_by(db, after)
    with db.read() as session:
        assert kept.keys() == documents(session, ids_of(db)).keys()
    require_kept(db, after, kept)


def test_the_whole_is_what_judging_all_again_tells(judged: tuple[Database, Ruleset]) -> None:
    """Outcomes, findings and counts, whoever was not judged again; so it is with the number of processes."""
    db, rules = judged
    document: Any = deepcopy(rules.document)
    cells = rule_of(document, "separation")["cells"]
    next(one for one in cells if one["between"] == ["rioolVrijverval", "warmte"])["crossing"]["ch"] = 1_500
    after = ruleset_from_document(document)
    told = []
    for reuse in (True, False):
        with db.read() as session:
            told.append(reported(weigh(session, after, NOW, reuse=reuse)))
    quick, whole = told
    assert quick.items == whole.items
    assert any(one.differs for one in quick.items)
    assert replace(quick.counts, kept=0) == whole.counts
    assert quick.counts.kept > 0.5 * quick.counts.applications


@pytest.mark.parametrize("entry", ["reach", "joint_radius", "ground_level_within"])
def test_none_is_kept_where_more_than_numbers_of_rules_changes(judged: tuple[Database, Ruleset], entry: str) -> None:
    db, rules = judged
    document: Any = deepcopy(rules.document)
    document["ruleset"][entry] += 1
    assert kept_by(db, ruleset_from_document(document)) == {}


def test_none_is_kept_whose_check_is_still_to_come(ruled: Database) -> None:
    put(ruled, [(application("A-1"), "checking")])
    checking.check(ruled, "A-1", NOW)
    rules = load_ruleset(FOLDER / "ruleset.yaml")
    assert kept_by(ruled, rules) == {"A-1": "fits"}
    imports.import_objects(ruled, [asset("beside", 500)], "beside.geojson", "0" * 64, ADMINISTRATOR, NOW)
    assert kept_by(ruled, rules) == {}
    checking.check(ruled, "A-1", NOW)


def test_one_of_the_same_application_is_no_other(ruled: Database) -> None:
    """Its own parts are asked by their themes, and of it as works of another nothing is asked."""
    def two(name: str, y: int, *themes: str) -> Application:
        parts: list[Part] = [part(f"p{k}", pipe(y + 5_000 * k), theme) for k, theme in enumerate(themes)]
        return application(name, 0, 0, *parts)

    put(ruled, [(two("sewers", 0, "rioolVrijverval", "rioolVrijverval"), "checking"),
                (two("both", 90_000, "rioolVrijverval", "warmte"), "checking")])  # fmt: skip
    for name in ("sewers", "both"):
        checking.check(ruled, name, NOW)
    document: Any = deepcopy(load_ruleset(FOLDER / "ruleset.yaml").document)
    rule_of(document, "separation")["cells"][0]["parallel"]["ch"] = 900
    assert kept_by(ruled, ruleset_from_document(document)).keys() == {"sewers"}
    rule_of(document, "separation")["otherwise"]["crossing"]["ch"] = 100
    after = ruleset_from_document(document)
    kept = kept_by(ruled, after)
    assert kept.keys() == {"sewers"}
    require_kept(ruled, after, kept)
