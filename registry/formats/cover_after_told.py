"""The numbers of cover at the end of some years: what there is now, what sinks, and what there is then."""

from __future__ import annotations

from collections.abc import Iterator

from registry.core.errors import shown
from registry.core.findings import After
from registry.formats.telling import COVER, TOO_DEEP, Telling, on
from registry.formats.words import listed


def what(telling: Telling, after: After) -> str:
    """What is the matter with cover after some years, in one sentence."""
    words, finding = telling.words, telling.finding
    kind = "unknown"
    if finding.cause in COVER:
        kind = "too_large" if finding.cause in TOO_DEEP else "too_small"
        kind += "" if finding.certainty == "certain" else "_possible"
    lacking = listed([words["lacking"][item] for item in finding.lacking], telling.lang)
    told = {"part": shown(finding.place.part), "years": after.years, "lacking": lacking}
    return words["cover_after"][f"what_{kind}"].format(**told)


def cover_after(telling: Telling, after: After) -> Iterator[str]:
    """The sentences with the numbers of cover after some years."""
    number, finding = telling.words["cover_after"], telling.finding
    gap, required, missing = (on(m, "vertical") for m in (finding.gap, finding.required, finding.missing))
    told = {"now": telling.metres(after.now), "required": telling.metres(required or 0)}
    if after.sinks is not None:
        zone = number["zone"].format(zone=shown(after.zone)) if after.zone is not None else ""
        yield number[after.pipe].format(sinks=telling.metres(after.sinks), years=after.years, zone=zone)
    if gap is None:
        yield number[f"unknown_{after.pipe}"].format(**told)
    else:
        kind = f"depends_{after.pipe}"
        if missing is not None:
            kind = "too_large" if finding.cause in TOO_DEEP else "too_small" if gap >= 0 else "above"
            kind = kind if finding.certainty == "certain" else "drawn" if gap >= 0 else "drawn_above"
        yield number[kind].format(gap=telling.metres(abs(gap)), missing=telling.metres(missing or 0), **told)
        uncertain = on(finding.uncertainty, "vertical")
        if uncertain and finding.certainty == "possible":
            yield cover_between(telling, gap, uncertain)
    if finding.surface is not None:
        yield telling.words["number"]["surface"].format(surface=telling.words["surface"][finding.surface])


def cover_between(telling: Telling, gap: int, uncertain: int) -> str:
    """Between which two numbers the true cover lies."""
    low, high = (telling.metres(end) for end in (gap - uncertain, gap + uncertain))
    return telling.words["number"]["cover_between"].format(uncertain=telling.metres(uncertain), low=low, high=high)
