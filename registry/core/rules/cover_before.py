"""What cover there was where a part replaces an asset, and whether now it is no less, or of what lies deep no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from registry.core.case import Case
from registry.core.cover import Cover
from registry.core.elements import merged
from registry.core.findings import Finding, Measure
from registry.core.model import Asset, Part
from registry.core.policy import SEVERITIES, RuleHeader
from registry.core.relations import Relied
from registry.core.rules.cover_cells import TOO_LARGE, Judged
from registry.core.rules.matrix import makes_way
from registry.core.same_place import where_it_was
from registry.core.standing import SURFACING

#: The cover along a thing, and what there is to say of it.
Looked = tuple[Sequence[Cover], Sequence[Judged]]


def with_before(
    header: RuleHeader, case: Case, relied: Relied, part: Part, finding: Finding, look: Callable[[Asset], Looked]
) -> Finding:
    """The finding with the cover there was, where that is known, weighed as the ruleset weighs what does not get worse.

    Of cover after some years that is the cover the asset would have then, where it had too little or too much of it.
    """
    if finding.missing is None or finding.missing.vertical is None:
        return finding
    for replaced in relied.replaced.get(part.id, []):
        if replaced.object_kind in SURFACING:
            continue
        covers, said = look(replaced)
        alike = [item for item in said if (item.cause, item.under) == (finding.cause, finding.surface)]
        was = _was(finding, covers, alike)
        if was is None:
            continue
        found = replace(finding, gap_before=Measure(None, was))
        if not _no_worse(case, relied, part, replaced, found, alike):
            return found
        severity = max(header.severity, case.ruleset.not_worsened, key=SEVERITIES.index)
        return replace(found, severity=header.capped(severity), not_worsened=True)
    return finding


def _was(finding: Finding, covers: Sequence[Cover], alike: Sequence[Judged]) -> int | None:
    """The least cover there was (of what lies too deep the most), mm; of two readings the one that excuses least."""
    deep = finding.cause in TOO_LARGE
    if finding.after is not None:
        values = [item.value for item in alike if item.value is not None]
    else:
        readings = [cover.readings for cover in covers if cover.readings]
        values = [min(r.most for r in one) if deep else max(r.least for r in one) for one in readings]
    return (max(values) if deep else min(values)) if values else None


def _no_worse(
    case: Case, relied: Relied, part: Part, replaced: Asset, now: Finding, alike: Sequence[Judged]
) -> bool:
    """Whether cover surely failed before in the same place, over as long a stretch or longer, by as much or more."""
    if replaced.theme != part.theme or not makes_way(case, relied, replaced):
        return False
    if now.certainty != "certain" or any(item.certainty != "certain" for item in alike):
        return False
    was, gap = now.gap_before, now.gap
    if was is None or gap is None or was.vertical is None or gap.vertical is None:
        return False
    if gap.vertical > was.vertical if now.cause in TOO_LARGE else gap.vertical < was.vertical:
        return False
    before = merged([item.cover.stretch for item in alike if item.cover.stretch is not None], 1)
    there = [(stretch.start, stretch.end) for stretch in now.stretches]
    if sum(end - start for start, end in there) > sum(end - start for start, end in before):
        return False
    return where_it_was(case.solid(part, "casing"), case.solid(replaced, "casing"), before, there, False)
