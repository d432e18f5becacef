"""Which granted works of others an application clashes with, and has no agreement with."""

from __future__ import annotations

from sqlalchemy.orm import Session

from registry.core.findings import Finding
from registry.core.model import Works
from registry.core.verdict import Verdict
from registry.store import agreements
from registry.store.rows import Head

#: What of a distance is judged; a false claim about works is a finding, but no clash with them.
_DISTANCE = ("crossing", "parallel", "overlap", "sticks_out")


def clashing_works(session: Session, head: Head, verdict: Verdict) -> tuple[str, ...]:
    """The ids of the applications whose granted works it clashes with, or may clash with, without an agreement."""
    granted = {item.id: item.application for item in verdict.basis if isinstance(item, Works)}
    met = {
        granted[counterpart.id]
        for finding in verdict.findings
        if _counts(finding)
        for counterpart in finding.counterparts
        if counterpart.kind == "works" and counterpart.id in granted
    }
    return tuple(
        other
        for other in sorted(met)
        if not any(
            row.kind == "agreement"
            for row in agreements.between(session, ("application", head.id), ("application", other))
        )
    )


def _counts(finding: Finding) -> bool:
    """Whether two that are found so may not both be granted; one space is never given twice, whatever policy says."""
    if finding.cause not in _DISTANCE or finding.rival:
        return False
    return finding.severity != "advises" or _same_space(finding)


def _same_space(finding: Finding) -> bool:
    gap = finding.gap
    if finding.certainty != "certain" or gap is None or gap.horizontal is None or gap.vertical is None:
        return False
    return gap.horizontal < 0 and gap.vertical < 0
