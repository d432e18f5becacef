"""The Dutch of a conversion's account: its lines, and the reasons it assumes, flags, notes and sets apart by.

A reason is kept in English, as notes are (``notes`` says how they are recognised); in a note one that was assumed ends
with ``ASSUMED``.
"""

from __future__ import annotations

from typing import Final

from registry.formats.words import Language

Templates = dict[str, tuple[str, str]]

ASSUMED: Final = (", assumed", ", aangenomen")

#: By name the English and the Dutch template.
REASONS: Final[Templates] = {
    "straight": ("straight gradient between manholes", "recht verhang tussen de putten"),
    "top": ("top at ground level", "bovenkant op maaiveld"),
    "bottom": ("bottom unknown: not in the file", "onderkant onbekend: staat niet in het bestand"),
    "no_levels": ("no levels in the file", "geen hoogten in het bestand"),
    "ground": ("ground level unknown", "maaiveld onbekend"),
    "size": ("size unknown", "maat onbekend"),
    "only_named": ("size only in the type name", "maat alleen in de typenaam"),
    "shape": ("shape unknown: {text}", "vorm onbekend: {text}"),
    "no_number": ("{side} is not a number, taken as unknown", "{side} is geen getal, geldt als onbekend"),
    "outside": ("{side} outside 0.01 to 50 m, taken as unknown", "{side} buiten 0,01 tot 50 m, geldt als onbekend"),
    "material": (
        "material not in the mapping, wall unknown: {text}",
        "materiaal niet in de vertaaltabel, wanddikte onbekend: {text}",
    ),
    "sizes_are": ("sizes of {text} are {sizes} sizes ({name})", "maten van {text} zijn {sizes}maten ({name})"),
    "wall": ("wall of {text} ({name})", "wanddikte van {text} ({name})"),
    "too_thick": ("assumed wall too thick, left out", "aangenomen wanddikte te groot, weggelaten"),
    "contradicts": ("size contradicts type name, {used} used", "maat strijdig met typenaam, {used} gebruikt"),
    "not_round": (
        "round, but width and height differ; the larger used",
        "rond, maar breedte en hoogte verschillen; de grootste gebruikt",
    ),
    "type_name": ("type name not recognised", "typenaam niet herkend"),
    "not_used": ("{other} level not used, level unknown", "{other}hoogte niet gebruikt, hoogte onbekend"),
    "differs": ("{one} level used, {other} level differs", "{one}hoogte gebruikt, {other}hoogte wijkt af"),
    "design": ("design level at {which} used", "ontwerphoogte aan {which} gebruikt"),
    "undated": ("undated level at {which} used", "hoogte zonder datum aan {which} gebruikt"),
    "level_outside": (
        "{other} level at {which} outside -300 to +100 m NAP, taken as unknown",
        "{other}hoogte aan {which} buiten -300 tot +100 m NAP, geldt als onbekend",
    ),
    "z_outside": (
        "geometry z outside -300 to +100 m NAP, taken as unknown",
        "z van de geometrie buiten -300 tot +100 m NAP, geldt als onbekend",
    ),
    "ground_outside": (
        "ground level outside -300 to +100 m NAP, taken as unknown",
        "maaiveld buiten -300 tot +100 m NAP, geldt als onbekend",
    ),
    "z_unknown": ("geometry z unknown at a vertex", "z van de geometrie onbekend bij een knikpunt"),
    "repeated": ("repeated vertex dropped", "herhaald knikpunt weggelaten"),
    "id_from": ("id from {text}: {name} missing or not unique", "id uit {text}: {name} ontbreekt of is niet uniek"),
    "uncertainty": ("uncertainty {way} of {apart} m ({name})", "onzekerheid {way} van {apart} m ({name})"),
    "uncertainty_unknown": (
        "uncertainty {way} unknown, none counted",
        "onzekerheid {way} onbekend, niet meegerekend",
    ),
    "uncertainty_no_number": (
        "uncertainty {way} is not a number, taken as unknown",
        "onzekerheid {way} is geen getal, geldt als onbekend",
    ),
    "uncertainty_outside": (
        "uncertainty {way} outside 0 to 100 m, taken as unknown",
        "onzekerheid {way} buiten 0 tot 100 m, geldt als onbekend",
    ),
    "uncertainty_is": (
        "uncertainty {way} {mm} mm is outside 0 to 100 m",
        "onzekerheid {way} {mm} mm ligt buiten 0 tot 100 m",
    ),
}
#: Why an object is set apart.
APART: Final[Templates] = {
    "no_id": (
        "no id that is present, unique and of allowed characters",
        "geen id dat er is, uniek is en uit toegestane tekens bestaat",
    ),
    "stands": ("a {text} stands at a place, and cannot be a line", "een {text} staat op een plaats, en is geen lijn"),
    "not_given": (
        "the mapping gives no {text} for this row ({name} is {value})",
        "de vertaaltabel geeft geen {text} voor deze rij ({name} is {value})",
    ),
    "two_z": (
        "vertices {text} and {name} are at one place with different z",
        "knikpunten {text} en {name} liggen op één plaats, met een andere z",
    ),
    "no_length": ("the line has no length", "de lijn heeft geen lengte"),
    "too_long": ("a segment of {apart} m is longer than 1 km", "een lijnstuk van {apart} m is langer dan 1 km"),
    "no_geometry": ("it has no geometry", "er is geen geometrie"),
    "unreadable": ("its geometry cannot be read: {text}", "de geometrie is niet te lezen: {text}"),
    "other_geometry": (
        "its geometry is a {text}, where a {name} is needed",
        "de geometrie is een {text}, waar een {name} nodig is",
    ),
    "vertices": ("it has {text} vertices, more than {name}", "er zijn {text} knikpunten, meer dan {name}"),
    "empty": ("its geometry is empty", "de geometrie is leeg"),
    "no_coordinate": ("{at}a coordinate is not a finite number", "{at}een coördinaat is geen eindig getal"),
    "degrees": (
        "{at}{text} is outside RD New: it looks like longitude and latitude",
        "{at}{text} ligt buiten RD: het lijken lengte- en breedtegraad",
    ),
    "degrees_swapped": (
        "{at}{text} is outside RD New: it looks like latitude and longitude",
        "{at}{text} ligt buiten RD: het lijken breedte- en lengtegraad",
    ),
    "swapped": (
        "{at}{text} is outside RD New: x and y look swapped",
        "{at}{text} ligt buiten RD: x en y lijken verwisseld",
    ),
    "outside_rd": (
        "{at}{text} is outside RD New (x 0 to 300000, y 300000 to 625000)",
        "{at}{text} ligt buiten RD (x 0 tot 300000, y 300000 tot 625000)",
    ),
}

