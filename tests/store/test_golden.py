"""Every golden case is judged the same with what either engine finds around its application."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import pytest

from registry.core.model import Application, Identified, Object, Part, Works
from registry.core.verdict import judge
from registry.core.works import application_of, works_of
from registry.db import Database
from registry.formats.exchange import read_exchange
from registry.formats.ruleset_yaml import load_ruleset
from registry.store.near import around
from registry.store.verify import index_equals_rows
from tests.golden.golden_cases import FOLDER, JUDGED, expected
from tests.store.making import put, undone


def as_filed(objects: Iterable[Object]) -> list[tuple[Identified, str | None]]:
    """Objects as a register has them, with the state they are in: works are parts of an application there."""
    told: list[tuple[Identified, str | None]] = []
    works: list[Works] = []
    for one in objects:
        if isinstance(one, Works):
            works.append(one)
        else:
            told.append((one, None))
    for name, some in groupby(sorted(works, key=lambda one: one.id), key=lambda one: one.application):
        of_one = list(some)
        parts = tuple(
            Part(one.id.partition("/")[2], one.theme, one.object_kind, one.geometry, None, one.uncertainty,
                 one.temporary, one.name)
            for one in of_one
        )  # fmt: skip
        first = of_one[0]
        asked = Application(
            name, first.holder or "", "permit", parts, works_start=first.works_start, filed_on=first.filed_on
        )
        assert list(works_of(asked, first.state)) == of_one
        assert application_of(first.id) == name
        told.append((asked, "granted" if first.state == "granted" else "received"))
    return told


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("case", JUDGED)
def test_golden_cases(database: Database, case: str) -> None:
    folder = FOLDER / case
    read = read_exchange(folder / "application.geojson")
    against = read_exchange(folder / "against.geojson")
    rules = load_ruleset(FOLDER / expected(case).get("ruleset", "ruleset.yaml"))
    asked = read.application
    assert asked is not None
    objects = (*read.objects, *against.objects)
    with undone(database) as s:
        for value, state in as_filed(objects):
            put(s, value, state)
        put(s, asked)
        found = around(s, asked, rules)
        assert index_equals_rows(s) == []
    assert judge(asked, found.objects, rules).sha256 == judge(asked, objects, rules).sha256
