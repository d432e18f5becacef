"""What the matrix of a separation rule asks of each pair, and what is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.core.applying import asked_parts
from registry.core.assumed import assumed_solid, of_assumed_size
from registry.core.boxes import Pair
from registry.core.case import Case
from registry.core.clash import Clash, find_clash, least_gap
from registry.core.elements import Disk, both_widths
from registry.core.findings import Cause, Certainty, Finding, Measure, Place, Stretch, telling
from registry.core.model import Asset, Part, Thing, Uncertainty, Works, is_rival, kind_of
from registry.core.policy import SEVERITIES, Clearance, RuleHeader, Severity
from registry.core.relations import JOINT_TOLERANCE, Relied, counterpart, first_place
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.parallel import parallel_run
from registry.core.rules.separation import NAMES, Cell, SeparationRule, read
from registry.core.rules.subjects import most_specific
from registry.core.runs import hugging, in_runs
from registry.core.same_place import where_it_was
from registry.core.solids import Corridor, MeasuredFrom, Solid, solid_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one pair: the clearance, and whether it is for crossing, a parallel run or overlap only.

    ``pairs`` are those in a run (``None``: all), ``unsure`` those of them that are in one only if things lie closer
    than they are said to.
    """

    cause: Cause
    clearance: Clearance
    pairs: Sequence[Pair] | None = None
    unsure: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Before:
    """What a part replaces, the clash there was with it (if any) and the gap there was.

    ``counts``: it is there until the works start, then goes, and this part alone replaces it.
    """

    replaced: Asset
    clash: Clash | None
    gap: Measure
    counts: bool


def asked_of(rule: SeparationRule, case: Case, relied: Relied, part: Thing, other: Thing) -> list[Asked]:
    """The clearances that hold between a part and another object.

    Parts of one application, and objects of one holder and theme, are asked nothing but not to overlap, unless the
    matrix has a cell for them.
    """
    said = {(part.id, kind_of(other), other.id), *([(other.id, "part", part.id)] if isinstance(other, Part) else [])}
    if said & relied.overlap_only:
        return [_overlap(rule)]
    cell = cell_for(rule, part, other)
    same_network = part.theme == other.theme and case.holder(part) == case.holder(other)
    if cell is rule.otherwise and (isinstance(other, Part) or same_network):
        return [_overlap(rule)]
    asked = [Asked("crossing", cell.crossing)]
    if cell.parallel is not None:
        run = _parallel(rule, case, part, other, cell.parallel)
        if run is not None:
            asked.append(run)
    return asked


def _parallel(rule: SeparationRule, case: Case, part: Thing, other: Thing, asked: Clearance) -> Asked | None:
    """What is asked of the pairs of elements in a parallel run; ``None``: none are in one."""
    pairs, unsure = parallel_run(rule, case, part, other, asked)
    return Asked("parallel", asked, pairs, unsure) if pairs else None


def cell_for(rule: SeparationRule, a: Thing, b: Thing) -> Cell:
    """The most specific cell for a pair, or ``otherwise``."""
    return most_specific(rule.cells, a, b) or rule.otherwise


def evaluate(rule: SeparationRule, case: Case, relied: Relied) -> Evaluated:
    """Clashes with assets and works, and of the application's parts with each other: where the rule applies to one of
    the two."""
    findings: list[Finding] = []
    touched = False
    asked = {part.id for part in asked_parts(rule.header, case, relied)}
    others: list[Thing] = [item for item in case.obstacles if isinstance(item, (Asset, Works))]
    for k, part in enumerate(case.parts):
        for other in [*others, *case.parts[k + 1 :]]:
            if part.id not in asked and not (isinstance(other, Part) and other.id in asked):
                continue
            touched = True
            if is_rival(other):
                findings += _against_rival(rule, case, relied, part, other)
            else:
                findings += telling(judge_pair(rule, rule.header, rule.header.severity, case, relied, part, other))
    return Evaluated(findings, touched)


#: Its rules are read in ``separation``.
KIND: Final = Kind("separation", ("cables_and_pipes",), read, evaluate, {}, NAMES, looks_at=())


