"""From a case to a verdict: findings grouped, outcome, basis, and the hash over all of it.

The hashed document holds no time, no actor, no database id and no translated text, so that every engine and every
order of the same inputs gives the same hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.core.canonical import canonical_json, sha256
from registry.core.case import Case
from registry.core.elements import merged
from registry.core.errors import Problem, Refused
from registry.core.findings import OUTCOMES, Finding, Outcome, RuleResult, Stretch, calls_for, outcome_of_rule
from registry.core.model import Application, Object, Relation, Reservation, content, content_sha256
from registry.core.policy import SEVERITIES, Ruleset
from registry.core.relations import verify
from registry.core.rules import KINDS
from registry.core.strictest import with_stricter

SCHEMA: Final = "verdict/3"
#: Raised whenever the same inputs may give other findings.
JUDGEMENT: Final = 7


@dataclass(frozen=True, slots=True)
class Verdict:
    """The machine's advice. ``document`` is what ``sha256`` is taken over; the rest is there to show it."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    relations: tuple[tuple[str, Relation], ...]
    basis: tuple[Object, ...]
    document: dict[str, object]
    sha256: str
    results: tuple[RuleResult, ...] = ()


def judge(application: Application, objects: Iterable[Object], ruleset: Ruleset) -> Verdict:
    """The verdict on ``application`` against ``objects`` by ``ruleset``.

    Raises ``Refused`` when there are reservations near and the ruleset does not say how to weigh them, or where two
    objects are drawn in too many segments to be compared.
    """
    case = Case.of(application, objects, ruleset)
    _require_weighing(case)
    relied = verify(case)
    found = [*relied.findings]
    results = []
    for rule in ruleset.rules:
        evaluated = KINDS[rule.kind].evaluate(rule, case, relied)
        found += evaluated.findings
        outcome = outcome_of_rule(evaluated.findings, evaluated.touched)
        results.append(RuleResult(rule.header.id, rule.kind, outcome, evaluated.met if outcome == "met" else None))
    findings = tuple(_grouped(with_stricter(found)))
    reached = outcome_of(findings)
    named = [
        case.known[(relation.target_kind, relation.target)]
        for part in case.parts
        for relation in part.relations
        if (relation.target_kind, relation.target) in case.known
    ]
    basis = tuple(case.basis(named))
    document: dict[str, object] = {
        "schema": SCHEMA,
        "judgement": JUDGEMENT,
        "application": {"id": application.id, "sha256": content_sha256(application)},
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256},
        "basis": [[item.kind, item.id, content_sha256(item)] for item in basis],
        "relations": [
            {"part": part, "type": relation.kind, "target_kind": relation.target_kind, "target": relation.target}
            for part, relation in relied.accepted
        ],
        "findings": [content(finding) for finding in findings],
        "rules": [content(result) for result in results],
        "outcome": reached,
    }
    return Verdict(reached, findings, tuple(relied.accepted), basis, document, sha256(document), tuple(results))


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """The worst outcome any finding calls for."""
    reached = {calls_for(finding) for finding in findings}
    return next((outcome for outcome in OUTCOMES if outcome in reached), "fits")


_CERTAINTIES: Final = ("certain", "undetermined", "assumed", "possible", "possible_end")


def _grouped(findings: Sequence[Finding]) -> list[Finding]:
    """One finding per counterpart and cause; what is undetermined is one per network (rule, kind, theme and holder).

    The worst of a group stands for it, with the stretches of all.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_group(finding), []).append(finding)
    merged_findings = []
    for items in groups.values():
        worst = min(items, key=_worst_first)
        named = {(c.kind, c.id): c for item in items for c in item.counterparts}
        spans: dict[str, list[tuple[int, int]]] = {}
        for item in items:
            for stretch in item.stretches:
                spans.setdefault(stretch.part, []).append((stretch.start, stretch.end))
        stretches = tuple(Stretch(part, *span) for part in sorted(spans) for span in merged(spans[part], 1))
        lacking = tuple(sorted({datum for item in items for datum in item.lacking}))
        counterparts = tuple(named[key] for key in sorted(named))
        merged_findings.append(replace(worst, counterparts=counterparts, stretches=stretches, lacking=lacking))
    return sorted(merged_findings, key=lambda f: (_order(f), canonical_json(content(f))))


def _group(finding: Finding) -> tuple[object, ...]:
    first = finding.counterparts[0] if finding.counterparts else None
    if finding.certainty in ("undetermined", "assumed") and first is not None and finding.cause != "sticks_out":
        network = (first.kind, first.theme, first.holder, first.object_kind, finding.rival)
        return (finding.rule, finding.certainty, finding.severity, network, finding.about)
    part = finding.place.part if first is None or finding.cause == "relation" else None
    other = (first.kind, first.id) if first is not None else None
    return (finding.rule, finding.cause, finding.certainty, finding.severity, other, part, finding.surface,
            finding.relation, finding.fault, finding.rival, finding.about)


def _order(finding: Finding) -> tuple[int, int]:
    return SEVERITIES.index(finding.severity), _CERTAINTIES.index(finding.certainty)


def _worst_first(finding: Finding) -> tuple[object, ...]:
    gap = finding.gap
    horizontal = gap.horizontal if gap is not None and gap.horizontal is not None else 0
    vertical = gap.vertical if gap is not None and gap.vertical is not None else 0
    short = finding.short.value if finding.short is not None else 0
    return (horizontal, vertical, -short, canonical_json(content(finding)))


def _require_weighing(case: Case) -> None:
    weighed = any(rule.kind == "reserved_space" for rule in case.ruleset.rules)
    near = [item.id for item in case.obstacles if isinstance(item, Reservation)]
    if near and not weighed:
        raise Refused(
            Problem(
                "invalid_ruleset",
                f"ruleset {case.ruleset.id} has no rule for reservations, and some are near: {', '.join(near[:3])}",
                "Add a rule of kind reserved_space.",
                field="rules",
            )
        )
