"""``registry``: the command."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from registry import __version__

#: The commands, each in a module of its name: imported when it is asked for, so that none waits for what others need.
COMMANDS: Final = ("check", "verify", "convert", "demo")


class _Group(click.Group):
    """Click ends a wrong usage with 2; that is our code for a conflict, so it becomes 1."""

    def main(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        kwargs["standalone_mode"] = False
        try:
            return super().main(*args, **kwargs)  # type: ignore[call-overload]
        except click.ClickException as error:
            error.show()
            sys.exit(1)
        except click.Abort:
            click.echo("cancelled", err=True)
            sys.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"registry.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


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
