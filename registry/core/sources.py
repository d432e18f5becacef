"""What the numbers of a ruleset or mapping rest on, as its `sources` state it."""

from __future__ import annotations

from typing import Final, Literal, get_args

from registry.core.policy import Source, SourceKind
from registry.core.reading import Node

_KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)
_CONFIDENCES: Final[tuple[Literal["read", "second_hand", "example", "own"], ...]] = (
    "read",
    "second_hand",
    "example",
    "own",
)


def _title(node: Node) -> tuple[str, str | None]:
    """A title for all languages, or one in English and one in Dutch."""
    if not isinstance(node.value, dict):
        return node.text(), None
    given = node.entries(("nl", "en"))
    return given["en"].text(), given["nl"].text()


def read_sources(node: Node) -> tuple[Source, ...]:
    """The sources under a node, by id; faults are noted at the nodes."""
    sources = []
    for name, item in node.named().items():
        given = item.entries(("title", "kind", "confidence"), ("link", "note"))
        title, title_nl = _title(given["title"])
        sources.append(
            Source(
                id=name,
                title=title,
                kind=given["kind"].choice(_KINDS, "kind of source"),
                confidence=given["confidence"].choice(_CONFIDENCES, "confidence"),
                link=given["link"].link() if "link" in given else None,
                note=given["note"].text() if "note" in given else None,
                title_nl=title_nl,
            )
        )
    return tuple(sorted(sources, key=lambda source: source.id))
