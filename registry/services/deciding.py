"""The officer's decision. It rests on a named verdict, and is refused where that is not what would be found now."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.cells import LockKey
from registry.core.decisions import grants, options_blocked, weighing_required
from registry.core.errors import Problem, Refused, shown
from registry.core.findings import Finding
from registry.core.lifecycle import next_state, require_role
from registry.core.model import Asset, Reservation, Works
from registry.core.regimes import DecisionKind, require_decision
from registry.core.verdict import Verdict, judge
from registry.db import Database
from registry.services.checking import Read, read_for, save_verdict
from registry.services.clashing import clashing_works
from registry.services.lives import require_head
from registry.services.locking import Again, application_keys, locked, object_key, reservation_keys
from registry.services.policy import widest_reach
from registry.services.refusals import not_found, require_version
from registry.services.saved import Saved
from registry.services.steps import stated
from registry.services.writing import Writing
from registry.store import decisions as stored
from registry.store import objects
from registry.store.rows import DecisionRow, Head

__all__ = ["Decision", "DecisionKind", "Weighed", "decide", "decisions", "get"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reservation the grant goes against, and why its holder's interest gives way, with the document that says so."""

    reservation: str
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer decides. ``id`` is chosen by the client: the same decision sent again is the same act.

    ``verdict_sha256`` names the verdict it rests on. ``conditions`` are sentences.
    """

    id: str
    verdict_sha256: str
    kind: DecisionKind
    reason: str | None = None
    document: str | None = None
    conditions: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...] = ()


def decide(
    db: Database,
    application_id: str,
    decision: Decision,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
) -> Saved:
    """Decide on a checked application.

    Raises ``Refused`` with, besides those every act knows: ``stale_verdict`` (another verdict stands, or what it rests
    on has changed; a fresh check is asked for and stays asked for), ``wrong_regime`` (its regime knows no such
    decision), ``weighing_missing`` (a reservation it goes against is not weighed; ``feature`` names it), ``clash``
    (granted works, with no recorded agreement; ``feature`` names them), ``missing`` (reason, document or conditions).
    """
    require_role("application", _action(decision.kind), actor.role)
    known: list[tuple[Read, Verdict]] = []
    held: set[str] = set()

    def judged(session: Session, head: Head) -> tuple[Read, Verdict]:
        """The verdict on what is there now; judged only where that is not what was judged last."""
        read = read_for(session, head, now)
        if not known or not read.same_as(known[-1][0]):
            known.append((read, judge(read.application, read.around.objects, read.ruleset)))
        return read, known[-1][1]

    with db.read() as session:
        head = require_head(session, "application", application_id)
        before = _repeated(session, head, decision, actor)
        if before is not None:
            return before
        _require_sound(head, decision, expected)
        # Judged here already, so that under the locks there is mostly nothing left to judge.
        with suppress(Refused):
            judged(session, head)

    def keys(session: Session) -> Iterable[LockKey]:
        asked = stated(require_head(session, "application", application_id))
        reach = widest_reach(session)
        held.update(_to_impair(decision, known[-1][1] if known else None))
        reservations = [
            one.value
            for one in objects.by_names(session, [("reservation", id_) for id_ in held])
            if isinstance(one.value, Reservation)
        ]
        weighed = [object_key("reservation", one.reservation) for one in decision.weighed]
        return [*application_keys(asked, reach), *reservation_keys(session, reservations, reach), *weighed]

    def write(session: Session) -> Saved | Refused:
        head = require_head(session, "application", application_id)
        before = _repeated(session, head, decision, actor)
        if before is not None:
            return before
        state = _require_sound(head, decision, expected)
        try:
            read, verdict = judged(session, head)
        except Refused as refused:
            return _stale(session, head, decision, actor, now, refused)
        if verdict.sha256 != decision.verdict_sha256:
            return _stale(session, head, decision, actor, now)
        if grants(decision.kind):
            if not held.issuperset(_to_impair(decision, verdict)):
                raise Again
            _require_motive(verdict, decision)
            _require_weighed(verdict, decision)
            _require_no_clash(session, head, verdict)
        objects.set_verdict(session, head.id, save_verdict(session, head, read, verdict, now, None))
        return _decided(session, head, state, verdict, decision, actor, now)

    done = locked(db, keys, write)
    if isinstance(done, Refused):
        raise done
    return done


def decisions(db: Database, application_id: str) -> list[DecisionRow]:
    """The decisions on an application, oldest first."""
    with db.read() as session:
        require_head(session, "application", application_id)
        return stored.listed(session, application_id)


def get(db: Database, decision_id: str) -> DecisionRow:
    """A decision. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        found = stored.get(session, decision_id)
    if found is None:
        raise not_found("decision", decision_id)
    return found


