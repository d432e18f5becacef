"""Distances of rule kinds are those of the matrix: random pairs, by a cell of it and by ``thermal``, give the same."""

from __future__ import annotations

import random
from dataclasses import replace

from registry.core.findings import Finding
from registry.core.model import Asset, Part, Relation, Size, Thing, Uncertainty
from registry.core.ruleset import read_ruleset
from registry.core.verdict import judge
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, asset, line, part, rounded, shaft, star, volume
from tests.core.with_rule import text_with

#: What both have to say alike; the cause, the words and the cell are each their own.
ALIKE = ("certainty", "severity", "counterparts", "place", "stretches", "gap", "required", "missing", "gap_before",
         "not_worsened", "uncertainty", "lacking", "measured_from")  # fmt: skip


def geometry(rng: random.Random, *, built: bool) -> object:
    """Something within a few metres; of what is built a level or a size may be unknown."""
    known = not built or rng.random() < 0.8
    size: Size | None = rounded(rng.choice((100, 201, 400))) if not built or rng.random() < 0.8 else None
    x, y = rng.randint(0, 4_000), rng.randint(0, 4_000)
    kind = rng.random()
    if kind < 0.6:
        points = [(x, y), (x + rng.randint(-3_000, 3_000), y + rng.randint(1, 3_000))]
        points += [(x + 4_000, y + 4_000)] if rng.random() < 0.3 else []
        levels = [rng.randint(-3_000, -500) for _ in points]
        return line(points, levels if known else None, size)
    bottom = rng.randint(-4_000, -2_000)
    if kind < 0.8:
        return shaft((x, y), bottom if known else None, -500, size)
    return volume(star(rng, x, y, 200, 1_500, 5), bottom if known else None, -500)


def uncertain(rng: random.Random) -> Uncertainty:
    return Uncertainty(rng.choice((0, 0, 100)), rng.choice((0, 0, 50)))


def scene(seed: int) -> tuple[Part, list[Asset]]:
    """A heat part, perhaps in the place of another, and a water asset."""
    rng = random.Random(seed)
    hot = part("p", geometry(rng, built=False), "warmte", uncertainty=uncertain(rng))  # type: ignore[arg-type]
    water = asset("w", geometry(rng, built=True), "water", holder="Water", uncertainty=uncertain(rng))  # type: ignore[arg-type]
    assets = [water]
    if rng.random() < 0.5:
        same = rng.random() < 0.5
        old = hot.geometry if same else geometry(rng, built=True)
        assets.append(replace(asset("old", old, "warmte", holder="Riolering"), temperature=70_000))  # type: ignore[arg-type]
        hot = replace(hot, relations=(Relation("replaces", "asset", "old"),))
    return replace(hot, temperature=70_000), assets


def found(rule: str, hot: Thing, assets: list[Asset]) -> list[tuple[object, ...]]:
    plain = load_yaml(text_with(rule), "", "invalid_ruleset").data
    assert isinstance(plain, dict)
    rules = read_ruleset(plain)
    assert isinstance(hot, Part)
    verdict = judge(application(hot), assets, rules)
    return sorted((told(one) for one in verdict.findings if one.rule == "asked" and about_water(one)), key=str)


def about_water(finding: Finding) -> bool:
    return [counterpart.id for counterpart in finding.counterparts] == ["w"]


def told(finding: Finding) -> tuple[object, ...]:
    return tuple(getattr(finding, name) for name in ALIKE)


def test_thermal_finds_what_a_cell_of_the_matrix_finds() -> None:
    certainties: set[object] = set()
    worsened: set[object] = set()
    for seed in range(120):
        cv = ("0.30 m", "any_depth")[seed % 2]
        clearance = f"{{ch: 1.50 m, cv: {cv}}}"
        matrix = (
            "    kind: separation\n    measured_from: casing\n    parallel_below: 30 deg\n    parallel_from: 5.00 m\n"
            "    otherwise: {crossing: {ch: 0.00 m, cv: 0.00 m}, source: made-up}\n"
            f"    cells: [{{between: [warmte, water], crossing: {clearance}, source: made-up}}]\n"
        )
        thermal = (
            "    kind: thermal\n    hot: [warmte]\n    cool: [water]\n"
            f"    steps: [{{above: 55 degC, apart: {clearance}, source: made-up}}]\n"
        )
        hot, assets = scene(seed)
        by_matrix, by_kind = found(matrix, hot, assets), found(thermal, hot, assets)
        # What stands at a place is no worse at the same distance: only a kind that asks it at any depth says so.
        at_place = cv == "any_depth" and any(row[9] for row in by_kind)
        assert [row[:1] + row[2:9] + row[10:] if at_place else row for row in by_kind] == [
            row[:1] + row[2:9] + row[10:] if at_place else row for row in by_matrix
        ], seed
        certainties |= {row[0] for row in by_kind}
        worsened |= {row[9] for row in by_kind}
    assert certainties >= {"certain", "possible", "undetermined"}
    assert worsened == {True, False}
