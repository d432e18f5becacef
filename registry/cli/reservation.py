"""``registry reservation``: reserve space, on the register itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from registry.cli.local import FILE, TRUSTED, Local, acting, actor_of, changing, filing, reading, reasoned, register
from registry.cli.told import (
    columns,
    head_plain,
    history_lines,
    life_lines,
    life_plain,
    revision_plain,
    saved_lines,
    saved_plain,
)
from registry.core.actors import Actor
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import RESERVATION_STATES
from registry.core.model import STRENGTHS, Period, Reservation, Strength
from registry.formats.exchange import object_to_feature, read_exchange
from registry.services import expiring, reservations
from registry.services.reservations import Settled
from registry.services.saved import Saved
from registry.store.rows import Head

F = TypeVar("F", bound=Callable[..., Any])


@click.group(epilog=TRUSTED)
def reservation() -> None:
    """Reserve space underground for what is to come.

    A manager files a reservation and accepts it; from then on it counts for every application. Of strength planned or
    decided it may clash with no other such reservation. It is amended, extended, released or withdrawn, never deleted.
    """


@reservation.command("file", short_help="File the reservations in a file.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@filing
@reasoned
@acting("manager")
def file_(file: Path, **options: Any) -> None:
    """File every reservation in FILE, or amend the one that is there already: then --revision has to name what you saw.

    FILE is in the exchange format (docs/formats.md). Filed again, what says the same changes nothing.
    """
    with _opened(options) as local:
        found = _in_file(file)
        if options["revision"] is not None and len(found) != 1:
            raise click.UsageError("--revision goes with a file of one reservation")
        saved: list[Saved] = []
        for one in found:
            try:
                done = reservations.file(
                    local.db, one, _actor(options), local.now, expected=options["revision"], **_why(options)
                )
            except Refused as refused:
                local.tell(saved_plain(saved), saved_lines(saved))
                raise refused.at(file=str(file), feature=one.id) from None
            saved.append(done)
        local.tell(saved_plain(saved), saved_lines(saved))


def settling(function: F) -> F:
    """Options of an act that is checked as an acceptance is: ``agreements`` and ``duties``."""
    for option in (
        click.option(
            "--duty",
            "duties",
            nargs=3,
            multiple=True,
            metavar="OTHER REASON DOCUMENT",
            help="It crosses reservation OTHER, and there is a duty to solve that in design.",
        ),
        click.option(
            "--agreement",
            "agreements",
            nargs=3,
            multiple=True,
            metavar="OTHER REASON DOCUMENT",
            help="It clashes with reservation OTHER, and both holders agree to that.",
        ),
    ):
        function = option(function)
    return function


@reservation.command("accept", short_help="Accept a filed reservation.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@settling
@changing
@acting("manager")
def accept(id_: str, **options: Any) -> None:
    """Accept reservation ID, so that it counts, under the ruleset in force today."""
    with _opened(options) as local:
        _done(local, reservations.accept, id_, options, **_settled(options))


@reservation.command("amend", short_help="Let it state something else.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@settling
@changing
@acting("manager")
def amend(file: Path, **options: Any) -> None:
    """Amend the reservation in FILE, that is there already, to what FILE says of it.

    An accepted one is checked again, and takes --reason and --document; what was agreed of other space no longer
    counts.
    """
    with _opened(options) as local, _of_file(file) as wanted:
        _done(local, reservations.amend, wanted.id, options, [wanted], **_settled(options))


@reservation.command("reduce", short_help="Release a part of it.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@settling
@changing
@acting("manager")
def reduce(file: Path, **options: Any) -> None:
    """Keep of an accepted reservation what is in FILE: the same reservation, with less space. Takes --reason and
    --document."""
    with _opened(options) as local, _of_file(file) as remaining:
        _done(local, reservations.release_part, remaining.id, options, [remaining.id, remaining], **_settled(options))


@reservation.command("raise", short_help="Raise its strength.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@click.argument("strength", type=click.Choice(STRENGTHS))
@settling
@changing
@acting("manager")
def raise_(id_: str, strength: Strength, **options: Any) -> None:
    """Raise the strength of the accepted reservation ID to STRENGTH; it is checked as when it was accepted. Takes
    --reason and --document."""
    with _opened(options) as local:
        _done(local, reservations.raise_strength, id_, options, [id_, strength], **_settled(options))


@reservation.command("extend", short_help="Give it a later review date, or another period.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@click.option("--review-date", metavar="DATE", help="When it is looked at again: 2032-01-01.")
@click.option("--from", "start", metavar="DATE", help="From when the space is held.")
@click.option("--to", "end", metavar="DATE", help="Up to, not including, when it is held.")
@changing
@acting("manager")
def extend(id_: str, review_date: str | None, start: str | None, end: str | None, **options: Any) -> None:
    """Give the accepted reservation ID a later review date, or another period. Takes --reason and --document."""
    with _opened(options) as local:
        for option, text in (("--review-date", review_date), ("--from", start), ("--to", end)):
            _refuse_no_date(option, text)
        period = Period(start, end) if start is not None or end is not None else None
        _done(local, reservations.extend, id_, options, review_date=review_date, period=period)


@reservation.command("release", short_help="Give its space free.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@changing
@acting("manager")
def release(id_: str, **options: Any) -> None:
    """Give the space of the accepted reservation ID free. Takes --reason and --document."""
    with _opened(options) as local:
        _done(local, reservations.release, id_, options)


@reservation.command("withdraw", short_help="Take back what was not accepted yet.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@changing
@acting("manager")
def withdraw(id_: str, **options: Any) -> None:
    """Take back reservation ID, which was filed and not accepted yet."""
    with _opened(options) as local:
        _done(local, reservations.withdraw, id_, options)


@reservation.command("list", short_help="List reservations.")
@click.option("--state", type=click.Choice(RESERVATION_STATES), help="Only those in this state.")
@click.option("--holder", metavar="ORG", help="Only those of this organisation.")
@click.option("--overdue", is_flag=True, help="Only those that live and of which the review is overdue.")
@reading
def list_(state: str | None, holder: str | None, overdue: bool, **options: Any) -> None:
    """List reservations by id."""
    if overdue and state not in (None, "accepted"):
        raise click.UsageError("--overdue is of those that are accepted.")
    with _opened(options) as local:
        heads = list(_listed(local, state, holder, overdue=overdue))
        local.tell([_plain(head) for head in heads], columns([_row(head) for head in heads]) if heads else ["none"])


@reservation.command("show", short_help="Show one reservation and its history.")
@click.argument("id_", metavar="ID")
@reading
def show(id_: str, **options: Any) -> None:
    """Show reservation ID as it stands, and all that was done with it."""
    with _opened(options) as local:
        head, history = reservations.get(local.db, id_), reservations.history(local.db, id_)
        life = expiring.lives(local.db, [head], local.now).get(head.id)
        plain = _plain(head) | ({} if life is None else {"life": life_plain(life)}) | {
            "feature": object_to_feature(_stated(head)),
            "history": [revision_plain(one) for one in history],
        }
        local.tell(plain, [*columns([_row(head)]), *life_lines(life), *history_lines(history)])


def _listed(local: Local, state: str | None, holder: str | None, *, overdue: bool) -> Iterator[Head]:
    """All that are asked for, by id."""
    after: str | None = None
    while True:
        if overdue:
            found = expiring.overdue(local.db, local.now, holder=holder, after=after)
        else:
            found = reservations.listed(local.db, state=state, holder=holder, after=after, limit=1000)
        yield from found
        if not found:
            return
        after = found[-1].id


def _opened(options: dict[str, Any]) -> Any:
    return register(options["database"], options["as_json"], options["lang"])


def _actor(options: dict[str, Any]) -> Actor:
    return actor_of(options["name"], options["organisation"], options["role"])


def _why(options: dict[str, Any]) -> dict[str, str | None]:
    return {name: options[name] for name in ("reason", "document")}


def _settled(options: dict[str, Any]) -> dict[str, list[Settled]]:
    return {name: [Settled(*one) for one in options[name]] for name in ("agreements", "duties")}


@contextmanager
def _of_file(path: Path) -> Iterator[Reservation]:
    """The one reservation in a file; what is refused of it names that file."""
    found = _in_file(path)
    if len(found) != 1:
        raise click.UsageError("give a file of one reservation")
    try:
        yield found[0]
    except Refused as refused:
        raise refused.at(file=str(path), feature=found[0].id) from None


def _done(
    local: Local, act: Any, id_: str, options: dict[str, Any], given: Sequence[object] = (), **further: Any
) -> None:
    """Do an act on a reservation that is there, and tell what became of it. ``given``: what it takes before who acts,
    where that is more than the id."""
    seen = options["revision"] or reservations.get(local.db, id_).number
    why = _why(options)
    saved: Saved = act(local.db, *(given or [id_]), _actor(options), local.now, expected=seen, **why, **further)
    local.tell(saved_plain([saved])[0], saved_lines([saved]))


def _in_file(path: Path) -> list[Reservation]:
    exchange = read_exchange(path)
    problems = []
    if exchange.application is not None:
        remedy = "Use `registry application file`."
        problems.append(Problem("not_allowed", "this is an application", remedy, "application"))
    problems += [
        Problem("not_allowed", f"no reservation: {one.kind.replace('_', ' ')}", "Use `registry import`.",
                "properties.kind", feature=one.id)
        for one in exchange.objects
        if not isinstance(one, Reservation)
    ]  # fmt: skip
    found = [one for one in exchange.objects if isinstance(one, Reservation)]
    if not found and not problems:
        problems.append(Problem("missing", "there is no reservation in it", "Add one.", "features"))
    if problems:
        raise Refused(problems[:100]).at(file=str(path))
    return found


def _refuse_no_date(option: str, text: str | None) -> None:
    if text is None:
        return
    with suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:
            return
    raise Refused(Problem("wrong_type", "not a date", "Write a date as 2032-01-01.", option, text[:60]))


def _stated(head: Head) -> Reservation:
    assert isinstance(head.value, Reservation)
    return head.value


def _plain(head: Head) -> dict[str, object]:
    stated = _stated(head)
    return head_plain(
        head, theme=stated.theme, strength=stated.strength, holder=stated.holder, review_date=stated.review_date,
        option_group=stated.option_group,
    )  # fmt: skip


def _row(head: Head) -> list[str]:
    stated = _stated(head)
    return [head.id, head.state, f"revision {head.number}", stated.theme, stated.strength, stated.holder or ""]
