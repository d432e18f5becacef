"""What an object of the register is, for pages that know which kind they asked for."""

from __future__ import annotations

from typing import Any

from registry.core.model import Application, Reservation


def application_in(head: Any) -> Application:
    """The application that a head or revision holds."""
    assert isinstance(head.value, Application)
    return head.value


def reservation_in(head: Any) -> Reservation:
    """The reservation that a head or revision holds."""
    assert isinstance(head.value, Reservation)
    return head.value
