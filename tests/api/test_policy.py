"""What versions of policy say, through the API: as a document, compared, and looked over before they are stored."""

from __future__ import annotations

from typing import Any

import pytest

from registry.formats.ruleset_changes import changes_told
from registry.formats.ruleset_document import document_plain, ruleset_document
from registry.formats.ruleset_yaml import load_ruleset
from tests.api.conftest import CAUTIOUS, CAUTIOUS_PATH, RULESET, RULESET_PATH, Town

NEXT = CAUTIOUS.replace(b"version: 1.2.0", b"version: 1.10.0").replace(
    b"[warmte, water], parallel: {ch: 1.50 m", b"[water, warmte], parallel: {ch: 1.75 m"
)
NEXT_PATH = CAUTIOUS_PATH.replace("1.2.0", "1.10.0")
#: Between the two by its number, and stored last.
FIX = CAUTIOUS.replace(b"version: 1.2.0", b"version: 1.9.0").replace(b"reach: 10.00 m", b"reach: 9.00 m")
FIX_PATH = CAUTIOUS_PATH.replace("1.2.0", "1.9.0")


@pytest.fixture
def kept(town: Town) -> Town:
    """With three versions of one ruleset and another, none of which is published."""
    texts = ((CAUTIOUS_PATH, CAUTIOUS), (NEXT_PATH, NEXT), (FIX_PATH, FIX), (RULESET_PATH, RULESET))
    for path, text in texts:
        answer = town.asking.put(path, text, kind="application/yaml", token=town.tokens["policy"])
        assert answer.status_code == 201, answer.data
    return town


def asked(town: Town, path: str) -> Any:
    answer = town.asking.get(path)
    assert answer.status_code == 200, answer.data
    return answer.get_json()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_version_is_read_as_a_document(kept: Town, lang: Any) -> None:
    told = asked(kept, f"{NEXT_PATH}/document?lang={lang}")
    links = told.pop("links")
    assert told == document_plain(ruleset_document(load_ruleset(NEXT.decode()), lang))
    assert links == {
        "self": f"{NEXT_PATH}/document",
        "ruleset": NEXT_PATH,
        "before": f"{FIX_PATH}/document",
        "differences": f"{NEXT_PATH}/differences",
    }
    assert asked(kept, f"{NEXT_PATH}/document")["lang"] == "en"
    assert "before" not in asked(kept, f"{RULESET_PATH}/document")["links"]


def test_what_differs_from_the_version_before_or_from_another(kept: Town) -> None:
    told = asked(kept, f"{NEXT_PATH}/differences?fromVersion=1.2.0&lang=nl")
    assert (told["before"]["version"], told["after"]["version"], told["lang"]) == ("1.2.0", "1.10.0", "nl")
    assert [(one["part"], one["name"], one["what"], one["text"]) for one in told["changes"]] == [
        ("ruleset", "", "changed", "versie: 1.2.0 → 1.10.0"),
        ("rule", "separation", "changed", "warmte × drinkwater, evenwijdig: 1,50 → 1,75 m zijdelings"),
    ]
    assert asked(kept, f"{NEXT_PATH}/differences")["before"]["version"] == "1.9.0"
    assert asked(kept, f"{FIX_PATH}/differences")["before"]["version"] == "1.2.0"
    other = asked(kept, f"{RULESET_PATH}/differences?fromRuleset=example-cautious&fromVersion=1.10.0")
    assert other["before"]["id"] == "example-cautious"
    expected = changes_told(load_ruleset(NEXT.decode()), load_ruleset(RULESET.decode()), "en")
    assert [one["text"] for one in other["changes"]] == [one.text for one in expected]
    assert asked(kept, f"{NEXT_PATH}/differences?fromVersion=1.10.0")["changes"] == []


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        (f"{RULESET_PATH}/differences", 400, "fromVersion"),
        (f"{RULESET_PATH}/differences?fromRuleset=example-cautious", 400, "fromVersion"),
        (f"{RULESET_PATH}/differences?fromVersion=9.9.9", 404, "id"),
        (f"{RULESET_PATH}/differences?fromVersion=1.2.0&fromVersion=1.2.0", 400, "fromVersion"),
        (f"{RULESET_PATH}/differences?from_version=1.2.0", 400, "from_version"),
        (f"{RULESET_PATH}/document?lang=de", 400, "lang"),
        (f"{RULESET_PATH[:-5]}9.9.9/document", 404, "id"),
        (f"{RULESET_PATH[:-5]}9.9.9/differences", 404, "id"),
    ],
)
def test_what_cannot_be_told(kept: Town, path: str, status: int, location: str) -> None:
    answer = kept.asking.get(path)
    assert answer.status_code == status, answer.data
    (error,) = answer.get_json()["errors"]
    assert error["location"] == location


def test_a_text_is_looked_over_without_being_kept(town: Town) -> None:
    token = town.tokens["policy"]
    read = b"kind: foreign\n    confidence: read"
    assert read in RULESET
    doubtful = RULESET.replace(read, b"kind: norm\n    confidence: second_hand", 1)
    answer = town.asking.post("/v1/rulesets/_lint?lang=nl", doubtful, kind="application/yaml", token=token)
    assert answer.status_code == 200, answer.data
    told = answer.get_json()
    assert told["ruleset"]["sha256"] == load_ruleset(doubtful.decode()).sha256
    (warning,) = told["warnings"]
    line = doubtful[: doubtful.index(b"second_hand")].count(b"\n") + 1
    assert (warning["line"], warning["column"]) == (line, 17)
    assert warning["location"] == "sources.aars-fjernvarme.confidence"
    assert "getallen berusten op een norm die niet is gelezen" in warning["told"]
    faulty = RULESET.replace(b"ch: 0.10 m", b"ch: 10 cm").replace(b"severity: blocks", b"severity: block", 1)
    answer = town.asking.post("/v1/rulesets/_lint", faulty, kind="application/yaml", token=token)
    assert answer.status_code == 400
    assert [one["location"] for one in answer.get_json()["errors"]] == [
        "line 39, column 15, rules[0].severity",
        "line 47, column 22, rules[0].otherwise.crossing.ch",
    ]
    assert town.asking.get("/v1/rulesets").get_json()["items"] == []


def test_examples_that_come_out_otherwise_are_told_before_anything_is_stored(town: Town) -> None:
    wrong = CAUTIOUS.replace(b"outcome: not_met, missing: {horizontal: 0.001 m}", b"outcome: met", 1)
    assert wrong.count(b"not_met") == CAUTIOUS.count(b"not_met") - 1
    answer = town.asking.post("/v1/rulesets/_lint", wrong, kind="application/yaml", token=town.tokens["policy"])
    assert answer.status_code == 409, answer.data
    errors = answer.get_json()["errors"]
    assert {error["code"] for error in errors} == {"example_fails"}
    assert all(error["location"].startswith("line ") for error in errors)
