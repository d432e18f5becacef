"""Verdicts, decisions, rulesets, tokens, imports and agreements are kept as they were given."""

from __future__ import annotations

from dataclasses import replace

from registry.db import Database
from registry.store import agreements, decisions, imports, rulesets, tokens, verdicts
from registry.store.rows import AgreementRow, BasisRow, DecisionRow, ImportRow, RulesetRow, TokenRow
from tests.core.building import asset, line, rounded
from tests.store.making import MANAGER, NOW, later, put

SHA, OTHER = "b" * 64, "c" * 64
PIPE = line([(0, 0), (1000, 0)], -1000, rounded(200))
DOCUMENT = {"outcome": "fits", "findings": [{"gap": -215, "text": "Straße \u0000 'x'", "none": None}], "big": 2**53 + 1}


def test_a_verdict_is_kept_once(database: Database) -> None:
    with database.write() as s:
        head = put(s, asset("a", PIPE))
        basis = [BasisRow("asset", "a", head.sha256, head.revision_id)]
        given = {
            "application_number": 2, "sha256": SHA, "ruleset": ("R", "1", OTHER), "outcome": "conflict",
            "document": DOCUMENT, "basis": basis, "judged_at": NOW, "job_id": "j",
        }  # fmt: skip
        first = verdicts.add(s, application_id="A", **given)  # type: ignore[arg-type]
        assert verdicts.add(s, application_id="A", **given | {"job_id": "k"}) == first  # type: ignore[arg-type]
        second = verdicts.add(s, application_id="A", **given | {"sha256": OTHER, "basis": []})  # type: ignore[arg-type]
    with database.read() as s:
        assert verdicts.by_id(s, first.id) == verdicts.by_sha(s, SHA) == verdicts.of_application(s, "A", SHA) == first
        assert (first.document, first.judged_at, first.job_id) == (DOCUMENT, NOW, "j")
        assert (first.ruleset_id, first.ruleset_version, first.ruleset_sha256) == ("R", "1", OTHER)
        assert verdicts.listed(s, "A") == [first, second]
        assert (verdicts.basis(s, first.id), verdicts.basis(s, second.id)) == (basis, [])
        assert verdicts.of_application(s, "B", SHA) is None
        assert verdicts.by_id(s, 999) is None


def test_decisions(database: Database) -> None:
    first = DecisionRow("d1", "A", SHA, "refuse", "Te dicht", "Z-1", (), (), MANAGER, later(9))
    weighed = ({"reservation": "r", "reason": "Geen ander tracé", "document": "Z-2"},)
    second = DecisionRow("d0", "A", OTHER, "grant_with_conditions", None, None, ("proefsleuf",), weighed, MANAGER, NOW)
    with database.write() as s:
        decisions.add(s, first)
        decisions.add(s, second)
    with database.read() as s:
        assert decisions.get(s, "d1") == first
        assert decisions.get(s, "none") is None
        assert decisions.listed(s, "A") == [second, first]


def test_rulesets_are_published_once(database: Database) -> None:
    one = RulesetRow("R", "1.0.0", SHA, DOCUMENT, "ruleset:\n  id: R\n", "A", NOW)
    two = replace(one, version="2.0.0", stored_at=later(1))
    with database.write() as s:
        rulesets.add(s, two)
        rulesets.add(s, one)
        assert rulesets.get(s, "R", "1.0.0", lock=True) == one
        assert rulesets.publish(s, "R", "1.0.0", "B", later(5))
        assert not rulesets.publish(s, "R", "1.0.0", "C", later(6))
        assert not rulesets.publish(s, "R", "3.0.0", "C", later(6))
        published = replace(one, published_by="B", published_at=later(5))
        assert rulesets.listed(s) == [published, two]
        assert rulesets.listed(s, published=True) == [published]
        assert rulesets.listed(s, ruleset_id="R", published=False) == [two]
        assert rulesets.listed(s, ruleset_id="Q") == []
        assert rulesets.get(s, "R", "9") is None


def test_tokens_are_found_by_their_hash_and_revoked_once(database: Database) -> None:
    made = TokenRow("t", SHA, MANAGER, NOW, later(60), None)
    with database.write() as s:
        tokens.add(s, made)
        tokens.add(s, TokenRow("u", OTHER, MANAGER, later(-1), None, None))
        assert tokens.by_sha(s, SHA) == made
        assert tokens.revoke(s, "t", later(5))
        assert not tokens.revoke(s, "t", later(6))
        assert tokens.by_sha(s, SHA) == replace(made, revoked_at=later(5))
        assert [one.id for one in tokens.listed(s)] == ["u", "t"]
        assert tokens.by_sha(s, "d" * 64) is None


def test_imports(database: Database) -> None:
    run = ImportRow("i", "rioleringen.gml", SHA, 10, 4, 3, 2, 1, "A", "Gemeente", NOW)
    with database.write() as s:
        imports.add(s, run)
        imports.add(s, replace(run, id="j", recorded_at=later(1)))
        assert imports.get(s, "i") == run
        assert [one.id for one in imports.listed(s)] == ["j", "i"]
        assert imports.get(s, "none") is None


def test_agreements_are_found_from_either_side(database: Database) -> None:
    r, a = ("reservation", "r"), ("application", "A")
    made = AgreementRow("g", "agreement", r, a, "Kruising", "O-1", "A", "Gemeente", NOW, SHA, OTHER)
    with database.write() as s:
        agreements.add(s, made)
        agreements.add(s, replace(made, id="h", kind="duty", b=("reservation", "q"), recorded_at=later(1)))
        kept = replace(made, a=a, b=r, a_sha256=OTHER, b_sha256=SHA)
        assert agreements.between(s, a, r) == agreements.between(s, r, a) == [kept]
        assert [one.id for one in agreements.of_object(s, r)] == ["g", "h"]
        assert agreements.of_object(s, a) == [kept]
        assert agreements.between(s, a, ("reservation", "q")) == []
