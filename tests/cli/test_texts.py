"""What the commands print can be read by who sees it for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from tests.convert.making import LINE, MAPPING, row, write_table
from tests.formats.exchange_samples import encoded, part

ALONE = encoded(part()).decode()


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Begin here: demo"),
        (("check",), "2 conflict"),
        (("check",), "May be given more than once"),
        (("check",), "Without it only what is in APPLICATION itself is judged"),
        (("verify",), "written by `registry check --bundle`"),
        (("convert",), "examples/mappings has one to copy"),
        (("demo",), "until Ctrl-C, with addresses and tokens to try"),
        (("reservation", "accept"), "whoever can open the database is trusted"),
        (("application", "decide"), "The verdict it rests on"),
    ],
)
def test_help_says_what_to_do(words: tuple[str, ...], said: str) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert said in " ".join(result.output.split())


def test_verify_says_that_it_holds_and_what(root: Path, tmp_path: Path) -> None:
    examples, bundle = root / "examples", tmp_path / "bundle.json"
    street, ruleset = examples / "flagship" / "street.geojson", examples / "rulesets" / "cautious.yaml"
    files = [str(examples / "flagship" / "sewer-1.20.geojson"), "--against", str(street), "--ruleset", str(ruleset)]
    assert run("check", *files, "--bundle", str(bundle)).exit_code == 2
    held = run("verify", str(bundle))
    assert held.stdout.startswith("This verdict holds: recomputed from what is in the bundle, it is the same.\n")
    assert "Outcome         Conflict: the application does not fit as it was filed." in held.stdout
    assert "Ruleset         example-cautious 1.2.0" in held.stdout
    dutch = run("verify", str(bundle), "--lang", "nl")
    assert dutch.exit_code == 2
    assert dutch.stdout.startswith("Dit oordeel klopt: opnieuw berekend")
    assert "Uitkomst        Strijdig: de aanvraag past niet zoals zij is ingediend." in dutch.stdout
    bundle.write_text(bundle.read_text(encoding="utf-8").replace("155007", "155009"), encoding="utf-8")
    changed = run("verify", str(bundle))
    assert changed.exit_code == 1
    assert "this verdict does not hold. What differs:" in changed.stderr
    assert "Do not rely on it" in changed.stderr
    assert "Vertrouw er niet op" in run("verify", str(bundle), "--lang", "nl").stderr


def test_of_a_verdict_on_nothing_verify_says_so(root: Path, tmp_path: Path) -> None:
    bundle, examples = tmp_path / "bundle.json", root / "examples"
    (tmp_path / "alone.geojson").write_text(ALONE, encoding="utf-8")
    ruleset = str(examples / "rulesets" / "two-number.yaml")
    assert run("check", str(tmp_path / "alone.geojson"), "--ruleset", ruleset, "--bundle", str(bundle)).exit_code == 0
    assert "Fits: nothing outside the application was compared" in run("verify", str(bundle)).stdout


def test_convert_tells_what_is_wrong_in_dutch(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING.replace("    holder: municipality\n", ""), encoding="utf-8")
    words = ["convert", str(tmp_path / "none.gpkg"), "--mapping", str(mapping), "-o", str(tmp_path / "out.geojson")]
    assert "holder ontbreekt. Voeg holder toe." in run(*words, "--lang", "nl").stderr
    assert "the entry holder is missing. Add holder." in run(*words).stderr


def test_convert_says_where_it_wrote_and_where_all_ids_are(tmp_path: Path) -> None:
    mapping, table, output = tmp_path / "mapping.yaml", tmp_path / "pipes.gpkg", tmp_path / "out.geojson"
    mapping.write_text(MAPPING, encoding="utf-8")
    write_table(table, [row(code=f"c{k}", number=k, z1=None) for k in range(1, 9)], [LINE] * 8)
    words = ["convert", str(table), "--mapping", str(mapping), "-o", str(output)]
    printed = run(*words).stdout
    assert f"Written to {output}\n" in printed
    assert "Lists are shortened here: --report FILE writes every id." in printed
    account = tmp_path / "account.json"
    assert f"Written to {output}; every object by reason in {account}" in run(*words, "--report", str(account)).stdout
