"""What ``registry ruleset whatif`` does: all open applications judged by a version of policy, and what differs told."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

import click

from registry.cli.told import columns
from registry.core.findings import OUTCOMES
from registry.core.policy import Ruleset
from registry.db import Database
from registry.services.bulk import Judged, judge_all
from registry.services.judges import Died, Failed
from registry.warm import warm


def what_if(db: Database, rules: Ruleset, now: datetime) -> list[Judged]:
    """What comes of every open application by these rules, in order of id. Tells on stderr how far it is."""
    warm(lambda line: click.echo(line, err=True))
    progress = _Progress()
    try:
        with closing(judge_all(db, now, ruleset=rules, progress=progress)) as judged:
            return sorted(judged, key=lambda one: one.application)
    except (Died, Failed) as ended:
        raise click.ClickException(str(ended)) from None
    finally:
        progress.end()


def told_plain(rules: Ruleset, found: Sequence[Judged]) -> dict[str, object]:
    """What came of it, for a program."""
    return {
        "ruleset": {"id": rules.id, "version": rules.version, "sha256": rules.sha256},
        "applications": len(found),
        "outcomes": {outcome: count for outcome, count in _outcomes(found) if count},
        "differing": [
            {
                "application": one.application,
                "before": None if one.before is None else {"outcome": one.before[1], "verdict": one.before[0]},
                "after": None if one.outcome is None else {"outcome": one.outcome, "verdict": one.sha256},
                **({"problems": [str(problem) for problem in one.problems]} if one.problems else {}),
            }
            for one in found
            if one.differs
        ],
    }


def told_lines(rules: Ruleset, found: Sequence[Judged]) -> Iterator[str]:
    """The same in words."""
    yield f"open applications: {len(found)}, by {rules.id} {rules.version}"
    yield from (f"  {count:>6}  {outcome}" for outcome, count in _outcomes(found) if count)
    differing = [one for one in found if one.differs]
    yield f"other than the verdict that stands: {len(differing)}"
    if differing:
        yield from columns(
            [
                [f"  {one.application}", "no verdict yet" if one.before is None else one.before[1], "→", _after(one)]
                for one in differing
            ]
        )


def _outcomes(found: Sequence[Judged]) -> list[tuple[str, int]]:
    counts = Counter(one.outcome for one in found)
    return [*((outcome, counts[outcome]) for outcome in OUTCOMES), ("no verdict", counts[None])]


def _after(one: Judged) -> str:
    return one.outcome or "no verdict: " + " ".join(problem.detail for problem in one.problems)


class _Progress:
    """A line on stderr that is written anew on a terminal, and elsewhere told at every tenth."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._tenth = -1
        self._begun = False

    def __call__(self, done: int, count: int) -> None:
        tenth = 10 * done // count if count else 10
        if not self._terminal and tenth == self._tenth:
            return
        self._tenth, self._begun = tenth, True
        click.echo(("\r" if self._terminal else "") + f"judged {done} of {count}", err=True, nl=not self._terminal)

    def end(self) -> None:
        if self._terminal and self._begun:
            click.echo(err=True)
