"""A finding in words, Dutch or English: what, where, how much, by which rule, and what would help.

Nothing is computed here that the finding does not say; lengths are in metres. Text out of files (ids, holders,
titles) is made fit to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.errors import shown
from registry.core.findings import Counterpart, Finding, Measure
from registry.core.model import Relation
from registry.core.policy import RuleHeader, Ruleset, Source
from registry.formats.words import WORDS, Language, length, listed

#: So many ids, and so many stretches of a part, are named; the rest are counted.
NAMED: Final = 5
_TITLE: Final = 300

#: Causes about the distance between two objects.
_DISTANCE: Final = ("crossing", "parallel", "overlap")
_COVER: Final = ("cover_too_small", "cover_too_large")


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words, by what each text tells; empty where there is nothing to tell."""

    what: str
    where: str
    numbers: str
    rule: str
    note: str
    remedy: str

    def __str__(self) -> str:
        texts = (self.what, self.where, self.numbers, self.rule, self.note, self.remedy)
        return " ".join(text for text in texts if text)


def sentence(finding: Finding, ruleset: Ruleset, lang: Language) -> str:
    """The finding as one paragraph that can stand in a letter: plain text, lengths in metres."""
    return str(told(finding, ruleset, lang))


def told(finding: Finding, ruleset: Ruleset, lang: Language) -> Told:
    """The finding in words, its texts apart."""
    teller = _Teller(finding, ruleset, lang)
    return Told(
        what=teller.what(),
        where=" ".join(teller.where()),
        numbers=" ".join(teller.numbers()),
        rule=" ".join(teller.rule()),
        note=" ".join(teller.note()),
        remedy=" ".join(teller.remedy()),
    )


def outcome_line(outcome: str, lang: Language) -> str:
    """The outcome of a verdict as one line."""
    return f"{WORDS[lang]['outcome'][outcome]}: {WORDS[lang]['outcome_line'][outcome]}"


def relation_line(part: str, relation: Relation, lang: Language) -> str:
    """A relation that was relied on, as one line: the part, and what it is to the other object."""
    words = WORDS[lang]
    kind = words["kind"][relation.target_kind]
    other = words["text"]["one"].format(kind=kind, id=shown(relation.target))
    return f"{shown(part)} {words['relied'][relation.kind].format(other=other)}"


def counterparts_in_words(counterparts: Sequence[Counterpart], lang: Language, known: bool = True) -> str:
    """The objects of one network: how many or which, their ids, and where ``known`` theme, strength and holder."""
    words = WORDS[lang]
    if not counterparts:
        return words["text"]["nothing"]
    first, ids = counterparts[0], [shown(counterpart.id) for counterpart in counterparts]
    features = [words["theme"].get(theme, shown(theme)) for theme in _once(c.theme for c in counterparts)]
    features += [words["object_kind"][kind] for kind in _once(c.object_kind for c in counterparts) if kind != "line"]
    features += [words["strength"][strength] for strength in _once(c.strength for c in counterparts)]
    holders = _once(c.holder for c in counterparts)
    features += [words["text"]["holder"].format(holder=listed([shown(h) for h in holders], lang))] if holders else []
    about = f" ({'; '.join(features)})" if known else ""
    if len(ids) == 1:
        return words["text"]["one"].format(kind=words["kind"][first.kind], id=ids[0]) + about
    kinds = listed([words["kinds"][kind] for kind in _once(c.kind for c in counterparts)], lang)
    more = [words["text"]["more"].format(count=len(ids) - NAMED)] if len(ids) > NAMED else []
    return words["text"]["many"].format(count=len(ids), kinds=kinds) + about + ": " + listed(ids[:NAMED] + more, lang)


