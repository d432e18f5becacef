"""What a rule kind is: how its rules are read, what they find, and how that is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from registry.core.case import Case
from registry.core.findings import Finding, Met
from registry.core.policy import RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.header import Surroundings
from registry.core.topics import Topic


class Rule(Protocol):
    """A rule of any kind."""

    @property
    def header(self) -> RuleHeader: ...

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a rule has to say of a case: its findings; whether it had anything to look at (``touched``); and of what is
    met that with least to spare, where the kind measures it."""

    findings: Sequence[Finding]
    touched: bool
    met: Met | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A rule kind. ``topics`` are what its rules are about where they do not say so themselves.

    ``says`` holds by language (``nl``, ``en``) and cause of a finding the texts ``what`` and ``remedy``, and where
    "there is so much; so much is required" would not do ``numbers``: of what may be at most so much, say. In them stand
    for what the finding says: ``{part}``, ``{other}``, ``{measured}``, ``{required}``, ``{missing}``, ``{about}`` and
    ``{lacking}``. What is undetermined, only possible or fits on assumptions is told by ``<cause>_undetermined``,
    ``<cause>_possible`` or ``<cause>_assumed``, else by plain ``undetermined``, ``possible`` or ``assumed``, where
    there are such. A remedy left empty is the report's, as are all words of kinds that leave ``says`` empty.

    ``names`` holds by language what the entries of its rules, and words that stand in them as values, are called where
    a ruleset is shown or two are compared: ``{"minimum": "at least"}``. With ``{}`` in it a name stands round its value
    (``{} sideways``) instead of before it. ``maximum?`` is what a table shows where an item has no ``maximum``. The
    kind's own name is among them. What has no name is called as it is written; entries that every rule has, themes,
    surfaces and the like have their names already.

    ``looks_at``: of which kinds its rules look at other rules of the ruleset; empty where what they find hangs on their
    own parameters, the case and the head of the ruleset alone. Where that is said of all, a change of numbers in one
    rule is weighed without judging everything again (``core/reuse``); ``None``: it is not said, so all is judged.
    """

    name: str
    topics: tuple[Topic, ...]
    read: Callable[[Node, Surroundings], Any]
    evaluate: Callable[[Any, Case, Relied], Evaluated]
    says: Mapping[str, Mapping[str, Mapping[str, str]]]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    looks_at: tuple[str, ...] | None = None
