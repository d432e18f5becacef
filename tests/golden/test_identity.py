"""A verdict's identity: the same for the same inputs in any order, another for any changed millimetre or number;
and what its bundle proves."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.core.model import content_sha256
from registry.formats.exchange import read_files
from registry.formats.words import WORDS
from tests.golden.golden_cases import FOLDER, JUDGED, command, expected, registry

#: The way to a value: names and indices.
Route = tuple[str | int, ...]

#: Cases of every shape, with all kinds of numbers a verdict can rest on.
SAMPLED = [
    "crossing-too-near", "parallel-stacked", "half-millimetre", "shaft-near-pipe", "volume-in-volume", "connects",
    "cover-from-levels", "uncertain-possible", "unknown-depth-at-one-end", "not-worsened", "inside", "assumed-depth",
]  # fmt: skip


def verdict_sha256(application: Path, against: list[Path], ruleset: Path) -> str:
    options = [word for path in against for word in ("--against", str(path))]
    result = registry("check", str(application), *options, "--ruleset", str(ruleset), "--json")
    assert result.exit_code != 1, result.stderr
    found: str = json.loads(result.stdout)["sha256"]
    return found


def of_case(case: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Application, what it is checked against, and the ruleset's text."""
    files = [json.loads((FOLDER / case / f"{name}.geojson").read_text("utf-8")) for name in ("application", "against")]
    return files[0], files[1], (FOLDER / expected(case).get("ruleset", "ruleset.yaml")).read_text("utf-8")


def judged(folder: Path, application: dict[str, Any], against: list[dict[str, Any]], ruleset: str) -> str:
    """The sha256 of the verdict on these, written to ``folder`` first."""
    paths = [folder / f"file-{k}.geojson" for k in range(len(against) + 1)]
    for path, data in zip(paths, (application, *against), strict=True):
        path.write_text(json.dumps(data), encoding="utf-8")
    rules = folder / "ruleset.yaml"
    rules.write_text(ruleset, encoding="utf-8")
    return verdict_sha256(paths[0], paths[1:], rules)


def shuffled(value: Any, chance: random.Random, under: str = "") -> Any:
    """The same in another order: members of objects, and the lists whose order means nothing."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance, name) for name in names}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        if under in ("features", "relations", "consents", "shareable_with"):
            chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("case", JUDGED)
def test_order_does_not_count(case: str, tmp_path: Path) -> None:
    application, against, ruleset = of_case(case)
    same = judged(tmp_path, application, [against], ruleset)
    chance = random.Random(case)
    far = {"type": "Point", "coordinates": [155000, 463500]}
    more = [{"type": "Feature", "id": "far", "geometry": far, "properties": {"kind": "ground_level", "level": 0.1}}]
    files = [{**against, "features": [item]} for item in [*against["features"], *more]]
    chance.shuffle(files)
    assert judged(tmp_path, shuffled(application, chance), [shuffled(file, chance) for file in files], ruleset) == same


def test_order_of_parts_and_of_what_is_near_does_not_count(tmp_path: Path) -> None:
    """Everything at once: the assets of many cases against the parts of many, in five orders."""
    names = ["crossing-too-near", "parallel-stacked", "shaft-near-pipe", "volume-in-volume", "unknown-size-near"]
    parts: list[Any] = []
    objects: list[Any] = []
    for name in names:
        application, against, ruleset = of_case(name)
        parts += [{**item, "id": f"{name}-{item['id']}"} for item in application["features"]]
        objects += [{**item, "id": f"{name}-{item['id']}"} for item in against["features"]]
    hashes = set()
    for seed in range(5):
        chance = random.Random(seed)
        file = shuffled({**application, "features": parts}, chance)
        hashes.add(judged(tmp_path, file, [shuffled({**against, "features": objects}, chance)], ruleset))
    assert len(hashes) == 1


def numbers(value: Any, path: Route = ()) -> Iterator[Route]:
    """Where in an exchange file the numbers stand; not the two ends of a ring, which must stay one point."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from numbers(item, (*path, name))
    elif isinstance(value, list):
        ring = isinstance(value[0] if value else None, list) and len(value) > 3 and value[0] == value[-1]
        for k, item in enumerate(value):
            if not (ring and k in (0, len(value) - 1)):
                yield from numbers(item, (*path, k))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path


def one_millimetre_more(data: dict[str, Any], path: Route) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(data))
    holder: Any = copy
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = round(holder[path[-1]] + 0.001, 3)
    return copy


@pytest.mark.parametrize("case", SAMPLED)
def test_any_changed_millimetre_gives_another_verdict(case: str, tmp_path: Path) -> None:
    application, against, ruleset = of_case(case)
    changed = [(one_millimetre_more(application, at), against) for at in numbers(application)]
    changed += [(application, one_millimetre_more(against, at)) for at in numbers(against)]
    hashes = [judged(tmp_path, first, [second], ruleset) for first, second in [(application, against), *changed]]
    assert len(hashes) > 8
    assert len(set(hashes)) == len(hashes)


