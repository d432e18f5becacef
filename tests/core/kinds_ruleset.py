"""The ruleset of the golden cases about zones, angles and what is disused, and what is refused of it."""

from __future__ import annotations

from typing import Final

import pytest

from registry.core.errors import Refused
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from tests.golden.golden_cases import FOLDER

TEXT: Final = (FOLDER / "ruleset-kinds.yaml").read_text(encoding="utf-8")
RULES: Final = load_ruleset(TEXT)


def refused_where(after: str, old: str, new: str, field: str, remedy: str, dutch: str) -> None:
    """That with ``new`` for the first ``old`` after some text it is refused for that alone: where it stands, with a
    remedy, and in Dutch."""
    start = TEXT.index(old, TEXT.index(after))
    with pytest.raises(Refused) as refused:
        load_ruleset(TEXT[:start] + new + TEXT[start + len(old) :])
    (problem,) = refused.value.problems
    assert problem.field.endswith(field), problem.field
    assert remedy in problem.remedy
    assert dutch in problem_line(problem, "nl")
    assert problem.line == TEXT[:start].count("\n") + 1
    assert problem.column is not None
