"""The English words of what helps: how to get what is lacking, what to mend, remedies, and doubts with theirs."""

from __future__ import annotations

from typing import Final

from registry.formats.words_cover_after import COVER_AFTER_EN

ENGLISH_HELP: Final[dict[str, dict[str, str]]] = {
    # By which version was judged, where another is in force by now.
    "transition": {
        "label": "Transition",
        "judged_filing_date": "Judged by {old}, in force at filing; ",
        "judged_decision_date": "Judged by {old}, in force then; ",
        "now": "since {since} {new} is in force.",
        "decided": "on the day of the decision ({on}) {new} was in force, since {since}.",
    },
    "cover_after": COVER_AFTER_EN,
    "obtain": {
        "level": "Ask {holder} for the level (axis, top, bottom or invert, in m NAP), or dig a trial trench.",
        "size": "Ask {holder} for the outer size, or the inner size and the wall thickness, or dig a trial trench.",
        "ground_level": "Measure ground level, at most {within} m away, and add it as an object of its own (kind "
        "ground_level).",
        "own_level": "State the level of the part in m NAP, or its cover and the ground level.",
        "own_size": "State the outer size of the part, or the inner size and the wall thickness.",
        "own_ground_level": "Measure ground level, at most {within} m from every vertex of the part, and add it as an "
        "object of its own (kind ground_level); or state it with the part (ground_levels, of a shaft or volume "
        "ground_level), or state the level of the part in m NAP.",
        "surface": "Give a zone of type surface that lies over the whole width of the part there.",
        "drawing": "Ask {holder} to draw it with fewer vertices.",
        "own_temperature": "State the highest temperature of the part (temperature, in °C).",
        "temperature": "Ask {holder} for the highest temperature (in °C).",
        "heart": "Give the tree as a point, where its heart is, or ask {holder} where that is.",
        "own_discharge": "State the greatest discharge of the part (discharge, in l/s).",
        "discharge": "Ask {holder} for the greatest discharge (in l/s).",
        "own_storage": "State how much the part stores (storage, in m³).",
        "storage": "Ask {holder} how much is stored there (in m³).",
        "own_surface_area": "State the area at ground level (surface_area, in m²).",
        "subsidence": "Give a zone of type subsidence with its rate that lies over the part there.",
        "filed_on": "State the day of filing with the application (filed_on).",
        "other_filed_on": "Have the other applicant state the day of filing (filed_on).",
    },
    "mend": {
        "unknown_target": "Correct the id, or check against a file that has the object.",
        "no_consent": "Record the consent of {holder} in the application (consents: holder and document), or leave "
        "the relation out.",
        "wrong_theme": "Name a reservation of the part's own theme, or leave the relation out.",
        "not_beneficiary": "Let the beneficiary apply, record the consent of {holder} in the application (consents: "
        "holder and document), or leave the relation out.",
        "not_at_point": "State a point where the part and the object meet, or draw them to the point.",
        "not_end_to_end": "Let both end in one point, at one level, or leave the relation out.",
        "not_inside": "Correct the course, the level or the size so that the part lies wholly inside, or leave the "
        "relation out.",
        "no_agreement": "Record the agreement with {holder} in the relation (agreement), or leave the relation out.",
        "depth_unknown": "Ask {holder} for the level and the size, dig a trial trench, or leave the relation out.",
        "not_a_container": "Correct the object it lies in, or what kind of object that is, or leave the relation out.",
        "bore_unknown": "As a condition: ask {holder} for the inner size, and show that the part fits in it.",
        "not_granted": "Wait for the decision on it, or leave the relation out.",
    },
    "remedy": {
        "rival": "Agree with {holder} who lies where: this application is judged as though the other were not there, "
        "and the one that is granted first counts against the other.",
        "through": "In plan they overlap. Pass over or under it with {vertical} m more room vertically (more where one "
        "slopes through the other), or lay it {horizontal} m farther aside.",
        "through_perhaps": "In plan they overlap. Pass over or under it with {vertical} m more room vertically (more "
        "where one slopes through the other); or, unless the one runs through the other, lay it {horizontal} m farther "
        "aside.",
        # Where in plan an axis goes through the other, no distance aside is enough.
        "round": "In plan the one runs through or into the other, and moving it aside does not undo that. Pass over or "
        "under it with {vertical} m more room vertically (more where one slopes through the other), or go round it.",
        "round_only": "In plan the one runs through or into the other: moving it aside does not undo that, nor does "
        "laying it higher or deeper. Go round it.",
        "round_or_steeply": "In plan the one runs through or into the other: moving it aside does not undo that, nor "
        "does laying it higher or deeper. Go round it, or, where it has to cross, cross steeply enough not to run "
        "alongside.",
        "round_not_over": "In plan the one runs through or into the other, and passing over or under it is not enough, "
        "because of {others}: go round it; or, where it has to cross, cross steeply enough not to run alongside, with "
        "{vertical} m more room vertically.",
        "size_decides": "How much more depends on its size.",
        "either": "Make {horizontal} m more room sideways, or {vertical} m more vertically; one of the two is enough.",
        "horizontal": "Make {horizontal} m more room sideways.",
        "vertical": "Make {vertical} m more room vertically.",
        "only_sideways": "Make {horizontal} m more room sideways; laying it higher or deeper does not help.",
        "only_sideways_through": "In plan they overlap, and laying it higher or deeper does not help: lay it "
        "{horizontal} m farther aside, or, where it has to cross, steeply enough not to run alongside.",
        # Of several findings on one object: what satisfies all of them.
        "round_only_not_over": "In plan the one runs through or into the other, and passing over or under it is not "
        "enough, because of {others}: go round it.",
        "also": "That resolves {others} as well.",
        "sideways_for_both": "Make {horizontal} m more room sideways: that resolves {others} as well. {vertical} m "
        "more vertically would resolve this finding only.",
        "through_not_over": "In plan they overlap, and passing over or under it is not enough, because of {others}: "
        "lay it {horizontal} m farther aside; or, where it has to cross, steeply enough not to run alongside, with "
        "{vertical} m more room vertically.",
        "aside_not_over": "In plan they overlap, and passing over or under it is not enough, because of {others}: lay "
        "it {horizontal} m farther aside.",
        "only_aside": "In plan they overlap, and laying it higher or deeper does not help: lay it {horizontal} m "
        "farther aside.",
        # A relation that was not accepted, and would explain this.
        "mend_first": "The application says that this part has a relation with it, which was not accepted: mend "
        "{others} first.",
        "mend_first_perhaps": "The application names an object that is not there; if this one was meant, mend {others} "
        "first.",
        "otherwise": "If that is not it:",
        # A relation that would explain why a part takes the space of another object of its theme.
        "relation_replaces": "If this part replaces what lies there, say so in the application (relation replaces).",
        "relation_at_end": "If this part replaces what lies there, connects to it or continues it, say so in the "
        "application (relation replaces, connects or continues).",
        "relation_to_works": "If this part connects to it or continues it, say so in the application (relation "
        "connects or continues).",
        # Of two parts of one application.
        "joined": "If the two are joined where they meet, say so in the application: relation continues where the one "
        "goes on in the other, else relation connects, with the point.",
        "lies_inside": "If the one lies inside the other, say so in the application (relation inside).",
        "relation_uses": "If this part is what the space was reserved for, say so in the application (relation uses).",
        # Names that differ by case or spaces only.
        "same_as_applicant": "Is “{name}” the same as the applicant “{other}”? Names are compared letter by letter: "
        "write both alike.",
        "same_as_consent": "Is “{name}” the same as “{other}”, whose consent is recorded? Names are compared letter by "
        "letter: write both alike.",
        "inside": "Move or reduce the part so that it lies wholly inside, or leave the relation out.",
        "cover_too_small": "Lay it {missing} m deeper.",
        "cover_too_large": "Lay it {missing} m less deep.",
        "possible": "As a condition: dig a trial trench before works start, which shows that the required distance is "
        "there.",
        "possible_cover": "As a condition: measure ground level and the level of the part before works start.",
        "possible_end": "As a condition: confirm where both ends lie before works start.",
        "sideways_instead": "With {horizontal} m more room sideways the depth no longer matters.",
        "surface_or_deeper": "Give a zone of type surface that lies over the whole width of the part there, or lay the "
        "part {missing} m deeper: then it has the least cover asked under any surface.",
        "deeper_instead": "Laid {missing} m deeper it has the least cover asked under any surface.",
        "assumed": "Accept the assumption as a condition, once for this network, or ask {holder} for the true level "
        "or size.",
    },
    # What is legal and hardly plausible: what is odd about it, and what to do.
    "doubt": {
        "warning": "warning",
        "feature": "feature",
        "application": "application",
        "value": "found {value} m",
        "in_the_air": "its top lies {limit} m above ground level, which is {ground} m NAP: there it lies in the air",
        "in_the_air_remedy": "Check the level, its sign, the size and ground level.",
        "none_given": "nothing outside the application was compared: no reservation or asset was given",
        "none_given_remedy": "Give the files of what lies there and what is reserved with --against; without them only "
        "the application's own parts and cover are judged.",
        "none_near": "nothing outside the application was compared: no reservation or asset that was given lies within "
        "{reach} m",
        "none_near_remedy": "Check that the files given with --against are of this place.",
        "above_ground": "this lies {limit} m above ground level, which is {ground} m NAP",
        "above_ground_remedy": "If it is a depth, write it as one (level_reference ground), or with a minus sign as a "
        "level in m NAP.",
        "deep": "this lies {limit} m below ground level, which is {ground} m NAP",
        "deep_remedy": "Check the sign, the decimal sign and the unit: levels are in m NAP.",
        "deep_cover": "more than {limit} m below ground level",
        "deep_cover_remedy": "Check the decimal sign and the unit, and that it is a depth, not a level in m NAP.",
        "low": "below {limit} m NAP, and no ground level is given there to compare it with",
        "low_remedy": "Check the sign, the decimal sign and the unit, or add the ground level.",
        "high": "above {limit} m NAP, and no ground level is given there to compare it with",
        "high_remedy": "Check the sign, the decimal sign and the unit, or add the ground level.",
        "large": "larger than {limit} m",
        "large_remedy": "Check the unit: sizes are in metres, 500 mm is 0.5.",
    },
}