@pytest.mark.parametrize("name", ["ruleset.yaml", "ruleset-assumed.yaml"])
def test_any_changed_number_of_the_ruleset_gives_another_verdict(name: str, tmp_path: Path) -> None:
    application, against, _ = of_case("crossing-2m-deeper")
    ruleset = (FOLDER / name).read_text("utf-8")
    hashes = [judged(tmp_path, application, [against], ruleset)]
    for number in re.finditer(r"\d+(\.\d+)?(?= (m|deg)\b)", ruleset):
        changed = f"{ruleset[: number.start()]}{float(number[0]) + 0.001:.3f}{ruleset[number.end() :]}"
        hashes.append(judged(tmp_path, application, [against], changed))
    assert len(hashes) == {"ruleset.yaml": 14, "ruleset-assumed.yaml": 15}[name]
    for number in re.finditer("blocks|any_depth", ruleset):
        other = {"blocks": "advises", "any_depth": "3.00 m"}[number[0]]
        changed = ruleset[: number.start()] + other + ruleset[number.end() :]
        hashes.append(judged(tmp_path, application, [against], changed))
    assert len(set(hashes)) == len(hashes)


def test_what_lies_out_of_reach_does_not_count(tmp_path: Path) -> None:
    application, against, ruleset = of_case("nothing-near")
    nothing = {**against, "features": []}
    assert judged(tmp_path, application, [against], ruleset) == judged(tmp_path, application, [nothing], ruleset)


def bundle_of(case: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    path = folder / "bundle.json"
    registry(*command(case, "--bundle", str(path)))
    return path, json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("case", JUDGED)
def test_every_bundle_verifies(case: str, tmp_path: Path) -> None:
    path, bundle = bundle_of(case, tmp_path)
    result = registry("verify", str(path))
    assert result.exit_code == expected(case)["exit"], result.stderr
    assert bundle["sha256"] in result.stdout
    assert f"Outcome         {WORDS['en']['outcome'][expected(case)['outcome']]}" in result.stdout


def a_changed_level(bundle: dict[str, Any]) -> None:
    asset = next(item for item in bundle["inputs"]["features"] if item["id"] == "a")
    asset["properties"]["levels"] = [level - 1 for level in asset["properties"]["levels"]]


def a_changed_applicant(bundle: dict[str, Any]) -> None:
    bundle["inputs"]["application"]["applicant"] = "Someone else"


def a_changed_rule(bundle: dict[str, Any]) -> None:
    bundle["ruleset"]["ruleset"]["reach"] += 1


def a_changed_number(bundle: dict[str, Any]) -> None:
    bundle["verdict"]["findings"][0]["missing"]["vertical"] = 99


def a_changed_outcome(bundle: dict[str, Any]) -> None:
    bundle["verdict"]["outcome"] = "fits"


def an_asset_left_out(bundle: dict[str, Any]) -> None:
    bundle["inputs"]["features"] = [item for item in bundle["inputs"]["features"] if item["id"] != "a"]


def another_sha256(bundle: dict[str, Any]) -> None:
    bundle["sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (a_changed_level, "asset a is not what it was"),
        (a_changed_applicant, "application crossing-too-near is not the one"),
        (a_changed_rule, "ruleset golden 1.0.0 is not the one"),
        (a_changed_number, "the verdict was changed"),
        (a_changed_outcome, "conflict found"),
        (an_asset_left_out, "asset a is missing from the bundle"),
        (another_sha256, "the verdict was changed"),
    ],
)
def test_a_tampered_bundle_says_what_differs(
    tamper: Callable[[dict[str, Any]], None], told: str, tmp_path: Path
) -> None:
    path, bundle = bundle_of("crossing-too-near", tmp_path)
    tamper(bundle)
    path.write_text(json.dumps(bundle), encoding="utf-8")
    result = registry("verify", str(path))
    assert result.exit_code == 1
    assert told in result.stderr


def withholding(case: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The bundle of a case with its first object of the basis replaced by its hash."""
    path, bundle = bundle_of(case, folder)
    kind, name, sha256 = bundle["verdict"]["basis"][0]
    features = bundle["inputs"]["features"]
    kept = [item for item in features if (item["properties"]["kind"], item["id"]) != (kind, name)]
    assert len(kept) == len(features) - 1
    bundle["inputs"]["features"] = kept
    bundle["withheld"] = [[kind, name, sha256]]
    path.write_text(json.dumps(bundle), encoding="utf-8")
    return path, bundle


@pytest.mark.parametrize("case", ["crossing-too-near", "reserved-planned", "cover-from-levels", "not-worsened"])
def test_a_bundle_with_an_object_withheld_is_intact_but_not_recomputed(case: str, tmp_path: Path) -> None:
    path, bundle = withholding(case, tmp_path)
    result = registry("verify", str(path))
    assert result.exit_code == 4, result.stderr
    assert bundle["sha256"] in result.stdout
    assert "integrity proven, not recomputed" in result.stdout


@pytest.mark.parametrize("tamper", [a_changed_applicant, a_changed_rule, a_changed_outcome, another_sha256])
def test_withholding_hides_no_tampering(tamper: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    path, bundle = withholding("crossing-too-near", tmp_path)
    tamper(bundle)
    path.write_text(json.dumps(bundle), encoding="utf-8")
    assert registry("verify", str(path)).exit_code == 1


def test_the_identity_in_the_basis_is_that_of_the_object_in_the_file(tmp_path: Path) -> None:
    _, bundle = bundle_of("volume-in-volume", tmp_path)
    (exchange,) = read_files([FOLDER / "volume-in-volume" / "against.geojson"])
    assert bundle["verdict"]["basis"] == [[item.kind, item.id, content_sha256(item)] for item in exchange.objects]
