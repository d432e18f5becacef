"""Links between the project's own texts lead somewhere."""

from __future__ import annotations

from tests.repo.checkout import ROOT, markdown
from tests.repo.markdown import anchors, links


def test_relative_links_resolve() -> None:
    wrong = []
    checked = 0
    for path, text in markdown().items():
        for target in links(text):
            if "://" in target or target.startswith("mailto:"):
                continue
            checked += 1
            name, _, anchor = target.partition("#")
            found = ROOT / path.parent / name if name else ROOT / path
            if not found.exists() or not found.resolve().is_relative_to(ROOT):
                wrong.append(f"{path}: {target} does not exist in this project")
            elif anchor and anchor not in anchors(found.read_text(encoding="utf-8")):
                wrong.append(f"{path}: {name or path} has no heading #{anchor}")
    assert not wrong, "\n".join(wrong)
    assert checked > 5


def test_every_document_can_be_reached() -> None:
    """From the README, link by link: a text nobody points to is a text nobody reads."""
    everything = {(ROOT / path).resolve() for path in markdown()}
    reached = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        path = ahead.pop().resolve()
        if path not in reached and path in everything:
            reached.add(path)
            targets = (target.partition("#")[0] for target in links(path.read_text(encoding="utf-8")))
            ahead += [path.parent / target for target in targets if target and "://" not in target]
    lost = sorted(str(path.relative_to(ROOT)) for path in everything - reached if "docs" in path.parts)
    assert not lost, f"no link leads to {', '.join(lost)}"