def _to_impair(decision: Decision, verdict: Verdict | None) -> list[str]:
    """The reservations that a decision grants over: those it weighs, and the options of a plan that it blocks."""
    if not grants(decision.kind):
        return []
    blocked = () if verdict is None else options_blocked(verdict.findings)
    return sorted({*(one.reservation for one in decision.weighed), *blocked})


def _action(kind: DecisionKind) -> str:
    return "grant" if grants(kind) else kind


def _repeated(session: Session, head: Head, decision: Decision, actor: Actor) -> Saved | None:
    """The answer to a decision taken already. Raises ``Refused`` (``already_there``) where the id is of another one."""
    there = stored.get(session, decision.id)
    if there is None:
        return None
    same = _row(head, decision, actor, there.recorded_at)
    if there != same:
        detail = "another decision has this id"
        raise Refused(Problem("already_there", detail, "Choose another id.", "id", shown(decision.id)))
    return Saved(head, created=True)


def _row(head: Head, decision: Decision, actor: Actor, now: datetime) -> DecisionRow:
    return DecisionRow(
        id=decision.id,
        application_id=head.id,
        verdict_sha256=decision.verdict_sha256,
        kind=decision.kind,
        reason=decision.reason,
        document=decision.document,
        conditions=decision.conditions,
        weighed=tuple(asdict(one) for one in decision.weighed),
        actor=actor,
        recorded_at=now,
    )


def _require_sound(head: Head, decision: Decision, expected: int | None) -> str:
    """The application's state after the decision, where it could be taken at all."""
    require_version(head, expected)
    state = next_state("application", _action(decision.kind), head.state)
    require_decision(stated(head).regime, decision.kind)
    problems = []
    if decision.kind != "note" and not (decision.reason or "").strip():
        problems.append(Problem("missing", "a decision takes a reason", "Add `reason`.", "reason"))
    if decision.kind == "grant_with_conditions" and not decision.conditions:
        detail = "there are no conditions"
        problems.append(Problem("missing", detail, "Add them, or grant without conditions.", "conditions"))
    if decision.kind == "grant" and decision.conditions:
        remedy = "Leave them out, or grant with conditions."
        problems.append(Problem("not_allowed", "a plain grant has no conditions", remedy, "conditions"))
    if decision.weighed and not grants(decision.kind):
        remedy = "Leave it out."
        problems.append(Problem("not_allowed", "only a grant weighs reservations", remedy, "weighed"))
    for index, one in enumerate(decision.weighed):
        for name, text in (("reason", one.reason), ("document", one.document)):
            if not text.strip():
                detail = f"weighing reservation {shown(one.reservation)} takes a {name}"
                problems.append(Problem("missing", detail, f"Add `{name}`.", f"weighed[{index}].{name}"))
    if problems:
        raise Refused(problems)
    return state


def _require_motive(verdict: Verdict, decision: Decision) -> None:
    """Against what was found certainly wrong, or not to be known, nothing is granted without reason and document."""
    if verdict.outcome in ("conflict", "undetermined") and not (decision.document or "").strip():
        detail = f"the verdict is {verdict.outcome}, and no document tells why it is granted"
        raise Refused(Problem("missing", detail, "Add `document`.", "document"))


def _require_weighed(verdict: Verdict, decision: Decision) -> None:
    needed, given = set(weighing_required(verdict.findings)), [one.reservation for one in decision.weighed]
    problems = [
        Problem(
            "weighing_missing",
            f"it goes against reservation {shown(id_)}, which was not weighed",
            "Weigh it: give a reason and a document.",
            "weighed",
            feature=id_,
        )
        for id_ in sorted(needed - set(given))
    ]
    for index, id_ in enumerate(given):
        field = f"weighed[{index}].reservation"
        if id_ not in needed:
            detail = "it does not go against this reservation"
            problems.append(Problem("not_allowed", detail, "Leave it out.", field, shown(id_), id_))
        elif id_ in given[:index]:
            detail = "this reservation is weighed twice"
            problems.append(Problem("duplicate_id", detail, "Weigh it once.", field, shown(id_), id_))
    if problems:
        raise Refused(problems)


