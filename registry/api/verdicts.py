"""Verdicts as they were given, with all they rest on, and what one would be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask_smorest import Blueprint

from registry.api.answers import Answer
from registry.api.operation import Call, Operation, operation
from registry.api.problems import faulty
from registry.api.reading import GEO_JSON, JSON, TEXT, Body, the_application
from registry.api.showing import dump, show_effects, show_verdict
from registry.core.errors import Problem
from registry.core.lifecycle import ROLES
from registry.formats.bundle import write_bundle
from registry.formats.transition_told import transition_line
from registry.formats.verdict_text import Report, verdict_text
from registry.services import checking, rulesets, transitions, verdicts
from schemas import queries

blueprint: Final = Blueprint(
    "verdicts", __name__, url_prefix="/v1", description="The machine's advice, and what it rests on."
)
_ONE: Final = "/verdicts/<id:sha256>"
_READ: Final = Operation("getVerdict", "verdicts", {200: "GivenVerdict"})


@operation(blueprint, "GET", _ONE, _READ)
def get(call: Call, sha256: str) -> Answer:
    """Read a verdict by its hash."""
    found = verdicts.get(call.db, sha256)
    return Answer(200, show_verdict(found, transitions.transition(call.db, found, call.now)))


@operation(blueprint, "GET", f"{_ONE}/bundle", replace(_READ, id="getBundle", answers={200: "Bundle"}))
def bundle(call: Call, sha256: str) -> Answer:
    """Read a verdict with every object it rests on: `registry verify` recomputes it from that."""
    found = verdicts.get(call.db, sha256)
    return Answer(200, write_bundle(found.application, found.ruleset, found.verdict))


@operation(
    blueprint,
    "GET",
    f"{_ONE}/report",
    replace(_READ, id="getReport", answers={200: "Report"}, query=queries.LanguageSchema(), produces=(TEXT,)),
)
def report(call: Call, sha256: str) -> Answer:
    """Read a verdict in sentences."""
    found = verdicts.get(call.db, sha256)
    verdict, lang = found.verdict, call.query["lang"]
    other = transitions.transition(call.db, found, call.now)
    told = Report(
        found.application,
        found.ruleset,
        verdict.outcome,
        verdict.findings,
        verdict.relations,
        verdict.basis,
        verdict.sha256,
        results=verdict.results,
        transition=""
        if other is None
        else transition_line(found.ruleset, other.ruleset, other.since, other.decided_on, lang),
    )
    return Answer(200, verdict_text(told, lang, colour=False) + "\n", TEXT)


@operation(
    blueprint,
    "POST",
    "/what-ifs",
    Operation(
        "askWhatIf",
        "verdicts",
        {200: "WhatIf"},
        Body("Exchange", "exchange", types=(GEO_JSON, JSON), limit="filing"),
        query=queries.NamedRulesetSchema(),
        roles=ROLES,
        conflicts=True,
        misses=True,
    ),
)
def what_if(call: Call) -> Answer:
    """Judge an application without filing it, by the ruleset in force or the one that is named. Nothing is kept."""
    wanted = the_application(call.body)
    named = [call.query.get(key) for key in ("ruleset", "version")]
    if named.count(None) == 1:
        remedy = "Add the other, or leave both out."
        problem = Problem("missing", "a ruleset is named by both", remedy, "ruleset, version")
        raise faulty("query", problem)
    ruleset = rulesets.get(call.db, *map(str, named)).ruleset if named[0] is not None else None
    verdict = checking.what_if(call.db, wanted, call.now, ruleset=ruleset)
    if ruleset is None:
        by = verdict.document["ruleset"]
        ruleset = rulesets.get(call.db, by["id"], by["version"]).ruleset  # type: ignore[index]
    shown = {"sha256": verdict.sha256, "verdict": verdict.document, "effects": show_effects(ruleset, verdict)}
    return Answer(200, dump("WhatIf", shown))
