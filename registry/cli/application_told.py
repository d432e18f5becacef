"""Applications and decisions of the register, as the commands print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.cli.told import head_plain
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.formats.transition_told import transition_line
from registry.formats.words import Language
from registry.services.transitions import Transition
from registry.store.rows import DecisionRow, Head


def application_plain(head: Head, **further: object) -> dict[str, object]:
    """An application as it stands, for a program."""
    asked = _stated(head)
    due_on = head.due_on.isoformat() if head.due_on is not None else None
    return head_plain(head, applicant=asked.applicant, regime=asked.regime, title=asked.title, due_on=due_on, **further)


def application_row(head: Head) -> list[str]:
    """The same in columns."""
    asked = _stated(head)
    due = f"due {head.due_on}" if head.due_on is not None else ""
    return [head.id, head.state, f"revision {head.number}", asked.regime, due, asked.applicant]


def transition_plain(other: Transition) -> dict[str, object]:
    """The version of policy in force instead of the one a verdict was judged by, for a program."""
    rules = other.ruleset
    decided = {} if other.decided_on is None else {"decided_on": other.decided_on.isoformat()}
    named = {"id": rules.id, "version": rules.version, "sha256": rules.sha256}
    return {**named, "since": other.since.isoformat(), **decided}


def transition_words(judged_by: Ruleset, other: Transition | None, lang: Language) -> str:
    """The same in a sentence; nothing where there is no other."""
    return "" if other is None else transition_line(judged_by, other.ruleset, other.since, other.decided_on, lang)


def decision_plain(decision: DecisionRow) -> dict[str, object]:
    """A decision, for a program."""
    plain: dict[str, object | None] = {
        "id": decision.id,
        "kind": decision.kind,
        "verdict": decision.verdict_sha256,
        "reason": decision.reason,
        "document": decision.document,
        "conditions": list(decision.conditions),
        "weighed": list(decision.weighed),
        "actor": decision.actor.name,
        "organisation": decision.actor.organisation,
        "recorded_at": decision.recorded_at.isoformat(),
    }
    return {name: value for name, value in plain.items() if value is not None}


def decision_lines(decisions: Iterable[DecisionRow]) -> Iterator[str]:
    """Decisions in words, oldest first."""
    for one in decisions:
        who = f"{one.actor.name} ({one.actor.organisation})"
        yield f"decision {one.id}: {one.kind} by {who} on verdict {one.verdict_sha256[:12]}: {one.reason or ''}"
        for condition in one.conditions:
            yield f"  condition: {condition}"
        for weighed in one.weighed:
            yield f"  weighed {weighed['reservation']}: {weighed['reason']} ({weighed['document']})"


def _stated(head: Head) -> Application:
    assert isinstance(head.value, Application)
    return head.value
