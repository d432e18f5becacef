"""The pages about policy: every version, what one says, and what differs from another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from flask import Request, Response
from markupsafe import Markup, escape

from registry.core.errors import Problem, Refused, visible
from registry.formats.ruleset_changes import changes_told
from registry.formats.ruleset_document import Fact, ruleset_document
from registry.formats.words import Language
from registry.services import rulesets as policy
from registry.services.rulesets import StoredRuleset
from registry.web.acts import publishing
from registry.web.addresses import path_of, query
from registry.web.language import language_of
from registry.web.view import page
from registry.web.whatif_page import asking, newest_of
from registry.web.words import PAGE, at_moment

if TYPE_CHECKING:
    from registry.db import Database


def rulesets(db: Database, request: Request) -> Response:
    """Every version of policy in the register."""
    return page(request, "rulesets.html", "rulesets", rows=policy.listed(db))


def ruleset(db: Database, request: Request, name: str) -> Response:
    """One version as a document, with its text; without ``?version=`` the last one stored. With ``?since=`` what
    differs from that version."""
    lang = language_of(request)
    version = request.args.get("version")
    if version is None:
        stored = [one for one in policy.listed(db) if one.ruleset.id == name]
        if not stored:
            raise Refused(Problem("not_found", "there is no such ruleset", "Look it up in the list.", "id", name))
        version = max(stored, key=lambda one: one.stored_at).ruleset.version
    one = policy.get(db, name, version)
    if since := request.args.get("since"):
        return _differences(request, policy.get(db, name, since), one)
    words, rules = PAGE[lang], one.ruleset
    published = words["rulesets"]["unpublished"]
    if one.published_at is not None:
        published = f"{at_moment(one.published_at, lang)}, {one.published_by}"
    document, sources = ruleset_document(rules, lang), {source.id for source in rules.sources}
    rows = [
        (words["column"]["id"], rules.id),
        (words["column"]["version"], rules.version),
        (words["column"]["published"], published),
        (words["column"]["stored"], f"{at_moment(one.stored_at, lang)}, {one.stored_by}"),
        *_told(document.facts, sources),
    ]
    # Of the text each line stays a line; within one nothing is hidden.
    lines = one.source_text.replace("\r\n", "\n").split("\n")
    text = Markup("\n").join(escape(visible(line.expandtabs())) for line in lines)
    before = policy.before(db, rules)
    differs = None
    if before is not None:
        link = request.script_root + path_of("ruleset", rules.id)
        link += query(version=rules.version, since=before.ruleset.version)
        differs = {"link": link, "text": words["rulesets"]["differences"].format(version=before.ruleset.version)}
    listed = [stored.ruleset for stored in policy.listed(db) if stored.ruleset.id == rules.id]
    return page(
        request,
        "ruleset.html",
        "rulesets",
        title=_title(one, lang),
        rows=rows,
        text=text,
        calls=() if one.published_at is not None else (*asking(one, lang), *publishing(rules.id, rules.version, lang)),
        what_if=newest_of(db, one, request.script_root, lang),
        document=document,
        sources=sources,
        told=_told,
        capital=_capital,
        differs=differs,
        versions=[other for other in listed if other.version != rules.version],
    )


def _differences(request: Request, before: StoredRuleset, after: StoredRuleset) -> Response:
    lang = language_of(request)
    groups: dict[str, list[str]] = {}
    for change in changes_told(before.ruleset, after.ruleset, lang):
        groups.setdefault(change.heading, []).append(change.text)
    versions = {"before": before.ruleset.version, "after": after.ruleset.version}
    return page(
        request,
        "ruleset_differences.html",
        "rulesets",
        title=_title(after, lang),
        from_to=PAGE[lang]["rulesets"]["from_to"].format(**versions),
        groups=list(groups.items()),
        both=[after.ruleset, before.ruleset],
    )


def _title(stored: StoredRuleset, lang: Language) -> str:
    return stored.ruleset.title_nl if lang == "nl" else stored.ruleset.title_en


def _told(facts: Iterable[Fact], sources: Collection[str] = ()) -> list[tuple[str, str]]:
    """Facts as rows; what can be read elsewhere, or is one of the sources below, as a link."""
    return [(_capital(fact.name), _link(fact) if fact.link else _of_source(fact.value, sources)) for fact in facts]


def _of_source(value: str, sources: Collection[str]) -> str:
    return Markup('<a href="#source-{0}">{0}</a>').format(value) if value in sources else value


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _link(fact: Fact) -> Markup:
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(visible(fact.link), visible(fact.value))
