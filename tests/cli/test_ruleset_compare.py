"""``registry ruleset compare``: the same application judged by two municipalities, side by side, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.core.topics import TOPICS
from registry.formats.words import Language
from tests.cli.running import run
from tests.conftest import ROOT

FLAGSHIP = ROOT / "examples" / "flagship"
RULESETS = ROOT / "examples" / "rulesets"
STAD, RIJK = (str(RULESETS / f"{name}.yaml") for name in ("voorbeeldstad", "voorbeeldrijk"))
LARGE, SMALL = (str(FLAGSHIP / f"sewer-{size}.geojson") for size in ("1.20", "0.40"))
AGAINST = ("--against", str(FLAGSHIP / "street.geojson"))
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ("Conflict", "Fits", "The outcome differs.", "0.785 m; 1.000 m is required", "no finding",
                "not met (Reserved space)", "no effect", "no rule")),
        ("nl", ("Strijdig", "Past", "De uitkomst verschilt.", "0,785 m; vereist is 1,000 m", "geen bevinding",
                "voldoet niet (Gereserveerde ruimte)", "geen effect", "geen regel")),
    ],
)  # fmt: skip
def test_one_judges_otherwise_than_the_other(lang: Language, told: tuple[str, ...]) -> None:
    done = run("ruleset", "compare", STAD, RIJK, LARGE, *AGAINST, "--lang", lang)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line.count("│") == 1 for line in lines if "voorbeeldstad 1.0.0" in line or "voorbeeldrijk 1.0.0" in line)
    columns = [line.partition("│") for line in lines]
    left, right = (" ".join(" ".join(column[k] for column in columns).split()) for k in (0, 2))
    assert told[0] in left
    assert told[1] in right
    for text in told[3:6:2]:
        assert text in left
        assert text not in right
    assert told[4] in right
    assert told[2] in left
    assert told[6] in left
    assert told[7] in right


def test_where_both_judge_the_same_that_is_said() -> None:
    done = run("ruleset", "compare", RIJK, RIJK, SMALL, *AGAINST)
    assert "Both judge the same." in done.stdout
    other = run("ruleset", "compare", STAD, RIJK, SMALL, *AGAINST)
    assert "The outcome is the same; what they find is not." in other.stdout


def test_for_a_program_both_verdicts_are_whole() -> None:
    found = json.loads(run("ruleset", "compare", STAD, RIJK, LARGE, *AGAINST, "--json").stdout)
    one, other = found["judged"]
    assert (one["outcome"], other["outcome"]) == ("conflict", "fits")
    assert (one["ruleset"]["id"], other["ruleset"]["id"]) == ("voorbeeldstad", "voorbeeldrijk")
    assert [effect["topic"] for effect in one["effects"]] == list(TOPICS)
    checked = json.loads(run("check", LARGE, *AGAINST, "--ruleset", STAD, "--json").stdout)
    assert one["sha256"] == checked["sha256"]
    assert one["verdict"] == checked["verdict"]
    assert found["sense"] == "The outcome differs."
    assert [right for _, right in found["findings"]] == ["no finding"]


def test_what_is_wrong_with_a_file_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("rules: 3", encoding="utf-8")
    assert run("ruleset", "compare", str(bad), RIJK, LARGE).exit_code == 1
    done = run("ruleset", "compare", STAD, RIJK, str(FLAGSHIP / "street.geojson"))
    assert done.exit_code == 1
    assert "this file holds no application" in done.stderr
