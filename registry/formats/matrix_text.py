"""A matrix that was edited as a table, put back in the text of its ruleset: what did not change stays as it stands."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.formats.matrix_table import COLUMNS, Column, Grid, Rows, letters, matrix_of, read_table
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import load_yaml

#: Text that every YAML reader takes for text.
_PLAIN: Final = re.compile(
    r"(?!(?:yes|no|on|off|true|false|null|y|n)$)[a-z][A-Za-z0-9_/-]*|[0-9.]+ m|[0-9]+\.[0-9]+\.[0-9]+"
)

#: In which order the entries of a cell stand.
_ORDER: Final = ("crossing", "parallel", "source")


def with_matrix(text: str, grid: Grid, rule: str | None, version: str | None, name: str = "") -> tuple[Ruleset, str]:
    """A ruleset's text with its separation matrix replaced by that of a sheet, and with another version, if any.

    Comments stay, unless no row does. Where nothing changes, the text is the same to the letter. ``rule`` is the
    id of the separation rule where there are several; ``name`` is what the text's file is called in messages.
    Raises ``Refused``: what is wrong in the sheet has its row and column, whatever rule of the ruleset it offends.
    """
    before = load_ruleset(text, name)
    plain: Any = deepcopy(load_yaml(text, name, "invalid_ruleset").data)
    matrix = matrix_of(before, rule, name).header.id
    (index,) = (number for number, one in enumerate(plain["rules"]) if one["id"] == matrix)
    table = read_table(grid)
    plain["rules"][index]["cells"] = table.cells
    plain["rules"][index]["otherwise"] = table.otherwise
    if version is not None:
        plain["ruleset"]["version"] = version
    try:
        after = read_ruleset(plain)
    except Refused as refusal:
        raise Refused([_in_sheet(problem, index, table, grid, name) for problem in refusal.problems]) from None
    if after.sha256 == before.sha256:
        return before, text
    edited = _edited(text, index, before, after, table)
    for written in (_spliced(text, edited, index, before, after), edited):
        try:
            if load_ruleset(written, name).sha256 == after.sha256:
                return after, written
        except Refused:
            continue
    raise AssertionError("the text that was written says something else than the table")


def _in_sheet(problem: Problem, index: int, table: Rows, grid: Grid, name: str) -> Problem:
    """A problem of the ruleset where it is in the sheet; one of what the sheet does not hold is the file's."""
    found = re.fullmatch(rf"rules\[{index}\]\.(otherwise|cells\[([0-9]+)\])\.?(.*)", problem.field)
    if found is None:
        return replace(problem, file=name)
    row = table.otherwise_row if found[2] is None else table.cell_rows[int(found[2])]
    column = table.columns[_column(found[3])]
    field = f"{grid.sheet}!{letters(column)}{row + 1}"
    return replace(problem, field=field, file=grid.file, line=row + 1, column=column + 1)


def _column(field: str) -> Column:
    if field.startswith("between"):
        return "second" if field.endswith("[1]") else "first"
    for column in COLUMNS:
        if field == column:
            return column
    return "crossing.ch" if field == "crossing" else "parallel.ch" if field == "parallel" else "first"


def _edited(text: str, index: int, before: Ruleset, after: Ruleset, table: Rows) -> str:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    indented = re.search(r"^rules:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( *)- ", text, re.MULTILINE)
    offset = len(indented[1]) if indented else 2
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    document = yaml.load(text)
    if before.version != after.version:
        document["ruleset"]["version"] = _scalar(after.version)
    node = document["rules"][index]
    old, new = (_document(ruleset, node["id"]) for ruleset in (before, after))
    _update(node["otherwise"], old["otherwise"], new["otherwise"], table.otherwise)
    _update_cells(node, _by_pair(old["cells"]), _by_pair(new["cells"]), _by_pair(table.cells))
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue().replace("\n", "\r\n") if "\r\n" in text else out.getvalue()


