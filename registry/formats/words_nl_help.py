"""The Dutch words of what helps: how to get what is lacking, what to mend, remedies, and doubts with theirs."""

from __future__ import annotations

from typing import Final

from registry.formats.words_cover_after import COVER_AFTER_NL

DUTCH_HELP: Final[dict[str, dict[str, str]]] = {
    # Naar welke versie is geoordeeld, waar intussen een andere geldt.
    "transition": {
        "label": "Overgang",
        "judged_filing_date": "Geoordeeld naar {old}, die gold bij de indiening; ",
        "judged_decision_date": "Geoordeeld naar {old}, die toen gold; ",
        "now": "sinds {since} geldt {new}.",
        "decided": "op de dag van het besluit ({on}) gold {new}, sinds {since}.",
    },
    "cover_after": COVER_AFTER_NL,
    "obtain": {
        "level": "Vraag {holder} naar de hoogteligging (as, bovenkant, onderkant of BOB, in m NAP) of graaf een "
        "proefsleuf.",
        "size": "Vraag {holder} naar de buitenmaat, of de binnenmaat en de wanddikte, of graaf een proefsleuf.",
        "ground_level": "Meet het maaiveld, op maximaal {within} m afstand, en voeg het toe als eigen object (kind "
        "ground_level).",
        "own_level": "Geef de hoogteligging van het onderdeel in m NAP, of de gronddekking en het maaiveld.",
        "own_size": "Geef de buitenmaat van het onderdeel, of de binnenmaat en de wanddikte.",
        "own_ground_level": "Meet het maaiveld, op maximaal {within} m van elk knikpunt van het onderdeel, en voeg "
        "het toe als eigen object (kind ground_level); of geef het op bij het onderdeel (ground_levels, van een "
        "schacht of volume ground_level), of geef de hoogteligging van het onderdeel in m NAP.",
        "surface": "Geef een zone van het type surface (soort oppervlak) die daar over de volle breedte van het "
        "onderdeel ligt.",
        "drawing": "Vraag {holder} het met minder knikpunten te tekenen.",
        "own_temperature": "Geef de hoogste temperatuur van het onderdeel op (temperature, in °C).",
        "temperature": "Vraag {holder} naar de hoogste temperatuur (in °C).",
        "heart": "Geef de boom als punt op, waar het hart staat, of vraag {holder} waar dat is.",
        "own_discharge": "Geef het grootste debiet van het onderdeel op (discharge, in l/s).",
        "discharge": "Vraag {holder} naar het grootste debiet (in l/s).",
        "own_storage": "Geef op hoeveel het onderdeel bergt (storage, in m³).",
        "storage": "Vraag {holder} hoeveel daar wordt geborgen (in m³).",
        "own_surface_area": "Geef de oppervlakte op het maaiveld op (surface_area, in m²).",
        "subsidence": "Geef een zone van het type subsidence (bodemdaling) met een snelheid, die daar over het "
        "onderdeel ligt.",
        "filed_on": "Geef bij de aanvraag de dag van indiening op (filed_on).",
        "other_filed_on": "Laat de andere aanvrager de dag van indiening opgeven (filed_on).",
    },
    "mend": {
        "unknown_target": "Verbeter het id, of toets ook aan een bestand waar het object in staat.",
        "no_consent": "Leg de instemming van {holder} vast in de aanvraag (consents: beheerder en document), of laat "
        "de relatie weg.",
        "wrong_theme": "Noem een reservering van het eigen thema van het onderdeel, of laat de relatie weg.",
        "not_beneficiary": "Laat de begunstigde aanvragen, leg de instemming van {holder} vast in de aanvraag "
        "(consents: beheerder en document), of laat de relatie weg.",
        "not_at_point": "Geef een punt op waar het onderdeel en het object samenkomen, of teken beide tot dat punt.",
        "not_end_to_end": "Laat beide in hetzelfde punt en op dezelfde hoogte eindigen, of laat de relatie weg.",
        "not_inside": "Verbeter het verloop, de hoogteligging of de maat zodat het onderdeel er geheel in ligt, of "
        "laat de relatie weg.",
        "no_agreement": "Leg de afspraak met {holder} vast bij de relatie (agreement), of laat de relatie weg.",
        "depth_unknown": "Vraag {holder} naar de hoogteligging en de maat, graaf een proefsleuf, of laat de relatie "
        "weg.",
        "not_a_container": "Verbeter in welk object het ligt, of wat voor object dat is, of laat de relatie weg.",
        "bore_unknown": "Als voorwaarde: vraag {holder} naar de binnenmaat en toon aan dat het onderdeel erin past.",
        "not_granted": "Wacht het besluit daarop af, of laat de relatie weg.",
    },
    "remedy": {
        "rival": "Spreek met {holder} af wie waar ligt: over deze aanvraag is geoordeeld alsof de andere er niet was, "
        "en wat het eerst wordt verleend telt mee tegen het andere.",
        "through": "In bovenaanzicht overlappen ze. Leg het met {vertical} m meer verticale ruimte eroverheen of "
        "eronderdoor (meer waar de een schuin door de ander loopt), of leg het {horizontal} m verder opzij.",
        "through_perhaps": "In bovenaanzicht overlappen ze. Leg het met {vertical} m meer verticale ruimte eroverheen "
        "of eronderdoor (meer waar de een schuin door de ander loopt); of leg het, tenzij de een door de ander loopt, "
        "{horizontal} m verder opzij.",
        # Waar in bovenaanzicht een as door de ander gaat, is geen afstand opzij genoeg.
        "round": "In bovenaanzicht loopt de een door of in de ander, en dat verandert niet door het opzij te leggen. "
        "Leg het met {vertical} m meer verticale ruimte eroverheen of eronderdoor (meer waar de een schuin door de "
        "ander loopt), of ga eromheen.",
        "round_only": "In bovenaanzicht loopt de een door of in de ander: dat verandert niet door het opzij, hoger of "
        "dieper te leggen. Ga eromheen.",
        "round_or_steeply": "In bovenaanzicht loopt de een door of in de ander: dat verandert niet door het opzij, "
        "hoger of dieper te leggen. Ga eromheen of laat het, waar het moet kruisen, steil genoeg kruisen om niet "
        "parallel te lopen.",
        "round_not_over": "In bovenaanzicht loopt de een door of in de ander, en eroverheen of eronderdoor gaan is "
        "vanwege {others} niet genoeg: ga eromheen; of laat het, waar het moet kruisen, steil genoeg kruisen om niet "
        "parallel te lopen, met verticaal {vertical} m meer ruimte.",
        "size_decides": "Hoeveel meer, hangt van de maat af.",
        "either": "Maak zijdelings {horizontal} m meer ruimte, of verticaal {vertical} m; een van beide is genoeg.",
        "horizontal": "Maak zijdelings {horizontal} m meer ruimte.",
        "vertical": "Maak verticaal {vertical} m meer ruimte.",
        "only_sideways": "Maak zijdelings {horizontal} m meer ruimte; hoger of dieper leggen helpt niet.",
        "only_sideways_through": "In bovenaanzicht overlappen ze, en hoger of dieper leggen helpt niet: leg het "
        "{horizontal} m verder opzij of laat het, waar het moet kruisen, steil genoeg kruisen om niet parallel te "
        "lopen.",
        # Van meer bevindingen over één object: wat ze alle oplost.
        "round_only_not_over": "In bovenaanzicht loopt de een door of in de ander, en eroverheen of eronderdoor gaan "
        "is vanwege {others} niet genoeg: ga eromheen.",
        "also": "Dat lost ook {others} op.",
        "sideways_for_both": "Maak zijdelings {horizontal} m meer ruimte: dat lost ook {others} op. Verticaal "
        "{vertical} m meer zou alleen deze bevinding oplossen.",
        "through_not_over": "In bovenaanzicht overlappen ze, en eroverheen of eronderdoor gaan is vanwege {others} "
        "niet genoeg: leg het {horizontal} m verder opzij; of laat het, waar het moet kruisen, steil genoeg kruisen om "
        "niet parallel te lopen, met verticaal {vertical} m meer ruimte.",
        "aside_not_over": "In bovenaanzicht overlappen ze, en eroverheen of eronderdoor gaan is vanwege {others} niet "
        "genoeg: leg het {horizontal} m verder opzij.",
        "only_aside": "In bovenaanzicht overlappen ze, en hoger of dieper leggen helpt niet: leg het {horizontal} m "
        "verder opzij.",
        # Een relatie die niet is aanvaard, en dit zou verklaren.
        "mend_first": "Volgens de aanvraag heeft dit onderdeel er een relatie mee, die niet is aanvaard: los eerst "
        "{others} op.",
        "mend_first_perhaps": "De aanvraag noemt een object dat er niet is; is dit object bedoeld, los dan eerst "
        "{others} op.",
        "otherwise": "Is dat het niet:",
        # Een relatie die verklaart waarom een onderdeel ruimte inneemt van een ander object van zijn thema.
        "relation_replaces": "Vervangt dit onderdeel wat er ligt, vermeld dat dan in de aanvraag (relatie replaces).",
        "relation_at_end": "Vervangt dit onderdeel wat er ligt, sluit het erop aan of zet het dat voort, vermeld dat "
        "dan in de aanvraag (relatie replaces, connects of continues).",
        "relation_to_works": "Sluit dit onderdeel erop aan of zet het dit voort, vermeld dat dan in de aanvraag "
        "(relatie connects of continues).",
        # Van twee onderdelen van één aanvraag.
        "joined": "Zijn de twee verbonden waar ze samenkomen, vermeld dat dan in de aanvraag: relatie continues waar "
        "het ene in het andere overgaat, anders relatie connects, met het punt.",
        "lies_inside": "Ligt het ene in het andere, vermeld dat dan in de aanvraag (relatie inside).",
        "relation_uses": "Is de ruimte voor dit onderdeel gereserveerd, vermeld dat dan in de aanvraag (relatie uses).",
        # Namen die alleen in hoofdletters of spaties verschillen.
        "same_as_applicant": "Is “{name}” dezelfde als de aanvrager “{other}”? Namen worden letter voor letter "
        "vergeleken: schrijf beide gelijk.",
        "same_as_consent": "Is “{name}” dezelfde als “{other}”, van wie instemming is vastgelegd? Namen worden letter "
        "voor letter vergeleken: schrijf beide gelijk.",
        "inside": "Verleg of verklein het onderdeel zodat het er geheel in ligt, of laat de relatie weg.",
        "cover_too_small": "Leg het onderdeel {missing} m dieper.",
        "cover_too_large": "Leg het onderdeel {missing} m minder diep.",
        "possible": "Als voorwaarde: graaf vóór aanvang van de werkzaamheden een proefsleuf die toont dat de vereiste "
        "afstand er is.",
        "possible_cover": "Als voorwaarde: meet vóór aanvang van de werkzaamheden het maaiveld en de hoogteligging van "
        "het onderdeel.",
        "possible_end": "Als voorwaarde: stel vóór aanvang van de werkzaamheden vast waar beide uiteinden liggen.",
        "sideways_instead": "Met zijdelings {horizontal} m meer ruimte doet de diepte er niet meer toe.",
        "surface_or_deeper": "Geef een zone van het type surface (soort oppervlak) die daar over de volle breedte van "
        "het onderdeel ligt, of leg het onderdeel {missing} m dieper: dan is de gronddekking onder elke soort "
        "oppervlak genoeg.",
        "deeper_instead": "Leg het onderdeel {missing} m dieper: dan is de gronddekking onder elke soort oppervlak "
        "genoeg.",
        "assumed": "Aanvaard de aanname als voorwaarde, in één keer voor dit hele net, of vraag {holder} naar de "
        "werkelijke hoogteligging of maat.",
    },
    # Wat mag, maar nauwelijks aannemelijk is: wat er vreemd aan is, en wat te doen.
    "doubt": {
        "warning": "let op",
        "feature": "object",
        "application": "aanvraag",
        "value": "gevonden: {value} m",
        "in_the_air": "de bovenkant ligt {limit} m boven maaiveld, dat op {ground} m NAP ligt: daar hangt het in de "
        "lucht",
        "in_the_air_remedy": "Controleer de hoogteligging, het teken, de maat en het maaiveld.",
        "none_given": "met niets buiten de aanvraag vergeleken: er is geen reservering of bestaand object opgegeven",
        "none_given_remedy": "Geef de bestanden van wat er ligt en wat er is gereserveerd op met --against; zonder die "
        "worden alleen de eigen onderdelen en de gronddekking beoordeeld.",
        "none_near": "met niets buiten de aanvraag vergeleken: geen opgegeven reservering of bestaand object ligt "
        "binnen {reach} m",
        "none_near_remedy": "Controleer of de met --against opgegeven bestanden van deze plaats zijn.",
        "above_ground": "dit ligt {limit} m boven maaiveld, dat op {ground} m NAP ligt",
        "above_ground_remedy": "Is het een diepte, geef die dan als zodanig op (level_reference ground), of met een "
        "minteken als hoogte in m NAP.",
        "deep": "dit ligt {limit} m onder maaiveld, dat op {ground} m NAP ligt",
        "deep_remedy": "Controleer het teken, de decimalen en de eenheid: hoogten zijn in m NAP.",
        "deep_cover": "meer dan {limit} m onder maaiveld",
        "deep_cover_remedy": "Controleer de decimalen en de eenheid, en of het een diepte is en geen hoogte in m NAP.",
        "low": "lager dan {limit} m NAP, en er is daar geen maaiveld opgegeven om mee te vergelijken",
        "low_remedy": "Controleer het teken, de decimalen en de eenheid, of voeg het maaiveld toe.",
        "high": "hoger dan {limit} m NAP, en er is daar geen maaiveld opgegeven om mee te vergelijken",
        "high_remedy": "Controleer het teken, de decimalen en de eenheid, of voeg het maaiveld toe.",
        "large": "groter dan {limit} m",
        "large_remedy": "Controleer de eenheid: maten zijn in meters, 500 mm is 0.5.",
    },
}
