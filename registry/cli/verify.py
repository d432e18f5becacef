"""``registry verify``: does a verdict follow from what its bundle holds?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.check import EXIT, complain
from registry.core.errors import Refused, shown, visible
from registry.formats.bundle import verify_bundle


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--accept-assumptions", is_flag=True, help="End with 0 where it fits on the ruleset's assumptions.")
def verify(bundle: Path, accept_assumptions: bool) -> None:
    """Recompute the verdict of BUNDLE and say what differs.

    Ends as `registry check` does when it holds; 4 when objects were withheld: integrity proven, not recomputed; 1 when
    it does not hold.
    """
    try:
        found = verify_bundle(bundle)
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    stated = shown(found.stated_sha256, 64)
    if found.differences:
        click.echo(visible(f"{bundle}: this verdict does not hold"), err=True)
        for difference in found.differences:
            click.echo(f"  {visible(difference)}", err=True)
        sys.exit(1)
    if found.recomputed is None:
        click.echo(f"{stated}: integrity proven, not recomputed: {found.withheld} objects were withheld")
        click.echo("That the outcome follows from them is not shown: compare this hash with the one you were given.")
        sys.exit(4)
    outcome = found.recomputed.outcome
    click.echo(f"{stated}: recomputed, the same verdict: {outcome}")
    sys.exit(0 if accept_assumptions and outcome == "fits_on_assumptions" else EXIT[outcome])