#: The lines of the account.
LINES: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "head": "{file}, read by mapping {mapping}",
        "absent": "not there",
        "counts": "{read} read = {converted} converted + {apart} quarantined",
        "written": "written: {assets}, {grounds}",
        "asset": "1 asset",
        "assets": "{count} assets",
        "ground": "1 ground level",
        "grounds": "{count} ground levels",
        "assumed": "Assumed (not in the file; filled in as the mapping says):",
        "flagged": "Flagged (doubtful or unknown; look at these):",
        "noted": "Noted (done as the mapping says):",
        "quarantined": "Quarantined (could not be converted, and are not written):",
        "more": "and {count} more",
        "warning": "Warning: {text}",
        "to": "Written to {output}",
        "report": "; every object by reason in {report}",
        "shortened": "Lists are shortened here: --report FILE writes every id.",
    },
    "nl": {
        "head": "{file}, gelezen met vertaaltabel {mapping}",
        "absent": "niet aanwezig",
        "counts": "{read} gelezen = {converted} omgezet + {apart} apart gezet",
        "written": "geschreven: {assets}, {grounds}",
        "asset": "1 bestaand object",
        "assets": "{count} bestaande objecten",
        "ground": "1 maaiveld",
        "grounds": "{count} maaivelden",
        "assumed": "Aangenomen (niet in het bestand; ingevuld volgens de vertaaltabel):",
        "flagged": "Gemerkt (twijfelachtig of onbekend; kijk hiernaar):",
        "noted": "Genoteerd (gedaan volgens de vertaaltabel):",
        "quarantined": "Apart gezet (niet om te zetten, en niet geschreven):",
        "more": "en nog {count}",
        "warning": "Let op: {text}",
        "to": "Geschreven naar {output}",
        "report": "; elk object naar reden in {report}",
        "shortened": "Lijsten zijn hier ingekort: --report BESTAND schrijft elk id.",
    },
}
