"""What the register holds, as the API shows it: through the wire schemas, with links to what goes with it."""

from __future__ import annotations

from typing import Any, Final

from registry.api.answers import link
from registry.core.effects import effects_by_topic
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict
from registry.formats.exchange import object_to_feature
from registry.services.expiring import Life
from registry.services.rulesets import StoredRuleset
from registry.services.transitions import Transition
from registry.services.verdicts import StoredVerdict
from schemas import answers, policy, weighed
from schemas.collection import CRS
from schemas.features import APPLICATION

_SCHEMAS: Final = {
    name: schema()
    for name, schema in (vars(answers) | vars(policy) | vars(weighed)).items()
    if isinstance(schema, type) and issubclass(schema, answers.AnswerSchema)
}

#: By kind of object, the operation that shows one and what its id is called there.
_SHOWN_BY: Final = {
    "reservation": ("getReservation", "reservation_id"),
    "application": ("getApplication", "application_id"),
    "verdict": ("getVerdict", "sha256"),
}


#: What the feed tells of the days of a reservation.
_DAYS: Final = ("days", "ends_on", "lapses_on", "review_on")


def dump(schema: str, given: object) -> dict[str, Any]:
    """An answer by its wire schema."""
    found: dict[str, Any] = _SCHEMAS[f"{schema}Schema"].dump(given)
    return found


def show_reservation(head: Any, life: Life | None = None) -> dict[str, Any]:
    """A reservation as it stands, and how it lives."""
    links = {
        "self": link("getReservation", reservation_id=head.id),
        "revisions": link("listReservationRevisions", reservation_id=head.id),
    }
    feature = object_to_feature(head.value)
    shown = _head(head) | {"links": links, "feature": feature | {"crs": dict(CRS)}}
    return dump("Reservation", shown if life is None else shown | {"life": _life(life)})


def _life(life: Life) -> dict[str, Any]:
    left = None if life.rule is None else max(0, life.rule.extensions - life.extensions)
    return {
        "review_on": life.review_on,
        "review_overdue": life.overdue,
        "ends_on": life.ends_on,
        "lapses_on": None if life.ending is None else life.ending.lapses_on,
        "notices": [{"days": days, "given_on": day} for days, day in sorted(life.given.items(), reverse=True)],
        "extensions": life.extensions,
        "extensions_left": left,
    }


def show_summary(head: Any) -> dict[str, Any]:
    """An application without its parts."""
    return dump("ApplicationSummary", _application(head))


def show_application(head: Any, job: str | None = None) -> dict[str, Any]:
    """An application as it stands, and the check that was asked for."""
    shown = _application(head) | {"job": job, "collection": collection(head.value)}
    if job is not None:
        shown["links"]["job"] = link("getJob", job_id=job)
    return dump("Application", shown)


def collection(application: Application) -> dict[str, object]:
    """An application in the exchange format."""
    return {
        "type": "FeatureCollection",
        "crs": dict(CRS),
        "application": APPLICATION.dump(application),
        "features": [object_to_feature(part) for part in application.parts],
    }


def show_revision(revision: Any) -> dict[str, Any]:
    """What was done, by whom and why."""
    actor = revision.actor
    by = {"actor": actor.name, "organisation": actor.organisation, "role": actor.role}
    names = ("state", "action", "reason", "document", "sha256", "valid_from", "valid_to", "recorded_at")
    return dump("Revision", {name: getattr(revision, name) for name in names} | {"revision": revision.number} | by)


def show_verdict_summary(stored: StoredVerdict) -> dict[str, Any]:
    """A verdict without what it says."""
    return dump("VerdictSummary", _verdict(stored))


def show_verdict(stored: StoredVerdict, other: Transition | None) -> dict[str, Any]:
    """A verdict with all it says; ``other``: the version of policy in force, where it was judged by another."""
    effects = show_effects(stored.ruleset, stored.verdict)
    told: dict[str, object] = {"verdict": stored.verdict.document, "effects": effects}
    if other is not None:
        days = {name: day for name in ("since", "decided_on") if (day := getattr(other, name)) is not None}
        told["in_force"] = {**_identity(other.ruleset), **days}
    return dump("Verdict", _verdict(stored) | told)


def show_effects(ruleset: Ruleset, verdict: Verdict) -> list[dict[str, Any]]:
    """What a verdict means for every topic; nothing of one that does not tell what came of its rules."""
    return [
        {"topic": one.topic, "effect": one.effect, "rules": list(one.rules)}
        for one in effects_by_topic(ruleset, verdict.results)
    ]


