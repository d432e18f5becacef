"""What an application was compared with, and what came nearest, in words: a verdict that fits shows its numbers too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from registry.core.case import Case
from registry.core.errors import shown
from registry.core.findings import Finding
from registry.core.model import Application, Asset, Object, Obstacle, Reservation, Works
from registry.core.options import group_of
from registry.core.policy import Ruleset
from registry.core.tightest import Margin
from registry.formats.words import WORDS, Language, length, listed

_KINDS: Final = ("reservation", "asset", "works")


def compared_with(application: Application, basis: Iterable[Object], ruleset: Ruleset) -> list[Obstacle]:
    """What of a verdict's basis was compared with the parts: not options of a plan that lie out of reach, which only
    show that there is another."""
    objects = list(basis)
    things = [item for item in objects if isinstance(item, (Asset, Reservation, Works))]
    if not any(isinstance(item, Reservation) and group_of(item) for item in things):
        return things
    near: set[tuple[str, str]] = {(item.kind, item.id) for item in Case.of(application, objects, ruleset).obstacles}
    near |= {(one.target_kind, one.target) for part in application.parts for one in part.relations}
    return [item for item in things if (item.kind, item.id) in near]


def compared_in_words(compared: Sequence[Obstacle], reach: int, lang: Language) -> str:
    """How many objects were considered within reach, of which kinds and themes."""
    words = WORDS[lang]
    text = words["text"]
    counts = Counter(item.kind for item in compared)
    kinds = []
    for kind in (kind for kind in _KINDS if counts[kind]):
        themes = Counter(item.theme for item in compared if item.kind == kind)
        named = [words["theme"].get(theme, shown(theme)) for theme in sorted(themes)]
        if len(themes) > 1:
            named = [f"{themes[theme]} {name}" for theme, name in zip(sorted(themes), named, strict=True)]
        noun = words["kind" if counts[kind] == 1 else "kinds"][kind]
        kinds.append(text["of_kind"].format(count=counts[kind], kind=noun, themes=", ".join(named)))
    counted = text["no_objects" if not compared else "object" if len(compared) == 1 else "objects"]
    return counted.format(count=len(compared), reach=length(reach, lang, 2), kinds=listed(kinds, lang))


def tightest_in_words(margin: Margin, findings: Sequence[Finding], lang: Language) -> str:
    """The kept distance with least to spare, as drawn."""
    words = WORDS[lang]
    text = words["text"]
    other = text["one"].format(kind=words["kind"][margin.kind], id=shown(margin.other))
    line = text["tightest_line"].format(
        other=other,
        gap=length(margin.gap, lang),
        axis=words["axis_inside"][margin.axis],
        part=shown(margin.part),
        required=length(margin.required, lang),
        cause=text[f"tightest_{margin.cause}"],
    )
    return f"{line}, {text['tightest_of_rest']}" if findings else line
