"""The words of cover at the end of some years, and of before, Dutch and English; ``words`` says how they are used.

``stays`` and ``sinks``: what the pipe does where the ground sinks.
"""

from __future__ import annotations

from typing import Final

COVER_AFTER_NL: Final[dict[str, str]] = {
    "before": "In de huidige situatie is de gronddekking {gap} m.",
    "before_then": "Met wat er nu ligt zou de gronddekking dan {gap} m zijn.",
    "what_too_small": "Onderdeel {part} heeft na {years} jaar bodemdaling te weinig gronddekking.",
    "what_too_large": "Onderdeel {part} ligt na {years} jaar bodemdaling te diep.",
    "what_too_small_possible": "Onderdeel {part} heeft na {years} jaar bodemdaling mogelijk te weinig gronddekking.",
    "what_too_large_possible": "Onderdeel {part} ligt na {years} jaar bodemdaling mogelijk te diep.",
    "what_unknown": "Het is niet te bepalen of onderdeel {part} na {years} jaar bodemdaling nog de gronddekking heeft "
    "die wordt gevraagd. Onbekend: {lacking}.",
    "stays": "Het maaiveld daalt daar naar verwachting {sinks} m in {years} jaar{zone}; het onderdeel daalt niet mee.",
    "sinks": "Het onderdeel daalt daar naar verwachting {sinks} m in {years} jaar{zone}; als het maaiveld weer wordt "
    "opgehoogd, ligt het zoveel dieper.",
    "zone": " (zone {zone})",
    "too_small": "De gronddekking is nu {now} m en dan {gap} m; vereist is {required} m, het tekort is {missing} m.",
    "above": "De gronddekking is nu {now} m; dan steekt de bovenkant {gap} m boven maaiveld uit; vereist is "
    "{required} m, het tekort is {missing} m.",
    "too_large": "De gronddekking is nu {now} m en dan {gap} m; toegestaan is maximaal {required} m, dat is "
    "{missing} m te diep.",
    "drawn": "De gronddekking is zoals getekend nu {now} m en dan {gap} m; de regelset zegt {required} m.",
    "drawn_above": "De gronddekking is zoals getekend nu {now} m; dan steekt de bovenkant {gap} m boven maaiveld uit; "
    "de regelset zegt {required} m.",
    "depends_stays": "De gronddekking is nu {now} m en dan {gap} m; van de soort oppervlak hangt af of {required} m "
    "vereist is.",
    "depends_sinks": "De gronddekking is nu {now} m en dan {gap} m; van de soort oppervlak hangt af of maximaal "
    "{required} m is toegestaan.",
    "unknown_stays": "De gronddekking is nu {now} m; ook dan is {required} m vereist.",
    "unknown_sinks": "De gronddekking is nu {now} m; ook dan is maximaal {required} m toegestaan.",
}

COVER_AFTER_EN: Final[dict[str, str]] = {
    "before": "Before, there was {gap} m of cover.",
    "before_then": "Of what lies there now, {gap} m of cover would be left then.",
    "what_too_small": "Part {part} has too little cover after {years} years of subsidence.",
    "what_too_large": "Part {part} lies too deep after {years} years of subsidence.",
    "what_too_small_possible": "Part {part} may have too little cover after {years} years of subsidence.",
    "what_too_large_possible": "Part {part} may lie too deep after {years} years of subsidence.",
    "what_unknown": "It cannot be determined whether part {part} still has the cover that is asked after {years} years "
    "of subsidence. Unknown: {lacking}.",
    "stays": "Ground level there is expected to sink {sinks} m in {years} years{zone}; the part does not sink along.",
    "sinks": "The part is expected to sink {sinks} m there in {years} years{zone}; where the ground is raised again it "
    "lies so much deeper.",
    "zone": " (zone {zone})",
    "too_small": "There is {now} m of cover now and {gap} m then; {required} m is required, so {missing} m is "
    "missing.",
    "above": "There is {now} m of cover now, and then its top stands {gap} m above ground; {required} m is required, "
    "so {missing} m is missing.",
    "too_large": "There is {now} m of cover now and {gap} m then; at most {required} m is allowed, so it is {missing} "
    "m too deep.",
    "drawn": "There is {now} m of cover now and {gap} m then, as drawn; the ruleset says {required} m.",
    "drawn_above": "As drawn there is {now} m of cover now, and then its top stands {gap} m above ground; the "
    "ruleset says {required} m.",
    "depends_stays": "There is {now} m of cover now and {gap} m then; it depends on the surface whether {required} m "
    "is required.",
    "depends_sinks": "There is {now} m of cover now and {gap} m then; it depends on the surface whether no more than "
    "{required} m is allowed.",
    "unknown_stays": "There is {now} m of cover now; {required} m is required then as well.",
    "unknown_sinks": "There is {now} m of cover now; no more than {required} m is allowed then as well.",
}