class _Teller:
    """Tells one finding in one language."""

    def __init__(self, finding: Finding, ruleset: Ruleset, lang: Language):
        self.finding, self.ruleset, self.lang, self.words = finding, ruleset, lang, WORDS[lang]
        self.other = counterparts_in_words(finding.counterparts, lang, known=finding.fault != "unknown_target")
        holders = _once(counterpart.holder for counterpart in finding.counterparts)
        self.holder = listed([shown(h) for h in holders], lang) or self.words["text"]["holder_plain"]

    def what(self) -> str:
        finding = self.finding
        kind: str = finding.cause
        if finding.cause in _DISTANCE:
            kind = finding.cause if finding.certainty == "certain" else finding.certainty
            overlaps = finding.gap is not None and _both_negative(finding.gap)
            if finding.certainty == "certain" and overlaps:
                kind = "overlap"
            elif finding.certainty == "possible" and finding.cause == "overlap":
                kind = "possible_overlap"
        elif finding.certainty == "undetermined" and finding.cause in ("sticks_out", *_COVER):
            kind = "sticks_out_unknown" if finding.cause == "sticks_out" else "cover_unknown"
        elif finding.certainty in ("possible", "possible_end") and finding.cause in ("sticks_out", *_COVER):
            kind = f"{finding.cause}_possible"
        elif finding.cause == "cover_unknown" and _on(finding.gap, "vertical") is not None:
            kind = "cover_asked_unknown"
        claim, why = "", ""
        if finding.fault is not None:
            claim = self.words["claim"][str(finding.relation)].format(other=self.other)
            why = self.words["fault"][finding.fault]
        lacking = listed([self.words["lacking"][item] for item in finding.lacking], self.lang)
        return self.words["what"][kind].format(
            part=shown(finding.place.part), other=self.other, lacking=lacking, claim=claim, why=why
        )

    def where(self) -> Iterator[str]:
        where, finding = self.words["where"], self.finding
        for part in _once(stretch.part for stretch in finding.stretches):
            along = [(stretch.start, stretch.end) for stretch in finding.stretches if stretch.part == part]
            told = [self._stretch(start, end) for start, end in along[:NAMED]]
            told += [where["more"].format(count=len(along) - NAMED)] if len(along) > NAMED else []
            yield where["along"].format(part=shown(part), stretches=listed(told, self.lang))
        if len(finding.stretches) > 1:
            total = sum(stretch.end - stretch.start for stretch in finding.stretches)
            yield where["in_all"].format(total=length(total, self.lang, 2))
        kind = "here"
        place = finding.place
        if finding.cause in ("relation", "sticks_out"):
            kind = "begins" if place.chainage is not None else kind
        elif finding.certainty not in ("undetermined", "assumed"):
            kind = "narrowest" if finding.cause in _DISTANCE else "worst"
        x, y = (length(ordinate, self.lang, 2) for ordinate in (place.x, place.y))
        if place.chainage is None:
            yield where[f"{kind}_point"].format(x=x, y=y)
        else:
            yield where[kind].format(chainage=length(place.chainage, self.lang, 2), x=x, y=y)

    def _stretch(self, start: int, end: int) -> str:
        first, last = length(start, self.lang, 2), length(end, self.lang, 2)
        return self.words["where"]["at" if first == last else "from_to"].format(start=first, end=last)

    def numbers(self) -> Iterator[str]:
        number, finding = self.words["number"], self.finding
        if finding.cause in (*_COVER, "cover_unknown"):
            yield from self._cover_numbers()
        elif finding.cause == "sticks_out":
            for axis, missing in _amounts(finding.missing):
                yield number["out"].format(axis=self.words["axis"][axis], missing=length(missing, self.lang))
        elif finding.cause in _DISTANCE:
            yield number[finding.cause]
            for axis in ("horizontal", "vertical"):
                yield from self._axis(axis)
            if finding.cause != "overlap" and finding.required is not None and finding.required.vertical is None:
                yield number["any_depth"]
            if finding.measured_from is not None:
                yield number[finding.measured_from]

    def _axis(self, axis: str) -> Iterator[str]:
        """The numbers along one axis; none where nothing is required there."""
        finding = self.finding
        gap, required, missing = (_on(m, axis) for m in (finding.gap, finding.required, finding.missing))
        if finding.cause == "overlap":
            required = None
        if required is None:
            if gap is None or (finding.cause != "overlap" and axis == "vertical"):
                return
            kind = "overlap_only" if gap < 0 else "gap_only"
        elif gap is None:
            kind = "unknown" if finding.certainty in ("undetermined", "assumed") else "endless"
        elif finding.certainty == "undetermined" and self._size_unknown():
            kind = "at_most_overlap" if gap < 0 else "at_most"
        elif required > gap and finding.certainty in ("undetermined", "assumed"):
            kind = "decides_overlap" if gap < 0 else "decides"
        elif required > gap:
            kind = "short_overlap" if gap < 0 else "short"
        else:
            kind = "enough"
        short = missing if missing is not None else (required or 0) - (gap or 0)
        yield self.words["number"][kind].format(
            axis=self.words["axis"][axis],
            gap=length(abs(gap or 0), self.lang),
            required=length(required or 0, self.lang),
            missing=length(short, self.lang),
        )

    def _size_unknown(self) -> bool:
        return "size" in self.finding.lacking or "own_size" in self.finding.lacking

    def _cover_numbers(self) -> Iterator[str]:
        number, finding = self.words["number"], self.finding
        gap, required, missing = (_on(m, "vertical") for m in (finding.gap, finding.required, finding.missing))
        if required is not None:
            kind, told = "cover_required", abs(gap or 0)
            if gap is not None and finding.cause == "cover_unknown":
                kind, told = "cover_depends_small" if gap < required else "cover_depends_large", gap
            if gap is not None and finding.cause != "cover_unknown":
                too_large = finding.cause == "cover_too_large"
                short = gap > required if too_large else gap < required
                kind = finding.cause if short else "cover_enough"
                kind = "cover_above" if short and gap < 0 and not too_large else kind
            yield number[kind].format(
                gap=length(told, self.lang),
                required=length(required, self.lang),
                missing=length(abs(missing if missing is not None else required - (gap or 0)), self.lang),
            )
        if finding.surface is not None:
            yield number["surface"].format(surface=self.words["surface"][finding.surface])

    def rule(self) -> Iterator[str]:
        rule, finding = self.words["rule"], self.finding
        headers = {item.header.id: item.header for item in self.ruleset.rules}
        header = headers.get(finding.rule)
        if header is not None:
            yield self._rule(header)
        elif finding.cause == "relation" or finding.rule == "relations":
            yield rule["relations"]
        else:
            yield rule["unlisted"].format(id=shown(finding.rule))
        for source in self.ruleset.sources:
            if source.id == finding.source:
                title = shown(source.title, _TITLE)
                yield rule["source"].format(title=title, kind=self._trust(source))
        if finding.certainty == "certain" or finding.severity == "advises":
            yield self.words["severity"][finding.severity]
        elif finding.certainty in ("possible", "possible_end"):
            yield self.words["severity"]["conditions"]

    def _rule(self, header: RuleHeader) -> str:
        rule, citation = self.words["rule"], header.citation
        article = shown(citation.article or "", _TITLE)
        if article:
            article = rule["article"].format(article=article) if article[0].isdigit() else f", {article}"
        return rule["rule"].format(
            title=shown(header.title_nl if self.lang == "nl" else header.title_en, _TITLE),
            id=header.id,
            between=self._between(),
            document=shown(citation.document, _TITLE),
            article=article,
            force=self.words["legal_force"][self.finding.legal_force or header.legal_force],
        )

    def _between(self) -> str:
        """Which cell of the rule: two themes, or for cover a theme and a surface type."""
        rule, between = self.words["rule"], self.finding.between
        if between is None:
            return ""
        if self.finding.cause in (*_COVER, "cover_unknown"):
            name = self.words["surface"].get(between[1])
            surface = rule["any_surface"] if name is None else rule["one_surface"].format(surface=name)
            return rule["cover"].format(theme=self.words["theme"][between[0]], surface=surface)
        if "*" in between:
            return rule["otherwise"]
        return rule["between"].format(a=self._subject(between[0]), b=self._subject(between[1]))

    def _subject(self, subject: str) -> str:
        theme, _slash, kind = subject.partition("/")
        name = self.words["theme"][theme]
        return f"{name} ({self.words['object_kind'][kind]})" if kind else name

    def _trust(self, source: Source) -> str:
        kind = self.words["source_kind"][source.kind]
        if (source.kind, source.confidence) == ("demo", "example"):  # the same, said once
            return kind
        return f"{kind}, {self.words['confidence'][source.confidence]}"

    def note(self) -> Iterator[str]:
        note, finding = self.words["note"], self.finding
        uncertain = list(_amounts(finding.uncertainty))
        if uncertain:
            axes = self.words["axis_inside"]
            lengths = listed([f"{length(mm, self.lang)} m {axes[axis]}" for axis, mm in uncertain], self.lang)
            within = finding.certainty == "possible" and finding.cause in _DISTANCE
            yield note["uncertainty" if within else "uncertainty_plain"].format(lengths=lengths)
        stated, registered = (_on(measure, "vertical") for measure in (finding.stated, finding.registered))
        if stated is not None and registered is not None:
            first, second = (length(cover, self.lang) for cover in (stated, registered))
            yield note["ground_differs"].format(stated=first, registered=second)
        if finding.certainty == "possible_end":
            yield note["end"]
        if finding.certainty == "assumed":
            yield from self._assumptions()
        if finding.gap_before is not None:
            yield note["before"].format(gaps=listed(list(self._before(finding.gap_before)), self.lang))
        if finding.not_worsened:
            yield note["not_worsened"]
        elif self._less_room():
            yield note["worsened"]
        if finding.cause == "relation":
            yield note["unaccepted"]
        elif finding.certainty == "undetermined" and finding.severity != "advises":
            yield note["unknown"]

    def _less_room(self) -> bool:
        """Whether there was more sideways before."""
        before, now = _on(self.finding.gap_before, "horizontal"), _on(self.finding.gap, "horizontal")
        return before is not None and now is not None and now < before

    def _before(self, before: Measure) -> Iterator[str]:
        for axis in ("horizontal", "vertical"):
            gap = _on(before, axis)
            if gap is not None:
                told = self.words["note"]["before_overlap" if gap < 0 else "before_gap"]
                yield told.format(gap=length(abs(gap), self.lang), axis=self.words["axis_inside"][axis])

    def _assumptions(self) -> Iterator[str]:
        note, themes = self.words["note"], _once(counterpart.theme for counterpart in self.finding.counterparts)
        titles = {source.id: shown(source.title, _TITLE) for source in self.ruleset.sources}
        used = [assumed for assumed in self.ruleset.assumed_depths if assumed.theme in themes]
        for assumed in used:
            low, high = length(assumed.cover_from, self.lang), length(assumed.cover_to, self.lang)
            source = titles.get(assumed.source, shown(assumed.source))
            yield note["assumption"].format(
                theme=self.words["theme"][assumed.theme], low=low, high=high, source=source
            )
        if not used:
            yield note["assumption_unlisted"]

    def remedy(self) -> Iterator[str]:
        remedy, finding = self.words["remedy"], self.finding
        if finding.fault is not None:
            yield self.words["mend"][finding.fault].format(holder=self.holder)
        elif finding.certainty == "undetermined" or finding.cause == "cover_unknown":
            yield from self._obtaining()
        elif finding.certainty == "assumed":
            yield remedy["assumed"].format(holder=self.holder)
        elif finding.certainty == "possible":
            yield remedy["possible_cover" if finding.cause in _COVER else "possible"]
        elif finding.certainty == "possible_end":
            yield remedy["possible_end"]
        elif finding.cause == "sticks_out":
            yield remedy["inside"]
        elif finding.cause in _COVER:
            missing = _on(finding.missing, "vertical")
            yield remedy[finding.cause].format(missing=length(abs(missing or 0), self.lang))
        else:
            yield from self._room()

    def _obtaining(self) -> Iterator[str]:
        """How to get what is lacking, and how far sideways it would not matter."""
        within = length(self.ruleset.ground_level_within, self.lang, 2)
        for item in self.finding.lacking:
            yield self.words["obtain"][item].format(holder=self.holder, within=within)
        if self.finding.cause == "cover_unknown":
            cover, asked, uncertain = (
                _on(m, "vertical") for m in (self.finding.gap, self.finding.required, self.finding.uncertainty)
            )
            if cover is not None and asked is not None and cover < asked:
                deeper = length(asked - cover + (uncertain or 0), self.lang)
                yield self.words["remedy"]["deeper_instead"].format(missing=deeper)
        if self.finding.cause in _DISTANCE:
            measures = (self.finding.gap, self.finding.required, self.finding.uncertainty)
            gap, required, uncertain = (_on(measure, "horizontal") for measure in measures)
            short = (required or 0) - (gap or 0) + (uncertain or 0)
            if gap is not None and short > 0 and not self._size_unknown():
                yield self.words["remedy"]["sideways_instead"].format(horizontal=length(short, self.lang))

    def _room(self) -> Iterator[str]:
        """Which of the missing amounts to make good: either will do, unless the rule holds at any depth."""
        finding, missing = self.finding, dict(_amounts(self.finding.missing))
        if finding.cause == "overlap" and finding.missing is None and finding.gap is not None:
            missing = {axis: -gap for axis in ("horizontal", "vertical") if (gap := _on(finding.gap, axis) or 0) < 0}
        any_depth = finding.required is not None and finding.required.vertical is None
        kind = "either" if len(missing) == 2 else next(iter(missing), "")
        if kind == "either" and (_on(finding.gap, "horizontal") or 0) < 0:
            kind = "through"
        if kind == "horizontal" and any_depth:
            kind = "only_sideways"
        if kind:
            yield self.words["remedy"][kind].format(**{axis: length(mm, self.lang) for axis, mm in missing.items()})


def _on(measure: Measure | None, axis: str) -> int | None:
    if measure is None:
        return None
    return measure.horizontal if axis == "horizontal" else measure.vertical


def _amounts(measure: Measure | None) -> Iterator[tuple[str, int]]:
    """What there is of ``measure`` along each axis, where it is more than nothing."""
    for axis in ("horizontal", "vertical"):
        amount = _on(measure, axis)
        if amount is not None and amount > 0:
            yield axis, amount


def _both_negative(gap: Measure) -> bool:
    return all(amount is not None and amount < 0 for amount in (gap.horizontal, gap.vertical))


def _once(values: Iterator[str] | Iterator[str | None]) -> list[str]:
    """The values in their order, each once, without those that are not there."""
    return list(dict.fromkeys(value for value in values if value))
