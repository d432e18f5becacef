"""What a version of policy would change, in words: counts, and for each application what becomes of its findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from registry.core.policy import Ruleset
from registry.core.restored import finding_of
from registry.core.shifts import Shift
from registry.core.weighing import Counts, Reached, Report, Weighed
from registry.formats.problems_told import problem_line
from registry.formats.sentences import in_short
from registry.formats.words import WORDS, Language

WHATIF: Final[dict[Language, Mapping[str, str]]] = {
    "nl": {
        "open": "open aanvragen: {count}, getoetst aan {id} {version}",
        "kept": "waarvan {kept} niet opnieuw hoefden te worden getoetst: daar kan niets veranderen",
        "differing": "andere uitkomst dan die van het geldende oordeel: {count}",
        "turn": "van {before} naar {after}",
        "other_findings": "dezelfde uitkomst, maar andere bevindingen: {count}",
        "rules": "per regel, in aantallen aanvragen:",
        "rule": "{rule}: {what}",
        "appeared": "nieuw",
        "vanished": "vervalt",
        "changed": "anders",
        "of_appeared": "{count} met een nieuwe bevinding",
        "of_vanished": "{count} met een bevinding die vervalt",
        "of_changed": "{count} met een bevinding die anders wordt",
        "was_is": "was: {before} Wordt: {after}",
        "by": "{finding} (regel {rule})",
        "no_verdict": "geen oordeel",
        "not_yet": "nog geen oordeel",
        "because": "geen oordeel: {why}",
        "past": "aanvragen waarover is besloten, alleen ter informatie: {count}",
        "untold": "waarvan hier niets over te zeggen is, omdat deze versie naar meer kijkt dan hun oordeel: {count}",
        "progress": "gewogen: {done} van {all}",
        "cancelled": "geannuleerd",
        "none": "niet vooraf doorgerekend: wat deze versie verandert, is niet verteld",
        "outdated": "doorgerekend ({id}), maar sindsdien is er gewijzigd: {changes}; een uitkomst kan anders zijn",
        "current": "doorgerekend ({id})",
        "state_waiting": "{id}: wacht op een worker",
        "state_running": "{id}: wordt doorgerekend, {done} van {total}",
        "state_done": "{id}: doorgerekend, andere uitkomsten: {differing}; sindsdien gewijzigd: {changes}",
        "state_cancelled": "{id}: geannuleerd door {by}",
        "state_failed": "{id}: mislukt: {error}",
    },
    "en": {
        "open": "open applications: {count}, judged by {id} {version}",
        "kept": "of which {kept} need not be judged again: nothing can change there",
        "differing": "other outcome than that of the verdict that stands: {count}",
        "turn": "from {before} to {after}",
        "other_findings": "the same outcome, but other findings: {count}",
        "rules": "by rule, in numbers of applications:",
        "rule": "{rule}: {what}",
        "appeared": "new",
        "vanished": "gone",
        "changed": "changed",
        "of_appeared": "{count} with a new finding",
        "of_vanished": "{count} with a finding that vanishes",
        "of_changed": "{count} with a finding that changes",
        "was_is": "was: {before} Becomes: {after}",
        "by": "{finding} (rule {rule})",
        "no_verdict": "no verdict",
        "not_yet": "no verdict yet",
        "because": "no verdict: {why}",
        "past": "applications that were decided on, for information only: {count}",
        "untold": "of which nothing can be said here, as this version looks at more than their verdict did: {count}",
        "progress": "weighed: {done} of {all}",
        "cancelled": "cancelled",
        "none": "no what-if: what this version changes was not told before",
        "outdated": "what-if {id}, but since then there were changes: {changes}; an outcome may be another",
        "current": "what-if {id}",
        "state_waiting": "{id}: waits for a worker",
        "state_running": "{id}: under way, {done} of {total}",
        "state_done": "{id}: done, other outcomes: {differing}; changes since: {changes}",
        "state_cancelled": "{id}: cancelled by {by}",
        "state_failed": "{id}: failed: {error}",
    },
}


def report_lines(report: Report, ruleset: Ruleset, lang: Language) -> Iterator[str]:
    """All of it: what is counted first, then each application of which anything changes."""
    words, counts = WHATIF[lang], report.counts
    yield words["open"].format(count=counts.applications, id=ruleset.id, version=ruleset.version)
    if counts.kept:
        yield "  " + words["kept"].format(kept=counts.kept)
    yield from (f"  {count:>6}  {reached(outcome, lang)}" for outcome, count in counts.outcomes.items())
    yield from _section(counts, report.items, ruleset, lang)
    if report.past.applications or report.untold:
        yield words["past"].format(count=report.past.applications + report.untold)
        if report.untold:
            yield "  " + words["untold"].format(count=report.untold)
        yield from _section(report.past, report.past_items, ruleset, lang)


def _section(counts: Counts, items: Sequence[Weighed], ruleset: Ruleset, lang: Language) -> Iterator[str]:
    """Who has another outcome, then who has the same by other findings, and by which rules."""
    words = WHATIF[lang]
    yield words["differing"].format(count=counts.differing)
    yield from (f"  {count:>6}  {turned(turn, lang)}" for turn, count in counts.turns.items())
    for one in items:
        if one.differs:
            yield from item_lines(one, ruleset, lang)
    if counts.other_findings:
        yield words["other_findings"].format(count=counts.other_findings)
        for one in items:
            if not one.differs:
                yield from item_lines(one, ruleset, lang)
    if counts.rules:
        yield words["rules"]
        yield from (f"  {line}" for line in rule_lines(counts, lang))


def rests_on(state: str, whatif: tuple[str, int] | None, lang: Language) -> str:
    """What the publication of a version rests on, or would."""
    id_, changes = whatif or ("", 0)
    return WHATIF[lang][state].format(id=id_, changes=changes)


def rule_lines(counts: Counts, lang: Language) -> Iterator[str]:
    """For each rule in how many applications a finding by it appears, vanishes or changes."""
    words = WHATIF[lang]
    for rule, by_what in counts.rules.items():
        told = [words[f"of_{what}"].format(count=count) for what, count in by_what.items()]
        yield words["rule"].format(rule=rule, what=", ".join(told))


def item_lines(one: Weighed, ruleset: Ruleset, lang: Language) -> Iterator[str]:
    """One application: which outcome it has and would have, and what becomes of its findings."""
    turn = f"{before(one, lang)} → {after(one, lang)}" if one.differs else before(one, lang)
    yield f"  {one.application}: {turn}"
    yield from (f"      {line}" for line in shift_lines(one, ruleset, lang))


def shift_lines(one: Weighed, ruleset: Ruleset, lang: Language) -> Iterator[str]:
    """What becomes of each finding of an application, a line each."""
    yield from (shifted(shift, ruleset, lang) for shift in one.shifts)


def shifted(shift: Shift, ruleset: Ruleset, lang: Language) -> str:
    """What becomes of one finding, with what is measured and asked, and by which rule."""
    words = WHATIF[lang]
    told = {
        name: _short(plain, ruleset, lang)
        for name, plain in (("before", shift.before), ("after", shift.after))
        if plain is not None
    }
    finding = words["was_is"].format(**told) if len(told) == 2 else next(iter(told.values()))
    return f"{words[shift.what]}: " + words["by"].format(finding=finding, rule=shift.rule)


def _short(plain: Mapping[str, object], ruleset: Ruleset, lang: Language) -> str:
    finding = finding_of(plain)
    return f"{in_short(finding, ruleset, lang)} {WORDS[lang]['severity'][finding.severity]}"


def reached(outcome: Reached, lang: Language) -> str:
    """An outcome by name."""
    return WHATIF[lang]["no_verdict"] if outcome is None else WORDS[lang]["outcome"][outcome]


def turned(turn: tuple[Reached, Reached], lang: Language) -> str:
    """From which outcome to which."""
    names = [WHATIF[lang]["not_yet"] if turn[0] is None else reached(turn[0], lang), reached(turn[1], lang)]
    return WHATIF[lang]["turn"].format(before=names[0], after=names[1])


def before(one: Weighed, lang: Language) -> str:
    """The outcome an application has."""
    return WHATIF[lang]["not_yet"] if one.outcome_before is None else reached(one.outcome_before, lang)


def after(one: Weighed, lang: Language) -> str:
    """The outcome it would have, or why there would be none."""
    if one.outcome_after is not None:
        return reached(one.outcome_after, lang)
    return WHATIF[lang]["because"].format(why=" ".join(problem_line(problem, lang) for problem in one.problems))


def state_line(facts: Mapping[str, object], lang: Language) -> str:
    """How far one that was asked for is; ``facts`` has its state and what is told of it."""
    return WHATIF[lang][f"state_{facts['state']}"].format(**facts)


def report_plain(ruleset: Ruleset, report: Report) -> dict[str, object]:
    """What came of it, for a program."""
    return {
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256},
        **_counted(report.counts),
        "differing": [_item(one) for one in report.items if one.differs],
        "otherwise": [_item(one) for one in report.items if not one.differs],
        "past": {
            **_counted(report.past), "untold": report.untold, "changed": [_item(one) for one in report.past_items],
        },
    }  # fmt: skip


def _counted(counts: Counts) -> dict[str, object]:
    return {
        "applications": counts.applications,
        "kept": counts.kept,
        "outcomes": {outcome or "no verdict": count for outcome, count in counts.outcomes.items()},
        "rules": {rule: dict(found) for rule, found in counts.rules.items()},
    }


def _item(one: Weighed) -> dict[str, object]:
    return {
        "application": one.application,
        "before": None if one.before is None else {"outcome": one.outcome_before, "verdict": one.before},
        "after": None if one.outcome_after is None else {"outcome": one.outcome_after, "verdict": one.after},
        "findings": [{"what": shift.what, "before": shift.before, "after": shift.after} for shift in one.shifts],
        **({"problems": [str(problem) for problem in one.problems]} if one.problems else {}),
    }
