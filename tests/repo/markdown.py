"""The parts of a Markdown file that tests look at. As a program: prints the ``sh`` blocks of FILE, to be run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def command_blocks(text: str) -> list[str]:
    """The contents of the blocks fenced as ``sh``, in order."""
    return [body for language, body in _BLOCK.findall(text) if language == "sh"]


def links(text: str) -> list[str]:
    """The targets of links, outside code."""
    return _LINK.findall(_INLINE_CODE.sub("", _BLOCK.sub("", text)))


def anchors(text: str) -> set[str]:
    """The anchors of a file's headings, as code-hosting sites make them."""
    headings = re.findall(r"^#+ +(.+)$", _BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


if __name__ == "__main__":
    print("\n".join(command_blocks(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
