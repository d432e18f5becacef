"""What `registry check` says beside a verdict: what is hardly plausible, and in Dutch what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from registry.core.errors import Code, Problem, Refused
from registry.formats.exchange import read_exchange
from registry.formats.problems_told import DUTCH, problem_line
from tests.formats.exchange_bad_rows import PROPERTIES
from tests.formats.exchange_samples import APPLICATION, CRS, POINT, POLYGON, asset, ground, line, part, reservation


def collection(*features: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "crs": CRS, "features": list(features), **more})


@pytest.fixture
def checked(root: Path, tmp_path: Path) -> Any:
    """Checks a part against other features by the cautious example."""

    def run(asked: dict[str, Any], *others: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
        application, against = tmp_path / "asked.geojson", tmp_path / "street.geojson"
        application.write_text(collection(asked, application=APPLICATION), encoding="utf-8")
        against.write_text(collection(*others), encoding="utf-8")
        ruleset = root / "examples" / "rulesets" / "two-number.yaml"
        words = ["check", str(application), "--against", str(against), "--ruleset", str(ruleset), *options]
        return CliRunner().invoke(main, words)

    return run


def surface(level: float) -> list[dict[str, Any]]:
    """Ground level at both ends of the part."""
    end = {"type": "Point", "coordinates": [155050.0, 463000.0]}
    return [ground(level=level), ground("ground-2", end, level=level)]


FAR = line([155000.0, 464000.0], [155050.0, 464000.0])
ASIDE = line([155000.0, 463008.0], [155050.0, 463008.0])


@pytest.mark.parametrize(
    ("asked", "others", "code", "said"),
    [
        (part(levels=-200.0), [], "low", "feature part-1, properties.levels: below −30.00 m NAP"),
        (part(levels=60.0), [], "high", "above 50.00 m NAP"),
        (part(levels=2.5), [ground(level=0.5)], "above_ground", "this lies 2.00 m above ground level, which is 0.50 m"),
        (part(levels=0.4), [ground(level=0.5)], "in_the_air", "its top lies 0.10 m above ground level, which is 0.50"),
        (part(levels=0.0, level_reference="ground"), surface(1.0), "in_the_air", "its top lies 0.20 m above"),
        (part(geometry=POINT, levels=..., top=0.3, bottom=-2.0), [ground()], "in_the_air", "properties.top: its top"),
        (part(geometry=POLYGON, levels=..., size=..., top=0.3, bottom=-2.0), [ground()], "in_the_air", "0.30 m above"),
        (part(levels=-40.0), surface(0.5), "deep", "this lies 40.50 m below ground level"),
        (part(levels=40.0, level_reference="ground"), [ground()], "deep_cover", "more than 15.00 m below ground level"),
        (part(size={"outer": 6.0}), [], "large", "properties.size: larger than 5.00 m (found 6.000 m)"),
        (part(), [asset(geometry=ASIDE, levels=-90.0, size={"outer": 0.4})], "low", "feature asset-1, properties.lev"),
        (part(), [asset(geometry=ASIDE, levels=[-1.0, 80.0], size={"outer": 0.4})], "high", "(found 80.000 m)"),
        (part(), [reservation(geometry=ASIDE, levels=-100.0)], "low", "street.geojson, feature res-1"),
    ],
)
def test_what_is_hardly_plausible_is_a_warning(
    checked: Any, asked: dict[str, Any], others: list[dict[str, Any]], code: str, said: str
) -> None:
    result = checked(asked, *others, options=("--json",))
    assert result.exit_code in (0, 2, 3), result.output
    assert "warning: " in result.stderr
    assert said in result.stderr
    printed = json.loads(result.stdout)
    (warning,) = (warning for warning in printed["warnings"] if warning["code"] != "nothing_compared")
    assert warning["code"] == code
    assert all(warning[name] for name in ("file", "feature", "field", "value", "detail", "remedy"))
    assert "warnings" not in printed["verdict"]
    dutch = checked(asked, *others, options=("--lang", "nl")).stderr
    assert dutch.startswith("let op: ")
    assert "ground level" not in dutch.replace("ground_level", "")


@pytest.mark.parametrize(
    ("asked", "others"),
    [
        (part(), [ground(), asset(geometry=ASIDE, levels=-3.0, size={"outer": 0.8}), reservation(geometry=ASIDE)]),
        (part(levels=60.0), surface(62.0)),  # in the hills
        (part(levels=-100.0, object_kind="bored"), surface(0.0)),
        (part(levels=0.3), [ground(level=0.5)]),  # its top just at ground level
        (part(geometry=POINT, levels=..., bottom=-2.0), [ground()]),  # a shaft without end
        (part(), [asset(geometry=ASIDE)]),  # unknown is no doubt
        (part(geometry=ASIDE), [asset(geometry=line([155000.0, 464000.0], [155050.0, 464000.0]), levels=-200.0)]),
    ],
)
def test_what_is_plausible_or_beside_the_point_is_not(
    checked: Any, asked: dict[str, Any], others: list[dict[str, Any]]
) -> None:
    result = checked(asked, *others, options=("--json",))
    assert result.exit_code in (0, 2, 3), result.output
    assert {warning["code"] for warning in json.loads(result.stdout)["warnings"]} <= {"nothing_compared"}
    assert result.stderr.count("warning: ") == result.stderr.count("nothing outside the application was compared")


@pytest.mark.parametrize(
    ("others", "english", "dutch"),
    [
        ([], "no reservation or asset was given. Give the", "er is geen reservering of bestaand object opgegeven"),
        ([ground()], "no reservation or asset was given", "geen reservering of bestaand object opgegeven"),
        ([asset(geometry=FAR)], "no reservation or asset that was given lies within", "geen opgegeven reservering of"),
    ],
)
def test_that_nothing_was_compared_is_a_warning(
    checked: Any, others: list[dict[str, Any]], english: str, dutch: str
) -> None:
    result = checked(part(), *others, options=("--json",))
    assert result.exit_code == 0
    assert english in result.stderr
    (warning,) = json.loads(result.stdout)["warnings"]
    assert (warning["code"], warning["feature"], warning["field"]) == ("nothing_compared", "app-1", "--against")
    plain = checked(part(), *others)
    assert "FITS\nNothing outside the application was compared: no object given lies" in plain.stdout
    assert "Nothing stands in the way" not in plain.stdout
    assert dutch in checked(part(), *others, options=("--lang", "nl")).stderr


def test_where_something_was_compared_it_is_not(checked: Any) -> None:
    assert checked(part(), asset(geometry=ASIDE)).stderr == ""


@pytest.mark.parametrize(("lang", "heading"), [("en", "Warnings about what was given (1)"),
                                               ("nl", "Waarschuwingen over wat is opgegeven (1)")])  # fmt: skip
def test_a_warning_stands_in_the_report_too(checked: Any, lang: str, heading: str) -> None:
    result = checked(part(levels=-200.0), asset(geometry=ASIDE), options=("--lang", lang))
    assert heading in result.stdout
    said = result.stderr.strip().partition(": ")[2]
    assert said in " ".join(result.stdout.split())
    assert result.stdout.index(heading) < result.stdout.index("sha256")
    assert "(1)" not in checked(part(), options=("--lang", lang)).stdout, "that nothing was compared is said already"


def test_a_warning_changes_neither_verdict_nor_hash(checked: Any) -> None:
    english, dutch = (json.loads(checked(part(levels=-200.0), options=("--json", "--lang", lang)).stdout)
                      for lang in ("en", "nl"))  # fmt: skip
    assert english["sha256"] == dutch["sha256"]
    assert english["warnings"] != dutch["warnings"]


def test_every_code_has_its_dutch_words() -> None:
    assert set(DUTCH) == set(get_args(Code))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (part(size={"outer": 700}), "size.outer: buiten 0,01 tot 50 m (gevonden: 700). Controleer de waarde"),
        (part(theme="riool"), "geen bekende waarde van `theme` (gevonden: \"riool\"). Kies uit: buisleidingGe"),
        (part(object_kind="manhol"), "Bedoelde u `manhole`? Kies uit: line, duct,"),
        (part(evelope={}), "de eigenschap `evelope` bestaat niet (gevonden: {}). Bedoelde u `envelope`? Hier bes"),
        (part(levels=...), "properties.levels: hoogteligging noch gronddekking. Geef `levels` (m NAP, of gronddekking"),
        (part(theme=...), "properties.theme: `theme` ontbreekt. Voeg `theme` toe."),
        (part(levels=-2000), "een hoogte buiten -300 tot 100 m (gevonden: -2000). Hoogten zijn in m NAP; let op"),
    ],
)
def test_the_most_frequent_errors_are_told_in_dutch_with_what_is_allowed(
    checked: Any, asked: dict[str, Any], said: str
) -> None:
    result = checked(asked, options=("--lang", "nl"))
    assert result.exit_code == 1
    (told,) = result.stderr.splitlines()
    assert "asked.geojson, object part-1, properties." in told
    assert said in told
    assert "Engels" not in told
    assert said not in checked(asked).stderr


FREQUENT = (
    "missing", "unknown_property", "not_allowed", "out_of_range", "wrong_type", "missing_height", "missing_size",
)  # fmt: skip


def test_of_what_is_wrong_with_properties_nothing_is_told_in_english() -> None:
    told, in_english = 0, []
    for content, *_ in PROPERTIES.values():
        with pytest.raises(Refused) as caught:
            read_exchange(content, "bad.json")
        frequent = [problem for problem in caught.value.problems if problem.code in FREQUENT]
        told += len(frequent)
        in_english += [problem for problem in frequent if "[Engels" in problem_line(problem, "nl")]
    assert told > 50
    assert not in_english


def test_what_is_seldom_wrong_is_told_by_its_kind_with_the_exact_words_behind_it() -> None:
    problem = Problem("too_deep", "folded 32 times", "Unfold it.", file="a.json")
    assert problem_line(problem, "nl") == (
        "a.json: dit is te diep genest. Gebruik minder niveaus. [Engels: folded 32 times. Unfold it.]"
    )
    half = Problem("too_deep", "folded 32 times", "Add `a`.")
    assert problem_line(half, "nl") == ": dit is te diep genest. Voeg `a` toe. [Engels: folded 32 times.]"


def test_in_english_a_problem_is_told_as_it_is() -> None:
    problem = Problem("missing", "`size` is missing", "Add `size`.", "size", file="a.json", line=3, column=4)
    assert problem_line(problem, "en") == str(problem)
    assert problem_line(problem, "nl") == "a.json:3:4, size: `size` ontbreekt. Voeg `size` toe."
