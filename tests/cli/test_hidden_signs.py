"""Signs that cannot be seen, and could change the order in which the rest is read, are spelled out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from registry.cli.main import main
from registry.core.errors import Problem, shown, visible
from registry.formats.json_strict import dump_json, load_json

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"

#: Embeddings, overrides, isolates, marks, and others without a sign of their own.
HIDDEN = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x61C, 0xAD, 0xE0041)]
#: All that have no sign of their own, those that no file may hold too.
UNSEEN = [*HIDDEN, "\x1b", "\x00", "\x7f", "\x85", "\r", "\u2028", "\u2029", "\ufeff", "\ud800"]


#: Entries that may hold any text.
FREE = {"title", "applicant", "holder", "name", "beneficiary", "nl", "en", "document", "article", "note", "notes"}


def turned(value: Any, sign: str, free: bool = False) -> Any:
    """Plain data with a sign in every text that may be anything."""
    if isinstance(value, dict):
        return {key: item if key == "crs" else turned(item, sign, key in FREE) for key, item in value.items()}
    if isinstance(value, list):
        return [turned(item, sign, free) for item in value]
    return value[:1] + sign + value[1:] if free and isinstance(value, str) else value


def given(folder: Path, name: str, sign: str) -> Path:
    """An example file with the sign in its free texts."""
    path = folder / name
    if name.endswith(".yaml"):
        yaml = YAML(typ="safe", pure=True)
        document = turned(yaml.load((ROOT / "examples" / "rulesets" / name).read_text(encoding="utf-8")), sign)
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe", pure=True).dump(document, file)
    else:
        document = json.loads((FLAGSHIP / name).read_text(encoding="utf-8"))
        path.write_text(json.dumps(turned(document, sign)), encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def hidden_in(text: str) -> set[str]:
    return {sign for sign in text if not sign.isprintable() and sign != "\n"}


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_report_holds_a_hidden_sign(sign: str, tmp_path: Path) -> None:
    application, street = given(tmp_path, "sewer-1.20.geojson", sign), given(tmp_path, "street.geojson", sign)
    ruleset = ROOT / "examples" / "rulesets" / "cautious.yaml"
    words: list[str | Path] = ["check", application, "--against", street, "--ruleset", ruleset]
    bundle = tmp_path / "bundle.json"
    report = run(*words, "--bundle", bundle)
    assert report.exit_code in (0, 2, 3), report.output
    assert hidden_in(report.output) == set()
    assert f"<U+{ord(sign):04X}>" in report.output
    as_json = run(*words, "--json").output
    assert hidden_in(as_json) == set()
    assert sign in json.dumps(json.loads(as_json), ensure_ascii=False)
    assert hidden_in(bundle.read_text(encoding="utf-8")) == set()
    assert run("verify", bundle).exit_code == report.exit_code


def test_nor_where_the_ruleset_has_them(tmp_path: Path) -> None:
    ruleset = given(tmp_path, "cautious.yaml", "\u202e")
    for lang in ("nl", "en"):
        street = FLAGSHIP / "street.geojson"
        words: list[str | Path] = ["check", FLAGSHIP / "sewer-1.20.geojson", "--against", street]
        report = run(*words, "--ruleset", ruleset, "--lang", lang)
        assert report.exit_code == 2, report.output
        assert hidden_in(report.output) == set()
        assert "<U+202E>" in report.output


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_complaint_holds_one(sign: str, tmp_path: Path) -> None:
    bad = tmp_path / f"na{sign}me.geojson"
    properties = {f"ki{sign}nd": sign, "kind": sign}
    feature = {"type": "Feature", "id": f"a{sign}b", "geometry": None, "properties": properties}
    for document in (
        {"type": f"x{sign}"},
        {f"ty{sign}pe": 1, "features": [feature]},
        {"type": "FeatureCollection", "features": [feature]},
    ):
        bad.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        commands: tuple[list[str | Path], ...] = (
            ["check", bad, "--ruleset", bad],
            ["verify", bad],
            ["convert", bad, "--mapping", bad, "-o", bad],
        )
        for words in commands:
            done = run(*words)
            assert done.exit_code == 1
            assert f"na<U+{ord(sign):04X}>me.geojson" in done.output
            assert hidden_in(done.output) == set()


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_each_is_spelled_out(sign: str) -> None:
    spelled = f"a<U+{ord(sign):04X}>b"
    assert visible(f"a{sign}b") == spelled
    assert shown(f"a{sign}b") == spelled
    assert spelled in str(Problem("missing", f"a{sign}b", "Mend it."))
    if sign != "\ud800":
        written = dump_json({f"a{sign}": f"{sign}b"})
        assert hidden_in(written) == set()
        if sign != "\x00":
            assert load_json(written, "", limit_bytes=1_000) == {f"a{sign}": f"{sign}b"}


def test_what_can_be_seen_stays_as_it_is() -> None:
    assert visible("Gemeente ’s-Gravenhage, 5 %: 漢字, ﻻ, é, 🌳") == "Gemeente ’s-Gravenhage, 5 %: 漢字, ﻻ, é, 🌳"
    assert visible("5\u00a0m,\u20091\u3000") == "5 m, 1 "
    assert len(shown("\u202e" * 100)) == 60
