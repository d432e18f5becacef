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
#: ``overlap``: only overlap was judged. ``sticks_out``: leaves the reservation or duct it claims to lie in.
Cause = Literal[
    "crossing", "parallel", "overlap", "cover_too_small", "cover_too_large", "cover_unknown", "sticks_out", "relation"
]

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the officer should know, with all a sentence about it needs.

    ``rule`` is the ruleset's rule id (``relations`` for a claim that did not hold). ``gap`` is signed, face to face,
    negative is overlap; ``missing`` = ``required`` − ``gap``. For cover only the vertical numbers are used: ``gap`` is
    the cover found; where the part states a ground level and another counts there, ``stated`` and ``registered`` are
    the cover under either. ``severity`` is after the cap of legal force, after ``not_worsened`` and after ``shared``:
    the reservation may be shared with the part's theme. ``rival``: the other is still asked for, by another
    application; then it only advises.
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
