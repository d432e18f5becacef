"""What an agreement between two holders is about: the space each of them asks for, and when."""

from __future__ import annotations

from typing import Final

from registry.core.canonical import sha256
from registry.core.model import Application, Identified, Reservation, Thing, content

#: What of a thing says where, how large, when and of what nature it is; not whose, how strong or what it is called.
_SPACE: Final = ("theme", "object_kind", "geometry", "uncertainty", "temporary")


def agreed_sha256(value: Identified) -> str:
    """The identity of the space a reservation or application asks for. What was agreed holds as long as it is the same.

    Raises ``TypeError`` for what nobody agrees about.
    """
    if isinstance(value, Application):
        parts = {part.id: _space(part) for part in value.parts}
        return sha256({"parts": [[id_, parts[id_]] for id_ in sorted(parts)], "works_start": value.works_start})
    if not isinstance(value, Reservation):
        raise TypeError(f"nobody agrees about a {value.kind}")
    return sha256(_space(value))


def _space(thing: Thing) -> dict[str, object]:
    return {name: content(getattr(thing, name)) for name in _SPACE}
