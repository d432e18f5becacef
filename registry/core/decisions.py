"""What a decision has to say: which reservations a grant would go against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from registry.core.findings import Finding

_GRANTS: Final = ("grant", "grant_with_conditions")
_DISTANCE: Final = ("crossing", "parallel", "overlap")
#: Of options of a plan that are blocked.
_OPTIONS: Final = ("last_option", "one_option")


def grants(kind: str) -> bool:
    """Whether a decision of this kind lets the works go ahead by right."""
    return kind in _GRANTS


def weighing_required(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The ids, sorted, of the reservations that a grant would go against: each needs a reason and a document.

    Those with which the application clashes or may clash, or which it blocks as an option, unless that only advises.
    Not those it merely uses, nor those that may be shared with the theme of the part, as long as the two do not take
    the same space.
    """
    return tuple(
        sorted(
            {
                counterpart.id
                for finding in findings
                if finding.cause in (*_DISTANCE, *_OPTIONS) and finding.severity != "advises"
                if not _shared_without_overlap(finding)
                for counterpart in finding.counterparts
                if counterpart.kind == "reservation"
            }
        )
    )


def options_blocked(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The ids, sorted, of the options of a plan that are certainly blocked once this is granted, weighed or not."""
    certain = (one for one in findings if one.cause in _OPTIONS and one.certainty == "certain")
    return tuple(sorted({counterpart.id for one in certain for counterpart in one.counterparts}))


def _shared_without_overlap(finding: Finding) -> bool:
    gap = finding.gap
    if not finding.shared or finding.certainty in ("undetermined", "assumed"):
        return False
    return gap is not None and any(amount is not None and amount >= 0 for amount in (gap.horizontal, gap.vertical))
