"""What every rule kind reads in the same way: the header, and what its entries may refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.core.model import OBJECT_KINDS, REGIMES, THEMES
from registry.core.policy import SEVERITIES, SEVERITY_CAP, Applies, Citation, LegalForce, RuleHeader, Situation
from registry.core.reading import Choice, Node, metres
from registry.core.topics import TOPICS, Topic

#: The entries every rule has.
HEADER_KEYS: Final = ("id", "kind", "title", "severity", "legal_force", "citation")
#: And those it may have.
HEADER_OPTIONAL: Final = ("applies", "topics")

LEGAL_FORCES: Final[tuple[LegalForce, ...]] = tuple(SEVERITY_CAP)


@dataclass(slots=True)
class Surroundings:
    """What a rule may refer to: the ruleset's sources, separation rules and ``reach`` (mm; ``None``: not known)."""

    sources: Sequence[str]
    separations: Sequence[str]
    reach: int | None
    cited: set[str] = field(default_factory=set)

    def source(self, node: Node) -> str:
        """The id of a source that exists."""
        if self.sources:
            node.wanted(f"one of the sources, {', '.join(self.sources)}")
        source = node.text()
        if node.sound and not self.sources:
            node.fault("there are no sources", "Add this one under sources.", "not_allowed")
        elif node.sound and source not in self.sources:
            node.unknown(source, self.sources, "source")
        self.cited.add(source)
        return source

    def distance(self, node: Node, besides: int = 0, least: int = 0) -> int:
        """A length (mm) sideways within the ruleset's reach, with what it is asked ``besides`` counted in: what lies
        farther away is not looked for."""
        asked = node.length(least)
        if node.sound and self.reach is not None and asked + besides > self.reach:
            detail = f"objects farther away than the ruleset's reach of {metres(self.reach)} are not looked for"
            node.fault(detail, f"Write at least {metres(asked + besides)} as ruleset.reach.", "out_of_range")
        return asked

    def separation(self, node: Node) -> str:
        """The id of a separation rule that exists: the one whose matrix says what a clash is."""
        separation = node.text()
        if node.sound and self.separations and separation not in self.separations:
            node.unknown(separation, self.separations, "separation rule")
        return separation


def read_header(given: dict[str, Node]) -> RuleHeader:
    """The header out of a rule's entries."""
    title_nl, title_en = read_title(given["title"])
    citation = given["citation"].entries(("document",), ("article", "link"))
    return RuleHeader(
        id=given["id"].id(),
        severity=given["severity"].choice(SEVERITIES, "severity"),
        legal_force=given["legal_force"].choice(LEGAL_FORCES, "legal force"),
        citation=Citation(
            document=citation["document"].text(),
            article=citation["article"].text() if "article" in citation else None,
            link=citation["link"].link() if "link" in citation else None,
        ),
        title_nl=title_nl,
        title_en=title_en,
        applies=_read_applies(given["applies"]) if "applies" in given else None,
        topics=_topics(given["topics"]) if "topics" in given else (),
    )


_SITUATIONS: Final[tuple[Situation, ...]] = ("new_build", "existing")
_APPLIES: Final = ("themes", "object_kinds", "areas", "situation", "regimes", "filed_from", "filed_until")


def _read_applies(node: Node) -> Applies:
    given = node.entries((), _APPLIES)
    if isinstance(node.value, dict) and not given:
        node.fault("it says of nothing to what the rule applies", f"Name one or more of {', '.join(_APPLIES)}.")
    filed_from, filed_until = (given[key].date() if key in given else None for key in _APPLIES[-2:])
    if filed_from and filed_until and filed_until <= filed_from and given["filed_until"].sound:
        remedy = "Let filed_until be later; the day itself is no longer in it."
        given["filed_until"].fault("it ends before or when it begins", remedy, "out_of_range")
    return Applies(
        themes=_choices(given, "themes", THEMES, "theme"),
        object_kinds=_choices(given, "object_kinds", OBJECT_KINDS, "object kind"),
        areas=tuple(sorted(item.word() for item in given["areas"].items(at_least=1))) if "areas" in given else (),
        situation=given["situation"].choice(_SITUATIONS, "situation") if "situation" in given else None,
        regimes=_choices(given, "regimes", REGIMES, "regime"),
        filed_from=filed_from,
        filed_until=filed_until,
    )


def _topics(node: Node) -> tuple[Topic, ...]:
    return tuple(sorted(choices(node, TOPICS, "topic"), key=TOPICS.index))


def _choices(given: dict[str, Node], key: str, options: Sequence[str], what: str) -> tuple[str, ...]:
    return choices(given[key], options, what) if key in given else ()


def choices(node: Node, options: Sequence[Choice], what: str) -> tuple[Choice, ...]:
    """A list of at least one of ``options``, each once, sorted."""
    chosen: dict[Choice, None] = {}
    for item in node.items(at_least=1):
        one = item.choice(options, what)
        if one in chosen and item.sound:
            item.fault(f"this {what} is named twice", "Keep one of the two.", "duplicate_id")
        chosen[one] = None
    return tuple(sorted(chosen))


def read_title(node: Node) -> tuple[str, str]:
    """A title in Dutch and in English."""
    title = node.entries(("nl", "en"))
    return title["nl"].text(), title["en"].text()
