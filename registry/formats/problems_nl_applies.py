"""Dutch for what is wrong with what a rule applies to, with zones, and with what things carry: for ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("every rule of kind {a} is limited by applies", "elke regel van de soort {a} is met applies beperkt"),
    ("the rule asks nothing", "de regel vraagt niets"),
    ("it says of nothing to what the rule applies", "er staat niet in waarop de regel van toepassing is"),
    ("it ends before or when it begins", "het eindigt vóór of als het begint"),
    ("this {a} is named twice", "deze waarde ({a}) staat er tweemaal"),
    ("this is not a word", "dit is geen woord"),
    ("these are not the units of this ruleset document", "dit zijn niet de eenheden van dit document van een regelset"),
    ("this must be a number of {a} with its unit", "dit moet een getal zijn, met eenheid ({a})"),
    ("not a known surface", "geen bekende soort oppervlak"),
    ("not of a surface", "hoort niet bij een oppervlak"),
    ("not of this type of zone", "hoort niet bij dit soort zone"),
    ("a zone of subsidence without a rate", "een zone van bodemdaling zonder snelheid"),
    ("not above the bottom", "niet boven de onderkant"),
    ("not the value of a zone", "geen waarde van een zone"),
    ("outside {a} to {b} °C", "buiten {a} tot {b} °C"),
    ("outside {a} to {b} l/s", "buiten {a} tot {b} l/s"),
    ("outside {a} to {b} m³", "buiten {a} tot {b} m³"),
    ("outside {a} to {b} m²", "buiten {a} tot {b} m²"),
    ("outside {a} to {b} mm/year", "buiten {a} tot {b} mm per jaar"),
    ("a pipe that sinks along keeps its cover, and no cell has a maximum",
     "een leiding die meedaalt houdt haar dekking, en geen cel heeft een maximum"),
)
REMEDIES: Final = (
    ("Let one of them apply to everything: leave applies out there.",
     "Laat een daarvan overal gelden: laat applies daar weg."),
    ("Add a cell, or otherwise.", "Voeg een cel toe, of otherwise."),
    ("Let filed_until be later; the day itself is no longer in it.",
     "Laat filed_until later zijn; de dag zelf hoort er niet meer bij."),
    ("Name one or more of {a}.", "Noem een of meer van {a}."),
    ("Use 1 to 60 lower-case letters, digits, hyphens and underscores.",
     "Gebruik 1 tot 60 kleine letters, cijfers, koppeltekens en liggende streepjes."),
    ("Leave it out: a surface lies at ground level.", "Laat het weg: een oppervlak ligt op het maaiveld."),
    ("Leave it out; it belongs to a zone of type subsidence.",
     "Laat het weg; het hoort bij een zone van het type subsidence."),
    ("Write by how many millimetres ground level sinks in a year.",
     "Schrijf hoeveel millimeter het maaiveld per jaar daalt."),
    ("Let `top` be higher than `bottom`; both are metres NAP.",
     "Laat `top` hoger zijn dan `bottom`; beide zijn meters NAP."),
    ("Use 1 to 60 lower-case letters, digits, hyphens and underscores; begin with a letter or digit.",
     "Gebruik 1 tot 60 kleine letters, cijfers, koppeltekens en liggende streepjes; begin met een letter of cijfer."),
    ("Write a number of {a}, without quotes or unit.",
     "Schrijf een getal in {a}, zonder aanhalingstekens en eenheid."),
    ("Check the value; it is in {a}.", "Controleer de waarde; die is in {a}."),
    ("Write at most {a} years.", "Schrijf hoogstens {a} years."),
    ("Give a cell a maximum, or leave after out.", "Geef een cel een maximum, of laat after weg."),
)  # fmt: skip
