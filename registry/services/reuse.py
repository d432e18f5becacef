"""Of which applications another version of policy can change nothing: told by what lies near them, judging none.

A verdict that stands is what judging now gives, as anything that could change it asks for a check. So where a version
differs from the one it is by in numbers only (``core/reuse``), it can say something else only of an application of
which a part lies so near something else that either asks more of the two. Who does is looked up for all at once, in a
snapshot of what takes space (``core/index``); a few more may be told than there are, never fewer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from registry.core.case import MAX_PAIRS
from registry.core.index import ANY, Asked, Builder, Snapshot, Subjects
from registry.core.packed import BOX, THEME_NUMBERS, Column, Rows, theme_numbers
from registry.core.policy import Ruleset
from registry.core.reuse import Differing, differing
from registry.core.verdict import JUDGEMENT, SCHEMA
from registry.services.policy import parsed
from registry.services.surroundings import OBSTACLES, filed, sides_of
from registry.services.writing import CHECK
from registry.store import bulk, rulesets
from registry.store.held import Held
from registry.store.rows import Name
from registry.store.standing import Standing, documents, enveloped, standing

#: Groups are themes by their number; above it what has an unknown size, or may have, and counts as far as is looked.
_UNKNOWN: Final = max(THEME_NUMBERS.values()) + 1
_GROUPS: Final = 2 * _UNKNOWN


def unchanged(
    session: Session, ruleset: Ruleset, ids: Collection[str], paused: Callable[[], object]
) -> dict[str, Standing]:
    """Those of these open applications of which judging by ``ruleset`` gives the outcome and the findings of the
    verdict that stands, which is told with each.

    ``paused`` is called now and then; what it raises ends it.
    """
    found = standing(session, ids, CHECK)
    known = {row.sha256: parsed(row) for row in rulesets.listed(session)}
    by_ruleset: dict[str, list[str]] = {}
    for id_, one in found.items():
        if (one.schema, one.judgement) == (SCHEMA, JUDGEMENT) and one.ruleset_sha256 in known:
            by_ruleset.setdefault(one.ruleset_sha256, []).append(id_)
    kept: dict[str, Standing] = {}
    compared: list[tuple[Differing, list[str]]] = []
    for sha256, mine in by_ruleset.items():
        differs = differing(known[sha256], ruleset)
        if differs is not None and differs.nothing:
            kept |= {id_: found[id_] for id_ in mine}
        elif differs is not None:
            compared.append((differs, mine))
    if compared:
        laid = _Laid.read(session, compared, paused)
        for differs, mine in compared:
            paused()
            touched = _weighed(session, differs, mine) | laid.touched(session, differs, mine)
            kept |= {id_: found[id_] for id_ in mine if id_ not in touched}
    return kept


def _weighed(session: Session, differs: Differing, ids: Collection[str]) -> set[str]:
    """Those of which something that was found is weighed otherwise."""
    if not differs.weighed:
        return set()
    return {id_ for id_, document in documents(session, ids).items() if differs.met_in(document["findings"])}


@dataclass
class _Laid:
    """What takes space, so far as it is of a theme of which something differs: ``others`` to look through, and ``own``
    of each application that is asked about, by group."""

    others: Builder = field(default_factory=Builder)
    own: dict[str, dict[int, list[Rows]]] = field(default_factory=dict)
    sides: int = 0
    own_sides: dict[str, int] = field(default_factory=dict)
    boxed: set[Name] = field(default_factory=set)
    _snapshot: Snapshot | None = None

    @classmethod
    def read(
        cls, session: Session, compared: Iterable[tuple[Differing, Collection[str]]], paused: Callable[[], object]
    ) -> _Laid:
        themes: set[str] = set()
        asked: set[Name] = set()
        for differs, ids in compared:
            themes |= {theme for pair in differs.pairs for theme in pair} | differs.covers
            asked |= {("application", id_) for id_ in ids}
        numbers = np.array(sorted(THEME_NUMBERS[theme] for theme in themes), np.int32)
        wide = enveloped(session)
        laid = cls()
        for held in filed(session, OBSTACLES, paused):
            laid._add(held, numbers, wide, asked)
        for (kind, id_), one in bulk.kept(session, laid.boxed).items():
            laid.sides += sides_of(one.content)
            if kind == "application" and id_ in laid.own_sides:
                laid.own_sides[id_] += sides_of(one.content)
        return laid

    def _add(self, held: Held, themes: NDArray[np.int32], wide: Collection[Name], asked: Collection[Name]) -> None:
        self.sides += len(held.rows)
        boxes = (held.rows[:, Column.FLAGS] & BOX) != 0
        self.boxed |= {held.names[k] for k in np.unique(held.of[boxes]).tolist()}
        wanted = np.array([name in asked for name in held.names], bool)
        for k, count in enumerate(np.bincount(held.of, minlength=len(held.names)).tolist()):
            if wanted[k]:
                id_ = held.names[k][1]
                self.own_sides[id_] = self.own_sides.get(id_, 0) + count
        mine = np.isin(theme_numbers(held.rows), themes)
        rows, of, boxes = held.rows[mine], held.of[mine], boxes[mine]
        if not len(rows):
            return
        unsure = np.array([name in wide for name in held.names], bool)[of]
        unsure |= ~boxes & ((rows[:, Column.WIDTH] == 0) | (rows[:, Column.HEIGHT] == 0))
        groups = theme_numbers(rows) + np.where(unsure, _UNKNOWN, 0).astype(np.int32)
        # One that is in several groups is several, so that of each with each the nearest is told.
        keys, members = np.unique(of.astype(np.int64) * _GROUPS + groups, return_inverse=True)
        owners = [(int(key) // _GROUPS, int(key) % _GROUPS) for key in keys.tolist()]
        names = [(held.names[owner][0], f"{group} {held.names[owner][1]}") for owner, group in owners]
        self.others.add(names, rows, members.astype(np.int32), [group for _, group in owners])
        for k, (owner, group) in enumerate(owners):
            if wanted[owner]:
                self.own.setdefault(held.names[owner][1], {}).setdefault(group, []).append(rows[members == k])

    def touched(self, session: Session, differs: Differing, ids: Collection[str]) -> set[str]:
        """Those of which something may be found otherwise by what differs between two things, in cover, or in how much
        is compared."""
        covers = {THEME_NUMBERS[theme] for theme in differs.covers}
        here = {id_: self.own.get(id_, {}) for id_ in ids}
        found = {id_ for id_, groups in here.items() if any(group % _UNKNOWN in covers for group in groups)}
        if differs.widest:
            found |= {id_ for id_ in ids if self.own_sides.get(id_, 0) * self.sides > MAX_PAIRS}
        found |= self._near(differs, {id_: groups for id_, groups in here.items() if id_ not in found})
        return found | _within(session, differs, [id_ for id_ in here if id_ not in found])

    def _near(self, differs: Differing, own: Mapping[str, Mapping[int, list[Rows]]]) -> set[str]:
        asked, counts = _asked(differs)
        subjects = [
            (id_, group, np.concatenate(rows))
            for id_, groups in own.items()
            for group, rows in groups.items()
            if counts[group].any()
        ]
        if not subjects:
            return set()
        snapshot = self._snapshot = self._snapshot or self.others.finish()
        sought = Subjects.of([rows for _, _, rows in subjects], [group for _, group, _ in subjects])
        found = snapshot.search(sought, asked)
        names = {k: _named(snapshot.name(k)) for k in np.unique(found.object).tolist()}
        near = set()
        for k, number in zip(found.subject.tolist(), found.object.tolist(), strict=True):
            id_, group, _ = subjects[k]
            name, other = names[number]
            if counts[group, other] and name != ("application", id_):
                near.add(id_)
        return near


def _asked(differs: Differing) -> tuple[Asked, NDArray[np.bool_]]:
    """What is asked at most of things of two groups, and of which groups that differs."""
    ch, cv = np.zeros((_GROUPS, _GROUPS), np.int32), np.zeros((_GROUPS, _GROUPS), np.int32)
    counts = np.zeros((_GROUPS, _GROUPS), bool)
    for (one, other), (sideways, upward) in differs.pairs.items():
        a, b = THEME_NUMBERS[one], THEME_NUMBERS[other]
        for first, second in ((a, b), (a, b + _UNKNOWN), (a + _UNKNOWN, b), (a + _UNKNOWN, b + _UNKNOWN)):
            sure = first < _UNKNOWN and second < _UNKNOWN
            ch[first, second] = sideways if sure else max(sideways, differs.reach)
            cv[first, second] = upward if sure and upward is not None else ANY
            counts[first, second] = True
    return Asked(ch, cv), counts


def _named(name: Name) -> tuple[Name, int]:
    """An object's name and its group, out of the name it has in the snapshot."""
    group, _, id_ = name[1].partition(" ")
    return (name[0], id_), int(group)


def _within(session: Session, differs: Differing, ids: Collection[str]) -> set[str]:
    """Those of which two parts may be asked something else of each other."""
    if not differs.pairs:
        return set()
    found = set()
    for (_, id_), one in bulk.kept(session, [("application", id_) for id_ in ids]).items():
        parts = json.loads(one.content)["parts"]
        if len(parts) > 1 and differs.within([(part["theme"], part["object_kind"]) for part in parts]):
            found.add(id_)
    return found
