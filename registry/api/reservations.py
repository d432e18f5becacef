"""Reservations: put, read, accepted, extended, released, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link, page, whole
from registry.api.operation import Call, Operation, operation, roles_of
from registry.api.reading import GEO_JSON, JSON, Body, feature_in, the_reservation
from registry.api.showing import show_reservation, show_revision
from registry.core.errors import Problem, Refused
from registry.core.model import Reservation
from registry.core.sizes import plan_box
from registry.services import expiring, objects, reservations
from registry.services.reservations import Settled
from registry.services.saved import Saved
from schemas import acts, queries

blueprint: Final = Blueprint(
    "reservations", __name__, url_prefix="/v1", description="Holds on space for what is to come."
)
#: More than there are.
_ALL: Final = 10**9
_ONE: Final = "/reservations/<id:reservation_id>"
_REASON: Final = Body("ReasonBody", schema=acts.ReasonSchema())
_ACT: Final = Operation(
    "", "reservations", {200: "Reservation"}, _REASON, writes=True, versioned="required", conflicts=True, tagged=True
)


def act(name: str, action: str, body: Body = _REASON) -> Operation:
    """An act on a reservation that is there, by its name in the core's table of transitions."""
    return replace(_ACT, id=name, roles=roles_of("reservation", action), body=body)


@operation(
    blueprint,
    "GET",
    "/reservations",
    Operation("listReservations", "reservations", {200: "Reservations"}, query=queries.ReservationsSchema()),
)
def listed(call: Call) -> Answer:
    """List reservations by id, by state, holder or box; or those of which the review is overdue."""
    limit = call.limit
    wanted = {key: call.query.get(key) for key in ("state", "holder", "after")}
    if "review" in call.query:
        found = _overdue(call, wanted)[: limit + 1]
    elif "bbox" in call.query:
        found = _within(call, call.query["bbox"], wanted)[: limit + 1]
    else:
        found = reservations.listed(call.db, **wanted, limit=limit + 1)
    lives = expiring.lives(call.db, found, call.now)

    def shown(head: Any) -> dict[str, Any]:
        return show_reservation(head, lives.get(head.id))

    return Answer(200, page("listReservations", found, limit, lambda head: head.id, shown))


@operation(
    blueprint,
    "PUT",
    _ONE,
    replace(
        act("putReservation", "file"),
        answers={200: "Reservation", 201: "Reservation"},
        body=Body("ReservationBody", "feature", types=(GEO_JSON, JSON), limit="filing"),
        versioned="when_there",
    ),
)
def put(call: Call, reservation_id: str) -> Answer:
    """File a reservation, or amend the one that was filed and not accepted yet.

    One that was accepted is amended with `_amend`, which takes a reason. The body is a feature with its `crs`, or a
    collection of one. The same again changes nothing and is answered alike.
    """
    wanted = the_reservation(call.body, reservation_id)
    call.require_there(reservations.get, reservation_id)
    try:
        saved = reservations.file(call.db, wanted, call.actor, call.now, expected=call.expected)
    except Refused as refused:
        if any(problem.code != "missing" for problem in refused.problems):
            raise
        # What was put is complete in itself: only a reason and a document can be missing, which a PUT cannot carry.
        detail = "what states something else than the accepted reservation needs a reason and a document"
        remedy = f"Send it with those to POST {link('amendReservation', reservation_id=reservation_id)}."
        raise Refused(Problem("wrong_state", detail, remedy, "state", "accepted")) from None
    return _saved(call, saved, put=True)


@operation(
    blueprint, "GET", _ONE, Operation("getReservation", "reservations", {200: "Reservation"}, tagged=True)
)
def get(call: Call, reservation_id: str) -> Answer:
    """Read a reservation as it now stands."""
    head = reservations.get(call.db, reservation_id)
    return Answer(200, _shown(call, head), revision=head.number)


