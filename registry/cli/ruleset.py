"""``registry ruleset``: the municipality's policy in the register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from registry.cli.local import FILE, TRUSTED, acting, actor_of, reading, register
from registry.cli.told import columns
from registry.core.errors import Problem, Refused
from registry.formats.files import read_limited
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import MAX_BYTES
from registry.services import rulesets
from registry.services.rulesets import StoredRuleset


@click.group(epilog=TRUSTED)
def ruleset() -> None:
    """Keep the municipality's policy in the register.

    One policy officer stores a version, another reads and publishes it; then it holds from the date it names. What was
    stored is never edited: a change is a new version. Of the published ones that are effective by then, the one with
    the latest date is in force.
    """


@ruleset.command("store", short_help="Store a version.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@acting("policy_officer")
def store(file: Path, **options: Any) -> None:
    """Store the version of policy in FILE (YAML, docs/rulesets.md). It holds once another person has published it."""
    with register(options["database"], options["as_json"], options["lang"]) as local:
        rules = load_ruleset(file)
        text = read_limited(file, MAX_BYTES).decode("utf-8-sig")
        if load_ruleset(text, str(file)) != rules:
            raise Refused(Problem("unreadable", "it changed while it was read", "Try again.", file=str(file)))
        actor = actor_of(options["name"], options["organisation"], options["role"])
        stored = rulesets.store(local.db, rules, text, actor, local.now)
        local.tell(_plain(stored), _lines([stored]))


@ruleset.command("publish", short_help="Publish a version another person stored.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@click.argument("version")
@acting("policy_officer")
def publish(id_: str, version: str, **options: Any) -> None:
    """Publish VERSION of ruleset ID, which another person stored. Every open application is checked again."""
    with register(options["database"], options["as_json"], options["lang"]) as local:
        actor = actor_of(options["name"], options["organisation"], options["role"])
        stored = rulesets.publish(local.db, id_, version, actor, local.now)
        checks = [f"{len(stored.jobs)} open applications are checked again"] if stored.jobs else []
        local.tell(_plain(stored) | {"checks": list(stored.jobs)}, [*_lines([stored]), *checks])


@ruleset.command("list", short_help="List all versions.")
@reading
def list_(**options: Any) -> None:
    """List every version of policy that was stored."""
    with register(options["database"], options["as_json"], options["lang"]) as local:
        found = rulesets.listed(local.db)
        local.tell([_plain(one) for one in found], _lines(found) if found else ["none"])


@ruleset.command("show", short_help="Show a version.")
@click.argument("id_", metavar="ID")
@click.argument("version")
@click.option("--text", is_flag=True, help="Print the text it was stored with, and nothing else.")
@reading
def show(id_: str, version: str, text: bool, **options: Any) -> None:
    """Show VERSION of ruleset ID."""
    with register(options["database"], options["as_json"], options["lang"]) as local:
        found = rulesets.get(local.db, id_, version)
        if text:
            click.echo(found.source_text, nl=not found.source_text.endswith("\n"))
            return
        local.tell(_plain(found) | {"source_text": found.source_text}, [*_lines([found]), *_rules(found)])


@ruleset.command("whatif", short_help="Tell what a version would change.")
@click.argument("file", type=FILE)
@reading
def whatif(file: Path, **options: Any) -> None:
    """Judge every open application by the version of policy in FILE, which need not be stored, and tell how many have
    which outcome, and of which applications it is another than that of the verdict that stands. Nothing is written.

    Tells on stderr how far it is. Ctrl-C ends it.
    """
    with register(options["database"], options["as_json"], options["lang"]) as local:
        # These take long to import, which no other of these commands needs.
        from registry.cli.whatif import told_lines, told_plain, what_if

        rules = load_ruleset(file)
        found = what_if(local.db, rules, local.now)
        local.tell(told_plain(rules, found), told_lines(rules, found))


def _rules(stored: StoredRuleset) -> Iterator[str]:
    yield f"{stored.ruleset.title_en} / {stored.ruleset.title_nl}"
    yield f"sha256 {stored.ruleset.sha256}"
    for rule in stored.ruleset.rules:
        yield f"  {rule.header.id}: {rule.kind}, {rule.header.severity}"


def _lines(stored: list[StoredRuleset]) -> Iterator[str]:
    return columns(
        [
            [
                one.ruleset.id,
                one.ruleset.version,
                f"from {one.ruleset.effective_from}",
                f"published by {one.published_by}" if one.published_by else "stored, not published",
            ]
            for one in stored
        ]
    )


def _plain(stored: StoredRuleset) -> dict[str, object]:
    found = stored.ruleset
    plain: dict[str, object] = {
        "id": found.id,
        "version": found.version,
        "sha256": found.sha256,
        "effective_from": found.effective_from,
        "stored_by": stored.stored_by,
        "stored_at": stored.stored_at.isoformat(),
    }
    if stored.published_at is not None:
        plain |= {"published_by": stored.published_by, "published_at": stored.published_at.isoformat()}
    return plain
