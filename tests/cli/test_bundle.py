"""Writing a bundle loses nothing, and a bundle that was tampered with does not verify."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from registry.core.canonical import sha256
from registry.core.verdict import JUDGEMENT


@pytest.fixture
def files(root: Path, tmp_path: Path) -> list[Path]:
    """Application, street and ruleset of the flagship case, in a folder of their own."""
    examples = root / "examples"
    return [
        Path(shutil.copy(examples / name, tmp_path))
        for name in ("flagship/sewer-1.20.geojson", "flagship/street.geojson", "rulesets/cautious.yaml")
    ]


def bundled(files: list[Path], bundle: str | Path) -> Result:
    asked, street, ruleset = map(str, files)
    words = ["check", asked, "--against", street, "--ruleset", ruleset, "--bundle", str(bundle)]
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_bundle_overwrites_no_input(files: list[Path], which: int) -> None:
    before = files[which].read_bytes()
    result = bundled(files, files[which])
    assert result.exit_code == 1
    assert "would be overwritten" in result.output
    assert files[which].read_bytes() == before


@pytest.mark.parametrize("name", ["", ".", "/", "no/such/folder/bundle.json"])
def test_a_bundle_that_cannot_be_written_is_said(files: list[Path], name: str) -> None:
    result = bundled(files, name)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert "cannot be written" in result.output


def test_nothing_is_written_through_a_link(files: list[Path], tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    link = tmp_path / "bundle.json"
    link.symlink_to(victim)
    assert bundled(files, link).exit_code == 2
    assert victim.read_text(encoding="utf-8") == "mine"
    assert not link.is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {*(path.name for path in files), "victim", "bundle.json"}


def first_basis(data: dict[str, Any]) -> list[str]:
    entry: list[str] = data["verdict"]["basis"][0]
    return entry


def given_and_withheld(data: dict[str, Any]) -> None:
    data["withheld"] = [first_basis(data)]


def withheld_rubbish(data: dict[str, Any]) -> None:
    data["withheld"] = [None, ["a", "b", ["c"]]]


def withheld_twice(data: dict[str, Any]) -> None:
    data["withheld"] = [first_basis(data), first_basis(data)]


def true_for_one(data: dict[str, Any]) -> None:
    data["verdict"]["judgement"] = True


@pytest.mark.parametrize("tamper", [given_and_withheld, withheld_rubbish, withheld_twice, true_for_one])
def test_a_tampered_bundle_does_not_verify(
    files: list[Path], tmp_path: Path, tamper: Callable[[dict[str, Any]], None]
) -> None:
    bundle = tmp_path / "bundle.json"
    assert bundled(files, bundle).exit_code == 2
    assert CliRunner().invoke(main, ["verify", str(bundle)]).exit_code == 2
    data = json.loads(bundle.read_text(encoding="utf-8"))
    tamper(data)
    bundle.write_text(json.dumps(data), encoding="utf-8")
    result = CliRunner().invoke(main, ["verify", str(bundle)])
    assert result.exit_code == 1, result.output


#: Of the flagship case, each written when the registry judged in that version.
BUNDLES = {int(path.stem.split("-")[1]): path for path in (Path(__file__).parent / "bundles").glob("judgement-*.json")}
EARLIER = BUNDLES[4]


def test_there_is_a_bundle_of_every_earlier_judgement() -> None:
    assert sorted(BUNDLES) == list(range(4, JUDGEMENT))


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ("integrity proven, not recomputed", "an earlier way of judging\n({}; ")),
        ("nl", ("ongeschonden, maar niet opnieuw berekend", "eerdere\nwijze van toetsen ({}; ")),
    ],
)
@pytest.mark.parametrize("judgement", sorted(BUNDLES))
def test_a_bundle_of_an_earlier_judgement_is_intact_but_not_recomputed(
    judgement: int, lang: str, told: tuple[str, ...]
) -> None:
    bundle = BUNDLES[judgement]
    result = CliRunner().invoke(main, ["verify", str(bundle), "--lang", lang])
    assert result.exit_code == 4, result.output
    stated = json.loads(bundle.read_text(encoding="utf-8"))
    assert stated["verdict"]["judgement"] == judgement
    assert all(text.format(judgement) in result.stdout for text in (*told, stated["sha256"]))
    assert result.stderr == ""


def other_outcome(data: dict[str, Any]) -> None:
    data["verdict"]["outcome"] = "fits"


def other_level(data: dict[str, Any]) -> None:
    (asset, *_) = [item for item in data["inputs"]["features"] if item["properties"]["kind"] == "asset"]
    asset["properties"]["name"] = "other"


def one_object_less(data: dict[str, Any]) -> None:
    data["inputs"]["features"].pop()


def no_judgement(data: dict[str, Any]) -> None:
    del data["verdict"]["judgement"]
    data["sha256"] = sha256(data["verdict"])


def nought(data: dict[str, Any]) -> None:
    data["verdict"]["judgement"] = 0
    data["sha256"] = sha256(data["verdict"])


@pytest.mark.parametrize("tamper", [other_outcome, other_level, one_object_less, no_judgement, nought])
def test_an_earlier_bundle_that_was_tampered_with_does_not_verify(
    tmp_path: Path, tamper: Callable[[dict[str, Any]], None]
) -> None:
    data = json.loads(EARLIER.read_text(encoding="utf-8"))
    tamper(data)
    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps(data), encoding="utf-8")
    assert CliRunner().invoke(main, ["verify", str(bundle)]).exit_code == 1


def test_a_bundle_of_a_later_judgement_asks_for_a_newer_registry(files: list[Path], tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    assert bundled(files, bundle).exit_code == 2
    data = json.loads(bundle.read_text(encoding="utf-8"))
    data["verdict"]["judgement"] += 1
    data["sha256"] = sha256(data["verdict"])
    bundle.write_text(json.dumps(data), encoding="utf-8")
    result = CliRunner().invoke(main, ["verify", str(bundle)])
    assert (result.exit_code, "verify it with a newer registry." in result.stdout) == (4, True), result.output
