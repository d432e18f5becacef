"""`registry check` on every golden case finds what was worked out by hand, no more and no less."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from registry.formats.json_strict import load_json
from tests.conftest import ROOT
from tests.golden.golden_cases import CASES, FOLDER, JUDGED, command, expected, registry

#: What of a finding is always compared; a field that is not expected must not be there.
COMPARED = (
    "cause", "certainty", "severity", "gap", "required", "missing", "gap_before", "not_worsened", "lacking",
    "relation", "fault", "shared", "rival", "measured", "asked", "short", "about", "before", "after",
)  # fmt: skip

REQUIRED_CASES = {
    "contained-in-volume", "contained-in-corridor", "identical-line", "same-start-longer", "identical-reversed",
    "shifted-1mm", "touching-horizontally", "touching-horizontally-1mm-less", "touching-vertically",
    "touching-vertically-1mm-less", "crossing-2m-deeper", "crossing-too-near", "parallel-stacked", "shaft-near-pipe",
    "shaft-far-from-pipe", "line-through-volume", "volume-in-volume", "identical-volumes", "adjacent-volumes",
    "end-to-end", "end-to-end-continues", "replaces", "removes", "connects", "inside", "uses", "shares-trench",
    "unknown-depth-near", "unknown-depth-far", "unknown-size-near", "cover-with-ground-level",
    "cover-without-ground-level", "neither-level-nor-cover", "own-parts-clash", "assumed-depth", "uncertain-possible",
    "reserved-search-area", "reserved-option", "reserved-planned", "reserved-decided", "temporary-apart",
    "not-worsened", "left-in-ground", "cover-surface-unknown", "cover-on-a-seam", "cover-edge-within-width",
    "cover-uncertain-possible", "cover-stated-ground-contradicted", "crossing-stated-ground-contradicted",
    "works-granted", "works-granted-far", "works-open", "works-open-beside-conflict", "works-in-time-apart",
    "works-continues", "works-continues-not-granted", "cover-after-exactly", "cover-after-1mm-less",
    "cover-not-worsened", "cover-worsened", "cover-after-not-worsened", "cover-after-unknown",
    "cover-after-overlapping", "cover-after-sinks-exactly", "cover-after-sinks-1mm-more",
    "angle-exactly", "angle-1mm-less", "angle-uncertain", "angle-not-worsened",
    "depth-level-exactly", "depth-level-1mm-lower", "depth-level-uncertain", "depth-ground-exactly",
    "depth-ground-1mm-deeper", "depth-ground-unknown", "zone-beside", "zone-1mm-inside", "zone-distance-exactly",
    "disused-beside", "disused-1mm-nearer", "disused-removed", "disused-left-in-ground", "disused-size-unknown",
    "advice-beside", "advice-1mm-nearer", "advice-uncertain", "advice-depth-unknown", "advice-on-a-theme",
    "zone-distance-1mm-less", "zone-under-it", "zone-under-it-1mm-higher", "zone-depth-unknown",
}  # fmt: skip


def as_expected(finding: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """A finding in the words of ``expected.json``; stretches only where they were worked out."""
    shown = {name: finding[name] for name in COMPARED if finding.get(name) not in (None, [], False)}
    shown["counterparts"] = [f"{item['kind']} {item['id']}" for item in finding.get("counterparts", [])]
    if "stretches" in wanted:
        shown["stretches"] = [[item["part"], item["start"], item["end"]] for item in finding.get("stretches", [])]
    return shown


def key(finding: dict[str, Any]) -> tuple[str, ...]:
    names = [item if isinstance(item, str) else f"{item['kind']} {item['id']}" for item in finding["counterparts"]]
    return (finding["cause"], finding.get("relation") or "", *names)


def with_counterparts(finding: dict[str, Any]) -> dict[str, Any]:
    return {"counterparts": [], **finding}


@pytest.mark.parametrize("case", JUDGED)
def test_finds_what_was_worked_out(case: str) -> None:
    wanted = expected(case)
    result = registry(*command(case, "--json"))
    verdict = json.loads(result.stdout)["verdict"]
    found = sorted((with_counterparts(finding) for finding in verdict["findings"]), key=key)
    hoped = sorted(wanted["findings"], key=key)
    shown = [as_expected(item, hoped[k] if k < len(hoped) else {}) for k, item in enumerate(found)]
    assert shown == hoped
    assert verdict["outcome"] == wanted["outcome"]
    relied = [f"{item['part']} {item['type']} {item['target_kind']} {item['target']}" for item in verdict["relations"]]
    assert relied == wanted["relations"]
    assert result.exit_code == wanted["exit"]


@pytest.mark.parametrize("case", sorted(set(CASES) - set(JUDGED)))
def test_refuses_what_cannot_be_judged(case: str) -> None:
    wanted = expected(case)
    result = registry(*command(case, "--json"))
    assert result.exit_code == wanted["exit"] == 1
    assert result.stdout == ""
    for text in ("application.geojson", *wanted["problems"]):
        assert text in result.stderr


@pytest.mark.parametrize("case", [case for case in JUDGED if "exit_accepting_assumptions" in expected(case)])
def test_accepting_assumptions_counts_only_where_it_fits_on_them(case: str) -> None:
    result = registry(*command(case, "--accept-assumptions"))
    assert result.exit_code == expected(case)["exit_accepting_assumptions"]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", JUDGED)
def test_every_case_can_be_told(case: str, lang: str) -> None:
    result = registry(*command(case, "--lang", lang))
    assert result.exit_code == expected(case)["exit"]
    for finding in expected(case)["findings"]:
        for counterpart in finding["counterparts"]:
            assert counterpart.split()[1] in result.stdout


@pytest.mark.parametrize("case", ["crossing-2m-deeper", "crossing-too-near", "unknown-depth-near", "assumed-depth",
                                  "neither-level-nor-cover"])  # fmt: skip
def test_ends_with_its_exit_code_as_a_process_of_its_own(case: str) -> None:
    code = "from registry.cli.main import main; main()"
    arguments = [sys.executable, "-c", code, *command(case, "--json")]
    process = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert process.returncode == expected(case)["exit"], process.stderr


def test_every_case_has_its_three_files_and_says_why() -> None:
    assert set(CASES) >= REQUIRED_CASES
    for case in CASES:
        names = {path.name for path in (FOLDER / case).iterdir()}
        assert names == {"application.geojson", "against.geojson", "expected.json"}, case
        assert expected(case)["why"], case
        for name in names:
            load_json((FOLDER / case / name).read_bytes(), f"{case}/{name}", limit_bytes=10_000)