def _require_no_clash(session: Session, head: Head, verdict: Verdict) -> None:
    """Two applications that clash are not both granted, unless their holders agreed and that is recorded."""
    problems = [
        Problem(
            "clash",
            f"it clashes, or shares a trench, with the granted works of application {shown(other)}",
            "Have one of the two changed, or record an agreement of both applicants.",
            feature=other,
        )
        for other in clashing_works(session, head, verdict)
    ]
    if problems:
        raise Refused(problems)


def _stale(
    session: Session, head: Head, decision: Decision, actor: Actor, now: datetime, why: Refused | None = None
) -> Refused:
    """The refusal of a decision whose verdict is not what is found now; a fresh check is asked for, and kept."""
    writing = Writing(session, actor, now)
    writing.ask(head.id)
    writing.close()
    detail = "what the verdict rests on has changed since, or it is not of this application"
    remedy = "Read the verdict of the fresh check, which was asked for, and decide on that."
    problem = Problem("stale_verdict", detail, remedy, "verdict", shown(decision.verdict_sha256, 64))
    return Refused([problem, *(why.problems if why is not None else [])])


def _decided(
    session: Session, head: Head, state: str, verdict: Verdict, decision: Decision, actor: Actor, now: datetime
) -> Saved:
    writing = Writing(session, actor, now)
    stored.add(session, _row(head, decision, actor, now))
    extra: dict[str, object] = {"decision": decision.id, "kind": decision.kind, "verdict": verdict.sha256}
    saved = writing.revise(
        stated(head), state, _action(decision.kind), reason=decision.reason, document=decision.document, extra=extra,
        told=[head.holder or "", *_relied_on(verdict)], detail=extra,
    )  # fmt: skip
    weighed = {one.reservation: one for one in decision.weighed}
    for id_ in _to_impair(decision, verdict):
        why = weighed.get(id_) or Weighed(id_, decision.reason or "", decision.document or "")
        _impair(session, writing, why, head.id, decision.id, verdict.findings)
    # Granted they are in others' way, refused no longer; either changes what others' verdicts rest on.
    writing.touch([stated(head)])
    jobs = writing.close()
    return Saved(saved, created=True, jobs=tuple(jobs.values()))


def _relied_on(verdict: Verdict) -> set[str]:
    """The holders of what the verdict took the applicant's word for: that they consented, say. They are to know."""
    named = {(relation.target_kind, relation.target) for _, relation in verdict.relations}
    return {
        item.holder or ""
        for item in verdict.basis
        if isinstance(item, (Asset, Reservation, Works)) and (item.kind, item.id) in named
    }


def _impair(
    session: Session,
    writing: Writing,
    weighed: Weighed,
    application_id: str,
    decision_id: str,
    findings: Iterable[Finding],
) -> None:
    """The reservation's revision that says it was granted over: where, by which decision; its holder is told."""
    reservation = require_head(session, "reservation", weighed.reservation)
    assert isinstance(reservation.value, Reservation)
    stretches = sorted(
        {
            (stretch.part, stretch.start, stretch.end)
            for finding in findings
            if any((c.kind, c.id) == ("reservation", reservation.id) for c in finding.counterparts)
            for stretch in finding.stretches
        }
    )
    told: dict[str, object] = {
        "application": application_id,
        "decision": decision_id,
        "stretches": [{"part": part, "start": start, "end": end} for part, start, end in stretches],
    }
    impaired = replace(reservation.value, impaired_by=(*reservation.value.impaired_by, decision_id))
    writing.revise(
        impaired, next_state("reservation", "impair", reservation.state), "impair", reason=weighed.reason,
        document=weighed.document or None, extra=told, told=[reservation.holder or ""], detail=told,
    )  # fmt: skip
    writing.touch([impaired])
