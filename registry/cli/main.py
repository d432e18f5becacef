"""``registry``: the command."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from types import FrameType
from typing import Final, NoReturn

import click

from registry import __version__

#: The commands in the order in which they are told, by what they work on: the module each is in, and what it does. A
#: module is imported when its command is asked for, so that none waits for what others need.
SECTIONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "Begin here": {
        "demo": ("demo", "Play an example: reserve, apply, check, decide."),
    },
    "Work on files, without a register": {
        "check": ("check", "Check an application by a ruleset."),
        "verify": ("verify", "Compute the verdict in a bundle again."),
        "convert": ("convert", "Convert foreign sewer files."),
    },
    "Run a register": {
        "migrate": ("migrate", "Make a register, or bring it up to this version."),
        "serve": ("serve", "Serve API and pages, with a worker."),
        "worker": ("worker", "Check what was filed, in the background."),
        "token": ("token", "Make, list and revoke tokens for the API."),
    },
    "Work on a register": {
        "ruleset": ("ruleset", "Store and publish the municipality's policy."),
        "import": ("importing", "Take in what lies there."),
        "reservation": ("reservation", "Reserve space, and give it free."),
        "application": ("application", "File applications, read verdicts, decide."),
        "export": ("export", "Write what is in it as a file for `check`."),
    },
}
COMMANDS: Final = {name: told for commands in SECTIONS.values() for name, told in commands.items()}


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
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"registry.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name + "_" * iskeyword(cmd_name))
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, told) for name, (_, told) in commands.items()])


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
    """Reserve space underground, and check applications for works against what is reserved, what lies there and the
    municipality's own policy.

    The machine advises; the officer decides. `registry COMMAND --help` tells of a command, docs/register.md of a
    register from beginning to end; files are described in docs/formats.md, policy in docs/rulesets.md.
    """
