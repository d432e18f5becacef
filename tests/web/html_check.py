"""What holds for every page: well-formed, one heading, everything labelled, nothing that runs and no other host."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "img", "hr"}
#: In SVG these have no end tag of their own when written <x/>.
_UNSAFE = {"script", "iframe", "object", "embed", "img", "base", "style"}


class Page(HTMLParser):
    """A page taken apart; ``faults`` says what is wrong with it."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.named: list[str] = []
        self.tags: Counter[str] = Counter()
        self.headings: list[int] = []
        self.links: list[str] = []
        self.labels = 0
        self.text: list[str] = []
        self.lang = ""
        self.feed(html)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")
        self._whole(html)

    def _whole(self, html: str) -> None:
        if self.tags["h1"] != 1:
            self.faults.append(f"{self.tags['h1']} h1")
        if not self.lang:
            self.faults.append("no language")
        self.faults += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        self.faults += [f"nothing has the id {name}" for name in self.named if name not in self.ids]
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if after > before + 1:
                self.faults.append(f"h{after} after h{before}")
        self.faults += [
            f"hidden sign U+{ord(sign):04X}" for sign in set(html) if not sign.isprintable() and sign != "\n"
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def _tag(self, tag: str, attrs: dict[str, str | None]) -> None:
        self.tags[tag] += 1
        if tag == "html":
            self.lang = attrs.get("lang") or ""
        if tag in _UNSAFE:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{name} on <{tag}>" for name in attrs if name.startswith("on") or name == "style"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if attrs.get("id"):
            self.ids[str(attrs["id"])] += 1
        for name in ("aria-labelledby", "for"):
            self.named += (attrs.get(name) or "").split()
        href = attrs.get("href")
        if tag == "a" and href is not None:
            self.links.append(href)
            if href.startswith("#"):
                self.named.append(href[1:])
        if href is not None and not href.startswith(("/", "#", "?", "http://", "https://")):
            self.faults.append(f"a link to {href}")
        if tag == "th" and attrs.get("scope") not in ("col", "row"):
            self.faults.append("a header of a table without scope")
        if tag == "select" and "label" not in self.open:
            self.faults.append("a field without label")
        if (
            tag == "svg"
            and attrs.get("role") != "img"
            and attrs.get("aria-hidden") != "true"
            and "svg" not in self.open
        ):
            self.faults.append("a drawing that says not what it is")
        if tag in ("nav", "section") and not (attrs.get("aria-label") or attrs.get("aria-labelledby")):
            self.faults.append(f"<{tag}> without a name")
