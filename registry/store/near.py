"""What one change or one application has to do with others: by place, by name, by what verdicts rested on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.boxes import joined
from registry.core.canonical import canonical_json
from registry.core.lifecycle import HELD, OPEN, RIVAL
from registry.core.model import Application, GroundLevel, Identified, Line, Reservation, Thing, Zone
from registry.core.options import group_of
from registry.core.packed import packed
from registry.core.policy import Ruleset
from registry.core.works import application_of, as_seen, works_id
from registry.store.candidates import boxes_within, candidates, held_near
from registry.store.objects import by_names
from registry.store.rows import Around, Head, Name
from registry.store.sql import among
from registry.store.within import by_boxes, easily_compared, split
from registry.tables import object_, revision, verdict_basis

#: The kinds that take room, as they are filed.
_OBSTACLES: Final = ("application", "asset", "reservation")
#: The states in which objects count for others. Applications do as works.
COUNTING: Final[dict[str, frozenset[str]]] = {
    "reservation": frozenset({"accepted"}),
    "asset": frozenset({"present"}),
    "ground_level": frozenset({"present"}),
    "zone": frozenset({"present"}),
    "application": HELD | RIVAL,
}


def around(s: Session, application: Application, ruleset: Ruleset) -> Around:
    """All that judging an application under a ruleset may need, in order of kind and id.

    Accepted reservations, assets and other applications' parts within reach or named by a relation; the ground levels
    and zones about any of these or about the application itself; and, wherever they lie, the other options of plans of
    which one is among them. More than is needed does no harm. However much there is, it takes no more than a dozen
    statements, and one for each plan. Of what only looks near by its boxes, no content is read.
    """
    own, reach, itself = packed(application), ruleset.reach, {("application", application.id)}
    filed = held_near(s, joined(boxes_within([application], reach + 1)), _OBSTACLES)
    near, rest = split(own, filed.without(itself), reach)
    near = (near | filed.unknown() | targets(application)) - itself
    found = _counting(by_names(s, near))
    if not easily_compared(application, (one.value for one in found), rest):
        found += _counting(by_names(s, by_boxes(own, rest, reach) - near))
    things: list[Identified] = [application, *(one.value for one in found)]
    about = boxes_within(things, ruleset.reach + ruleset.ground_level_within + 1)
    found += _counting(by_names(s, candidates(s, about, kinds=("ground_level", "zone"))))
    known = {(one.kind, one.id) for one in found}
    found += by_names(s, alternatives(s, (one.value for one in found)) - known)
    held = [(item, one.revision_id) for one in found for item in as_seen(one.value, one.state)]
    held.sort(key=lambda pair: (pair[0].kind, pair[0].id))
    return Around([item for item, _ in held], {(item.kind, item.id): number for item, number in held})


def targets(application: Application) -> set[Name]:
    """What the relations name, as it is filed."""
    told = {(one.target_kind, one.target) for part in application.parts for one in part.relations}
    works = {("application", application_of(target)) for kind, target in told if kind == "works"}
    return works | {name for name in told if name[0] in ("asset", "reservation")}


def alternatives(s: Session, values: Iterable[Identified]) -> set[Name]:
    """The accepted reservations that are options of the same plans as reservations among these, and those themselves
    as far as they are accepted. A statement for each plan, which looks at the reservations of its holder."""
    groups = {group for value in values if isinstance(value, Reservation) and (group := group_of(value)) is not None}
    found: set[Name] = set()
    for holder, name in sorted(groups, key=str):
        told = (
            select(object_.c.object_id)
            .join_from(object_, revision, object_.c.revision_id == revision.c.id)
            .where(object_.c.kind == "reservation", object_.c.state.in_(sorted(COUNTING["reservation"])))
            .where(object_.c.holder == holder, revision.c.content.contains(option_of(name), autoescape=True))
        )
        found |= {("reservation", row.object_id) for row in s.execute(told)}
    return found


def containing(s: Session, text: str) -> set[Name]:
    """The accepted reservations of which the content has this text somewhere."""
    told = (
        select(object_.c.object_id)
        .join_from(object_, revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind == "reservation", object_.c.state.in_(sorted(COUNTING["reservation"])))
        .where(revision.c.content.contains(canonical_json(text), autoescape=True))
    )
    return {("reservation", row.object_id) for row in s.execute(told)}


def option_of(name: str) -> str:
    """What stands in the content of an option of the plan of this name."""
    return f'"option_group":{canonical_json(name)}'


def _counting(found: Iterable[Head]) -> list[Head]:
    return [one for one in found if one.state in COUNTING[one.kind]]


def touched_by(s: Session, value: Identified, reach: int) -> list[str]:
    """Ids, in order, of the open applications that an object may touch; see ``touched_by_any``."""
    return touched_by_any(s, [value], reach)


def touched_by_any(s: Session, values: Iterable[Identified], reach: int) -> list[str]:
    """Ids, in order, of the open applications that any of these objects may touch.

    They lie within ``reach`` (mm, for a ground level with the distance at which it counts), name one of them in a
    relation, or have a verdict that rested on one. What a ground level or zone tells of an object that matters to an
    application may lie far from that itself. An application does not touch itself.
    """
    changed = list(values)
    names: set[Name] = {(value.kind, value.id) for value in changed}
    for value in changed:
        names |= _works(value)
    near = candidates(s, boxes_within(changed, reach + 1), kinds=("application",))
    told, moved = _told_of(s, changed, reach)
    near |= candidates(s, boxes_within(moved, reach + 1), kinds=("application",))
    touched = _open(s, {name for _, name in near}) | _naming(s, names | told) | _resting(s, names)
    return sorted(touched - {name for kind, name in names if kind == "application"})


def _works(value: Identified) -> set[Name]:
    if not isinstance(value, Application):
        return set()
    return {("works", works_id(value.id, part.id)) for part in value.parts}


def _told_of(s: Session, changed: Iterable[Identified], reach: int) -> tuple[set[Name], list[Identified]]:
    """Of what ground levels and zones among these tell something: the names by which applications may know it, that
    replace it say, and what matters otherwise to whatever lies within reach of it: things of which the level hangs on
    that of the ground, and reservations in an area, to which a rule may apply there."""
    grounds = [value for value in changed if isinstance(value, GroundLevel)]
    zones = [value for value in changed if isinstance(value, Zone)]
    above = candidates(s, boxes_within(grounds, reach + 1), kinds=_OBSTACLES) if grounds else set()
    sunk = [one.value for one in by_names(s, above) if _hangs_on_ground(one.value)]
    within = candidates(s, boxes_within(zones, reach + 1), kinds=_OBSTACLES) if zones else set()
    areas = [zone for zone in zones if zone.zone_type == "area"]
    ruled = candidates(s, boxes_within(areas, reach + 1), kinds=("reservation",)) if areas else set()
    names = (above | within).union(*map(_works, sunk))
    return names, [*sunk, *(one.value for one in by_names(s, ruled))]


def _hangs_on_ground(value: Identified) -> bool:
    """Whether a level is counted from that of the ground, as is one that is assumed where none is known."""
    things = value.parts if isinstance(value, Application) else (value,)
    return any(
        thing.geometry.level_reference == "ground"
        or (isinstance(thing.geometry, Line) and all(level is None for level in thing.geometry.levels))
        for thing in things
        if isinstance(thing, Thing)
    )


def _open(s: Session, ids: Iterable[str]) -> set[str]:
    found = select(object_.c.object_id).where(
        object_.c.kind == "application", object_.c.state.in_(sorted(OPEN)), among(s, object_.c.object_id, ids)
    )
    return set(s.scalars(found))


def _naming(s: Session, names: Iterable[Name]) -> set[str]:
    """The open applications with a relation to one of these."""
    told = (
        select(revision.c.object_id, revision.c.content)
        .join_from(object_, revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind == "application", object_.c.state.in_(sorted(OPEN)))
        .where(revision.c.content.contains('"target":"', autoescape=True))
    )
    sought = set(names)
    found = set()
    for row in s.execute(told):
        for part in json.loads(row.content)["parts"]:
            for relation in part.get("relations", ()):
                if (relation["target_kind"], relation["target"]) in sought:
                    found.add(row.object_id)
    return found


def _resting(s: Session, names: Iterable[Name]) -> set[str]:
    """The open applications whose verdict rested on one of these."""
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, set()).add(name)
    found: set[str] = set()
    for kind, ids in by_kind.items():
        rested = (
            select(object_.c.object_id)
            .join_from(object_, verdict_basis, object_.c.verdict_id == verdict_basis.c.verdict_id)
            .where(object_.c.kind == "application", object_.c.state.in_(sorted(OPEN)))
            .where(verdict_basis.c.kind == kind, among(s, verdict_basis.c.object_id, ids))
        )
        found |= set(s.scalars(rested))
    return found
