"""In Dutch what is wrong and what to do, for the faults that occur most: recognised by the English words.

A problem says its exact words in English; these patterns keep what is useful in them, such as the values that are
allowed. What no pattern fits is told by its code (``problems_told``), with the English words behind it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

#: English with places to fill in, and the same in Dutch.
_DETAILS: Final = (
    ("`{a}` is missing", "`{a}` ontbreekt"),
    ("the entry {a} is missing", "{a} ontbreekt"),
    ("unknown property `{a}`", "de eigenschap `{a}` bestaat niet"),
    ("unknown member `{a}`", "het onderdeel `{a}` bestaat niet"),
    ("there is no entry {a} here", "{a} hoort hier niet"),
    ("there is no {a} {b}", "{b} bestaat niet als {a}"),
    ("not a known {a}", "geen bekende waarde van `{a}`"),
    ("not a number", "geen getal"),
    ("not text", "geen tekst"),
    ("not a list", "geen lijst"),
    ("not an object", "geen object"),
    ("neither true nor false", "true noch false"),
    ("null has no meaning here", "null betekent hier niets"),
    ("not an id", "geen id"),
    ("not a date", "geen datum"),
    ("empty text", "lege tekst"),
    ("text with spaces at its beginning or end", "tekst met spaties ervoor of erachter"),
    ("text of {a} characters", "tekst van {a} tekens"),
    ("a level outside {a} to {b} m", "een hoogte buiten {a} tot {b} m"),
    ("a depth below ground level outside {a} to {b} m", "een diepte onder maaiveld buiten {a} tot {b} m"),
    ("height outside {a} to {b} m NAP", "hoogte buiten {a} tot {b} m NAP"),
    ("outside RD New (x {a} to {b} m, y {c} to {d} m)", "buiten RD (x {a} tot {b} m, y {c} tot {d} m)"),
    ("outside {a} to {b} m", "buiten {a} tot {b} m"),
    ("neither level nor cover", "hoogteligging noch gronddekking"),
    ("neither top nor bottom", "bovenkant noch onderkant"),
    ("a vertex without level", "een knikpunt zonder hoogteligging"),
    ("unknown {a}", "`{a}` onbekend"),
    ("neither size nor envelope is known", "maat noch profiel van vrije ruimte is bekend"),
    ("an inner size without wall leaves the outer size unknown", "zonder wanddikte is de buitenmaat onbekend"),
    ("an invert level without inner size", "een BOB zonder binnenmaat"),
    ("two sizes at once", "twee maten tegelijk"),
    ("no size in it", "er staat geen maat in"),
    ("a {a} has no `{b}`", "een {a} heeft geen `{b}`"),
    ("a {a} stands at a place, and cannot be a LineString", "een {a} staat op een plaats, en is geen LineString"),
    (
        "a {a} stands at a place, and this is more than {b} times as long as wide",
        "een {a} staat op een plaats, en dit is meer dan {b} keer zo lang als breed",
    ),
    ("the id stands in `properties`", "het id staat in `properties`"),
    ("not a known kind", "geen bekende soort"),
    ("{a} numbers for {b} vertices", "{a} getallen voor {b} knikpunten"),
    ("with {a} {b} it has more than {c} pairs of segments near each other",
     "met {b} heeft het meer dan {c} paren lijnstukken bij elkaar in de buurt"),
    ("this file holds no application", "in dit bestand staat geen aanvraag"),
    ("parts without an application", "onderdelen zonder aanvraag"),
    ("an application without parts", "een aanvraag zonder onderdelen"),
    ("a second application; one is checked at a time", "een tweede aanvraag; er wordt er één tegelijk getoetst"),
    ("the same {a} twice: {b} and {c}", "tweemaal hetzelfde ({a}): {b} en {c}"),
    ("a part cannot relate to itself", "een onderdeel heeft geen relatie met zichzelf"),
    ("not a target of this relation", "daarop slaat deze relatie niet"),
    ("says nothing of `{a}`", "hoort niet bij `{a}`"),
    ("cannot be read: {a}", "dit is niet te lezen: {a}"),
    ("empty", "leeg"),
    ("the text stops in the middle", "de tekst houdt halverwege op"),
    ("this is a part of a Shapefile, not a file in the exchange format", "dit is een deel van een Shapefile, geen "
     "bestand in het uitwisselformaat"),
    ("this is a zip archive, not a file in the exchange format", "dit is een zip-archief, geen bestand in het "
     "uitwisselformaat"),
    ("this is a {a}, not a file in the exchange format", "dit is een {a}, geen bestand in het uitwisselformaat"),
    ("this is YAML, not a file in the exchange format", "dit is YAML, geen bestand in het uitwisselformaat"),
    ("this is YAML, a ruleset by its looks", "dit is YAML, zo te zien een regelset"),
    ("a system in degrees", "een stelsel in graden"),
    ("heights are missing in this system", "dit stelsel heeft geen hoogten"),
    ("not EPSG:7415", "niet EPSG:7415"),
)  # fmt: skip
_REMEDIES: Final = (
    ("Add `{a}`.", "Voeg `{a}` toe."),
    ("Add {a}: one of the sources, {b}.", "Voeg {a} toe: een van de bronnen, {b}."),
    ("Add {a}: one of {b}.", "Voeg {a} toe: een van {b}."),
    ("Add {a}: a group with {b}.", "Voeg {a} toe: een groep met {b}."),
    ("Add {a}: a length with its unit, as {b}, or any_depth.", "Voeg {a} toe: een lengte met eenheid, zoals {b}, of "
     "any_depth."),
    ("Add {a}: a length with its unit, as {b}.", "Voeg {a} toe: een lengte met eenheid, zoals {b}."),
    ("Add {a}: a date, as {b}.", "Voeg {a} toe: een datum, zoals {b}."),
    ("Add {a}: three numbers, as {b}.", "Voeg {a} toe: drie getallen, zoals {b}."),
    ("Add {a}: a list, which may be empty: [].", "Voeg {a} toe: een lijst, die leeg mag zijn: []."),
    ("Add {a}.", "Voeg {a} toe."),
    ("Use one of: {a}.", "Kies uit: {a}."),
    ("It is one of: {a}.", "Kies uit: {a}."),
    ("Known here: {a}.", "Hier bestaan: {a}."),
    ("Entries here are: {a}.", "Hier bestaan: {a}."),
    ("It may have: {a}.", "Wel kan: {a}."),
    ("`{a}` is said of: {b}.", "`{a}` geldt voor: {b}."),
    ("Leave it out; it belongs to {a}.", "Laat het weg; het hoort bij {a}."),
    ("Write a number in metres, without quotes or unit.", "Schrijf een getal in meters, zonder aanhalingstekens of "
     "eenheid."),
    ("Write text between double quotes: \"…\".", "Schrijf tekst tussen dubbele aanhalingstekens: \"…\"."),
    ("Write true or false, without quotes.", "Schrijf true of false, zonder aanhalingstekens."),
    ("Write a list: […].", "Schrijf een lijst: […]."),
    ("Write an object: {…}.", "Schrijf een object: {…}."),
    ("Write something, or leave the property out.", "Schrijf iets, of laat de eigenschap weg."),
    ("Give a value, or leave the property out.", "Geef een waarde, of laat de eigenschap weg."),
    ("Leave the spaces out: names are compared letter by letter.", "Laat de spaties weg: namen worden letter voor "
     "letter vergeleken."),
    ("Write an existing day as YYYY-MM-DD.", "Schrijf een bestaande dag als JJJJ-MM-DD."),
    ("Use 1 to 100 of {a} and start with a letter or digit.", "Gebruik 1 tot 100 tekens uit {a} en begin met een "
     "letter of cijfer."),
    ("Use at most 1,000.", "Gebruik er hoogstens 1000."),
    ("Check the value; it is in metres.", "Controleer de waarde; die is in meters."),
    ("Levels are metres NAP; mind the sign and the unit.", "Hoogten zijn in m NAP; let op het teken en de eenheid."),
    ("Depths are metres, positive downwards.", "Diepten zijn in meters, positief naar beneden."),
    ("Give heights in metres NAP.", "Geef hoogten in m NAP."),
    ("Give `levels` (m NAP, or cover with `level_reference` `ground`), or heights in the coordinates.",
     "Geef `levels` (m NAP, of gronddekking met `level_reference` `ground`), of hoogten in de coördinaten."),
    ("Give `top` and `bottom`; leave one out where it goes on without end.",
     "Geef `top` en `bottom`; laat er een weg waar het zonder einde doorgaat."),
    ("Give `{a}` or `{b}`.", "Geef `{a}` of `{b}`."),
    ("Give `{a}`.", "Geef `{a}`."),
    ("Give the inner size, or the level of axis, top or bottom.",
     "Geef de binnenmaat, of de hoogte van as, bovenkant of onderkant."),
    ("Write one of {a}, in metres.", "Schrijf een van {a}, in meters."),
    ("Put it beside `geometry`.", "Zet het naast `geometry`."),
    ("Leave it out: the feature has its id beside `geometry`.", "Laat het weg: het id staat al naast `geometry`."),
    ("Give one per vertex, null where unknown.", "Geef er een per knikpunt, null waar onbekend."),
    ("Give one per vertex, null where unknown, or one number for all.",
     "Geef er een per knikpunt, null waar onbekend, of één getal voor alle."),
    ("Use a Point or a Polygon, or the object kind of a line.", "Gebruik een Point of Polygon, of een soort lijn."),
    (
        "Draw its whole footprint, or use the object kind of what it is.",
        "Teken zijn hele grondvlak, of gebruik de soort object die het is.",
    ),
    ("Name another object.", "Noem een ander object."),
    ("Add application and its parts.", "Voeg `application` en de onderdelen toe."),
    ("Add `application` with id, applicant and regime.", "Voeg `application` toe, met id, applicant en regime."),
    ("Add a feature of kind `part` for each thing to be laid.", "Voeg voor elk ding dat wordt gelegd een feature met "
     "kind `part` toe."),
    ("Draw it with fewer vertices, or cut it into parts.", "Teken het met minder knikpunten, of knip het in stukken."),
    ("Leave it out of --against.", "Laat het weg bij --against."),
    ("Give every {a} its own id, or leave one of the two out.", "Geef elk een eigen id, of laat een van de twee weg."),
    ("Check the path and the rights.", "Controleer het pad en de rechten."),
    ("It seems truncated: send or copy the whole of it.", "Het lijkt afgekapt: stuur of kopieer het hele bestand."),
    ("These look like degrees: transform them to RD New with NAP heights (EPSG:7415).",
     "Dit lijken graden: reken ze om naar RD met NAP-hoogten (EPSG:7415)."),
    ("x and y look swapped: write x (east) first.", "x en y lijken verwisseld: schrijf x (oost) eerst."),
    ("These look like millimetres: write metres.", "Dit lijken millimeters: schrijf meters."),
    ("Write RD New coordinates in metres (EPSG:7415), x first.", "Schrijf RD-coördinaten in meters (EPSG:7415), x "
     "eerst."),
    ("Write \"crs\": {a}.", "Schrijf \"crs\": {a}."),
    ("Use EPSG:7415. Write \"crs\": {a}.", "Gebruik EPSG:7415. Schrijf \"crs\": {a}."),
    ("Transform the coordinates to RD New with NAP heights. Write \"crs\": {a}.",
     "Reken de coördinaten om naar RD met NAP-hoogten. Schrijf \"crs\": {a}."),
    ("Convert it first: {a} (docs/convert.md), and give OUT.", "Converteer het eerst: {a} (docs/convert.md), en geef "
     "OUT op."),
    ("Unpack it. Convert it first: {a} (docs/convert.md), and give OUT.", "Pak het uit. Converteer het eerst: {a} "
     "(docs/convert.md), en geef OUT op."),
    ("Give it as --ruleset, and here a GeoJSON file as docs/formats.md describes.",
     "Geef het op als --ruleset, en hier een GeoJSON-bestand zoals in docs/formats.md."),
    ("Applications, reservations and assets are GeoJSON (docs/formats.md); only rulesets and mappings are YAML.",
     "Aanvragen, reserveringen en bestaande objecten zijn GeoJSON (docs/formats.md); alleen regelsets en "
     "vertaaltabellen zijn YAML."),
)  # fmt: skip
_MEANT: Final = re.compile(r"Did you mean (?P<name>[^?]+)\?(?: (?P<rest>.+))?", re.DOTALL)


def detail_in_dutch(detail: str) -> str | None:
    """What is wrong, in Dutch; ``None`` for words that are not known here."""
    return _told(detail, _DETAILS)


def remedy_in_dutch(remedy: str) -> str | None:
    """What to do, in Dutch; ``None`` for words that are not known here."""
    meant = _MEANT.fullmatch(remedy)
    if meant is None:
        return _told(remedy, _REMEDIES)
    rest = _told(meant["rest"], _REMEDIES) if meant["rest"] else ""
    return None if rest is None else f"Bedoelde u {meant['name']}? {rest}".strip()


def _told(text: str, templates: tuple[tuple[str, str], ...]) -> str | None:
    for english, dutch in templates:
        found = _pattern(english).fullmatch(text)
        if found is not None:
            pieces = re.split(r"\{([a-d])\}", dutch)
            return "".join(found[piece] if index % 2 else piece for index, piece in enumerate(pieces))
    return None


@cache
def _pattern(english: str) -> re.Pattern[str]:
    pieces = re.split(r"\{([a-d])\}", english)
    pattern = "".join(f"(?P<{piece}>.+?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    return re.compile(pattern, re.DOTALL)
