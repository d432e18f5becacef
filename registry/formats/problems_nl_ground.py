"""Dutch for what is wrong with rules on trees, heat, water, wells and room at ground level: for ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("{a} is among the hot ones too", "{a} staat ook bij wat heet is"),
    ("there already is a step above this", "er is al een stap boven deze temperatuur"),
    ("this asks less than a cooler step", "dit vraagt minder dan een koelere stap"),
    ("storage is asked in one of two ways", "berging wordt op een van twee manieren gevraagd"),
    ("area is asked in one of two ways", "oppervlakte wordt op een van twee manieren gevraagd"),
    ("this asks nothing", "dit vraagt niets"),
)
REMEDIES: Final = (
    ("Give for_each, or in_all: of one application together.",
     "Geef for_each, of in_all: voor alles in een aanvraag samen."),
    ("Give in_all, or for_each_l_s: for each litre a second above what is free.",
     "Geef in_all, of for_each_l_s: voor elke liter per seconde boven wat vrij is."),
    ("Write how much, as {a}.", "Schrijf hoeveel, zoals {a}."),
    ("Name it on one side only.", "Noem het aan één kant."),
    ("Let each hotter step ask at least as much, sideways and vertically.",
     "Laat elke hetere stap minstens evenveel vragen, zijdelings en verticaal."),
    ("Add heart, roots, or both.", "Voeg heart toe, roots, of beide."),
    ("Add {a}: roots and root_radius go together.", "Voeg {a} toe: roots en root_radius horen bij elkaar."),
)  # fmt: skip
