"""What the example states and tells, in Dutch."""

from __future__ import annotations

from typing import Final

DUTCH: Final[dict[str, str]] = {
    # who plays a part
    "actor_manager": "beheerder openbare ruimte",
    "actor_officer": "vergunningverlener",
    "actor_second_officer": "tweede vergunningverlener",
    "actor_policy_officer": "beleidsmedewerker",
    "actor_second_policy_officer": "tweede beleidsmedewerker",
    "actor_administrator": "beheerder van het register",
    "actor_sewer_operator": "planner riolering",
    "actor_water_operator": "planner waterleidingen",
    "actor_power_operator": "planner kabels",
    "actor_fibre_operator": "planner glasvezel",
    "actor_heat_operator": "planner warmte",
    # what is stated
    "basis_heat": "Warmteplan Voorbeeldstad, voorbeeld",
    "basis_plan": "Ondergrondplan Voorbeeldstad, voorbeeld",
    "title_sewer": "Het riool vervangen door een van {outer} m buitenmaat",
    "title_water": "Een nieuwe waterleiding in de Voorbeeldstraat",
    "title_power": "Een nieuwe laagspanningskabel in de Proefstraat",
    "title_fibre": "Glasvezel dwars over de Voorbeeldstraat",
    "title_heat": "Een warmteleiding langs de Schetsweg",
    "import_name": "voorbeeldwijk",
    "reason_accept": "Het plan is vastgesteld",
    "document_council": "Raadsbesluit, voorbeeld",
    "reason_data": "De sleuf is niet getekend, en er staat niet bij wie de sloot kruist",
    "reason_heat": "De ruimte voor het warmtenet moet vrij blijven",
    "reason_trees": "De bomen worden komend najaar geplant",
    "reason_withdrawn": "Een riool van dezelfde maat houdt de straat niet droog",
    "reason_grant_anyway": "De straat loopt twee keer per jaar onder; warmte kan in de volgende straat",
    "document_weighing": "Notitie afweging riool en warmte, voorbeeld",
    "reason_grant": "Het past naast wat gereserveerd is, en houdt de straat droog",
    # what is told
    "intro": (
        "Het register in een verhaal: er is ruimte gereserveerd voor warmte, een riool wil die ook, de machine zegt\n"
        "wat niet past en wat wel, en de vergunningverlener beslist. Dit gebeurt in een echt register met echte\n"
        "toetsing op de achtergrond; alles hieronder gaat door de API, zoals elk programma dat zou doen."
    ),
    "made": "Register gemaakt in {place}.",
    "filled": (
        "Daarin: een verzonnen wijk van drie straten ({0} objecten), {1} reserveringen, {2} lopende aanvragen en {3} "
        "gepubliceerde regelsets."
    ),
    "serving": "Het register draait op {address}, en toetst op de achtergrond wat is ingediend.",
    "waiting": "Wat openstond is getoetst: {outcomes}.",
    "by_former": (
        "{id} is ingediend voordat de regelset van nu gold, en is dus getoetst aan de vorige ({ruleset}). Volgens die "
        "van nu zou het niet passen."
    ),
    "act_reserve": "1. De beheerder openbare ruimte reserveert een strook voor warmte in de Voorbeeldstraat.",
    "reserve_filed": "Reservering {id} ingediend: 1,23 × 0,315 m, bovenkant op −1,00 m NAP.",
    "reserve_accepted": "Aanvaard: geen geplande of vastgestelde reservering zit in de weg. Vanaf nu telt zij mee.",
    "act_small": "2. De rioolbeheerder vraagt 60 m riool te vervangen door een van dezelfde maat, 0,40 m.",
    "filed": "Aanvraag {id} ingediend; zij wordt op de achtergrond getoetst.",
    "outcome": "Oordeel: {outcome}",
    "withdrawn": "De rioolbeheerder trekt haar in: met dezelfde maat blijft de straat bij zware regen niet droog.",
    "act_large": "3. In plaats daarvan vraagt de rioolbeheerder een groter riool: 1,20 m.",
    "report_follows": "Het oordeel, zoals de vergunningverlener het leest:",
    "missing": "Er ontbreekt dus {missing} m tussen het riool en de gereserveerde ruimte.",
    "what_if": "Wat had de vorige regelset gezegd, die 0,50 m vraagt? (Een vraag; er wordt niets ingediend.)",
    "policy_decides": "Het beleid bepaalt wat past, niet de machine.",
    "act_grant": "4. De vergunningverlener wil het toch verlenen.",
    "grant_unweighed": "Zonder de reservering waar het tegen ingaat af te wegen (de API antwoordt in het Engels):",
    "act_stale": (
        "5. De vergunningverlener legt vast waarom warmte wijkt. Intussen aanvaardt de beheerder nog een reservering."
    ),
    "trees_accepted": "Aanvaard: {id}, ruimte voor de wortels van nieuwe bomen, 4 m van het riool.",
    "grant_stale": "De vergunningverlener verleent met die afweging, op het oordeel dat eerder is gelezen:",
    "fresh": "Het register toetste vanzelf opnieuw, met de bomen erbij: oordeel {before} werd {after}. {outcome}",
    "act_amend": "6. De rioolbeheerder schuift het riool op met wat er ontbreekt: {aside} m naar het oosten.",
    "amended": "Aanvraag {id} gewijzigd, nu versie {revision}; zij wordt opnieuw getoetst.",
    "act_rival": "7. Een waterbedrijf vraagt een leiding ernaast aan, voordat over het riool is beslist.",
    "rival": "Het hoort dat een ander hier ook wil liggen: {works}, {missing} m te dichtbij. Dat is alleen advies.",
    "act_granted": "8. De vergunningverlener verleent het riool, op het nieuwste oordeel.",
    "granted": "Verleend: {id} is {state}, met besluit {decision}.",
    "state_granted": "verleend",
    "act_in_the_way": "9. Nu zit het verleende riool de waterleiding in de weg. Dat is vanzelf opnieuw getoetst.",
    "in_the_way": "In de weg: {works}, verleend, {missing} m te dichtbij.",
    "told_all": "Elke stap staat in de lijst van wijzigingen ({count} stuks) en in de geschiedenis van elk object.",
    "once": "Dat was het verhaal. Zonder --once blijft het register daarna draaien, met pagina's om in rond te kijken.",
    "end": "Dat was het verhaal. Kijk zelf rond:",
    "pages": "Pagina's en adressen",
    "page_start": "pagina's: postvak, reserveringen, aanvragen",
    "page_inbox": "het postvak van de vergunningverlener",
    "page_application": "het riool, met oordeel en besluit",
    "page_water": "de waterleiding: de strijdigheid",
    "page_reservations": "alle reserveringen",
    "page_changes": "alles wat er gebeurde",
    "page_description": "wat de API kan (OpenAPI)",
    "tokens": "Tokens, om als iemand te handelen",
    "try": "Om te proberen, in een ander venster",
    "try_list": "lees de aanvragen:",
    "try_extend": "verleng als beheerder de reservering voor warmte:",
    "try_verify": "bereken het oordeel over het riool opnieuw, uit het dossier:",
    "until": "Dit draait tot Ctrl-C.",
    "kept": "Het register blijft in {place}; start het weer met: {command}",
    "ended": "Gestopt. Het register is verwijderd; met --keep MAP blijft het.",
    "stopped": "Gestopt.",
    "not_examples": "de voorbeelden zijn er niet",
}
