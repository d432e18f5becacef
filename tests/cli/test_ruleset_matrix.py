"""``registry ruleset matrix export|import``: the separation matrix as a spreadsheet, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from registry.formats.ruleset_yaml import load_ruleset
from tests.cli.running import run
from tests.conftest import ROOT

CAUTIOUS = ROOT / "examples" / "rulesets" / "cautious.yaml"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_out_and_in_is_the_same_ruleset(kind: str, tmp_path: Path) -> None:
    table, back = tmp_path / f"matrix.{kind}", tmp_path / "next.yaml"
    done = run("ruleset", "matrix", "export", str(CAUTIOUS), "-o", str(table))
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{table}: the matrix of rule separation, 49 rows\n"
    done = run("ruleset", "matrix", "import", str(CAUTIOUS), str(table), "-o", str(back), "--lang", "nl")
    assert (done.exit_code, done.stdout) == (0, "Er is geen verschil: beide zeggen hetzelfde.\n")
    assert back.read_bytes() == CAUTIOUS.read_bytes()


def test_a_number_that_is_changed_in_a_spreadsheet_makes_a_version(tmp_path: Path) -> None:
    table, back = tmp_path / "matrix.xlsx", tmp_path / "next.yaml"
    assert run("ruleset", "matrix", "export", str(CAUTIOUS), "-o", str(table), "--lang", "nl").exit_code == 0
    book = load_workbook(table)
    row = next(cells for cells in book["matrix"] if (cells[0].value, cells[1].value) == ("warmte", "water"))
    assert row[5].value == 1.5
    row[5].value = 1.75
    book.save(table)
    words = ["ruleset", "matrix", "import", str(CAUTIOUS), str(table), "-o", str(back), "--version", "1.3.0"]
    done = run(*words)
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "The ruleset",
            "  version: 1.2.0 → 1.3.0",
            "Rule separation: Separation",
            "  heat × drinking water, parallel: 1.50 → 1.75 m sideways",
        ],
    )
    plain = json.loads(run(*words, "--json").stdout)
    assert (plain["version"], plain["sha256"]) == ("1.3.0", load_ruleset(back).sha256)


def test_nothing_is_written_where_a_cell_is_wrong(tmp_path: Path) -> None:
    table, back = tmp_path / "matrix.csv", tmp_path / "next.yaml"
    assert run("ruleset", "matrix", "export", str(CAUTIOUS), "-o", str(table)).exit_code == 0
    text = table.read_text(encoding="utf-8").replace("warmte,water,,,,1.50", 'warmte,water,,,,"1,50"')
    table.write_text(text, encoding="utf-8")
    done = run("ruleset", "matrix", "import", str(CAUTIOUS), str(table), "-o", str(back), "--lang", "nl")
    assert (done.exit_code, done.stdout) == (1, "")
    told = ":50:6, matrix!F50: het decimaalteken is een punt (gevonden: 1,50). Schrijf 1.50.\n"
    assert done.stderr == f"{table}{told}"
    assert not back.exists()


def test_what_is_wrong_with_the_words(tmp_path: Path) -> None:
    export = ["ruleset", "matrix", "export", str(CAUTIOUS), "-o"]
    table = tmp_path / "matrix.csv"
    assert "neither .csv nor .xlsx" in run(*export, str(tmp_path / "matrix.ods")).stderr
    assert "would be overwritten" in run(*export, str(CAUTIOUS)).stderr
    assert "there is no separation rule x" in run(*export, str(table), "--rule", "x").stderr
    assert run(*export, str(table)).exit_code == 0
    words = ["ruleset", "matrix", "import", str(CAUTIOUS), str(table), "-o"]
    assert "three numbers" in run(*words, str(tmp_path / "next.yaml"), "--version", "2").stderr
    assert "would be overwritten" in run(*words, str(table)).stderr
    assert "No such file" in run(*words[:4], str(tmp_path / "none.csv"), "-o", str(tmp_path / "n")).stderr
