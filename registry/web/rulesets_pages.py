"""The pages about policy: every version, and the text of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Request, Response
from markupsafe import Markup, escape

from registry.core.errors import Problem, Refused, visible
from registry.services import rulesets as policy
from registry.web.acts import publishing
from registry.web.language import language_of
from registry.web.view import page
from registry.web.words import PAGE, at_moment, on_day

if TYPE_CHECKING:
    from registry.db import Database


def rulesets(db: Database, request: Request) -> Response:
    """Every version of policy in the register."""
    return page(request, "rulesets.html", "rulesets", rows=policy.listed(db))


def ruleset(db: Database, request: Request, name: str) -> Response:
    """One version and its text; without ``?version=`` the last one stored."""
    lang = language_of(request)
    version = request.args.get("version")
    if version is None:
        stored = [one for one in policy.listed(db) if one.ruleset.id == name]
        if not stored:
            raise Refused(Problem("not_found", "there is no such ruleset", "Look it up in the list.", "id", name))
        version = max(stored, key=lambda one: one.stored_at).ruleset.version
    one = policy.get(db, name, version)
    words, rules = PAGE[lang], one.ruleset
    published = words["rulesets"]["unpublished"]
    if one.published_at is not None:
        published = f"{at_moment(one.published_at, lang)}, {one.published_by}"
    rows = (
        (words["column"]["id"], rules.id),
        (words["column"]["version"], rules.version),
        (words["rulesets"]["municipality"], rules.municipality),
        (words["column"]["effective"], on_day(rules.effective_from, lang)),
        (words["rulesets"]["judged_by"], words["judged_by"][rules.judged_by]),
        (words["column"]["published"], published),
        (words["column"]["stored"], f"{at_moment(one.stored_at, lang)}, {one.stored_by}"),
        ("sha256", rules.sha256),
    )
    # Of the text each line stays a line; within one nothing is hidden.
    lines = one.source_text.replace("\r\n", "\n").split("\n")
    text = Markup("\n").join(escape(visible(line.expandtabs())) for line in lines)
    title = rules.title_nl if lang == "nl" else rules.title_en
    calls = () if one.published_at is not None else publishing(rules.id, rules.version, lang)
    return page(request, "ruleset.html", "rulesets", title=title, rows=rows, text=text, calls=calls)
