"""The bench itself: the city is the same every time, and what is measured is told in one shape."""

from __future__ import annotations

import json
from math import inf

import numpy as np
import pytest

from registry.core.kernels import face_gap, segment_distance
from registry.core.packed import Column
from tests.bench.answers import Answers, Difference, differences, ends, exact_gap
from tests.bench.applications import applications_for
from tests.bench.city import HOUSES, MAINS, PITCH, STEP, THEMES, City, city_of, streets_for
from tests.bench.measure import Measurement, table
from tests.bench.strtree import Tree


@pytest.fixture(scope="module")
def city() -> City:
    return city_of(4)


def test_a_city_is_the_same_every_time(city: City) -> None:
    again = city_of(4)
    assert (city.rows == again.rows).all()
    assert (city.themes == again.themes).all()
    assert not np.array_equal(city.rows, city_of(4, seed=2).rows)
    asked, as_before = (applications_for(city, 30) for _ in range(2))
    assert (asked.rows == as_before.rows).all()
    # The first ones do not hang on how many are asked for.
    assert (applications_for(city, 5).themes == applications_for(city, 5).themes).all()


def test_a_city_has_what_it_should(city: City) -> None:
    pieces = 2 * 4 * 3
    assert len(city.rows) == pieces * (len(MAINS) * PITCH // STEP + 2 * HOUSES)
    assert city.starts[-1] == len(city.rows) == len(city.of)
    assert set(np.unique(city.themes)) == set(range(len(THEMES)))
    lengths = np.hypot(*(city.rows[:, 3:5].astype(float) - city.rows[:, 0:2]).T)
    assert lengths.max() < 13_000
    # The segments of an object follow each other, end to end, and are numbered so.
    inner = np.flatnonzero(city.of[1:] == city.of[:-1])
    assert (city.rows[inner, 3:6] == city.rows[inner + 1, 0:3]).all()
    assert (city.rows[inner, Column.NUMBER] + 1 == city.rows[inner + 1, Column.NUMBER]).all()
    assert (city.rows[:, Column.WIDTH] == city.rows[:, Column.HEIGHT]).all()


@pytest.mark.parametrize("segments", [20_000, 1_000_000, 10_000_000])
def test_a_city_is_about_as_large_as_asked(segments: int) -> None:
    streets = streets_for(segments)
    made = 2 * streets * (streets - 1) * (len(MAINS) * PITCH // STEP + 2 * HOUSES)
    assert abs(made - segments) < segments / 5


def test_applications_stay_in_the_city(city: City) -> None:
    applications = applications_for(city, 200)
    counts = np.diff(applications.starts) + 1
    assert counts.min() >= 5
    assert counts.max() <= 200
    low, high = city.rows[:, :2].min(axis=0), city.rows[:, :2].max(axis=0)
    assert (applications.rows[:, :2] >= low - 1_000).all()
    assert (applications.rows[:, :2] <= high + 1_000).all()


def test_shapely_and_numpy_find_what_exact_arithmetic_finds(city: City) -> None:
    applications = applications_for(city, 40)
    short = [k for k, count in enumerate(np.diff(applications.starts)) if count < 8][:3]
    middles = (city.rows[:, :2].astype(np.int64) + city.rows[:, 3:5]) // 2
    expected = {}
    for k in short:
        rows = applications.rows_of(k)
        near = {
            int(number)
            for row in rows
            for number in city.of[(np.abs(middles - (row[:2].astype(np.int64) + row[3:5]) // 2) < 15_000).all(axis=1)]
        }
        for number in near:
            gap, asked, _, _ = exact_gap(city, applications, k, number)
            if gap < asked:
                expected[k, number] = gap
    assert expected
    found = Tree(city).find(applications, 7).pairs
    assert {pair: gap for pair, gap in found.items() if pair[0] in short} == expected


def test_ends_are_in_half_millimetres() -> None:
    near = segment_distance(ends([0, 0, 0, 10, 0, 0]), ends([0, 0, 14, 10, 0, 14]))
    assert face_gap(near.num, 4 * near.den, 2) == 6


def test_only_what_postgis_is_known_for_is_documented(city: City) -> None:
    applications = applications_for(city, 3)
    ours = Tree(city).find(applications, 3)
    further = Answers(ours.application, ours.object, ours.gap + (np.arange(len(ours)) == 3))
    nearer = Answers(ours.application, ours.object, ours.gap - (np.arange(len(ours)) == 3))
    fewer = Answers(ours.application[1:], ours.object[1:], ours.gap[1:])
    assert list(differences("sql", city, applications, ours, ours)) == []

    def only(method: str, theirs: Answers) -> Difference:
        (found,) = differences(method, city, applications, ours, theirs)
        return found

    assert only("sql lines", further).documented
    assert not only("sql lines", nearer).documented
    assert not only("STRtree", further).documented
    assert only("sql lines", fewer).documented == (ours.gap[0] + 1 == only("sql lines", fewer).asked)
    assert only("sql lines", fewer).theirs is None


def test_a_measurement_tells_its_ratio_and_whether_it_will_do() -> None:
    time = Measurement("a", 2.0, "ms", 7.0, 3.0)
    rate = Measurement("b", 7.0, "checks/s", 2.0, 4.0, "rate")
    growth = Measurement("c", 3.0, "µs", 2.0, 1.5, "growth")
    most = Measurement("d", 81.0, "bytes", None, 80.0)
    assert (time.ratio, time.ok, time.wanted) == (3.5, True, "≥ 3×")
    assert (rate.ratio, rate.ok, rate.wanted) == (3.5, False, "≥ 4×")
    assert (growth.ratio, growth.ok, growth.wanted) == (1.5, True, "≤ 1.5×")
    assert (most.ratio, most.ok, most.wanted) == (None, False, "≤ 80")
    assert Measurement("e", 0.0, "s", 1.0).ratio == inf
    assert Measurement("f", 1.0, "s").ok is None
    assert list(json.loads(json.dumps(time.plain()))) == [
        "name", "value", "unit", "baseline", "ratio", "target", "ok",
    ]  # fmt: skip


def test_a_table_can_be_read() -> None:
    lines = table([
        Measurement("quick", 2.0, "ms", 7.0, 3.0, against="slow"), Measurement("b", 81.0, "bytes", None, 80.0),
    ]).splitlines()  # fmt: skip
    assert lines[0].split() == ["value", "unit", "baseline", "ratio", "target"]
    assert lines[1].split() == ["quick", "2", "ms", "7", "3.5×", "≥", "3×", "ok", "against", "slow"]
    assert lines[2].endswith("≤ 80  MISSED")