def _spliced(text: str, edited: str, index: int, before: Ruleset, after: Ruleset) -> str:
    """The text with only the lines of the rule, and the version, as they were written anew: what is written over
    several lines elsewhere stays so. Says something else where the rule has no lines of its own."""
    old, new = text.splitlines(keepends=True), edited.splitlines(keepends=True)
    start, end = _lines_of(text, index)
    from_line, to_line = _lines_of(edited, index)
    if before.version != after.version:
        line, column = load_yaml(text).values[("ruleset", "version")]
        head, tail = old[line - 1][: column - 1], old[line - 1][column - 1 :]
        old[line - 1] = head + tail.replace(before.version, after.version, 1)
    return "".join([*old[:start], *new[from_line:to_line], *old[end:]])


def _lines_of(text: str, index: int) -> tuple[int, int]:
    """From which line to before which, from 0, a rule stands with what is between it and what comes next."""
    document = load_yaml(text)
    start = document.values[("rules", index)][0]
    others = [place[0] for path, place in document.values.items() if path[:1] == ("rules",) and len(path) == 2]
    others += [place[0] for path, place in document.keys.items() if len(path) == 1]
    after = [line for line in others if line > start]
    return start - 1, min(after) - 1 if after else len(text.splitlines())


def _document(ruleset: Ruleset, name: str) -> Any:
    document: Any = ruleset.document
    return next(rule for rule in document["rules"] if rule["id"] == name)


def _by_pair(cells: list[Any]) -> dict[tuple[str, ...], Any]:
    return {tuple(sorted(cell["between"])): cell for cell in cells}


def _update_cells(
    rule: CommentedMap, old: Mapping[Any, Any], new: Mapping[Any, Any], given: Mapping[Any, Any]
) -> None:
    """Cells that changed changed, that went gone, that came at the end."""
    if not rule["cells"] or not set(old) & set(new):
        # None of what is there stays: an empty list is written on one line, others are not.
        rule["cells"] = CommentedSeq() if new else _flow([])
        old = {}
        if not new:
            rule.ca.items.pop("cells", None)
    nodes: CommentedSeq = rule["cells"]
    for position in reversed(range(len(nodes))):
        pair = tuple(sorted(nodes[position]["between"]))
        if pair not in new:
            _remove(nodes, position)
        else:
            _update(nodes[position], old[pair], new[pair], given[pair])
    for pair, cell in given.items():
        if pair not in old:
            nodes.append(_flow(cell))


def _remove(nodes: CommentedSeq, position: int) -> None:
    """Take an item out; the comment above it stays, above the next: it may be the heading of a group."""
    above = (nodes.ca.items.get(position) or [None, None])[1]
    del nodes[position]
    if above and position < len(nodes):
        comments = nodes.ca.items.setdefault(position, [None, None, None, None])
        comments[1] = [*above, *(comments[1] or ())]


def _update(node: CommentedMap, old: Mapping[str, Any], new: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Of a cell, write anew only what says something else."""
    for key in _ORDER:
        if old.get(key) == new.get(key):
            continue
        if key not in new:
            del node[key]
        elif key not in node:
            places = [list(node).index(after) for after in _ORDER[_ORDER.index(key) + 1 :] if after in node]
            node.insert(min(places, default=len(node)), key, _flow(given[key]))
        elif not isinstance(given[key], dict):
            node[key] = _scalar(given[key])
        else:
            for inner in ("ch", "cv", "source"):
                if inner in node[key] and inner not in given[key]:
                    del node[key][inner]
                elif old[key].get(inner) != new[key].get(inner):
                    node[key][inner] = _scalar(given[key][inner])


def _flow(value: Any) -> Any:
    """A value as it is written on one line."""
    if isinstance(value, dict):
        found = CommentedMap((key, _flow(inner)) for key, inner in value.items())
        found.fa.set_flow_style()
        return found
    if isinstance(value, list):
        items = CommentedSeq(map(_flow, value))
        items.fa.set_flow_style()
        return items
    return _scalar(value)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else DoubleQuotedScalarString(text)
