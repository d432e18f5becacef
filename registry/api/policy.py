"""What a version of policy says: as a document, what differs from another, and what in a text is hardly meant."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link
from registry.api.operation import Call, Operation, operation
from registry.api.problems import faulty
from registry.api.reading import YAML, Body
from registry.api.showing import dump
from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_changes import changes_told
from registry.formats.ruleset_document import document_plain, ruleset_document
from registry.formats.ruleset_lint import lint
from registry.formats.words import Language
from registry.services import rulesets
from registry.services.rulesets import StoredRuleset
from schemas import queries

blueprint: Final = Blueprint("policy", __name__, url_prefix="/v1", description="What versions of policy say.")
_ONE: Final = "/rulesets/<id:ruleset_id>/versions/<id:version>"


@operation(
    blueprint,
    "GET",
    f"{_ONE}/document",
    Operation("readRuleset", "rulesets", {200: "RulesetDocument"}, query=queries.LanguageSchema()),
)
def document(call: Call, ruleset_id: str, version: str) -> Answer:
    """Read a version as a document: each rule with what it asks and on what ground, and what every number rests on."""
    stored = rulesets.get(call.db, ruleset_id, version)
    plain = document_plain(ruleset_document(stored.ruleset, call.query["lang"]))
    return Answer(200, dump("RulesetDocument", plain | {"links": _links(call, stored, "readRuleset")}))


@operation(
    blueprint,
    "GET",
    f"{_ONE}/differences",
    Operation(
        "compareRulesets", "rulesets", {200: "Differences"}, query=queries.ComparedWithSchema(), misses=True
    ),
)
def differences(call: Call, ruleset_id: str, version: str) -> Answer:
    """Tell in words what differs from another version to this one; from the version before it where none is named."""
    after = rulesets.get(call.db, ruleset_id, version)
    before = _compared_with(call, after)
    lang: Language = call.query["lang"]
    told = [
        {"part": one.part, "name": one.name, "what": one.what, "heading": one.heading, "text": one.text}
        for one in changes_told(before.ruleset, after.ruleset, lang)
    ]
    shown = {
        "before": _identity(before.ruleset),
        "after": _identity(after.ruleset),
        "lang": lang,
        "changes": told,
        "links": _links(call, after, "compareRulesets"),
    }
    return Answer(200, dump("Differences", shown))


@operation(
    blueprint,
    "POST",
    "/rulesets/_lint",
    Operation(
        "lintRuleset",
        "rulesets",
        {200: "Linted"},
        Body("RulesetText", "ruleset", types=(YAML,)),
        query=queries.LanguageSchema(),
        roles=("policy_officer",),
        conflicts=True,
    ),
)
def linted(call: Call) -> Answer:
    """Look over a ruleset that is not stored: 400 with every fault and its place, 409 where examples come out otherwise
    than they say, else what in it is hardly meant. Nothing is kept."""
    ruleset, text = call.body
    lang: Language = call.query["lang"]
    found = lint(text)
    if found.faults:
        raise Refused(list(found.faults))
    warnings = [_warning(problem, lang) for problem in found.warnings]
    return Answer(200, dump("Linted", {"ruleset": _identity(ruleset), "warnings": warnings}))


def _compared_with(call: Call, after: StoredRuleset) -> StoredRuleset:
    """The version that is named, or the one before. Raises ``Faulty`` where there is neither."""
    name, version = call.query.get("from_ruleset", after.ruleset.id), call.query.get("from_version")
    if version is not None:
        return rulesets.get(call.db, name, version)
    if "from_ruleset" in call.query:
        raise faulty("query", Problem("missing", "a ruleset without a version", "Add fromVersion.", "fromVersion"))
    before = rulesets.before(call.db, after.ruleset)
    if before is None:
        remedy = "Name what to compare it with, as fromVersion (and fromRuleset)."
        raise faulty("query", Problem("missing", "there is no version before this one", remedy, "fromVersion"))
    return before


def _links(call: Call, stored: StoredRuleset, operation_id: str) -> dict[str, str]:
    named = {"ruleset_id": stored.ruleset.id, "version": stored.ruleset.version}
    links = {"self": link(operation_id, **named), "ruleset": link("getRuleset", **named)}
    before = rulesets.before(call.db, stored.ruleset)
    if before is not None:
        links["before"] = link("readRuleset", ruleset_id=before.ruleset.id, version=before.ruleset.version)
        links["differences"] = link("compareRulesets", **named)
    return links


def _identity(ruleset: Ruleset) -> dict[str, str]:
    return {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256}


def _warning(problem: Problem, lang: Language) -> dict[str, Any]:
    return {
        "line": problem.line,
        "column": problem.column,
        "location": problem.field,
        "detail": problem.detail,
        "remedy": problem.remedy,
        "value": problem.value or None,
        "told": problem_line(problem, lang),
    }
