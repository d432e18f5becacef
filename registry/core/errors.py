"""Problems with what was given or asked, told so that the giver can mend them.

A ``Problem`` names one fault: where it is (file, feature, field), the value found and the remedy.
``Refused`` carries all problems of one input at once; nothing of a refused input is used.
The codes form a closed set: a new kind of fault gets a new code here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import category

Code = Literal[
    "invalid_json",
    "invalid_text",
    "duplicate_key",
    "too_deep",
    "too_large",
    "too_complex",
    "missing",
    "unknown_property",
    "wrong_type",
    "not_allowed",
    "out_of_range",
    "invalid_coordinate",
    "invalid_geometry",
    "unsupported_crs",
    "missing_height",
    "missing_size",
    "duplicate_id",
    "invalid_period",
    "invalid_ruleset",
    "invalid_mapping",
    "invalid_bundle",
    "unreadable",
    "wrong_state",
    "not_allowed_for_role",
    "not_yours",
    "stale_verdict",
    "not_found",
    "already_there",
    "version_mismatch",
    "version_missing",
    "clash",
    "weighing_missing",
    "wrong_regime",
    "example_fails",
    "unauthenticated",
    "not_acceptable",
    "unsupported_media",
    "busy",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input.

    ``detail`` says what is wrong, ``value`` shows what was found (shortened), ``remedy`` says what to write
    instead. ``file``, ``feature`` and ``field`` say where; ``line`` and ``column`` count from 1.
    """

    code: Code
    detail: str
    remedy: str
    field: str = ""
    value: str = ""
    feature: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def at(self, *, file: str = "", feature: str = "") -> Problem:
        """The same problem, with the file and feature filled in where they were still open."""
        return replace(self, file=self.file or file, feature=self.feature or feature)

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}:{self.column}"
        where = [place, f"feature {self.feature}" if self.feature else "", self.field]
        found = f" (found {self.value})" if self.value else ""
        return visible(f"{', '.join(part for part in where if part)}: {self.detail}{found}. {self.remedy}")


class Refused(Exception):
    """An input was refused; ``problems`` holds every fault found, never empty."""

    def __init__(self, problems: list[Problem] | Problem):
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        if not self.problems:
            raise ValueError("a refusal names at least one problem")
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def at(self, *, file: str = "", feature: str = "") -> Refused:
        """The same refusal with file and feature filled in."""
        return Refused([problem.at(file=file, feature=feature) for problem in self.problems])


def visible(text: str) -> str:
    """A text on one line, of which nothing can be hidden or change the order in which the rest is read.

    Spaces of all kinds become plain ones. What has no sign of its own, such as a line break, a control character or a
    change of writing direction, is spelled out: ``<U+202E>``.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else " " if category(character) == "Zs" else f"<U+{ord(character):04X}>"
        for character in text
    )


def shown(value: object, limit: int = 60) -> str:
    """A value as it can stand in a message: one line, printable, at most ``limit`` characters."""
    text = visible(str(value)[: 4 * limit])
    return text if len(text) <= limit else text[: limit - 1] + "…"
