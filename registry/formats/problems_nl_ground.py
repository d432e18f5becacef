"""Dutch for what is wrong with rules on trees, heat, water, wells and room at ground level: for ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final[tuple[tuple[str, str], ...]] = ()
REMEDIES: Final = (
    ("Add heart, roots, or both.", "Voeg heart toe, roots, of beide."),
    ("Add {a}: roots and root_radius go together.", "Voeg {a} toe: roots en root_radius horen bij elkaar."),
)
