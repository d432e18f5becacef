"""Which reservations a grant goes against, and so have to be weighed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.decisions import grants, weighing_required
from registry.core.findings import Counterpart, Finding, Measure, Place
from registry.core.model import Relation, Uncertainty
from registry.core.regimes import DECISION_KINDS
from tests.core.building import application, judged, line, part, reservation, rounded, ruleset

HEAT = Counterpart("reservation", "r1", "warmte", "line", "Gemeente", "planned")
CLASH = Finding(
    rule="reserved-space", rule_kind="reserved_space", cause="crossing", certainty="certain", severity="blocks",
    legal_force="policy", counterparts=(HEAT,), place=Place("p", 0, 0, 0), stretches=(), gap=Measure(100, 0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "weighed"),
    [
        ({}, ("r1",)),
        ({"severity": "conditions"}, ("r1",)),
        ({"severity": "advises"}, ()),
        ({"certainty": "possible"}, ("r1",)),
        ({"certainty": "possible_end"}, ("r1",)),
        ({"certainty": "undetermined", "gap": None}, ("r1",)),
        ({"certainty": "assumed"}, ("r1",)),
        ({"cause": "parallel"}, ("r1",)),
        ({"cause": "overlap"}, ("r1",)),
        ({"cause": "sticks_out", "relation": "uses", "severity": "conditions"}, ()),
        ({"cause": "relation", "relation": "uses", "fault": "not_beneficiary", "severity": "conditions"}, ()),
        ({"counterparts": (HEAT, replace(HEAT, id="r0"))}, ("r0", "r1")),
        ({"counterparts": (replace(HEAT, kind="asset"),)}, ()),
        ({"counterparts": (replace(HEAT, kind="works"),), "rival": True, "severity": "advises"}, ()),
        ({"counterparts": ()}, ()),
        # It may be shared: only where the two take the same space is that weighed.
        ({"shared": True, "severity": "conditions", "gap": Measure(-100, 50)}, ()),
        ({"shared": True, "severity": "conditions", "gap": Measure(-100, -50)}, ("r1",)),
        ({"shared": True, "severity": "conditions", "gap": Measure(-100, None)}, ("r1",)),
        ({"shared": True, "severity": "conditions", "certainty": "undetermined", "gap": Measure(100, None)}, ("r1",)),
    ],
)
def test_what_is_weighed(changes: dict[str, Any], weighed: tuple[str, ...]) -> None:
    assert weighing_required([replace(CLASH, **changes)]) == weighed
    assert weighing_required([]) == ()


def test_of_a_verdict() -> None:
    pipe = line([(0, 0), (20_000, 0)], -2_000, rounded(400))
    asked = application(part("p", pipe, "warmte", relations=(Relation("uses", "reservation", "own"),)))
    objects = [
        reservation("own", pipe, beneficiary=asked.applicant),
        reservation("z-near", line([(0, 500), (20_000, 500)], -2_000, rounded(400)), "water"),
        reservation("far", line([(0, 5_000), (20_000, 5_000)], -2_000, rounded(400)), "water"),
        replace(
            reservation("perhaps", line([(0, -650), (20_000, -650)], -2_000, rounded(400)), "water"),
            uncertainty=Uncertainty(100, 0),
        ),
    ]
    assert weighing_required(judged(asked.parts, objects, ruleset()).findings) == ("perhaps", "z-near")


def test_which_decisions_let_works_go_ahead() -> None:
    assert [kind for kind in DECISION_KINDS if grants(kind)] == ["grant", "grant_with_conditions"]
