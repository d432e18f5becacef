"""``registry ruleset``: the municipality's policy in the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from registry.cli.local import FILE, TRUSTED, acting, actor_of, reading, register
from registry.cli.ruleset_compare import compare
from registry.cli.ruleset_matrix import matrix
from registry.cli.ruleset_reading import READING, stored_lines, stored_plain
from registry.cli.ruleset_whatif import whatif
from registry.core.errors import Problem, Refused
from registry.core.examples_checked import without_example
from registry.formats.files import read_limited
from registry.formats.ruleset_lint import not_shown_lines
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.whatif_told import rests_on
from registry.formats.words import Language
from registry.formats.yaml_strict import MAX_BYTES
from registry.services import rulesets


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
        local.tell(stored_plain(stored), stored_lines([stored], local.lang))


@ruleset.command("publish", short_help="Publish a version another person stored.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@click.argument("version")
@acting("policy_officer")
def publish(id_: str, version: str, **options: Any) -> None:
    """Publish VERSION of ruleset ID, which another person stored. Every open application is checked again.

    It is refused where an example in the version comes out otherwise than it says; each that does is named. What no
    example shows of a rule, where it is met or where it is not, is told.
    """
    with register(options["database"], options["as_json"], options["lang"]) as local:
        actor = actor_of(options["name"], options["organisation"], options["role"])
        stored = rulesets.publish(local.db, id_, version, actor, local.now)
        checks = [_CHECKED_AGAIN[local.lang].format(count=len(stored.jobs))] if stored.jobs else []
        checks.append(rests_on(stored.whatif_state, stored.whatif, local.lang))
        lacking = without_example(stored.ruleset)
        plain = stored_plain(stored) | {"checks": list(stored.jobs), "not_shown": lacking}
        local.tell(plain, [*stored_lines([stored], local.lang), *checks, *not_shown_lines(stored.ruleset, local.lang)])


@ruleset.command("list", short_help="List all versions.")
@reading
def list_(**options: Any) -> None:
    """List every version of policy that was stored."""
    with register(options["database"], options["as_json"], options["lang"]) as local:
        found = rulesets.listed(local.db)
        lines = stored_lines(found, local.lang) if found else [_NONE[local.lang]]
        local.tell([stored_plain(one) for one in found], lines)


_NONE: Final[dict[Language, str]] = {"nl": "geen", "en": "none"}
_CHECKED_AGAIN: Final[dict[Language, str]] = {
    "nl": "open aanvragen die opnieuw worden getoetst: {count}",
    "en": "{count} open applications are checked again",
}

for command in (*READING, compare, matrix, whatif):
    ruleset.add_command(command)
