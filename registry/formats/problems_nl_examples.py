"""Dutch for what is wrong with the examples in a ruleset: for ``problems_nl``."""

from __future__ import annotations

from typing import Final

DETAILS: Final = (
    ("example {a} comes out as {b}, not as {c}", "voorbeeld {a} komt uit op {b}, niet op {c}"),
    ("in example {a} rule {b} comes out as {c}, not as {d}", "in voorbeeld {a} komt regel {b} uit op {c}, niet op {d}"),
    ("in example {a} rule {b} has measured {c}, not {d}", "in voorbeeld {a} meet regel {b} {c}, niet {d}"),
    ("in example {a} rule {b} has asked {c}, not {d}", "in voorbeeld {a} vraagt regel {b} {c}, niet {d}"),
    ("in example {a} rule {b} has missing {c}, not {d}", "in voorbeeld {a} komt regel {b} {c} te kort, niet {d}"),
    ("in example {a} rule {b} has nothing {c}, not {d}",
     "in voorbeeld {a} heeft regel {b} geen getal {c}, en dus niet {d}"),
    ("example {a} cannot be judged: {b}", "voorbeeld {a} is niet te beoordelen: {b}"),
    ("another example has the id {a}", "een ander voorbeeld heeft het id {a}"),
    ("{a} is there already", "{a} is er al"),
    ("of {a} something is expected already", "van {a} wordt al iets verwacht"),
    ("a rule that is {a} has nothing {b}", "een regel die op {a} uitkomt heeft geen getal {b}"),
    ("there is no number in it", "er staat geen getal in"),
    ("a ground level has a box or a place", "een maaiveld heeft een rechthoek (box) of een plaats (at)"),
    ("a line has one level", "een lijn heeft één hoogteligging"),
    ("the level of the line is missing", "de hoogteligging van de lijn ontbreekt"),
    ("this must be a whole number", "dit moet een geheel getal zijn"),
    ("these make no size together", "dit is samen geen maat"),
    ("this may not be {a} here", "dit mag hier niet {a} zijn"),
    ("a position has two numbers", "een positie heeft twee getallen"),
    ("a box has two corners", "een rechthoek (box) heeft twee hoeken"),
    ("the second corner is not to the north-east of the first",
     "de tweede hoek ligt niet ten noordoosten van de eerste"),
    ("a segment without length, before position {a}", "een segment zonder lengte, vóór positie {a}"),
    ("it does not say where they connect", "er staat niet waar ze op elkaar aansluiten"),
)  # fmt: skip
REMEDIES: Final = (
    ("Mend the rule or the example.", "Verbeter de regel of het voorbeeld."),
    ("Give each an id of its own.", "Geef elk een eigen id."),
    ("Leave it out, or expect another outcome.", "Laat het weg, of verwacht een andere uitkomst."),
    ("Write digits only, without a unit.", "Schrijf alleen cijfers, zonder eenheid."),
    ("Give either box or at.", "Geef box of at."),
    ("Give one per vertex, or one number for all.", "Geef er een per knikpunt, of één getal voor alle."),
    ("Give the diameter, or width and height, or of a line inner and wall.",
     "Geef diameter, of width en height, of van een lijn inner en wall."),
    ("Write [east, north], as [1.00 m, 0.00 m].", "Schrijf [oost, noord], zoals [1.00 m, 0.00 m]."),
    ("Write the south-west and the north-east one.", "Schrijf de zuidwestelijke en de noordoostelijke."),
    ("Write the south-west one first.", "Schrijf de zuidwestelijke eerst."),
    ("Let it end later.", "Laat het later eindigen."),
    ("Give the point, as [1.00 m, 0.00 m].", "Geef het punt (point), zoals [1.00 m, 0.00 m]."),
    ("Write a length such as -1.00 m.", "Schrijf een lengte, zoals -1.00 m."),
    ("Write a length such as -1.00 m, or {a}.", "Schrijf een lengte, zoals -1.00 m, of {a}."),
    ("Write a length such as -1.00 m, or {a}, or {b}.", "Schrijf een lengte, zoals -1.00 m, of {a}, of {b}."),
    ("Write {a} or less.", "Schrijf {a} of minder."),
    ("Give one of {a}.", "Geef een van {a}."),
)  # fmt: skip
