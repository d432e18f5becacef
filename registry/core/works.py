"""The parts of other applications, as the one that is judged sees them."""

from __future__ import annotations

from typing import Final, Literal

from registry.core.lifecycle import HELD
from registry.core.model import Application, Identified, Object, Part, Works

#: Stands for a slash in an application's id: no id has it, so that the first slash of the id of works always ends that
#: of their application.
_SLASH: Final = "~"


def works_of(application: Application, state: Literal["granted", "open"]) -> tuple[Works, ...]:
    """Every part of ``application`` as works that another application meets, held by its applicant."""
    return tuple(
        Works(
            id=works_id(application.id, part.id),
            theme=part.theme,
            object_kind=part.object_kind,
            geometry=part.geometry,
            holder=application.applicant,
            uncertainty=part.uncertainty,
            temporary=part.temporary,
            name=part.name,
            temperature=part.temperature,
            discharge=part.discharge,
            storage=part.storage,
            surface_area=part.surface_area,
            application=application.id,
            state=state,
            works_start=application.works_start,
            filed_on=application.filed_on,
        )
        for part in application.parts
    )


def as_seen(value: Identified, state: str) -> tuple[Object, ...]:
    """What another application meets of an object that counts for it, in the state in which that is: itself, or the
    parts of an application as works."""
    if isinstance(value, Application):
        return works_of(value, "granted" if state in HELD else "open")
    assert not isinstance(value, Part)
    return (value,)


def works_id(application: str, part: str) -> str:
    """The id of works: that of the application, a slash and that of the part; never the same for two parts."""
    return f"{application.replace('/', _SLASH)}/{part}"


def application_of(works: str) -> str:
    """The id of the application that works with this id belong to."""
    return works.partition("/")[0].replace(_SLASH, "/")
