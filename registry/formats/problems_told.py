"""What is wrong with an input, told in Dutch or English.

In English a problem says all itself. In Dutch the most frequent faults are told in full (``problems_nl``); of others
each code has its own sentence and remedy, and the exact words follow in English as they are.
"""

from __future__ import annotations

from typing import Final

from registry.core.errors import Code, Problem, visible
from registry.formats.problems_nl import detail_in_dutch, remedy_in_dutch
from registry.formats.words import Language

#: By code what is wrong and what to do.
DUTCH: Final[dict[Code, tuple[str, str]]] = {
    "invalid_json": ("dit is geen geldige JSON", "Herstel het bestand op de genoemde plaats."),
    "invalid_text": ("deze tekst is niet te lezen", "Sla het bestand op als UTF-8, zonder stuurtekens."),
    "duplicate_key": ("deze sleutel staat er twee keer", "Laat een van de twee weg."),
    "too_deep": ("dit is te diep genest", "Gebruik minder niveaus."),
    "too_large": ("dit is te groot of te lang", "Maak het kleiner, of verdeel het over meer bestanden."),
    "too_complex": ("dit bestaat uit te veel delen", "Vereenvoudig of verdeel het."),
    "missing": ("hier ontbreekt iets wat nodig is", "Vul het aan."),
    "unknown_property": ("deze eigenschap bestaat niet", "Verbeter de naam, of laat haar weg."),
    "wrong_type": ("dit is niet van het soort dat hier hoort", "Schrijf het in de vorm die hier hoort."),
    "not_allowed": ("dit mag hier niet", "Kies iets wat hier mag."),
    "out_of_range": ("dit valt buiten de grenzen", "Controleer de waarde en de eenheid; lengten zijn in meters."),
    "invalid_coordinate": ("deze coördinaat is ongeldig", "Geef x en y in RD, in meters, en de hoogte in m NAP."),
    "invalid_geometry": ("deze geometrie is ongeldig", "Teken haar opnieuw; er wordt niets hersteld."),
    "unsupported_crs": ("dit coördinatenstelsel wordt niet gelezen", "Lever aan in RD en NAP (EPSG:7415)."),
    "missing_height": ("er is geen hoogteligging en geen gronddekking", "Geef een van beide op."),
    "missing_size": ("er is geen maat bekend", "Geef de buitenmaat, of de binnenmaat en de wanddikte."),
    "duplicate_id": ("dit komt twee keer voor", "Geef elk een eigen id, of laat een van de twee weg."),
    "invalid_period": ("deze periode klopt niet", "Laat het einde na het begin komen."),
    "invalid_ruleset": ("deze regelset klopt niet", "Verbeter de regelset op deze plaats."),
    "invalid_mapping": ("deze vertaaltabel klopt niet", "Verbeter de vertaaltabel op deze plaats."),
    "invalid_bundle": ("dit dossier klopt niet", "Gebruik een ongewijzigd dossier van `registry check --bundle`."),
    "unreadable": ("dit bestand is niet te lezen of te schrijven", "Controleer het pad, de rechten en het bestand."),
    "wrong_state": ("dit kan niet in deze toestand", "Kijk wat nu wel kan."),
    "not_allowed_for_role": ("dit is niet aan deze rol", "Laat het doen door wie die rol heeft."),
    "not_yours": ("dit is van een andere organisatie", "Laat het doen door die organisatie."),
    "stale_verdict": ("dit oordeel is verouderd", "Wacht op het nieuwe oordeel en besluit daarop."),
    "not_found": ("dit is er niet", "Controleer het id."),
    "already_there": ("dit is er al", "Gebruik een ander id, of wijzig wat er is."),
    "version_mismatch": ("dit is intussen gewijzigd", "Lees het opnieuw en probeer het met die versie."),
    "version_missing": ("er is niet gezegd op welke versie dit berust", "Lees het en noem de versie (If-Match)."),
    "clash": ("dit botst met wat er al is aanvaard of verleend", "Verplaats het, of leg een afspraak vast."),
    "weighing_missing": ("de afweging tegen een reservering ontbreekt", "Geef per reservering reden en document."),
    "wrong_regime": ("dit past niet bij het regime van de aanvraag", "Kies een besluit dat het regime toelaat."),
    "example_fails": ("een voorbeeld komt anders uit dan het zegt", "Verbeter de regel of het voorbeeld."),
    "unauthenticated": ("er is niet gezegd wie dit vraagt", "Geef een geldig token mee."),
    "not_acceptable": ("in deze vorm kan het antwoord niet", "Vraag om een vorm die er is."),
    "unsupported_media": ("deze vorm wordt niet gelezen", "Stuur het in een vorm die gelezen wordt."),
    "busy": ("het register is bezet", "Probeer het zo weer."),
}


def problem_line(problem: Problem, lang: Language) -> str:
    """One problem as a line: where, what was found, what is wrong and what to do."""
    if lang == "en":
        return str(problem)
    place = problem.file
    if problem.line is not None:
        place += f":{problem.line}:{problem.column}"
    where = [place, f"object {problem.feature}" if problem.feature else "", problem.field]
    what, remedy = detail_in_dutch(problem.detail), remedy_in_dutch(problem.remedy)
    found = f" (gevonden: {problem.value})" if problem.value else ""
    said = what or DUTCH[problem.code][0], remedy or DUTCH[problem.code][1]
    told = f"{', '.join(part for part in where if part)}: {said[0]}{found}. {said[1]}"
    english = [*([f"{problem.detail}."] if what is None else []), *([problem.remedy] if remedy is None else [])]
    return visible(f"{told} [Engels: {' '.join(english)}]" if english else told)
