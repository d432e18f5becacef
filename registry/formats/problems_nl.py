"""In Dutch what is wrong and what to do, for the faults that occur most: recognised by the English words.

A problem says its exact words in English; these patterns keep what is useful in them, such as the values that are
allowed. What no pattern fits is told by its code (``problems_told``), with the English words behind it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from registry.formats import (
    problems_nl_applies,
    problems_nl_examples,
    problems_nl_ground,
    problems_nl_lint,
    problems_nl_lives,
    problems_nl_matrix,
)
from registry.formats.problems_nl_policy import DETAILS, DIFFERENCES, KINDS, MEMBERS, REMEDIES

Templates = tuple[tuple[str, str], ...]

#: English with places to fill in, and the same in Dutch.
_DETAILS: Final = (
    ("`{a}` is missing", "`{a}` ontbreekt"),
    ("the entry {a} is missing", "{a} ontbreekt"),
    ("unknown property `{a}`", "de eigenschap `{a}` bestaat niet"),
    ("unknown member `{a}`", "het onderdeel `{a}` bestaat niet"),
    ("there is no entry {a} here", "{a} hoort hier niet"),
    ("there is no register here", "hier is geen register"),
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
    ("no level at vertex {a} of {b}", "geen hoogteligging bij knikpunt {a} van {b}"),
    ("no level at vertex {a} and {b} more of {c}", "geen hoogteligging bij knikpunt {a} en nog {b} van {c}"),
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
    ("with {a} {b} it has most of more than {c} pairs of segments near each other",
     "met {b} heeft het de meeste van meer dan {c} paren lijnstukken bij elkaar in de buurt"),
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
    ("no name of a coordinate system", "geen naam van een coördinatenstelsel"),
    ("not written as a named crs", "niet geschreven als crs met een naam"),
    ("not UTF-8", "geen UTF-8"),
    ("starts with a byte order mark", "begint met een byte order mark"),
    ("the same key twice in one object", "dezelfde sleutel staat twee keer in één object"),
    ("{a} is not a number", "{a} is geen getal"),
    ("a number that is too long, too large or too small", "een getal dat te lang, te groot of te klein is"),
    ("not JSON: {a}", "geen JSON: {a}"),
    ("larger than the {a} bytes allowed", "groter dan de toegestane {a} bytes"),
    ("nested more than {a} deep", "dieper genest dan {a}"),
    ("no geometry", "geen geometrie"),
    ("not a geometry this format has", "geen geometrie van dit formaat"),
    ("no coordinates", "geen coördinaten"),
    ("no properties", "geen eigenschappen"),
    ("not a position", "geen positie"),
    ("a position of {a} numbers", "een positie van {a} getallen"),
    ("positions with and without height", "posities met en zonder hoogte"),
    ("a {a} with heights in its coordinates", "een {a} met hoogten in de coördinaten"),
    ("a {a} cannot be a {b}", "een {a} kan geen {b} zijn"),
    ("a line of one position", "een lijn van één positie"),
    ("not a ring", "geen ring"),
    ("a ring that is not closed", "een ring die niet gesloten is"),
    ("the same position twice in a row", "tweemaal achtereen dezelfde positie"),
    ("a segment longer than 1 km", "een lijnstuk langer dan 1 km"),
    ("a segment without length", "een lijnstuk zonder lengte"),
    ("a segment without length, the first of {a}", "een lijnstuk zonder lengte, het eerste van {a}"),
    ("not a polygon: {a}", "geen vlak: {a}"),
    ("{a} vertices", "{a} knikpunten"),
    ("heights given twice", "hoogten tweemaal opgegeven"),
    ("heights in the coordinates cannot be cover", "hoogten in de coördinaten kunnen geen gronddekking zijn"),
    ("an empty list", "een lege lijst"),
    ("top {a} lies below bottom {b}", "bovenkant {a} ligt onder onderkant {b}"),
    ("text with control characters", "tekst met stuurtekens"),
    ("a period without dates", "een periode zonder datum"),
    ("ends ({a}) before or when it starts ({b})", "eindigt ({a}) voor of op het begin ({b})"),
    ("a temporary part without a start of works", "een tijdelijk onderdeel zonder aanvang van de werkzaamheden"),
    ("before the works start ({a})", "vóór aanvang van de werkzaamheden ({a})"),
    ("ends when the works start", "eindigt bij aanvang van de werkzaamheden"),
    ("too many parts", "te veel onderdelen"),
    ("and {a} more unknown properties", "en nog {a} onbekende eigenschappen"),
    ("and at least {a} more problems", "en minstens {a} andere fouten"),
    ("the file of an application holds its parts only, and no {a}", "in het bestand van een aanvraag staan alleen de "
     "onderdelen, en geen {a}"),
    *DETAILS,
    *problems_nl_applies.DETAILS,
    *problems_nl_examples.DETAILS,
    *problems_nl_ground.DETAILS,
    *problems_nl_lives.DETAILS,
    *problems_nl_lint.DETAILS,
    *problems_nl_matrix.DETAILS,
)  # fmt: skip
_REMEDIES: Final = (
    ("Add `{a}` or `{b}`.", "Voeg `{a}` of `{b}` toe."),
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
    ("Add application and its parts.", "Voeg een aanvraag met onderdelen toe."),
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
    ("Save it as UTF-8 without BOM.", "Sla het op als UTF-8 zonder BOM."),
    ("Write a number, or null where unknown is allowed.", "Schrijf een getal, of null waar onbekend mag."),
    ("Write it in metres, to the mm.", "Schrijf het in meters, tot op de mm."),
    ("Write it as JSON (RFC 8259).", "Schrijf het als JSON (RFC 8259)."),
    ("Split it into smaller files.", "Splits het in kleinere bestanden."),
    ("Use a LineString (corridor), Point (shaft) or Polygon (volume).", "Gebruik een LineString (strook), Point "
     "(schacht) of Polygon (volume)."),
    ("Make each a feature with its own id.", "Maak van elk een eigen feature met een eigen id."),
    ("A Point has {a}.", "Een Point heeft {a}."),
    ("A LineString has {a}.", "Een LineString heeft {a}."),
    ("A Polygon has {a}.", "Een Polygon heeft {a}."),
    ("A geometry has type and coordinates.", "Een geometrie heeft type en coordinates."),
    ("Write an object with `kind`.", "Schrijf een object met `kind`."),
    ("Write [x, y] or [x, y, z], numbers in metres, RD New and NAP.", "Schrijf [x, y] of [x, y, z], getallen in meters "
     "in RD en NAP."),
    ("Give every position a height or none, or give heights in `levels`, null where unknown.", "Geef elke positie een "
     "hoogte of geen, of geef hoogten in `levels`, null waar onbekend."),
    ("Write [x, y]; heights go into `top` and `bottom` (of a ground level: `level`).", "Schrijf [x, y]; hoogten horen "
     "in `top` en `bottom` (van een maaiveld: `level`)."),
    ("Use a Polygon.", "Gebruik een Polygon."),
    ("Use a Point or a Polygon.", "Gebruik een Point of een Polygon."),
    ("Give a LineString at least two positions, or use a Point for a shaft.", "Geef een LineString minstens twee "
     "posities, of gebruik een Point voor een schacht."),
    ("A ring has at least four positions, the last equal to the first: {a}.", "Een ring heeft minstens vier posities, "
     "de laatste gelijk aan de eerste: {a}."),
    ("End the ring with its first position, {a}.", "Eindig de ring met de eerste positie, {a}."),
    ("Leave the second one out; positions must differ by at least 1 mm.", "Laat de tweede weg; posities verschillen "
     "minstens 1 mm."),
    ("Leave the second position out; positions must differ by at least 1 mm, in plan or in level.", "Laat de tweede "
     "positie weg; posities verschillen minstens 1 mm, in bovenaanzicht of in hoogte."),
    ("Put vertices in between, at most 1 km apart, or mend the odd one out.", "Zet er knikpunten tussen, hoogstens 1 "
     "km uit elkaar, of verbeter de afwijkende."),
    ("Draw rings that do not cross or overlap, holes inside the outer ring; it is not repaired.", "Teken ringen die "
     "elkaar niet kruisen of overlappen, met gaten binnen de buitenring; er wordt niets hersteld."),
    ("Use at most {a}: simplify it, or cut it into objects of their own.", "Gebruik er hoogstens {a}: vereenvoudig "
     "het, of knip het in eigen objecten."),
    ("Use at most {a}: divide the works over several applications.", "Gebruik er hoogstens {a}: verdeel de werken over "
     "meer aanvragen."),
    ("Leave out `levels`, or the heights in the coordinates.", "Laat `levels` weg, of de hoogten in de coördinaten."),
    ("Heights in coordinates are m NAP; give cover in `levels`.", "Hoogten in coördinaten zijn in m NAP; geef "
     "gronddekking in `levels`."),
    ("Depths grow downwards: `bottom` is the larger.", "Diepten nemen naar beneden toe: `bottom` is de grootste."),
    ("Swap them: `top` is the higher level.", "Verwissel ze: `top` is de hoogste."),
    ("Write it on one line, printable.", "Schrijf het op één regel, in leesbare tekens."),
    ("Give `from`, `to` or both.", "Geef `from`, `to` of beide."),
    ("Let `to` be later than `from`; the day `to` itself is no longer in it.", "Laat `to` later zijn dan `from`; de "
     "dag `to` zelf hoort er niet meer bij."),
    ("Add `works_start` to `application`, from when the parts are there.", "Voeg `works_start` aan `application` toe: "
     "vanaf dan zijn de onderdelen er."),
    ("Give the days the part itself is there, or correct `works_start`.", "Geef de dagen waarop het onderdeel er zelf "
     "is, of verbeter `works_start`."),
    ("Leave them out.", "Laat ze weg."),
    ("Leave that character out.", "Laat dat teken weg."),
    ("Write the whole character.", "Schrijf het hele teken."),
    ("Use at most {a}.", "Gebruik er hoogstens {a}."),
    ("The format needs no such nesting; write it as documented.", "Het formaat heeft zulke nesting niet nodig; schrijf "
     "het zoals beschreven."),
    ("Mend these first, then read it again.", "Herstel deze eerst, en lees het dan opnieuw."),
    ("Give it in a file of its own, with --against.", "Geef het in een eigen bestand, met --against."),
    ("State ground level as `ground_levels` or `ground_level` on the part, or give it with --against.", "Geef het "
     "maaiveld op bij het onderdeel (`ground_levels` of `ground_level`), of in een eigen bestand met --against."),
    *REMEDIES,
    *problems_nl_applies.REMEDIES,
    *problems_nl_examples.REMEDIES,
    *problems_nl_ground.REMEDIES,
    *problems_nl_lives.REMEDIES,
    *problems_nl_lint.REMEDIES,
    *problems_nl_matrix.REMEDIES,
)  # fmt: skip
_PLACE: Final = r"\{([a-d]|quantity|kind|member|outcome|found)\}"
#: What may be filled in, where it is not just anything: a number, with its unit or without.
_PATTERNS: Final = {"quantity": r"-?[0-9][0-9.]*(?: [A-Za-z°][A-Za-z0-9°/]*)?"}
_MEANT: Final = re.compile(r"Did you mean (?P<name>[^?]+)\?(?: (?P<rest>.+))?", re.DOTALL)


_COUNTED: Final = re.compile(r"(?P<detail>.+), the first of (?P<count>\d+) such (?:positions|segments)", re.DOTALL)
_SENTENCES: Final = re.compile(r"(?<=[.?]) (?=[A-Z`])")
#: Numbers as English writes them; not those within a word, an id or a version.
_THOUSANDS: Final = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w.,])")
_DECIMALS: Final = re.compile(r"(?<![\w.,])(-?\d+)\.(\d+)(?![\w.,])")


def detail_in_dutch(detail: str) -> str | None:
    """What is wrong, in Dutch; ``None`` for words that are not known here."""
    counted = _COUNTED.fullmatch(detail)
    if counted is not None:
        told = detail_in_dutch(counted["detail"])
        return None if told is None else f"{told}, de eerste van {counted['count']}"
    return _told(detail, _DETAILS, numbers=True)


def difference_in_dutch(difference: str, outcomes: dict[str, str]) -> str:
    """What verifying a bundle found different; ``outcomes`` are their names."""
    names = {"kind": KINDS, "member": MEMBERS, "outcome": outcomes, "found": outcomes}
    return _told(difference, DIFFERENCES, names) or difference


def remedy_in_dutch(remedy: str) -> str | None:
    """What to do, in Dutch; ``None`` for words that are not known here."""
    meant = _MEANT.fullmatch(remedy)
    if meant is not None:
        rest = remedy_in_dutch(meant["rest"]) if meant["rest"] else ""
        return None if rest is None else f"Bedoelde u {meant['name']}? {rest}".strip()
    sentences = [_told(sentence, _REMEDIES) or "" for sentence in _SENTENCES.split(remedy)]
    return " ".join(sentences) if all(sentences) else _told(remedy, _REMEDIES)


def _told(
    text: str, templates: Templates, names: dict[str, dict[str, str]] | None = None, numbers: bool = False
) -> str | None:
    """``text`` by the template that says most of it; ``names`` are words for what is filled in, and ``numbers`` says
    whether numbers in it are written as in Dutch."""
    for english, dutch in _most_said_first(templates):
        found = _pattern(english).fullmatch(text)
        if found is not None:
            pieces = re.split(_PLACE, dutch)
            filled = {name: (names or {}).get(name, {}).get(value, value) for name, value in found.groupdict().items()}
            if numbers:
                filled = {name: _in_dutch(value) for name, value in filled.items()}
            return "".join(filled[piece] if index % 2 else piece for index, piece in enumerate(pieces))
    return None


def _in_dutch(value: str) -> str:
    return _DECIMALS.sub(r"\1,\2", _THOUSANDS.sub(lambda found: found[0].replace(",", "."), value))


@cache
def _most_said_first(templates: Templates) -> Templates:
    return tuple(sorted(templates, key=lambda pair: (bool(re.search(_PLACE, pair[0])), -len(pair[0]))))


@cache
def _pattern(english: str) -> re.Pattern[str]:
    pieces = re.split(_PLACE, english)
    pattern = "".join(
        f"(?P<{piece}>{_PATTERNS.get(piece, '.+?')})" if index % 2 else re.escape(piece)
        for index, piece in enumerate(pieces)
    )
    return re.compile(pattern, re.DOTALL)