@operation(
    blueprint, "GET", f"{_ONE}/revisions", Operation("listReservationRevisions", "reservations", {200: "Revisions"})
)
def history(call: Call, reservation_id: str) -> Answer:
    """List all that was done with a reservation, oldest first."""
    found = [show_revision(one) for one in reservations.history(call.db, reservation_id)]
    return Answer(200, whole("listReservationRevisions", found, reservation_id=reservation_id))


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_accept",
    act("acceptReservation", "accept", Body("AcceptBody", schema=acts.AcceptSchema())),
)
def accept(call: Call, reservation_id: str) -> Answer:
    """Accept a filed reservation.

    Of strength planned or decided it may clash with no other such reservation, unless an agreement of both holders or,
    for a crossing, the duty to solve it in design, settles that.
    """
    done = reservations.accept(
        call.db, reservation_id, call.actor, call.now, expected=call.seen, **_reasons(call), **_settled(call.body)
    )
    return _saved(call, done)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_amend",
    act("amendReservation", "amend", Body("AmendBody", schema=acts.AmendSchema(), limit="filing")),
)
def amend(call: Call, reservation_id: str) -> Answer:
    """Amend a reservation; one that was accepted is checked again, and takes a reason and a document.

    What was agreed of other space no longer counts. The strength is raised with `_raise`.
    """
    wanted = the_reservation(feature_in(call.body["feature"], "feature"), reservation_id)
    done = reservations.amend(
        call.db, wanted, call.actor, call.now, expected=call.seen, **_reasons(call), **_settled(call.body)
    )
    return _saved(call, done)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_extend",
    act("extendReservation", "extend", Body("ExtendBody", schema=acts.ExtendSchema())),
)
def extend(call: Call, reservation_id: str) -> Answer:
    """Give an accepted reservation a later review date, or another period."""
    further = {key: call.body.get(key) for key in ("review_date", "period")}
    done = reservations.extend(
        call.db, reservation_id, call.actor, call.now, expected=call.seen, **further, **_reasons(call)
    )
    return _saved(call, done)


@operation(blueprint, "POST", f"{_ONE}/_release", act("releaseReservation", "release"))
def release(call: Call, reservation_id: str) -> Answer:
    """Give the space of an accepted reservation free."""
    return _saved(
        call, reservations.release(call.db, reservation_id, call.actor, call.now, expected=call.seen, **_reasons(call))
    )


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_reduce",
    act("reduceReservation", "release_part", Body("ReduceBody", schema=acts.ReduceSchema(), limit="filing")),
)
def reduce(call: Call, reservation_id: str) -> Answer:
    """Release a part of an accepted reservation: `remaining` is what is kept, and lies inside what it was."""
    remaining = the_reservation(feature_in(call.body["remaining"], "remaining"), reservation_id)
    done = reservations.release_part(
        call.db,
        reservation_id,
        remaining,
        call.actor,
        call.now,
        expected=call.seen,
        **_reasons(call),
        **_settled(call.body),
    )
    return _saved(call, done)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_raise",
    act("raiseReservation", "raise_strength", Body("RaiseBody", schema=acts.RaiseSchema())),
)
def raise_strength(call: Call, reservation_id: str) -> Answer:
    """Raise the strength of an accepted reservation; it is checked as when it was accepted."""
    done = reservations.raise_strength(
        call.db,
        reservation_id,
        call.body["strength"],
        call.actor,
        call.now,
        expected=call.seen,
        **_reasons(call),
        **_settled(call.body),
    )
    return _saved(call, done)


@operation(blueprint, "POST", f"{_ONE}/_withdraw", act("withdrawReservation", "withdraw"))
def withdraw(call: Call, reservation_id: str) -> Answer:
    """Take back a reservation that was not accepted yet."""
    return _saved(
        call, reservations.withdraw(call.db, reservation_id, call.actor, call.now, expected=call.seen, **_reasons(call))
    )


def _overdue(call: Call, wanted: dict[str, Any]) -> list[Any]:
    """Those of which the review is overdue: only what lives has one."""
    if wanted["state"] not in (None, "accepted"):
        return []
    near = {head.id for head in _within(call, call.query["bbox"], wanted)} if "bbox" in call.query else None
    limit = call.limit + 1 if near is None else _ALL
    further = {key: wanted[key] for key in ("holder", "after")}
    found = expiring.overdue(call.db, call.now, **further, limit=limit)
    return [head for head in found if near is None or head.id in near]


def _within(call: Call, box: tuple[int, int, int, int], wanted: dict[str, Any]) -> list[Any]:
    """Those of which the box meets one, by id."""
    found = []
    for head in objects.within(call.db, [box], ["reservation"]):
        alike = wanted["state"] in (None, head.state) and wanted["holder"] in (None, head.holder)
        if isinstance(head.value, Reservation) and alike and head.id > (wanted["after"] or ""):
            west, south, east, north = plan_box(head.value)
            if west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]:
                found.append(head)
    return sorted(found, key=lambda head: str(head.id))


def _reasons(call: Call) -> dict[str, Any]:
    return {key: call.body.get(key) for key in ("reason", "document")}


def _settled(body: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(Settled(**one) for one in body[key]) for key in ("agreements", "duties")}


def _saved(call: Call, saved: Saved, *, put: bool = False) -> Answer:
    """The reservation as it now stands: 201 as long as it is as it was filed, so that a repeated PUT is answered so."""
    call.tell(saved.jobs)
    created = put and saved.head.number == 1
    headers = {"Location": link("getReservation", reservation_id=saved.head.id)} if created else {}
    return Answer(201 if created else 200, _shown(call, saved.head), revision=saved.head.number, headers=headers)


def _shown(call: Call, head: Any) -> dict[str, Any]:
    return show_reservation(head, expiring.lives(call.db, [head], call.now).get(head.id))
