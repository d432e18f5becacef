"""``registry token``: who may act through the API."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Final

import click

from registry.cli.local import register
from registry.core.errors import visible
from registry.services import tokens
from registry.services.actors import ROLES, Actor, Role

#: Tokens end by themselves: nobody remembers to revoke them.
DAYS: Final = 365
_DATABASE: Final = click.option(
    "--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db."
)


@click.group(short_help="Make, list and revoke tokens for the API.")
def token() -> None:
    """Tokens are what a client of the API shows to be someone: a person or system, of an organisation, in a role.

    Only a hash of each is kept. Whoever can run this command on the register can do anything with it.
    """


@token.command("create")
@click.option("--name", required=True, help="Who acts: a person or a system.")
@click.option("--organisation", required=True, help="For whom, spelled as holder and applicant are.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="In what role.")
@click.option(
    "--days", type=click.IntRange(1, DAYS), default=DAYS, show_default=True, help="After how many days it ends."
)
@_DATABASE
def create(name: str, organisation: str, role: Role, days: int, database: str | None) -> None:
    """Make a token and print it, this once."""
    for option, text in (("--name", name), ("--organisation", organisation)):
        if not text.strip() or text != text.strip() or not text.isprintable() or len(text) > 200:
            raise click.UsageError(f"{option} takes printable text of at most 200 characters, no spaces around it.")
    now = datetime.now(UTC)
    with register(database) as local:
        text, id_ = tokens.create(local.db, Actor(name, organisation, role), now, expires=now + timedelta(days=days))
    whose = f"{visible(name)} ({visible(organisation)}, {role})"
    click.echo(f"token {id_} of {whose}; keep it, it is not shown again:", err=True)
    click.echo(text)


@token.command("list")
@_DATABASE
def list_tokens(database: str | None) -> None:
    """Print a line for each token: id, state, role, organisation and name."""
    now = datetime.now(UTC)
    with register(database) as local:
        found = tokens.listed(local.db)
    for one in found:
        ended = one.expires_at is not None and one.expires_at <= now
        state = "revoked" if one.revoked_at is not None else "expired" if ended else "valid"
        actor = one.actor
        click.echo(f"{one.id}  {state:7}  {actor.role:14}  {visible(actor.organisation)}  {visible(actor.name)}")


@token.command("revoke")
@click.argument("id_", metavar="ID")
@_DATABASE
def revoke(id_: str, database: str | None) -> None:
    """End the token with this ID, at once."""
    with register(database) as local:
        ended = tokens.revoke(local.db, id_, datetime.now(UTC))
    if not ended:
        click.echo(f"no token {visible(id_)} that is still valid; see `registry token list`", err=True)
        sys.exit(1)
    click.echo(f"token {visible(id_)} is revoked")
