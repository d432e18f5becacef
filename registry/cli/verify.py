"""``registry verify``: does a verdict follow from what its bundle holds?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.check import EXIT, complain
from registry.core.errors import Refused, shown, visible
from registry.formats.bundle import verify_bundle
from registry.formats.words import WORDS


@click.command(short_help="Compute the verdict in a bundle again.")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--accept-assumptions", is_flag=True, help="End with 0 where it fits on the ruleset's assumptions.")
def verify(bundle: Path, accept_assumptions: bool) -> None:
    """Compute the verdict in BUNDLE again from all that is in it, and say what differs.

    BUNDLE is a file written by `registry check --bundle`; nothing else is needed. It is shown that the verdict follows
    from what is in the bundle. Whether that is what was filed, you see by comparing the sha256 with the one you were
    given.

    \b
    Ends with
      0, 2, 3  it holds; by its outcome, as `registry check` ends
      1        it does not hold, or cannot be read
      4        nothing was changed, but objects were withheld, so it was not recomputed
    """
    try:
        found = verify_bundle(bundle)
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    stated = shown(found.stated_sha256, 64)
    if found.differences:
        click.echo(visible(f"{bundle}: this verdict does not hold. What differs:"), err=True)
        for difference in found.differences:
            click.echo(f"  {visible(difference)}", err=True)
        click.echo("Do not rely on it: ask for the bundle as it was written, or check again.", err=True)
        sys.exit(1)
    if found.recomputed is None:
        withheld = "1 object was" if found.withheld == 1 else f"{found.withheld} objects were"
        click.echo(f"Not wholly verified: integrity proven, not recomputed. {withheld} withheld.")
        click.echo("What is in the bundle is what the verdict names; that the outcome follows from it is not shown:")
        click.echo("compare this hash with that of the verdict you were given.")
        click.echo(f"Verdict sha256  {stated}")
        sys.exit(4)
    outcome = found.recomputed.outcome
    click.echo("This verdict holds: recomputed from what is in the bundle, it is the same.")
    click.echo(f"Outcome         {outcome}: {WORDS['en']['outcome_line'][outcome]}")
    click.echo(f"Application     {found.application.id}")
    click.echo(f"Ruleset         {found.ruleset.id} {found.ruleset.version}")
    click.echo(f"Verdict sha256  {stated}")
    sys.exit(0 if accept_assumptions and outcome == "fits_on_assumptions" else EXIT[outcome])
