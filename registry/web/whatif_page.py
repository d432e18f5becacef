"""The page of what a version of policy would change: how far it is, what is counted, and of whom what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Request, Response

from registry.core.weighing import Counts, Reached
from registry.formats.problems_told import problem_line
from registry.formats.whatif_told import rests_on, shift_lines, turned
from registry.formats.words import Language
from registry.services import rulesets, whatifs
from registry.services.rulesets import StoredRuleset
from registry.services.whatifs import UNDER_WAY, WhatIf
from registry.web.acts import Act, asking_what_if, cancelling_what_if
from registry.web.addresses import path_of, query
from registry.web.language import language_of
from registry.web.view import page
from registry.web.words import PAGE, at_moment

if TYPE_CHECKING:
    from registry.db import Database

#: So many applications on a page.
ROWS: Final = 50
#: After so long a page of what is under way renews itself, seconds.
_AGAIN: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """An application of which something changes: where it is read, its outcomes, and why."""

    id: str
    link: str
    before: Reached
    after: Reached
    why: tuple[str, ...]


def what_if(db: Database, request: Request, name: str) -> Response:
    """One what-if. ``?of=otherwise`` lists who has the same outcome by other findings, ``?of=past`` who was decided on;
    otherwise who has another outcome."""
    lang = language_of(request)
    found = whatifs.get(db, name)
    stored = rulesets.get(db, found.ruleset_id, found.version)
    words = PAGE[lang]["whatif"]
    of, after = request.args.get("of", ""), request.args.get("after") or None
    past, differs = of == "past", None if of == "past" else of != "otherwise"
    items = whatifs.items(db, name, past=past, differs=differs, after=after, limit=ROWS + 1)
    rows = [
        Row(
            one.application,
            request.script_root + path_of("application", one.application),
            one.outcome_before,
            one.outcome_after,
            (*shift_lines(one, stored.ruleset, lang), *(problem_line(problem, lang) for problem in one.problems)),
        )
        for one in items[:ROWS]
    ]
    here = request.script_root + path_of("whatif", name)
    calls: tuple[Act, ...] = ()
    if found.state in UNDER_WAY:
        calls = cancelling_what_if(found.ruleset_id, found.version, name, lang)
    return page(
        request,
        "whatif.html",
        "rulesets",
        title=words["title"].format(id=found.ruleset_id, version=found.version),
        found=found,
        ruleset=stored.ruleset,
        rows=_facts(found, lang),
        again=_AGAIN if found.state in UNDER_WAY else 0,
        counts=found.counts,
        past=found.past if found.past is not None and (found.past.applications or found.untold) else None,
        turns=_turns(found.past if past else found.counts, lang),
        items=rows,
        of=of if of in ("otherwise", "past") else "differing",
        links={
            "differing": here,
            "otherwise": here + query(of="otherwise"),
            "past": here + query(of="past"),
        },
        first=here + query(of=of) if after else "",
        next=here + query(of=of, after=rows[-1].id) if len(items) > ROWS else "",
        calls=calls,
    )


def newest_of(db: Database, one: StoredRuleset, root: str, lang: Language) -> dict[str, str]:
    """Where the page of the newest what-if of a version is, and what the version rests on, in words."""
    listed = whatifs.listed(db, one.ruleset.id, one.ruleset.version)
    told = rests_on(one.whatif_state, one.whatif, lang)
    if not listed:
        return {"link": "", "text": told[:1].upper() + told[1:]}
    chosen = one.whatif[0] if one.whatif is not None else listed[0].id
    return {"link": root + path_of("whatif", chosen), "text": told[:1].upper() + told[1:]}


def asking(one: StoredRuleset, lang: Language) -> tuple[Act, ...]:
    """The call that asks what a version changes."""
    return asking_what_if(one.ruleset.id, one.ruleset.version, lang)


def _facts(found: WhatIf, lang: Language) -> list[tuple[str, str]]:
    words = PAGE[lang]["whatif"]
    said = {"cancelled": found.cancelled_by, "failed": found.error}.get(found.state) or "–"
    state = words[found.state].format(by=said, error=said)
    changes = ""
    if found.changes is not None:
        changes = words["some_changes"].format(count=found.changes) if found.changes else words["no_changes"]
    return [
        (words["state"], state),
        (words["asked"], f"{at_moment(found.asked_at, lang)}, {found.asked_by}"),
        (words["finished"], at_moment(found.finished_at, lang) if found.finished_at is not None else ""),
        (words["changes"], changes),
    ]


def _turns(counts: Counts | None, lang: Language) -> list[tuple[str, int]]:
    return [] if counts is None else [(turned(turn, lang), count) for turn, count in counts.turns.items()]
