"""``registry``: the command."""

from __future__ import annotations

import sys

import click

from registry import __version__
from registry.cli.check import check
from registry.cli.convert import convert
from registry.cli.demo import demo
from registry.cli.verify import verify


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


for command in (check, verify, convert, demo):
    main.add_command(command)