def show_decision(row: Any, head: Any) -> dict[str, Any]:
    """A decision, and how the application stands since."""
    shown = {name: getattr(row, name) for name in ("id", "kind", "reason", "document", "recorded_at")}
    links = {
        "application": link("getApplication", application_id=row.application_id),
        "verdict": link("getVerdict", sha256=row.verdict_sha256),
    }
    return dump(
        "Decision",
        shown
        | {
            "application": row.application_id,
            "revision": head.number,
            "state": head.state,
            "verdict": row.verdict_sha256,
            "conditions": list(row.conditions),
            "weighed": list(row.weighed),
            "organisation": row.actor.organisation,
            "links": links,
        },
    )


def show_ruleset_summary(stored: StoredRuleset) -> dict[str, Any]:
    """A version of policy without its text."""
    return dump("RulesetSummary", _ruleset(stored))


def show_ruleset(stored: StoredRuleset) -> dict[str, Any]:
    """A version of policy with its text."""
    return dump("Ruleset", _ruleset(stored) | {"source_text": stored.source_text})


def show_change(change: Any) -> dict[str, Any]:
    """An entry of the change feed."""
    names = ("seq", "kind", "id", "action", "organisation", "told", "recorded_at")
    shown = {name: getattr(change, name) for name in names} | {"revision": change.number, "links": {}}
    shown |= {name: change.detail[name] for name in _DAYS if name in (change.detail or {})}
    if change.kind in _SHOWN_BY:
        operation, name = _SHOWN_BY[change.kind]
        shown["links"]["object"] = link(operation, **{name: change.id})
    return dump("Change", shown)


def show_job(job: Any) -> dict[str, Any]:
    """A job and how far it is."""
    names = ("id", "kind", "subject", "state", "attempt", "error", "created_at", "finished_at")
    links = {"self": link("getJob", job_id=job.id)}
    if job.kind == "check":
        links["verdict"] = link("getStandingVerdict", application_id=job.subject)
    return dump("Job", {name: getattr(job, name) for name in names} | {"links": links})


def _head(head: Any) -> dict[str, Any]:
    return {name: getattr(head, name) for name in ("id", "state", "sha256", "recorded_at")} | {"revision": head.number}


def _application(head: Any) -> dict[str, Any]:
    application = head.value
    operations = {
        "self": "getApplication",
        "revisions": "listApplicationRevisions",
        "verdict": "getStandingVerdict",
        "verdicts": "listVerdicts",
        "decisions": "listDecisions",
    }
    links = {name: link(operation, application_id=head.id) for name, operation in operations.items()}
    stated = {name: getattr(application, name) for name in ("applicant", "regime", "title")}
    return _head(head) | stated | {"due_on": head.due_on, "links": links}


def _verdict(stored: StoredVerdict) -> dict[str, Any]:
    sha256 = stored.verdict.sha256
    links = {
        "self": link("getVerdict", sha256=sha256),
        "bundle": link("getBundle", sha256=sha256),
        "report": link("getReport", sha256=sha256),
        "application": link("getApplication", application_id=stored.application.id),
    }
    return {
        "sha256": sha256,
        "application": stored.application.id,
        "application_revision": stored.application_number,
        "ruleset": _identity(stored.ruleset),
        "outcome": stored.verdict.outcome,
        "current": stored.current,
        "renewal": stored.renewal,
        "judged_at": stored.judged_at,
        "links": links,
    }


def _identity(ruleset: Ruleset) -> dict[str, str]:
    return {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256}


def _ruleset(stored: StoredRuleset) -> dict[str, Any]:
    names = ("id", "version", "sha256", "title_nl", "title_en", "municipality", "effective_from")
    kept = ("stored_by", "stored_at", "published_by", "published_at")
    ids = {"ruleset_id": stored.ruleset.id, "version": stored.ruleset.version}
    links = {"self": link("getRuleset", **ids)}
    rests_on: dict[str, object] = {"what_if_state": stored.whatif_state}
    if stored.whatif is not None:
        rests_on |= {"what_if": {"id": stored.whatif[0], "changes_since": stored.whatif[1]}}
        links["what_if"] = link("getRulesetWhatIf", **ids, what_if_id=stored.whatif[0])
    return (
        {name: getattr(stored.ruleset, name) for name in names}
        | {name: getattr(stored, name) for name in kept}
        | rests_on
        | {"links": links}
    )
