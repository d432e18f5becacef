"""Which ruleset holds, read within a transaction. Parsed once per content: a ruleset is never edited."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.store import rulesets
from registry.store.rows import RulesetRow

#: Rulesets by their hash; a register has few, and none changes.
_PARSED: Final[dict[str, Ruleset]] = {}
_MOST: Final = 256


def parsed(row: RulesetRow) -> Ruleset:
    """The ruleset of a stored row. Raises ``ValueError`` where that is not what was stored."""
    ruleset = _PARSED.get(row.sha256)
    if ruleset is None:
        ruleset = ruleset_from_document(row.document)
        if ruleset.sha256 != row.sha256:
            raise ValueError(f"the stored ruleset {row.id} {row.version} is not what was stored")
        if len(_PARSED) >= _MOST:
            _PARSED.clear()
        _PARSED[row.sha256] = ruleset
    return ruleset


def row_in_force(session: Session, on: date, filed: date | None = None) -> RulesetRow | None:
    """The version in force on a day, for an application filed on ``filed``; see ``rulesets.in_force``."""
    best: tuple[tuple[str, str], RulesetRow] | None = None
    for row in rulesets.listed(session, published=True):
        ruleset = parsed(row)
        day = filed if filed is not None and ruleset.judged_by == "filing_date" else on
        if ruleset.effective_from > day.isoformat() or row.published_at is None:
            continue
        rank = (ruleset.effective_from, row.published_at.isoformat())
        if best is None or rank > best[0]:
            best = (rank, row)
    return best[1] if best is not None else None


def require_in_force(session: Session, on: date, filed: date | None = None) -> Ruleset:
    """The ruleset in force. Raises ``Refused`` (``wrong_state``) where there is none."""
    row = row_in_force(session, on, filed)
    if row is None:
        detail = f"no published ruleset is in force on {on.isoformat()}"
        raise Refused(Problem("wrong_state", detail, "Publish a ruleset that is effective by then.", "ruleset"))
    return parsed(row)


def widest_reach(session: Session) -> int:
    """The farthest (mm) that any published ruleset looks: what all locks are as wide as, whichever of them holds."""
    return widest(session)[0]


def widest(session: Session) -> tuple[int, int]:
    """The farthest (mm) that any published ruleset looks, and from which a ground level counts in it."""
    published = [parsed(row) for row in rulesets.listed(session, published=True)]
    reach = max((ruleset.reach for ruleset in published), default=0)
    return reach, max((ruleset.ground_level_within for ruleset in published), default=0)
