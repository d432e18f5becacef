"""The page of one application: its term, its verdict, the drawn plan, what was decided and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Request, Response

from registry.core.ground import Ground
from registry.core.lifecycle import OPEN
from registry.core.model import Application, GroundLevel, Thing, Works, Zone, content_sha256
from registry.formats.transition_told import transition_line
from registry.formats.verdict_text import numbered_findings
from registry.formats.words import WORDS, Language
from registry.services import applications, deciding, jobs, transitions, verdicts
from registry.services.days import day_of
from registry.services.transitions import Transition
from registry.services.verdicts import StoredVerdict
from registry.web.acts import acts_on
from registry.web.held import application_in
from registry.web.language import language_of
from registry.web.plan import Marked, Plan, Scene, box_of, plan_of, window_of
from registry.web.reservation_page import around, zones_in
from registry.web.section import Section, section_of
from registry.web.term_told import told_term
from registry.web.told import ToldVerdict, marked, told_verdict
from registry.web.view import page
from registry.web.window import Window
from registry.web.words import PAGE, at_moment, on_day

if TYPE_CHECKING:
    from registry.db import Database

#: How many places are drawn larger, and how many are cut through.
_DETAILS: Final = 6
_SECTIONS: Final = 6
#: mm: what a detail shows around a place, and how many mm there are to a unit where a plan shows enough of itself.
_AROUND: Final = 5_000
_FINE: Final = 40.0
#: mm: how far at most a detail is moved off the place.
_MOVED: Final = 3_000
#: Within the details of findings that need not be drawn apart, units from the edge.
_EDGE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rival:
    """Another open application for the same space, and the findings about it."""

    application: str
    holder: str | None
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is drawn beside a finding."""

    section: Section | None
    detail: Plan | None


def application(db: Database, request: Request, name: str, now: datetime) -> Response:
    """The page of one application."""
    lang = language_of(request)
    head = applications.get(db, name)
    value = application_in(head)
    revisions = applications.history(db, name)
    stored = verdicts.standing(db, name)
    other = None if stored is None else transitions.transition(db, stored, now)
    told = None if stored is None else told_verdict(stored, lang)
    extended = any(revision.action == "extend" for revision in revisions)
    newest = jobs.newest_check(db, name)
    parked = newest.error or "–" if newest is not None and newest.state == "parked" else ""
    plan, figures = _drawings(db, value, stored)
    words = PAGE[lang]
    return page(
        request,
        "application.html",
        "applications",
        head=head,
        # Once it is decided on or withdrawn, no term runs any more.
        term=told_term(applications.clock(db, name), day_of(now), lang, extended) if head.state in OPEN else None,
        parked=parked,
        waiting=newest is not None and newest.state in ("queued", "running"),
        told=told,
        basis_facts=_against(stored, told, lang, other),
        plan=plan,
        figures=figures,
        groups=tuple(dict.fromkeys(one.group for one in told.findings)) if told is not None else (),
        rivals=tuple(_rivals(stored, told)),
        rows=(
            (words["column"]["id"], head.id),
            (words["column"]["applicant"], value.applicant),
            (words["column"]["filed_on"], on_day(value.filed_on, lang)),
            (words["application"]["received"], at_moment(head.created_at, lang)),
            (words["application"]["works_start"], on_day(value.works_start, lang)),
        ),
        decisions=deciding.decisions(db, name),
        calls=acts_on("application", head.state, name, lang, value.regime, parked=bool(parked)),
        revisions=revisions,
        sha256="" if stored is None else stored.verdict.sha256,
        earlier=verdicts.earlier(db, name),
        hashes=() if stored is None else _hashes(stored, lang),
        basis=() if stored is None else tuple((o.kind, o.id, content_sha256(o)) for o in stored.verdict.basis),
    )


def _against(
    stored: StoredVerdict | None, told: ToldVerdict | None, lang: Language, other: Transition | None
) -> tuple[tuple[str, str], ...]:
    if stored is None or told is None:
        return ()
    words, rules = WORDS[lang]["text"], stored.ruleset
    title = rules.title_nl if lang == "nl" else rules.title_en
    passing: tuple[tuple[str, str], ...] = ()
    if other is not None:
        line = transition_line(rules, other.ruleset, other.since, other.decided_on, lang)
        passing = ((WORDS[lang]["transition"]["label"], line),)
    return (
        (words["ruleset"], f"{title} ({rules.id} {rules.version})"),
        (
            PAGE[lang]["rulesets"]["judged_by"],
            PAGE[lang]["application"]["why_ruleset"].format(
                day=PAGE[lang]["judged_by"][rules.judged_by], since=on_day(rules.effective_from, lang)
            ),
        ),
        *passing,
        (words["basis"], told.compared),
        (words["tightest"], told.tightest),
        (PAGE[lang]["application"]["judged"], at_moment(stored.judged_at, lang)),
    )


