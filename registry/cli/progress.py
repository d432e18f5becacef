"""How far something is, as a command tells it."""

from __future__ import annotations

import sys

import click

from registry.formats.whatif_told import WHATIF
from registry.formats.words import Language


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
