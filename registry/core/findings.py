"""What a check finds: one value per counterpart and cause, and the verdict they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.policy import LegalForce, Severity

#: How sure a finding is. ``possible``: only within position uncertainty; ``possible_end``: only in an end cap, where a
#: corridor is drawn up to half its width too long; ``assumed``: fits for every depth the municipality assumes;
#: ``undetermined``: a needed datum is unknown.
Certainty = Literal["certain", "possible", "possible_end", "undetermined", "assumed"]

#: ``crossing`` and ``parallel``: the numbers that hold for every pair, and those that hold besides for a parallel run.
#: ``overlap``: only overlap was judged. ``sticks_out``: leaves the reservation or duct it claims to lie in. To
#: these, which the report has words for, each rule kind adds causes of its own (``Kind.says``).
Cause = str
CAUSES: Final = (
    "crossing", "parallel", "overlap", "cover_too_small", "cover_too_large", "cover_unknown", "cover_after_too_small",
    "cover_after_too_large", "cover_after_unknown", "sticks_out", "relation",
)  # fmt: skip

#: What a number of a finding counts: mm, thousandths of a degree, thousandths of a degree Celsius, ml/s, litres, dm²,
#: things, or days.
Unit = Literal["mm", "millideg", "millicelsius", "ml_per_s", "litre", "dm2", "count", "day"]

Outcome = Literal["conflict", "undetermined", "fits_on_assumptions", "fits_with_conditions", "fits"]

#: Worst first.
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "conflict",
    "undetermined",
    "fits_on_assumptions",
    "fits_with_conditions",
    "fits",
)

#: What is wrong with a relation a part claims.
RelationFault = Literal[
    "unknown_target",
    "no_consent",
    "wrong_theme",
    "not_beneficiary",
    "not_at_point",
    "not_end_to_end",
    "not_inside",
    "no_agreement",
    "depth_unknown",
    "not_a_container",
    "bore_unknown",
    "not_granted",
]


#: Those of a relation that was accepted all the same, and is still to be verified.
ACCEPTED_FAULTS: Final[tuple[RelationFault, ...]] = ("bore_unknown",)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The other object of a finding."""

    kind: str
    id: str
    theme: str
    object_kind: str
    holder: str | None
    strength: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A pair of lengths in mm, horizontal and vertical. ``vertical`` ``None``: any depth, or not to be known."""

    horizontal: int | None
    vertical: int | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of some unit."""

    value: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Place:
    """Where: on which part, how far along it (mm, ``None`` for a shaft or volume) and in RD (mm)."""

    part: str
    chainage: int | None
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """From where to where along a part, mm of chainage."""

    part: str
    start: int
    end: int


#: What becomes of a pipe where the ground sinks: it stays where it is, or it sinks along.
Pipe = Literal["stays", "sinks"]


@dataclass(frozen=True, slots=True)
class After:
    """How cover changes in some years: the cover ``now`` and by how much ground sinks (mm; ``None``: unknown), by which
    zone. Cover is less by that where the ``pipe`` stays, and more where it sinks and the ground is raised again.
    """

    years: int
    pipe: Pipe
    now: int
    sinks: int | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the officer should know, with all a sentence about it needs.

    ``rule`` is the ruleset's rule id (``relations`` for a claim that did not hold). ``gap`` is signed, face to face,
    negative is overlap; ``missing`` = ``required`` − ``gap``. For cover only the vertical numbers are used: ``gap`` is
    the cover found; where the part states a ground level and another counts there, ``stated`` and ``registered`` are
    the cover under either. ``severity`` is after the cap of legal force, after ``not_worsened`` and after ``shared``:
    the reservation may be shared with the part's theme. ``rival``: the other is still asked for, by another
    application; then it only advises.

    What is no distance between two solids, nor cover, has ``measured``, ``asked`` and ``short`` (by how much it fails)
    instead; of a distance ``measured`` is what it depends on, and ``asked`` from where on it is asked. It may be
    ``about`` something by name: the value of a zone, an option group, who is to advise. ``before`` is what was measured
    of the asset that the part replaces.

    Of cover at the end of some years (``after``), ``gap`` is the cover then.

    ``stricter`` is the id of another rule of the same kind that asks more of the same pair or part (of several the one
    that asks the most); both are findings.
    """

    rule: str
    rule_kind: str
    cause: Cause
    certainty: Certainty
    severity: Severity
    legal_force: LegalForce | None
    counterparts: tuple[Counterpart, ...]
    place: Place
    stretches: tuple[Stretch, ...]
    gap: Measure | None = None
    required: Measure | None = None
    missing: Measure | None = None
    gap_before: Measure | None = None
    not_worsened: bool = False
    measured_from: str | None = None
    uncertainty: Measure | None = None
    lacking: tuple[str, ...] = ()
    between: tuple[str, str] | None = None
    source: str | None = None
    relation: str | None = None
    fault: RelationFault | None = None
    surface: str | None = None
    stated: Measure | None = None
    registered: Measure | None = None
    shared: bool = False
    rival: bool = False
    measured: Quantity | None = None
    asked: Quantity | None = None
    short: Quantity | None = None
    about: str | None = None
    stricter: str | None = None
    before: Quantity | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """What is met with least to spare: ``margin`` is what there is to spare of ``measured``."""

    measured: Quantity
    asked: Quantity
    margin: Quantity
    place: Place | None = None


#: What came of a rule. ``untouched``: there was nothing that it asks anything of.
RuleOutcome = Literal["not_met", "undetermined", "met", "untouched"]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What came of one rule, whether it found anything or not."""

    rule: str
    rule_kind: str
    outcome: RuleOutcome
    met: Met | None = None


def outcome_of_rule(findings: Sequence[Finding], touched: bool) -> RuleOutcome:
    """What came of a rule by what it found: ``undetermined`` where it fails only perhaps. What another application
    merely asks for is not the rule's failing."""
    own = [finding for finding in findings if not finding.rival]
    if any(finding.certainty == "certain" for finding in own):
        return "not_met"
    if own:
        return "undetermined"
    return "met" if touched else "untouched"


def calls_for(finding: Finding) -> Outcome:
    """The outcome of an application of which this were the only finding."""
    if finding.severity == "advises":
        return "fits"
    if finding.certainty == "undetermined":
        return "undetermined"
    if finding.certainty == "assumed":
        return "fits_on_assumptions"
    return "conflict" if finding.certainty == "certain" and finding.severity == "blocks" else "fits_with_conditions"


def telling(findings: Sequence[Finding]) -> list[Finding]:
    """Of findings on one pair, by how certain they are: those that call for worse than any other of the same cause does
    that is more certain. What is plainly too close in one place may hide nothing unknown in another."""
    kept: list[Finding] = []
    for finding in findings:
        others = (one for one in kept if one.cause == finding.cause and one.certainty != finding.certainty)
        if all(OUTCOMES.index(calls_for(finding)) < OUTCOMES.index(calls_for(one)) for one in others):
            kept.append(finding)
    return kept
