"""What the example states and tells, in English."""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # who plays a part
    "actor_manager": "manager of public space",
    "actor_officer": "permit officer",
    "actor_second_officer": "second permit officer",
    "actor_policy_officer": "policy officer",
    "actor_second_policy_officer": "second policy officer",
    "actor_administrator": "keeper of the register",
    "actor_sewer_operator": "planner of sewers",
    "actor_water_operator": "planner of water mains",
    "actor_power_operator": "planner of cables",
    "actor_fibre_operator": "planner of fibre",
    "actor_heat_operator": "planner of heat",
    # what is stated
    "basis_heat": "Heat plan Voorbeeldstad, example",
    "basis_plan": "Underground plan Voorbeeldstad, example",
    "title_sewer": "Replace the sewer by one of outer diameter {outer} m",
    "title_water": "A new water main in Voorbeeldstraat",
    "title_power": "A new low-voltage cable in Proefstraat",
    "title_fibre": "Fibre across Voorbeeldstraat",
    "title_heat": "A heat pipe along Schetsweg",
    "import_name": "example district",
    "reason_accept": "The plan was adopted",
    "document_council": "Decision of the council, example",
    "reason_data": "The trench is not drawn, and it is not said who crosses the ditch",
    "reason_heat": "Space for the heat network is to be kept free",
    "reason_trees": "The trees are to be planted next autumn",
    "reason_withdrawn": "A sewer of the same size does not keep the street dry",
    "reason_grant_anyway": "The street floods twice a year; the heat pipe can be laid in the next street",
    "document_weighing": "Note on weighing sewer and heat, example",
    "reason_grant": "It fits beside what is reserved, and keeps the street dry",
    # what is told
    "intro": (
        "The register in a story: space is reserved for a heat pipe, a sewer wants it too, the machine says what does\n"
        "not fit and what would, and the officer decides. All of it happens in a real register with a real worker;\n"
        "whatever is done below is done through the API, as any program would do it."
    ),
    "made": "Made a register in {place}.",
    "filled": (
        "In it: a made-up district of three streets ({0} objects), {1} reservations, {2} open applications and {3} "
        "published rulesets."
    ),
    "serving": "Serving it at {address}, with a worker that checks what is filed.",
    "waiting": "The worker has checked what was open: {outcomes}.",
    "by_former": (
        "{id} was filed before today's ruleset held, so it is judged by the former one ({ruleset}). By the present one "
        "it would not fit."
    ),
    "act_reserve": "1. The manager of public space reserves a corridor for heat along Voorbeeldstraat.",
    "reserve_filed": "Filed reservation {id}: 1.23 × 0.315 m, top at −1.00 m NAP.",
    "reserve_accepted": "Accepted: no other planned or decided reservation is in the way. From now on it counts.",
    "act_small": "2. The sewer operator applies to replace 60 m of sewer by one of the same size, 0.40 m.",
    "filed": "Filed {id}; the worker is to check it.",
    "outcome": "Verdict: {outcome}",
    "withdrawn": "The operator withdraws it: the same size does not keep the street dry in heavy rain.",
    "act_large": "3. The operator applies for a larger one instead: 1.20 m.",
    "report_follows": "The verdict, as the officer reads it:",
    "missing": "So {missing} m is missing between the sewer and the space that is reserved.",
    "what_if": "What would the former ruleset have said, which asks 0.50 m? (A question; nothing is filed.)",
    "policy_decides": "Policy decides what fits, not the machine.",
    "act_grant": "4. The officer would grant it all the same.",
    "grant_unweighed": "Without weighing the reservation it goes against:",
    "act_stale": "5. The officer writes down why heat gives way. Meanwhile the manager accepts a reservation near it.",
    "trees_accepted": "Accepted {id}: room for the roots of new trees, 4 m from the sewer.",
    "grant_stale": "The officer grants with that weighing, on the verdict that was read before:",
    "fresh": "The register checked it again by itself, trees included: verdict {before} became {after}. {outcome}",
    "act_amend": "6. The operator moves the sewer by what the verdict says is missing: {aside} m to the east.",
    "amended": "Amended {id}, now revision {revision}; it is checked again.",
    "act_rival": "7. A water company applies for a main beside it, before the sewer is decided on.",
    "rival": "It is told of a rival: {works}, still open, would lie {missing} m too near. That only advises.",
    "act_granted": "8. The officer grants the sewer, on the newest verdict.",
    "granted": "Granted: {id} is {state}, by decision {decision}.",
    "state_granted": "granted",
    "act_in_the_way": "9. Now the granted sewer is in the way of the water main. That was checked again by itself.",
    "in_the_way": "In the way: {works}, granted, {missing} m too near.",
    "told_all": "Every step stands in the change feed ({count} entries) and in the history of each object.",
    "once": "That was the story. Without --once the register is served afterwards, with pages to look around in.",
    "end": "That was the story. Look around:",
    "pages": "Pages and addresses",
    "page_start": "pages: inbox, reservations, applications",
    "page_inbox": "the officer's inbox",
    "page_application": "the sewer, its verdict and decision",
    "page_water": "the water main: the conflict",
    "page_reservations": "all reservations",
    "page_changes": "all that happened",
    "page_description": "what the API can do (OpenAPI)",
    "tokens": "Tokens, to act as someone",
    "try": "To try, in another terminal",
    "try_list": "read the applications:",
    "try_extend": "as the manager, extend the heat reservation:",
    "try_verify": "compute the sewer's verdict again, from the bundle:",
    "until": "Serving until Ctrl-C.",
    "kept": "The register stays in {place}; serve it again with: {command}",
    "ended": "Stopped. The register is removed; --keep FOLDER keeps it.",
    "stopped": "Stopped.",
    "not_examples": "the examples are not here",
}
