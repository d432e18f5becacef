"""Dutch for what looking over a ruleset finds: for ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("the rule never applies: this version judges what is filed from {a} on",
     "de regel geldt nooit: deze versie toetst wat vanaf {a} wordt ingediend"),
    ("a rule of legal force {a} does no more than {b}", "een regel met status {a} doet niet meer dan {b}"),
    ("this cell never holds: for every object kind there is a cell that goes before it",
     "deze cel geldt nooit: voor elke objectsoort is er een cel die voorgaat"),
    ("this cell never holds: there is one for every surface type",
     "deze cel geldt nooit: er is er een voor elke soort oppervlak"),
    ("this cell says what would hold without it", "deze cel zegt wat ook zonder haar geldt"),
    ("along a parallel run this asks no more than crossing does everywhere",
     "langs elkaar vraagt dit niet meer dan crossing al overal vraagt"),
    ("along a parallel run this asks less than would hold without this cell, {a} sideways",
     "langs elkaar vraagt dit minder dan zonder deze cel zou gelden, {a} zijdelings"),
    ("no rule weighs reservations: of an application near one there is no verdict",
     "geen regel weegt reserveringen: over een aanvraag in de buurt ervan komt geen oordeel"),
    ("numbers rest on a norm that was not read", "getallen berusten op een norm die niet is gelezen"),
)  # fmt: skip
REMEDIES: Final = (
    ("Remove the rule, or let filed_until be later.", "Laat de regel weg, of laat filed_until later zijn."),
    ("Write {a}, or state another legal force.", "Schrijf {a}, of geef een andere legal_force op."),
    ("Remove it, or one of the others.", "Laat haar weg, of een van de andere."),
    ("Remove it, or change what it asks.", "Laat haar weg, of verander wat zij vraagt."),
    ("Leave parallel out, or let it ask more.", "Laat parallel weg, of laat het meer vragen."),
    ("Add parallel, or leave it so if that is meant.", "Voeg parallel toe, of laat het zo als dat de bedoeling is."),
    ("Read it and state confidence: read, or name as the source what was read.",
     "Lees haar en schrijf confidence: read, of noem als bron wat wel is gelezen."),
)  # fmt: skip
