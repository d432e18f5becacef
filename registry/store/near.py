"""What one change or one application has to do with others: by place, by name, by what verdicts rested on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.model import Application, GroundLevel, Identified, Object, Thing
from registry.core.policy import Ruleset
from registry.store.candidates import boxes_within, candidates
from registry.store.objects import by_names
from registry.store.rows import Around, Head, Name
from registry.store.sql import among
from registry.tables import object_, revision, verdict_basis

#: The states in which an application waits for its decision.
OPEN: Final = frozenset({"received", "incomplete", "checking", "checked"})
#: The kinds that take room, as they are filed, and the states in which they count for others.
_OBSTACLES: Final = ("application", "asset", "reservation")


def around(s: Session, application: Application, ruleset: Ruleset) -> Around:
    """All that judging an application under a ruleset may need, in order of kind and id.

    Accepted reservations, assets and other applications' parts within reach or named by a relation; and the ground
    levels and zones about any of these or about the application itself. More than is needed does no harm.
    """
    return Around([], {})


def touched_by(s: Session, value: Identified, reach: int) -> list[str]:
    """Ids, in order, of the open applications that an object may touch; see ``touched_by_any``."""
    return touched_by_any(s, [value], reach)


def touched_by_any(s: Session, values: Iterable[Identified], reach: int) -> list[str]:
    """Ids, in order, of the open applications that any of these objects may touch.

    They lie within ``reach`` (mm, for a ground level with the distance at which it counts), name one of them in a
    relation, or have a verdict that rested on one. An application does not touch itself.
    """
    changed = list(values)
    names = {(value.kind, value.id) for value in changed}
    near = candidates(s, boxes_within(changed, reach + 1), kinds=("application",))
    # A ground level changes what lies under it, and through that what is judged beside it.
    grounds = [value for value in changed if isinstance(value, GroundLevel)]
    if grounds:
        about = by_names(s, candidates(s, boxes_within(grounds, reach + 1), kinds=("asset", "reservation")))
        sunk = [one.value for one in about if isinstance(one.value, Thing) and _below_ground(one.value)]
        near |= candidates(s, boxes_within(sunk, reach + 1), kinds=("application",))
    return sorted((_open(s, {name for _, name in near}) | _naming(s, names) | _resting(s, names))
                  - {name for kind, name in names if kind == "application"})


def _below_ground(thing: Thing) -> bool:
    return thing.geometry.level_reference == "ground"


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
    applications = tuple(f"{name}/" for kind, name in sought if kind == "application")
    found = set()
    for row in s.execute(told):
        for part in json.loads(row.content)["parts"]:
            for relation in part.get("relations", ()):
                kind, target = relation["target_kind"], relation["target"]
                if (kind, target) in sought or (kind == "works" and target.startswith(applications)):
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


__all__ = ["OPEN", "Head", "Object", "around", "touched_by", "touched_by_any"]
