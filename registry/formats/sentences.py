"""A finding in words, Dutch or English: what, where, how much, by which rule, and what would help.

Nothing is computed here that the finding does not say; lengths are in metres. Text out of files (ids, holders,
titles) is made fit to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.errors import shown
from registry.core.findings import ACCEPTED_FAULTS, Counterpart, Finding, Measure
from registry.core.model import Relation
from registry.core.policy import RuleHeader, Ruleset, Source
from registry.formats import cover_after_told
from registry.formats.data_told import data
from registry.formats.kind_told import in_its_words, quantity
from registry.formats.numbers import numbers
from registry.formats.remedies import remedy
from registry.formats.telling import (
    ALONE,
    AXES,
    COVER,
    COVER_UNKNOWN,
    DISTANCE,
    NAMED,
    TOO_DEEP,
    Given,
    Telling,
    amounts,
    both_negative,
    on,
    once,
)
from registry.formats.words import WORDS, Language, length, listed

_TITLE: Final = 300


@dataclass(frozen=True, slots=True)
class Told:
    """One finding in words, by what each text tells; empty where there is nothing to tell."""

    what: str
    where: str
    numbers: str
    data: str
    rule: str
    note: str
    remedy: str

    def __str__(self) -> str:
        texts = (self.what, self.where, self.numbers, self.data, self.rule, self.note, self.remedy)
        return " ".join(text for text in texts if text)


def sentence(finding: Finding, ruleset: Ruleset, lang: Language) -> str:
    """The finding as one paragraph that can stand in a letter: plain text, lengths in metres."""
    return str(told(finding, ruleset, lang))


def told(finding: Finding, ruleset: Ruleset, lang: Language, given: Given = ALONE) -> Told:
    """The finding in words, its texts apart; with what is given besides it, its data and a remedy for all."""
    telling = Telling(finding, ruleset, lang, given)
    teller = _Teller(telling)
    return Told(
        what=teller.what(),
        where=" ".join(teller.where()),
        numbers=" ".join(numbers(telling)),
        data=" ".join(data(telling)),
        rule=" ".join(teller.rule()),
        note=" ".join(teller.note()),
        remedy=" ".join(remedy(telling)),
    )


def in_short(finding: Finding, ruleset: Ruleset, lang: Language) -> str:
    """What is the matter, and the numbers: no more than tells one finding from another."""
    telling = Telling(finding, ruleset, lang)
    return " ".join([_Teller(telling).what(), *numbers(telling)])


def outcome_line(outcome: str, lang: Language, compared: bool = True, advised: bool = False) -> str:
    """The outcome of a verdict as one line."""
    return f"{outcome_name(outcome, lang, advised)}: {outcome_sense(outcome, lang, compared, advised)}"


def outcome_name(outcome: str, lang: Language, advised: bool) -> str:
    """The outcome as a headline names it: *fits* says whether there is advice to read (``advised``)."""
    return WORDS[lang]["outcome"]["fits_with_advice" if outcome == "fits" and advised else outcome]


def outcome_sense(outcome: str, lang: Language, compared: bool, advised: bool) -> str:
    """What an outcome means. *Fits* says no more than holds: not that nothing stands in the way where there is advice
    (``advised``), and where nothing outside the application was ``compared`` that it was not."""
    kind = outcome if outcome != "fits" or compared else "fits_uncompared"
    return WORDS[lang]["outcome_line"][f"{kind}_with_advice" if outcome == "fits" and advised else kind]


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
    features = [words["theme"].get(theme, shown(theme)) for theme in once(c.theme for c in counterparts)]
    features += [words["object_kind"][kind] for kind in once(c.object_kind for c in counterparts) if kind != "line"]
    features += [words["strength"][strength] for strength in once(c.strength for c in counterparts)]
    holders = once(c.holder for c in counterparts)
    features += [words["text"]["holder"].format(holder=listed([shown(h) for h in holders], lang))] if holders else []
    about = f" ({'; '.join(features)})" if known else ""
    if len(ids) == 1:
        return words["text"]["one"].format(kind=words["kind"][first.kind], id=ids[0]) + about
    kinds = listed([words["kinds"][kind] for kind in once(c.kind for c in counterparts)], lang)
    more = [words["text"]["more"].format(count=len(ids) - NAMED)] if len(ids) > NAMED else []
    return words["text"]["many"].format(count=len(ids), kinds=kinds) + about + ": " + listed(ids[:NAMED] + more, lang)


class _Teller:
    """Tells one finding in one language."""

    def __init__(self, telling: Telling):
        self.telling, self.finding, self.ruleset = telling, telling.finding, telling.ruleset
        self.lang, self.words = telling.lang, telling.words
        known = self.finding.fault != "unknown_target"
        self.other = counterparts_in_words(self.finding.counterparts, self.lang, known=known)

    def what(self) -> str:
        finding = self.finding
        own = in_its_words(self.telling, "what", self.other)
        if own:
            return self.words["what"]["rival"].format(what=own) if finding.rival else own
        if finding.after is not None:
            return cover_after_told.what(self.telling, finding.after)
        kind: str = finding.cause
        if finding.cause in DISTANCE:
            kind = finding.cause if finding.certainty == "certain" else finding.certainty
            overlaps = finding.gap is not None and both_negative(finding.gap)
            if finding.certainty == "certain" and overlaps:
                kind = "overlap"
            elif finding.certainty == "possible" and finding.cause == "overlap":
                kind = "possible_overlap"
        elif finding.certainty == "undetermined" and finding.cause in ("sticks_out", *COVER):
            kind = "sticks_out_unknown" if finding.cause == "sticks_out" else "cover_unknown"
        elif finding.certainty in ("possible", "possible_end") and finding.cause in ("sticks_out", *COVER):
            kind = f"{finding.cause}_possible"
        elif finding.cause == "cover_unknown" and on(finding.gap, "vertical") is not None:
            kind = "cover_asked_unknown"
        claim, why = "", ""
        if finding.fault is not None:
            claim = self.words["claim"][str(finding.relation)].format(other=self.other)
            why = self.words["fault"][finding.fault]
            kind = "relation_to_verify" if finding.fault in ACCEPTED_FAULTS else kind
        lacking = listed([self.words["lacking"][item] for item in finding.lacking], self.lang)
        told = self.words["what"][kind].format(
            part=shown(finding.place.part), other=self.other, lacking=lacking, claim=claim, why=why
        )
        return self.words["what"]["rival"].format(what=told) if finding.rival else told

    def where(self) -> Iterator[str]:
        where, finding = self.words["where"], self.finding
        for part in once(stretch.part for stretch in finding.stretches):
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
            kind = "narrowest" if self.telling.of_distance else "worst" if finding.cause in COVER else kind
            kind = "deepest" if finding.cause in TOO_DEEP else kind
        x, y = (length(ordinate, self.lang, 2) for ordinate in (place.x, place.y))
        if place.chainage is None:
            yield where[f"{kind}_point"].format(x=x, y=y)
        else:
            yield where[kind].format(chainage=length(place.chainage, self.lang, 2), x=x, y=y)

    def _stretch(self, start: int, end: int) -> str:
        first, last = length(start, self.lang, 2), length(end, self.lang, 2)
        return self.words["where"]["at" if first == last else "from_to"].format(start=first, end=last)

    def rule(self) -> Iterator[str]:
        rule, finding = self.words["rule"], self.finding
        headers = {item.header.id: item.header for item in self.ruleset.rules}
        header = headers.get(finding.rule)
        before = self.telling.earlier(("rule", finding.rule))
        if header is not None and before is not None:
            title = shown(header.title_nl if self.lang == "nl" else header.title_en, _TITLE)
            yield rule["again"].format(title=title, id=header.id, between=self._between(), number=before)
        elif header is not None:
            yield self._rule(header)
        elif finding.cause == "relation" or finding.rule == "relations":
            yield rule["relations"] if before is None else rule["relations_again"].format(number=before)
        else:
            yield rule["unlisted"].format(id=shown(finding.rule))
        for source in self.ruleset.sources:
            first = self.telling.earlier(("source", source.id))
            if source.id == finding.source and first is not None:
                yield from () if first == before else (rule["source_again"].format(number=first),)
            elif source.id == finding.source:
                title = self._title_of(source)
                yield rule["source"].format(title=title, kind=self._trust(source))
        if finding.stricter is not None and finding.stricter in headers:
            stricter = headers[finding.stricter]
            title = shown(stricter.title_nl if self.lang == "nl" else stricter.title_en, _TITLE)
            yield rule["stricter"].format(title=title, id=stricter.id)
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
        if self.finding.cause in (*COVER, *COVER_UNKNOWN):
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

    def _title_of(self, source: Source) -> str:
        return shown((source.title_nl if self.lang == "nl" else None) or source.title, _TITLE)

    def _trust(self, source: Source) -> str:
        kind = self.words["source_kind"][source.kind]
        if (source.kind, source.confidence) == ("demo", "example"):  # the same, said once
            return kind
        return self.words["rule"]["trust"].format(kind=kind, confidence=self.words["confidence"][source.confidence])

    def note(self) -> Iterator[str]:
        note, finding = self.words["note"], self.finding
        uncertain = list(amounts(finding.uncertainty))
        if uncertain:
            axes = self.words["axis_inside"]
            lengths = listed([f"{length(mm, self.lang)} m {axes[axis]}" for axis, mm in uncertain], self.lang)
            of_distance = {"possible": "uncertainty", "certain": "even_so"} if self.telling.of_distance else {}
            yield note[of_distance.get(finding.certainty, "uncertainty_plain")].format(lengths=lengths)
        stated, registered = (on(measure, "vertical") for measure in (finding.stated, finding.registered))
        if stated is not None and registered is not None:
            first, second = (length(cover, self.lang) for cover in (stated, registered))
            yield note["ground_differs"].format(stated=first, registered=second)
        if finding.certainty == "possible_end":
            yield note["end"]
        if finding.certainty == "assumed":
            yield from self._assumptions()
        if finding.gap_before is not None and finding.cause in COVER:
            then = "before" if finding.after is None else "before_then"
            was = length(finding.gap_before.vertical or 0, self.lang)
            yield self.words["cover_after"][then].format(gap=was)
        elif finding.gap_before is not None:
            gaps = list(self._before(finding.gap_before))
            yield note[self._since_before(finding.gap_before, len(gaps))].format(gaps=listed(gaps, self.lang))
        if finding.before is not None:
            yield note["before_measured"].format(before=quantity(finding.before, self.lang))
        if finding.not_worsened:
            yield note["not_worsened"]
        if finding.shared:
            sideways = on(finding.gap, "horizontal")
            yield note["shared_overlap" if sideways is None or sideways < 0 else "shared"]
        if finding.cause == "relation":
            if finding.fault not in ACCEPTED_FAULTS:
                yield note["unaccepted"]
        elif finding.certainty == "undetermined" and finding.severity != "advises":
            yield note["unknown"]

    def _since_before(self, measure: Measure, told: int) -> str:
        """How the gap before is told: whether there was more sideways then, beside how many gaps are ``told``."""
        before, now = on(measure, "horizontal"), on(self.finding.gap, "horizontal")
        if self.finding.not_worsened or before is None or now is None or now >= before:
            return "before"
        if told > 1:
            return "before_worse_both"
        return "before_worse_overlap" if before < 0 else "before_worse"

    def _before(self, before: Measure) -> Iterator[str]:
        for axis in AXES:
            gap = on(before, axis)
            if gap is not None:
                told = self.words["note"]["before_overlap" if gap < 0 else "before_gap"]
                yield told.format(gap=length(abs(gap), self.lang), axis=self.words["axis_inside"][axis])

    def _assumptions(self) -> Iterator[str]:
        note, themes = self.words["note"], once(counterpart.theme for counterpart in self.finding.counterparts)
        titles = {source.id: self._title_of(source) for source in self.ruleset.sources}
        known = set(self.finding.lacking) == {"size"}
        used = [assumed for assumed in self.ruleset.assumed_depths if assumed.theme in themes and not known]
        for assumed in used:
            low, high = length(assumed.cover_from, self.lang), length(assumed.cover_to, self.lang)
            source = titles.get(assumed.source, shown(assumed.source))
            yield note["assumption"].format(
                theme=self.words["theme"][assumed.theme], low=low, high=high, source=source
            )
        kinds = {(counterpart.theme, counterpart.object_kind) for counterpart in self.finding.counterparts}
        sizes = [assumed for assumed in self.ruleset.assumed_sizes if (assumed.theme, assumed.object_kind) in kinds]
        for size in sizes if "size" in self.finding.lacking else ():
            yield note["assumed_size"].format(
                theme=self.words["theme"][size.theme],
                kind=self.words["object_kind"][size.object_kind],
                at_most=length(size.at_most, self.lang),
                source=titles.get(size.source, shown(size.source)),
            )
        if not used and not sizes:
            yield note["assumption_unlisted"]