def _against_rival(rule: SeparationRule, case: Case, relied: Relied, part: Part, other: Thing) -> list[Finding]:
    """Clashes with what another open application asks for: judged in the same way, told as advice only."""
    if other.id in case.uncompared:
        found = [_uncompared(rule, case, part, other)] if case.within_reach_of(part, other) else []
    else:
        found = telling(judge_pair(rule, rule.header, "advises", case, relied, part, other))
    return [replace(finding, rival=True) for finding in found]


def _uncompared(rule: SeparationRule, case: Case, part: Part, other: Thing) -> Finding:
    return Finding(
        rule=rule.header.id,
        rule_kind="separation",
        cause="crossing",
        certainty="undetermined",
        severity="advises",
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, other),),
        place=first_place(case, part),
        stretches=(),
        lacking=("drawing",),
    )


def judge_pair(
    rule: SeparationRule,
    header: RuleHeader,
    severity: Severity,
    case: Case,
    relied: Relied,
    part: Part,
    other: Thing,
) -> list[Finding]:
    """The findings on one pair by ``rule``'s matrix, reported under ``header`` with ``severity``: of each cause one for
    each certainty with which the two clash, the most certain first."""
    key = (part.id, kind_of(other), other.id)
    if key in relied.unjudged or (isinstance(other, Part) and (other.id, "part", part.id) in relied.unjudged):
        return []
    if isinstance(other, Asset) and other.id in relied.gone:
        return []
    if not case.together(part, other):
        return []
    # Between two parts, or within one network, an end that meets the other is an end.
    ends = case.solid if case.holder(part) == case.holder(other) and part.theme == other.theme else case.joined
    a, b = ends(part, rule.measured_from), ends(other, rule.measured_from)
    uncertainty = case.uncertainty(part, other)
    findings = []
    for asked in asked_of(rule, case, relied, part, other):
        disks = relied.disks(case, part, other, asked.clearance.ch)
        if isinstance(other, Part):
            disks += relied.disks(case, other, part, asked.clearance.ch)
        clashes = list(clashes_of(a, b, uncertainty, case.ruleset.reach, asked, disks))
        before = _before(rule, case, relied, part, other, asked, disks) if clashes else None
        for found in clashes:
            clash = _assumed(rule, case, part, other, asked, found, disks)
            findings.append(_finding(rule, header, severity, case, part, other, asked, clash, before))
    looked_at: list[tuple[Sequence[Pair] | None, Sequence[Disk]]]
    looked_at = [(None, disks) for disks in _beyond_joints(case, relied, part, other)]
    lengthwise = _lengthwise(rule, case, relied, part, other)
    looked_at += [(lengthwise, ())] if lengthwise else []
    for pairs, beyond in looked_at:
        asked = replace(_overlap(rule), pairs=pairs)
        for overlap in clashes_of(a, b, uncertainty, case.ruleset.reach, asked, beyond):
            findings.append(_finding(rule, header, severity, case, part, other, asked, overlap, None))
    return findings


def clashes_of(
    a: Solid, b: Solid, uncertainty: Uncertainty, reach: int, asked: Asked, disks: Sequence[Disk]
) -> Iterator[Clash]:
    """The clash of two solids, and where elsewhere they clash less certainly also that."""
    told: list[Certainty] = []
    mixed = True
    while mixed:
        clash = find_clash(a, b, asked.clearance, uncertainty, reach, asked.pairs, disks, asked.unsure, told)
        if clash is None:
            return
        yield clash
        told.append(clash.certainty)
        mixed = clash.mixed


