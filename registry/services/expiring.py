"""How long a reservation lives: what its holder may state, and what the register does when days come.

Each day it looks at every reservation that lives: one of which the review is overdue is reported, the end of one is
announced, and one of which the end was announced in time lapses. What is done is in the change feed, and by that it is
known to be done: doing it once more changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from registry.core.applying import holds_for
from registry.core.cells import LockKey
from registry.core.errors import Problem, Refused
from registry.core.expiring import Ending, ending, months_after
from registry.core.lifecycle import next_state
from registry.core.model import Period, Reservation
from registry.core.policy import Ruleset
from registry.core.rules.expiry import ExpiryRule
from registry.db import Database
from registry.services.checking import CHECKER
from registry.services.days import beginning_of, day_of
from registry.services.locking import locked, reservation_keys, world_key
from registry.services.near import neighbours
from registry.services.policy import parsed, row_in_force, widest_reach
from registry.services.writing import Writing
from registry.store import changes, jobs, objects, rulesets
from registry.store.rows import Head, Revision
from registry.taken import Finish

#: The job that looks at the days of reservations, each day once: there is one, and it asks for the next.
KEEP_DAYS: Final = "keep_days"
#: Entries of the change feed: a notice given, and a review that is overdue.
NOTICE: Final = "notice"
OVERDUE: Final = "review_overdue"


@dataclass(frozen=True, slots=True)
class Life:
    """How a live reservation stands on a day, by the ruleset in force then.

    ``review_on``: until when it is to be looked over; ``overdue``: that day has passed. ``ends_on``: the end of its
    period; ``given``: the notices of that end, by their days, and when each was given; ``ending``: what is to be done
    about it, ``None`` where it does not lapse. ``extensions``: how often it was extended.
    """

    rule: ExpiryRule | None
    review_on: date | None
    overdue: bool
    ends_on: date | None
    given: dict[int, date]
    ending: Ending | None
    extensions: int
    told_overdue: bool

    @property
    def due(self) -> bool:
        """Whether there is anything to be done; nothing without a rule."""
        if self.rule is None:
            return False
        about_end = self.ending is not None and bool(self.ending.give or self.ending.lapses)
        return about_end or (self.overdue and not self.told_overdue)


def rule_for(session: Session, reservation: Reservation, ruleset: Ruleset) -> ExpiryRule | None:
    """The rule on how long a reservation lives: the first, by id, that applies to it."""
    rules = [rule for rule in ruleset.rules if isinstance(rule, ExpiryRule)]
    if any(rule.header.applies is not None for rule in rules):
        about = neighbours(session, reservation, ruleset).objects
        rules = [rule for rule in rules if holds_for(rule.header, reservation, about, ruleset)]
    return rules[0] if rules else None


def in_force(session: Session, today: date) -> Ruleset | None:
    """The ruleset by which reservations live on a day."""
    row = row_in_force(session, today)
    return None if row is None else parsed(row)


def life_of(session: Session, head: Head, ruleset: Ruleset | None, today: date) -> Life:
    """How a live reservation stands by the ruleset in force ``today``."""
    value = head.value
    assert isinstance(value, Reservation)
    rule = None if ruleset is None else rule_for(session, value, ruleset)
    history = objects.history(session, "reservation", head.id) if rule is not None else []
    review = None if value.review_date is None else date.fromisoformat(value.review_date)
    if review is None and rule is not None:
        accepted = _accepted_on(history)
        review = None if accepted is None else months_after(accepted, rule.review_every)
    end = _end_of(value)
    told = changes.of_object(session, "reservation", head.id) if rule is not None else []
    given = {
        int(one.detail["days"]): day_of(one.recorded_at)
        for one in told
        if one.action == NOTICE and one.detail is not None and one.detail["ends_on"] == _text(end)
    }
    lapses = rule is not None and end is not None and rule.life(value.strength) is not None
    return Life(
        rule=rule,
        review_on=review,
        overdue=review is not None and today > review,
        ends_on=end,
        given=given,
        ending=ending(end, rule.notice, given, today) if lapses and rule is not None and end is not None else None,
        extensions=_extensions(history),
        told_overdue=any(
            one.action == OVERDUE and one.detail is not None and one.detail["review_on"] == _text(review)
            for one in told
        ),
    )


def lived(session: Session, action: str, head: Head, value: Reservation, ruleset: Ruleset, today: date) -> Reservation:
    """What a reservation states after an act, with the days that the ruleset gives it where it states none.

    Raises ``Refused``: ``invalid_period`` where it would live longer, or be looked over later, than the ruleset lets
    it; ``not_allowed`` where it was extended as often as it may be, or another act would lengthen its life.
    """
    rule = rule_for(session, value, ruleset)
    if rule is None:
        return value
    before = head.value
    assert isinstance(before, Reservation)
    life, review_by = rule.life(value.strength), months_after(today, rule.review_every)
    old, end = _end_of(before), _end_of(value)
    problems: list[Problem] = []
    if action == "accept":
        limit = None if life is None else months_after(today, life)
        end = end or limit
        if limit is not None and end is not None and end > limit:
            problems.append(_too_long(rule, value, end, limit))
    elif action == "extend" and life is not None:
        problems += _extended(session, rule, head, value, (old, end), today)
    else:
        end = end or old
        if old is not None and end is not None and end > old:
            detail, remedy = "this would lengthen its life", f"Give {old} or earlier, and extend it for more."
            problems.append(Problem("not_allowed", detail, remedy, "period.to", end.isoformat()))
        if action == "raise_strength" and life is not None:
            end = min(end or date.max, months_after(today, life))
    review = value.review_date or (before.review_date if action != "accept" else None)
    if review is None and action == "accept":
        review = min(review_by, end or date.max).isoformat()
    stated = action == "accept" or review != before.review_date
    if review is not None and stated and review > review_by.isoformat():
        detail = f"it is to be looked over within {rule.review_every} months: by {review_by}"
        problems.append(Problem("invalid_period", detail, f"Give {review_by} or earlier.", "review_date", review))
    if problems:
        raise Refused(problems).at(feature=value.id)
    return replace(value, review_date=review, period=_with_end(value.period, end))


def lives(db: Database, heads: Iterable[Head], now: datetime) -> dict[str, Life]:
    """How each of these reservations that lives stands now, by id."""
    today = day_of(now)
    with db.read() as session:
        ruleset = in_force(session, today)
        return {head.id: life_of(session, head, ruleset, today) for head in heads if head.state == "accepted"}


def overdue(
    db: Database, now: datetime, *, holder: str | None = None, after: str | None = None, limit: int = 100
) -> list[Head]:
    """The live reservations of which the review is overdue, by id, at most ``limit``, beginning after ``after``."""
    found: list[Head] = []
    today = day_of(now)
    with db.read() as session:
        ruleset = in_force(session, today)
        while len(found) < limit:
            heads = objects.heads(session, "reservation", state="accepted", holder=holder, after=after)
            if not heads:
                break
            found += [head for head in heads if life_of(session, head, ruleset, today).overdue]
            after = heads[-1].id
    return found[:limit]


def keep_days(db: Database, now: datetime, finish: Finish) -> None:
    """Look at the days of every live reservation, and ask for the same tomorrow."""
    today = day_of(now)
    counts = dict.fromkeys((NOTICE, OVERDUE, "lapse"), 0)
    after: str | None = None
    while True:
        with db.read() as session:
            heads = objects.heads(session, "reservation", state="accepted", after=after)
            ruleset = in_force(session, today)
            due = [head.id for head in heads if life_of(session, head, ruleset, today).due]
        for id_ in due:
            for done in _kept(db, id_, now):
                counts[done] += 1
        if not heads:
            break
        after = heads[-1].id

    def write(session: Session) -> None:
        if not finish(session, {name: count for name, count in counts.items() if count}):
            raise _Fenced
        ask_to_keep(session, now, tomorrow=True)

    try:
        db.run(write)
    except _Fenced:
        return


def ask_to_keep(session: Session, now: datetime, *, tomorrow: bool = False) -> None:
    """Ask for the days of reservations to be looked at, where a published ruleset has a rule on them; one that waits
    already is not asked for twice."""
    if _has_rule(session):
        run_after = beginning_of(day_of(now) + timedelta(days=1)) if tomorrow else now
        jobs.enqueue(session, KEEP_DAYS, "reservations", KEEP_DAYS, now, run_after=run_after)


def keep_going(db: Database, now: datetime) -> None:
    """Ask for it now: whoever begins to work does, for whatever broke it off."""
    with db.read() as session:
        asked_for = _has_rule(session)
    if asked_for:
        db.run(lambda session: ask_to_keep(session, now))


def _kept(db: Database, id_: str, now: datetime) -> list[str]:
    """What was done about the days of a reservation, under the locks of whatever that matters to."""

    def keys(session: Session) -> Iterable[LockKey]:
        head = objects.head(session, "reservation", id_)
        things = [head.value] if head is not None and isinstance(head.value, Reservation) else []
        return [world_key(shared=True), *reservation_keys(session, things, widest_reach(session))]

    def write(session: Session) -> list[str]:
        head = objects.head(session, "reservation", id_)
        if head is None or head.state != "accepted":
            return []
        life = life_of(session, head, in_force(session, day_of(now)), day_of(now))
        if not life.due:
            return []
        writing = Writing(session, CHECKER, now)
        done = list(_done(writing, head, life))
        writing.close()
        return done

    return locked(db, keys, write)


def _has_rule(session: Session) -> bool:
    published = (parsed(row) for row in rulesets.listed(session, published=True))
    return any(isinstance(rule, ExpiryRule) for ruleset in published for rule in ruleset.rules)


def _done(writing: Writing, head: Head, life: Life) -> Iterator[str]:
    value, told = head.value, [head.holder or ""]
    assert isinstance(value, Reservation)
    if life.overdue and not life.told_overdue:
        writing.tell("reservation", head.id, head.number, OVERDUE, told, {"review_on": _text(life.review_on)})
        yield OVERDUE
    if life.ending is None:
        return
    for days in life.ending.give:
        detail: dict[str, object] = {
            "days": days, "ends_on": _text(life.ends_on), "lapses_on": life.ending.lapses_on.isoformat(),
        }  # fmt: skip
        writing.tell("reservation", head.id, head.number, NOTICE, told, detail)
        yield NOTICE
    if life.ending.lapses:
        notices = {str(days): given.isoformat() for days, given in sorted(life.given.items(), reverse=True)}
        detail = {"ends_on": _text(life.ends_on), "notices": notices}
        reason = f"its period ended on {life.ends_on}; notice was given on {', '.join(notices.values())}"
        state = next_state("reservation", "lapse", head.state)
        writing.revise(value, state, "lapse", reason=reason, extra=detail, told=told, detail=detail)
        writing.touch([value])
        yield "lapse"


def _extended(
    session: Session,
    rule: ExpiryRule,
    head: Head,
    value: Reservation,
    ends: tuple[date | None, date | None],
    today: date,
) -> Iterator[Problem]:
    """What is wrong with a later end."""
    old, end = ends
    if end == old or (old is not None and end is not None and end < old):
        return
    life = rule.life(value.strength)
    assert life is not None
    limit = months_after(old or today, life)
    if end is None or end > limit:
        yield _too_long(rule, value, end, limit)
    elif (done := _extensions(objects.history(session, "reservation", head.id))) >= rule.extensions:
        detail = f"it was extended {done} times already, as often as it may be"
        yield Problem("not_allowed", detail, "Release it, or file it anew.", "period.to", end.isoformat())


def _too_long(rule: ExpiryRule, value: Reservation, end: date | None, limit: date) -> Problem:
    detail = f"a reservation of strength {value.strength} lives {rule.life(value.strength)} months at a time"
    given = "" if end is None else end.isoformat()
    return Problem("invalid_period", detail, f"Give {limit} or earlier as the end.", "period.to", given)


def _extensions(history: Iterable[Revision]) -> int:
    """How often its end was made later by extending it, since it was accepted."""
    count, end = 0, None
    for one in history:
        assert isinstance(one.value, Reservation)
        later = _end_of(one.value)
        if one.action == "accept":
            count = 0
        elif one.action == "extend" and end is not None and (later is None or later > end):
            count += 1
        end = later
    return count


def _accepted_on(history: Iterable[Revision]) -> date | None:
    accepted = [one for one in history if one.action == "accept"]
    return day_of(accepted[-1].recorded_at) if accepted else None


def _end_of(value: Reservation) -> date | None:
    return None if value.period is None or value.period.end is None else date.fromisoformat(value.period.end)


def _with_end(period: Period | None, end: date | None) -> Period | None:
    start = None if period is None else period.start
    return None if (start, end) == (None, None) else Period(start, _text(end))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class _Fenced(Exception):
    """The job is another worker's by now."""
