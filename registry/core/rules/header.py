"""What every rule kind reads in the same way: the header, and what its entries may refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.core.policy import SEVERITIES, SEVERITY_CAP, Citation, LegalForce, RuleHeader
from registry.core.reading import Node

#: The entries every rule has.
HEADER_KEYS: Final = ("id", "kind", "title", "severity", "legal_force", "citation")

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
    )


def read_title(node: Node) -> tuple[str, str]:
    """A title in Dutch and in English."""
    title = node.entries(("nl", "en"))
    return title["nl"].text(), title["en"].text()