def _lengthwise(rule: SeparationRule, case: Case, relied: Relied, part: Part, other: Thing) -> list[Pair]:
    """Of two lines of one theme that are connected: the pairs that lie within each other over more than twice both
    widths, as two that come together at 15° may. A joint is where lines come together, and hides no pipe within a pipe.
    """
    said = [relied.may_lie_along(case, part, other)]
    if isinstance(other, Part):
        said.append(relied.may_lie_along(case, other, part))
    if all(said):
        return []
    a, b = case.solid(part, rule.measured_from), case.solid(other, rule.measured_from)
    if not isinstance(a, Corridor) or not isinstance(b, Corridor):
        return []
    beside = hugging(a, b, both_widths(a, b) // 2)
    long = 2 * both_widths(a, b) + JOINT_TOLERANCE
    return sorted(in_runs(beside, beside.covered(1), long))


def _beyond_joints(case: Case, relied: Relied, part: Part, other: Thing) -> list[list[Disk]]:
    """Where the two are joined by what either says: the disks beyond which they may not overlap all the same."""
    said = [relied.overlap_disks(case, part, other)]
    if isinstance(other, Part):
        said.append(relied.overlap_disks(case, other, part))
    return [disks for disks in said if disks is not None]


def _finding(
    rule: SeparationRule,
    header: RuleHeader,
    severity: Severity,
    case: Case,
    part: Part,
    other: Thing,
    asked: Asked,
    clash: Clash,
    before: Before | None,
) -> Finding:
    start = rule.measured_from
    not_worsened = before is not None and before.counts and no_worse(case, part, asked, before, clash, start)
    if not_worsened:
        severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    cell = cell_for(rule, part, other)
    required = Measure(asked.clearance.ch, asked.clearance.cv)
    gap, known = clash.gap, clash.certainty not in ("undetermined", "assumed")
    vertical = required.vertical - gap.vertical if required.vertical is not None and gap.vertical is not None else None
    missing = Measure(asked.clearance.ch - gap.horizontal, vertical) if known and gap.horizontal is not None else None
    uncertainty = case.uncertainty(part, other)
    return Finding(
        rule=header.id,
        rule_kind="separation" if header is rule.header else "reserved_space",
        cause=asked.cause,
        certainty=clash.certainty,
        severity=header.capped(severity),
        legal_force=header.legal_force,
        counterparts=(counterpart(case, other),),
        place=Place(part.id, clash.chainage, clash.x, clash.y),
        stretches=tuple(Stretch(part.id, start, end) for start, end in clash.stretches),
        gap=gap,
        required=required,
        missing=missing,
        gap_before=before.gap if before is not None else None,
        not_worsened=not_worsened,
        measured_from=rule.measured_from,
        uncertainty=Measure(uncertainty.xy, uncertainty.z) if uncertainty.xy or uncertainty.z else None,
        lacking=clash.lacking if not known or "size" in clash.lacking else (),
        between=(str(cell.between[0]), str(cell.between[1])) if cell is not rule.otherwise else None,
        source=(asked.clearance.source or cell.source) if asked.cause != "overlap" else None,
    )


def _before(
    rule: SeparationRule,
    case: Case,
    relied: Relied,
    part: Part,
    other: Thing,
    asked: Asked,
    disks: Sequence[Disk],
) -> Before | None:
    """The clash there was with what the part replaces, and the gap there was; ``None`` where nothing is replaced or
    the gap is not to be known. As now, nothing counts in ``disks``: what the part connects to was connected before.
    """
    best: Before | None = None
    for replaced in relied.replaced.get(part.id, []):
        if replaced is other:
            continue
        a, b = case.solid(replaced, rule.measured_from), case.solid(other, rule.measured_from)
        run = _parallel(rule, case, replaced, other, asked.clearance) if asked.cause == "parallel" else asked
        pairs, unsure = (run.pairs, run.unsure) if run is not None else ((), frozenset[Pair]())
        uncertainty = case.uncertainty(replaced, other)
        clash = find_clash(a, b, asked.clearance, uncertainty, case.ruleset.reach, pairs, disks, unsure)
        gap = clash.gap if clash is not None else least_gap(a, b, asked.clearance.cv, case.ruleset.reach, disks)
        if gap is None or gap.horizontal is None or (clash is not None and clash.certainty == "undetermined"):
            continue
        if best is None or (best.gap.horizontal is not None and gap.horizontal < best.gap.horizontal):
            best = Before(replaced, clash, gap, makes_way(case, relied, replaced))
    return best


def makes_way(case: Case, relied: Relied, replaced: Asset) -> bool:
    """Whether a replaced asset lies there until the works start, then goes, and makes way for one part only."""
    claims = [part for part, assets in relied.replaced.items() if any(asset.id == replaced.id for asset in assets)]
    there = replaced.status != "projected" and case.there_until_works(replaced)
    return there and replaced.id in relied.gone and len(claims) == 1


def no_worse(
    case: Case, part: Part, asked: Asked, before: Before, now: Clash, measured_from: MeasuredFrom
) -> bool:
    """Whether a certain clash there was is in the same place, nowhere smaller in gap and no longer in stretch now.

    Never so for what is replaced by another theme, for what has no stretch (a shaft or volume), or where elsewhere the
    part clashes less certainly: of that nothing can be said.
    """
    was = before.clash
    if was is None or was.certainty != "certain" or now.certainty != "certain" or now.mixed:
        return False
    if before.replaced.theme != part.theme or not was.stretches or not now.stretches:
        return False
    pairs = [(was.gap.horizontal, now.gap.horizontal), (was.gap.vertical, now.gap.vertical)]
    if any(old is not None and (new is None or new < old) for old, new in pairs):
        return False
    if sum(end - start for start, end in now.stretches) > sum(end - start for start, end in was.stretches):
        return False
    new, old = (case.solid(thing, measured_from) for thing in (part, before.replaced))
    return where_it_was(new, old, was.stretches, now.stretches, asked.clearance.cv is not None)


def _assumed(
    rule: SeparationRule, case: Case, part: Part, other: Thing, asked: Asked, clash: Clash, disks: Sequence[Disk]
) -> Clash:
    """The clash as *assumed* to fit, when only the other's depth or size is unknown and it fits by every depth and the
    largest size assumed."""
    if clash.certainty != "undetermined" or not set(clash.lacking) <= {"level", "size"}:
        return clash
    a, uncertainty = case.solid(part, rule.measured_from), case.uncertainty(part, other)
    for solid in assumed_solids(case, other, clash.lacking, rule.measured_from):
        case.used.update(("ground_level", name) for name in solid.ground_used)
        wanted = [(asked.clearance, asked.pairs)]
        if "size" in clash.lacking and asked.cause != "overlap":
            wanted += _parallel_if(rule, case, part, other, both_widths(a, solid))
        reach = case.ruleset.reach
        if not any(find_clash(a, solid, clearance, uncertainty, reach, pairs, disks) for clearance, pairs in wanted):
            return replace(clash, certainty="assumed")
    return clash


def _parallel_if(
    rule: SeparationRule, case: Case, part: Part, other: Thing, widths: int
) -> list[tuple[Clearance, Sequence[Pair] | None]]:
    """What is asked besides if the two together are so wide (mm): what is larger stays near for longer."""
    asked = cell_for(rule, part, other).parallel
    pairs, _ = parallel_run(rule, case, part, other, asked, widths) if asked is not None else ([], frozenset())
    return [(asked, pairs)] if asked is not None and pairs else []


def assumed_solids(case: Case, other: Thing, lacking: Sequence[str], measured_from: MeasuredFrom) -> Iterator[Solid]:
    """The space the other takes at most by what the ruleset assumes of what is lacking."""
    if "size" in lacking:
        sizes = [s for s in case.ruleset.assumed_sizes if (s.theme, s.object_kind) == (other.theme, other.object_kind)]
        if not sizes:
            return
        other = of_assumed_size(other, sizes[0].at_most)
    if "level" not in lacking:
        sized = solid_of(other, case.ground, measured_from)
        if not sized.lacking:
            yield sized
        return
    for assumed in case.ruleset.assumed_depths:
        if assumed.theme == other.theme:
            solid = assumed_solid(other, case.ground, assumed.cover_from, assumed.cover_to, measured_from)
            if solid is not None:
                yield solid


def _overlap(rule: SeparationRule) -> Asked:
    return Asked("overlap", Clearance(0, 0, rule.otherwise.source))
