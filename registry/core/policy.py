"""What a ruleset consists of: frozen values, lengths in integer millimetres.

``ruleset`` reads them from plain data; the modules in ``rules`` hold each kind's own parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from registry.core.topics import Topic

if TYPE_CHECKING:
    from registry.core.examples import Example
    from registry.core.rules.kind import Rule

#: Worst first.
Severity = Literal["blocks", "conditions", "advises"]
SEVERITIES: Final[tuple[Severity, ...]] = ("blocks", "conditions", "advises")

LegalForce = Literal["binding", "policy", "internal"]

#: The most a rule of each legal force may do.
SEVERITY_CAP: Final[dict[LegalForce, Severity]] = {"binding": "blocks", "policy": "blocks", "internal": "advises"}

ANY_DEPTH: Final = "any_depth"


#: What kind of text numbers were read in; ``government``: of another public body than a municipality; ``research``: of
#: a body that studies the subject.
SourceKind = Literal["norm", "municipal", "government", "operator", "research", "foreign", "demo", "own"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from, and how well that was read. ``title_nl`` is there where it has a title per language;
    ``title`` is the English one then."""

    id: str
    title: str
    kind: SourceKind
    confidence: Literal["read", "second_hand", "example", "own"]
    link: str | None = None
    note: str | None = None
    title_nl: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The policy text a rule rests on."""

    document: str
    article: str | None = None
    link: str | None = None


#: Of a part: whether it takes the place of what is there.
Situation = Literal["new_build", "existing"]


@dataclass(frozen=True, slots=True)
class Applies:
    """To which parts of which applications a rule applies: to those that satisfy all that is stated.

    ``themes`` and ``object_kinds`` are the part's; ``areas`` values of zones of type ``area`` that it touches;
    ``situation`` is ``existing`` for a part that replaces an asset. ``filed_from`` and ``filed_until`` are half-open;
    to an application that does not say when it was filed the rule applies.
    """

    themes: tuple[str, ...] = ()
    object_kinds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    situation: Situation | None = None
    regimes: tuple[str, ...] = ()
    filed_from: str | None = None
    filed_until: str | None = None


@dataclass(frozen=True, slots=True)
class RuleHeader:
    """What every rule has, whatever its kind. ``applies`` ``None``: to every part; ``topics`` empty: those of its
    kind."""

    id: str
    severity: Severity
    legal_force: LegalForce
    citation: Citation
    title_nl: str
    title_en: str
    applies: Applies | None = None
    topics: tuple[Topic, ...] = ()

    def capped(self, severity: Severity) -> Severity:
        """``severity``, or the most this rule's legal force allows."""
        cap = SEVERITY_CAP[self.legal_force]
        return max(severity, cap, key=SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class Clearance:
    """Two solids clash when at one place the horizontal gap < ``ch`` and the vertical gap < ``cv``, mm.

    ``cv`` ``None`` is ``any_depth``: nothing above or below either. ``source`` is the id of where the numbers come
    from; reading fills it in, from the cell where the clearance names none of its own.
    """

    ch: int
    cv: int | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class AssumedDepth:
    """A range of cover the municipality accepts as an assumption for a theme of unknown depth, mm."""

    theme: str
    cover_from: int
    cover_to: int
    source: str


@dataclass(frozen=True, slots=True)
class AssumedSize:
    """How wide (mm) at most the municipality assumes what has a theme and object kind and no known size to be."""

    theme: str
    object_kind: str
    at_most: int
    source: str


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A version of policy. ``reach`` is how far sideways (mm) an object may matter; see ``docs/rulesets.md``.

    ``source`` is that of the ruleset's own lengths (reach, joint radius, ground level distance), where it names one.
    """

    id: str
    version: str
    title_nl: str
    title_en: str
    municipality: str
    effective_from: str
    judged_by: Literal["filing_date", "decision_date"]
    reach: int
    joint_radius: int
    ground_level_within: int
    not_worsened: Severity
    assumed_depths: tuple[AssumedDepth, ...]
    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    sha256: str
    document: dict[str, object]
    source: str | None = None
    assumed_sizes: tuple[AssumedSize, ...] = ()
    examples: tuple[Example, ...] = ()
