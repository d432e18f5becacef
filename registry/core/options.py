"""Options of one plan: reservations of which at most one is to be built."""

from __future__ import annotations

from registry.core.model import Reservation

#: Of a plan: its holder and its name.
Group = tuple[str | None, str]


def group_of(reservation: Reservation) -> Group | None:
    """Of which plan a reservation is an option. ``None``: of none, as a search area is not: it says where options may
    be looked for. Others' reservations of that name are no options of it."""
    if reservation.option_group is None or reservation.strength == "search_area":
        return None
    return reservation.holder, reservation.option_group
