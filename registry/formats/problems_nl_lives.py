"""In Dutch what is wrong with what is said of the life of a reservation, and what to do; see ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("what was granted over it follows from decisions", "waar eroverheen is verleend volgt uit besluiten"),
)

REMEDIES: Final = (
    ("Leave it out.", "Laat het weg."),
)
