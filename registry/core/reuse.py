"""What another version of a ruleset may change, told from the two versions: where only numbers and severities differ,
what comes of most applications needs no judging again.

What is told is never too little. Two versions that differ in anything else, or of which a rule of any kind may look at
what another says (``Kind.looks_at``), are not compared here: then all is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, Final, cast

from registry.core.model import THEMES, Thing
from registry.core.policy import Citation, Clearance, Ruleset
from registry.core.rules import KINDS
from registry.core.rules.cover import CoverRule
from registry.core.rules.kind import Rule
from registry.core.rules.matrix import cell_for
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.rules.separation import Cell, SeparationRule
from registry.core.rules.subjects import ANYTHING, Subject

#: Two themes, in order.
Themes = tuple[str, str]
#: A theme and an object kind.
Sort = tuple[str, str]


@dataclass(frozen=True)
class Differing:
    """In what two versions differ, and no more.

    ``pairs``: the most that is asked by either (mm, ``cv`` ``None``: at any depth) of things of two themes, where that
    differs for some of them. ``covers``: themes of which other cover is asked; ``unread``: those of them of which
    ground levels or surfaces count by one of the two only. ``weighed``: rules (by id) whose findings are weighed
    otherwise. ``widest``: whether how much is compared at most is counted otherwise (``Case._limits``). ``reach`` is
    that of both, mm.
    """

    reach: int
    pairs: Mapping[Themes, tuple[int, int | None]]
    covers: frozenset[str]
    unread: frozenset[str]
    weighed: frozenset[str]
    widest: bool
    _matrices: tuple[tuple[SeparationRule, SeparationRule], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether no verdict can say anything else by one than by the other."""
        return not (self.pairs or self.covers or self.weighed or self.widest)

    def within(self, parts: Sequence[Sort]) -> bool:
        """Whether of the parts (theme and object kind) of one application any two may be asked something else of each
        other: of two without a cell only that they do not overlap is asked."""
        sides = [Subject(*sort) for sort in parts]
        return any(
            _asked_otherwise(before, after, one, other)
            for before, after in self._matrices
            for one, other in combinations(sides, 2)
        )

    def met_in(self, findings: Iterable[Mapping[str, Any]]) -> bool:
        """Whether any of a verdict's findings is weighed otherwise."""
        return any(finding["rule"] in self.weighed for finding in findings)


def differing(before: Ruleset, after: Ruleset) -> Differing | None:
    """In what ``after`` differs from ``before``; ``None`` where all is to be judged again to tell what that changes."""
    if _head(before) != _head(after) or len(before.rules) != len(after.rules):
        return None
    pairs: dict[Themes, tuple[int, int | None]] = {}
    covers: set[str] = set()
    unread: set[str] = set()
    weighed: set[str] = set()
    matrices: list[tuple[SeparationRule, SeparationRule]] = []
    changed: set[str] = set()
    for old, new in zip(before.rules, after.rules, strict=True):
        if (old.header.id, old.kind) != (new.header.id, new.kind):
            return None
        plain = _plain(old), _plain(new)
        if plain[0] == plain[1]:
            continue
        rest = _rest(plain[0])
        if rest is None or rest != _rest(plain[1]):
            return None
        changed.add(old.kind)
        if _weights(old) != _weights(new):
            weighed.add(old.header.id)
        if isinstance(old, SeparationRule) and isinstance(new, SeparationRule):
            matrices.append((old, new))
            for themes, asked in _pairs(old, new):
                pairs[themes] = _most([asked, *([pairs[themes]] if themes in pairs else [])])
        if isinstance(old, CoverRule) and isinstance(new, CoverRule):
            covers |= {cell.theme for cell in {*old.cells} ^ {*new.cells}}
            unread |= {theme for theme in covers if _read_of(old, theme) != _read_of(new, theme)}
    if not all(_unmoved(rule, changed) for rule in after.rules):
        return None
    wider = _widest(before) != _widest(after)
    covered, unread_, weighed_ = (frozenset(found) for found in (covers, unread, weighed))
    return Differing(before.reach, pairs, covered, unread_, weighed_, wider, tuple(matrices))


def _head(ruleset: Ruleset) -> Ruleset:
    """What a verdict may hang on of a ruleset, beside its rules: all but what only tells of it, and when it holds."""
    return replace(
        ruleset, id="", version="", title_nl="", title_en="", municipality="", effective_from="",
        judged_by="filing_date", sources=(), rules=(), sha256="", document={}, source=None, examples=(),
    )  # fmt: skip


