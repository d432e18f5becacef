"""``registry``: the command."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Final, NoReturn

import click

from registry import __version__

#: The commands, each in a module of its name: imported when it is asked for, so that none waits for what others need.
COMMANDS: Final = ("check", "verify", "convert", "demo", "serve", "token", "worker")


class _Group(click.Group):
    """Click ends a wrong usage with 2; that is our code for a conflict, so it becomes 1."""

    def main(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        kwargs["standalone_mode"] = False
        if sys.stdout is None:
            _no_output("it is closed")
        try:
            with _ended_in_order():
                return super().main(*args, **kwargs)  # type: ignore[call-overload]
        except click.ClickException as error:
            error.show()
            sys.exit(1)
        except click.Abort:
            click.echo("cancelled", err=True)
            sys.exit(1)
        except OSError as error:
            # What reads and writes files refuses with their names: what is left is the output itself.
            if error.filename is not None:
                raise
            # What is still held would fail again when it is flushed at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _no_output(error.strerror or str(error))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"registry.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Being told to end is as an error: what was begun is cleaned up first, and other processes are ended."""
    ours = {
        number: signal.signal(number, _end)
        for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP"))
        if number is not None
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(number) == signal.SIG_DFL
    }
    try:
        yield
    finally:
        for number, before in ours.items():
            signal.signal(number, before)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _no_output(reason: str) -> NoReturn:
    """Without what was asked for, no exit code may say that all is well."""
    click.echo(f"standard output cannot be written: {reason}. Send it to a file or a terminal.", err=True)
    sys.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="registry")
def main() -> None:
    """Check applications for works underground against reservations, assets and policy.

    \b
    Start here:
      registry demo                  play an example street
      registry check --help          check your own files
      registry check APPLICATION --against FILE --ruleset FILE

    The machine advises; the officer decides. Files are described in docs/formats.md, policy in docs/rulesets.md.
    """
