"""In words: by which version of policy was judged, and which is in force instead."""

from __future__ import annotations

from datetime import date

from registry.core.errors import shown
from registry.core.policy import Ruleset
from registry.formats.words import WORDS, Language, day


def transition_line(
    judged_by: Ruleset, in_force: Ruleset, since: date, decided_on: date | None, lang: Language
) -> str:
    """One sentence that names both versions; with their ids only where these differ."""
    words = WORDS[lang]["transition"]
    same = judged_by.id == in_force.id
    old, new = (r.version if same else f"{r.id} {r.version}" for r in (judged_by, in_force))
    told = {"old": shown(old), "new": shown(new), "since": day(since.isoformat(), lang)}
    then = words[f"judged_{judged_by.judged_by}"].format(**told)
    if decided_on is None:
        return then + words["now"].format(**told)
    return then + words["decided"].format(on=day(decided_on.isoformat(), lang), **told)