def _plain(rule: Rule) -> Any:
    """A rule without what is only told of it."""
    header = replace(rule.header, citation=Citation(""), title_nl="", title_en="", topics=())
    bare = replace(rule, parallel_source=None) if isinstance(rule, SeparationRule) else rule
    return replace(cast(Any, bare), header=header)


def _rest(rule: Rule) -> Any:
    """A rule without what may differ here, which is numbers and severities; ``None`` where nothing may."""
    header = replace(rule.header, severity="advises", legal_force="internal")
    if isinstance(rule, SeparationRule):
        return replace(rule, header=header, cells=(), otherwise=_NO_CELL)
    if isinstance(rule, CoverRule):
        return replace(rule, header=header, cells=())
    if isinstance(rule, ReservedSpaceRule):
        return replace(rule, header=header, by_strength=())
    return None


_NO_CELL: Final = Cell((ANYTHING, ANYTHING), Clearance(0, 0), None, "")


def _weights(rule: Rule) -> object:
    """How heavily what a rule finds weighs."""
    by_strength = rule.by_strength if isinstance(rule, ReservedSpaceRule) else ()
    return rule.header.severity, rule.header.legal_force, by_strength


def _read_of(rule: CoverRule, theme: str) -> set[bool]:
    """Whether cover of a theme is looked at, and by surface."""
    return {cell.surface is not None for cell in rule.cells if cell.theme == theme}


def _unmoved(rule: Rule, changed: Set[str]) -> bool:
    """Whether what a rule finds hangs on no rule of a kind that changed, or on the matrix it names of no other pairs
    than those that are told."""
    looks_at = KINDS[rule.kind].looks_at
    if not changed or looks_at == ():
        return True
    known = {"separation"} if rule.kind in _BY_PAIR else set()
    return looks_at is not None and not (changed & set(looks_at)) - known


#: Kinds that put a matrix to pairs of a part and another thing, and look at nothing of it but how those clash.
_BY_PAIR: Final = ("expiry", "option_group", "priority", "reserved_space")


def _widest(ruleset: Ruleset) -> int:
    return max((getattr(rule, "widest", 0) for rule in ruleset.rules), default=0)


def _pairs(before: SeparationRule, after: SeparationRule) -> Iterator[tuple[Themes, tuple[int, int | None]]]:
    """What is asked at most of two themes, where it differs for any of their object kinds."""
    named = {side for rule in (before, after) for cell in rule.cells for side in cell.between}
    # Of the kinds no cell names all are asked the same.
    kinds = {theme: {None, *(side.object_kind for side in named if side.theme == theme)} for theme in THEMES}
    for k, one in enumerate(THEMES):
        for other in THEMES[k:]:
            asked = [
                clearance
                for kind, other_kind in product(kinds[one], kinds[other])
                for sides in [(Subject(one, kind), Subject(other, other_kind))]
                for clearance in _clearances(_cell(before, *sides), _cell(after, *sides))
            ]
            if asked:
                most = _most([(clearance.ch, clearance.cv) for clearance in asked])
                yield from ((themes, most) for themes in {(one, other), (other, one)})


def _asked_otherwise(before: SeparationRule, after: SeparationRule, one: Subject, other: Subject) -> bool:
    cells = _cell(before, one, other), _cell(after, one, other)
    if cells[0] is before.otherwise and cells[1] is after.otherwise:
        return False
    return any(True for _ in _clearances(*cells))


def _clearances(before: Cell, after: Cell) -> Iterator[Clearance]:
    """What is asked by either of two cells and not by the other, or not in the same words."""
    told = [
        (cell.between, cell.crossing.source or cell.source, cell.parallel and (cell.parallel.source or cell.source))
        for cell in (before, after)
    ]
    for old, new, source in ((before.crossing, after.crossing, 1), (before.parallel, after.parallel, 2)):
        if old != new or told[0][0] != told[1][0] or told[0][source] != told[1][source]:
            yield from (clearance for clearance in (old, new) if clearance is not None)


def _most(asked: Iterable[tuple[int, int | None]]) -> tuple[int, int | None]:
    """As much as all of these ask together."""
    ch, cv = zip(*asked, strict=True)
    return max(ch), None if None in cv else max(cv)


def _cell(rule: SeparationRule, one: Subject, other: Subject) -> Cell:
    # A cell is looked up by theme and object kind, which both have.
    return cell_for(rule, cast(Thing, one), cast(Thing, other))