def _hashes(stored: StoredVerdict, lang: Language) -> tuple[tuple[str, str], ...]:
    words, rules = PAGE[lang]["application"], stored.ruleset
    return (
        (WORDS[lang]["text"]["hash"], stored.verdict.sha256),
        (words["application_hash"], content_sha256(stored.application)),
        (words["ruleset_hash"], f"{rules.sha256} ({rules.id} {rules.version})"),
        (words["revision_judged"], str(stored.application_number)),
    )


def _rivals(stored: StoredVerdict | None, told: ToldVerdict | None) -> Iterator[Rival]:
    """The other applications among what the verdict rests on that are still open."""
    if stored is None or told is None:
        return
    rivals = [item for item in stored.verdict.basis if isinstance(item, Works) and item.state == "open"]
    for name in dict.fromkeys(rival.application for rival in rivals):
        ids = {rival.id for rival in rivals if rival.application == name}
        numbers = [
            one.number
            for one in told.findings
            if any(c.kind == "works" and c.id in ids for c in one.finding.counterparts)
        ]
        yield Rival(name, next(rival.holder for rival in rivals if rival.application == name), tuple(numbers))


def _drawings(db: Database, value: Application, stored: StoredVerdict | None) -> tuple[Plan, dict[int, Figures]]:
    """The plan of the whole; and by the number of a finding the section through its place, and a larger plan of it
    where the whole is too small to see it in."""
    if stored is None:
        window = window_of(value.parts)
        things, zones = around(db, window, ("", ""), (value.kind, value.id))
        return plan_of(Scene([*things, *value.parts], zones), window), {}
    verdict, parts = stored.verdict, stored.application.parts
    things = [*(item for item in verdict.basis if isinstance(item, Thing)), *parts]
    marks = marked(verdict, parts)
    named = frozenset((c.kind, c.id) for finding in verdict.findings for c in finding.counterparts)
    window = window_of(parts, [mark.place for mark in marks])
    # Where no rule looked at zones the verdict has none: those of today are a background all the same.
    zones = [item for item in verdict.basis if isinstance(item, Zone)] or zones_in(db, window)
    scene = Scene(things, zones, marks, named)
    plan = plan_of(scene, window)
    details = dict(_details(scene)) if 1 / plan.window.scale > _FINE else {}
    sections = dict(_sections(stored, things))
    numbers = sorted({*details, *sections})
    return plan, {number: Figures(sections.get(number), details.get(number)) for number in numbers}


def _details(scene: Scene) -> Iterator[tuple[int, Plan]]:
    """Larger plans of the places of findings; one for those that lie together, under the first number."""
    windows: list[Window] = []
    for mark in scene.marked:
        if len(windows) < _DETAILS and not any(_well_within(window, mark.place) for window in windows):
            windows.append(Window.on(box_of([], [_middle(mark)]), _AROUND))
            yield mark.number, plan_of(scene, windows[-1])


def _middle(mark: Marked) -> tuple[int, int]:
    """Where a detail is centred: at the place, moved towards the rest of its stretch, of which it may be an end."""
    x, y = mark.place
    if not mark.stretches:
        return x, y
    line = max(mark.stretches, key=len)
    aside = [(px - x, py - y) for px, py in (line[0], line[-1])]
    dx, dy = (max(-_MOVED, min(_MOVED, sum(way[k] for way in aside) // 2)) for k in (0, 1))
    return x + dx, y + dy


def _well_within(window: Window, place: tuple[int, int]) -> bool:
    x, y = window.at(place)
    return _EDGE <= x <= window.width - _EDGE and _EDGE <= y <= window.height - _EDGE


def _sections(stored: StoredVerdict, things: Sequence[Thing]) -> Iterator[tuple[int, Section]]:
    """Sections through the places of findings that tell a distance, of the first ones."""
    levels = tuple(item for item in stored.verdict.basis if isinstance(item, GroundLevel))
    ground = Ground(levels, stored.ruleset.ground_level_within)
    drawn = 0
    for number, finding in numbered_findings(stored.verdict.findings):
        if drawn < _SECTIONS and finding.gap is not None and finding.counterparts:
            section = section_of(number, finding, things, ground)
            if section is not None:
                drawn += 1
                yield number, section
