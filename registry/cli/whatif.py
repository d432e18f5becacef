"""What ``registry ruleset whatif`` does: open applications weighed by a version of policy, and told what changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import click

from registry.core.policy import Ruleset
from registry.core.weighing import Counts, Report, Weighed, reported
from registry.db import Database
from registry.formats.whatif_told import WHATIF, report_lines
from registry.formats.words import Language
from registry.services.judges import Died, Failed
from registry.services.whatif import weigh
from registry.warm import warm


def what_if(db: Database, rules: Ruleset, now: datetime, lang: Language) -> Report:
    """What these rules would change for every open application. Tells on stderr how far it is."""
    warm(lambda line: click.echo(line, err=True))
    progress = Progress(lang)
    try:
        with db.read() as session, closing(weigh(session, rules, now, progress=progress)) as weighed:
            return reported(weighed)
    except (Died, Failed) as ended:
        raise click.ClickException(str(ended)) from None
    finally:
        progress.end()


def told_plain(rules: Ruleset, report: Report) -> dict[str, object]:
    """What came of it, for a program."""
    return {
        "ruleset": {"id": rules.id, "version": rules.version, "sha256": rules.sha256},
        **_counted(report.counts),
        "differing": [_item(one) for one in report.items if one.differs],
        "otherwise": [_item(one) for one in report.items if not one.differs],
    }


def told_lines(rules: Ruleset, report: Report, lang: Language) -> Iterator[str]:
    """The same in words."""
    return report_lines(report, rules, lang)


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
        "findings": [
            {"what": shift.what, "before": shift.before, "after": shift.after} for shift in one.shifts
        ],
        **({"problems": [str(problem) for problem in one.problems]} if one.problems else {}),
    }


class Progress:
    """A line on stderr that is written anew on a terminal, and elsewhere told at every tenth."""

    def __init__(self, lang: Language) -> None:
        self._words = WHATIF[lang]
        self._terminal = sys.stderr.isatty()
        self._tenth = -1
        self._begun = False

    def __call__(self, done: int, count: int) -> None:
        tenth = 10 * done // count if count else 10
        if not self._terminal and tenth == self._tenth:
            return
        self._tenth, self._begun = tenth, True
        told = self._words["progress"].format(done=done, all=count)
        click.echo(("\r" if self._terminal else "") + told, err=True, nl=not self._terminal)

    def end(self) -> None:
        if self._terminal and self._begun:
            click.echo(err=True)
