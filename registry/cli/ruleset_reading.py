"""``registry ruleset lint|show|diff``: policy as it is read, from files or from the register."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from registry.cli.check import complain
from registry.cli.local import FILE, reading, register, tell, telling
from registry.cli.told import columns
from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.formats.files import read_limited
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_changes import change_lines, changes_told
from registry.formats.ruleset_document import document_plain, ruleset_document
from registry.formats.ruleset_lint import Linted
from registry.formats.ruleset_lint import lint as lint_file
from registry.formats.ruleset_text import document_lines
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import Language
from registry.formats.yaml_strict import MAX_BYTES
from registry.services import rulesets
from registry.services.rulesets import StoredRuleset

#: ID@VERSION.
_STORED: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}@[^@]+")

@click.command("lint", short_help="Look a file over before it is stored.")
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@telling
def lint(files: tuple[Path, ...], as_json: bool, lang: Language) -> None:
    """Read each FILE strictly and tell every fault with its line, its column and what to write instead; then what in a
    sound one is hardly meant as it stands, such as a cell that never holds. Nothing is stored.

    Ends with 0 where no file has a fault, else with 1; warnings change nothing in that.
    """
    found = [(file, lint_file(file)) for file in files]
    plain = []
    for file, linted in found:
        faults, warnings = ([_problem(one, lang) for one in some] for some in (linted.faults, linted.warnings))
        identity = {"sha256": linted.ruleset.sha256} if linted.ruleset is not None else {}
        plain.append({"file": str(file), **identity, "faults": faults, "warnings": warnings})
        if linted.faults and not as_json:
            complain(Refused(list(linted.faults)), lang)
    tell(as_json, plain, (line for file, linted in found for line in _lint_lines(file, linted, lang)))
    if any(linted.faults for _, linted in found):
        sys.exit(1)


@click.command("show", short_help="Show a version as a document.")
@click.argument("given", metavar="FILE|ID")
@click.argument("version", required=False)
@click.option("--text", is_flag=True, help="Print its text as it was written, and nothing else.")
@reading
def show(given: str, version: str | None, text: bool, **options: Any) -> None:
    """Show what a version of policy asks, as a document: each rule with its numbers, and what these rest on.

    Give a FILE, or ID and VERSION (or ID@VERSION) of one in the register.
    """
    (one,) = versions([f"{given}@{version}" if version is not None else given], options)
    if text:
        click.echo(one.text, nl=not one.text.endswith("\n"))
        return
    document = ruleset_document(one.ruleset, options["lang"])
    stored = stored_plain(one.stored) if one.stored is not None else {}
    plain = stored | {"document": document_plain(document), "source_text": one.text}
    standing = stored_lines([one.stored], options["lang"]) if one.stored is not None else ()
    lines = [*standing, *document_lines(document)]
    tell(options["as_json"], plain, lines)


@click.command("diff", short_help="Tell what differs between two versions.")
@click.argument("before")
@click.argument("after")
@reading
def diff(before: str, after: str, **options: Any) -> None:
    """Tell in words what differs from BEFORE to AFTER: each a FILE, or ID@VERSION of one in the register.

    Another order, other comments and numbers written in another way are no difference.
    """
    one, other = (version.ruleset for version in versions([before, after], options))
    told = [
        {"part": change.part, "name": change.name, "what": change.what, "in": change.heading, "text": change.text}
        for change in changes_told(one, other, options["lang"])
    ]
    plain = {"before": _identity(one), "after": _identity(other), "changes": told}
    tell(options["as_json"], plain, change_lines(one, other, options["lang"]))


#: What ``registry ruleset`` has of this module.
READING: Final = (lint, show, diff)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of policy that was named: its text as it was written, and how it stands in the register, if it does."""

    ruleset: Ruleset
    text: str
    stored: StoredRuleset | None = None


def versions(names: Sequence[str], options: Mapping[str, Any]) -> list[Version]:
    """The versions of these names, from files or from the register, which is opened only where it is named. What is
    refused is told on stderr, and the command ends with 1."""
    try:
        found = {name: _from_file(Path(name)) for name in names if not _in_register(name)}
    except Refused as refusal:
        complain(refusal, options["lang"])
        sys.exit(1)
    stored = [name for name in names if name not in found]
    if stored:
        with register(options["database"], options["as_json"], options["lang"]) as local:
            for name in stored:
                one = rulesets.get(local.db, *name.split("@"))
                found[name] = Version(one.ruleset, one.source_text, one)
    return [found[name] for name in names]


def _in_register(name: str) -> bool:
    """Whether a name is ID@VERSION; a file of that very name goes before."""
    return _STORED.fullmatch(name) is not None and not Path(name).exists()


def _from_file(path: Path) -> Version:
    text = read_limited(path, MAX_BYTES, str(path))
    ruleset = load_ruleset(path)
    return Version(ruleset, text.decode("utf-8-sig"))


def _lint_lines(file: Path, linted: Linted, lang: Language) -> Iterator[str]:
    for warning in linted.warnings:
        yield f"{_WARNING[lang]}: {problem_line(warning, lang)}"
    if linted.ruleset is not None and not linted.faults:
        yield _SOUND[lang].format(file=file, warnings=len(linted.warnings))


_WARNING: Final[dict[Language, str]] = {"nl": "let op", "en": "warning"}
_SOUND: Final[dict[Language, str]] = {
    "nl": "{file}: geen fouten; waarschuwingen: {warnings}",
    "en": "{file}: no faults; warnings: {warnings}",
}


def _problem(problem: Problem, lang: Language) -> dict[str, object]:
    plain = {
        "line": problem.line, "column": problem.column, "field": problem.field, "detail": problem.detail,
        "value": problem.value, "remedy": problem.remedy, "told": problem_line(problem, lang),
    }  # fmt: skip
    return {name: value for name, value in plain.items() if value not in ("", None)}


def _identity(ruleset: Ruleset) -> dict[str, str]:
    return {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256}


def stored_lines(stored: list[StoredRuleset], lang: Language) -> Iterator[str]:
    """Versions, a line each: from when each holds, and who published it."""
    words = _STORED_AS[lang]
    return columns(
        [
            [
                one.ruleset.id,
                one.ruleset.version,
                words["from"].format(day=one.ruleset.effective_from),
                words["published"].format(name=one.published_by) if one.published_by else words["stored"],
            ]
            for one in stored
        ]
    )


_STORED_AS: Final[dict[Language, dict[str, str]]] = {
    "nl": {"from": "vanaf {day}", "published": "gepubliceerd door {name}", "stored": "opgeslagen, niet gepubliceerd"},
    "en": {"from": "from {day}", "published": "published by {name}", "stored": "stored, not published"},
}


def stored_plain(stored: StoredRuleset) -> dict[str, object]:
    """A version for a program."""
    found = stored.ruleset
    plain: dict[str, object] = {
        "id": found.id,
        "version": found.version,
        "sha256": found.sha256,
        "effective_from": found.effective_from,
        "stored_by": stored.stored_by,
        "stored_at": stored.stored_at.isoformat(),
        "what_if_state": stored.whatif_state,
    }
    if stored.whatif is not None:
        plain["what_if"] = {"id": stored.whatif[0], "changes_since": stored.whatif[1]}
    if stored.published_at is not None:
        plain |= {"published_by": stored.published_by, "published_at": stored.published_at.isoformat()}
    return plain
