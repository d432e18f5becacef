"""Registers full of objects to judge applications in: all golden cases in one, and made-up streets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from registry.core.model import (
    Application,
    Bound,
    Consent,
    Geometry,
    GroundLevel,
    Identified,
    Point,
    Relation,
    Reservation,
    Size,
    Uncertainty,
    Volume,
    Works,
    Zone,
    content,
)
from registry.core.restore import restore
from registry.db import Database
from registry.formats.exchange import read_files
from registry.services.actors import Actor
from registry.store import objects
from tests.core.building import asset, here, line, part, reservation, rounded, shaft, square
from tests.golden.golden_cases import FOLDER, JUDGED
from tests.services.test_golden_in_register import application_of

NOW: Final = datetime(2027, 6, 1, 12, tzinfo=UTC)
LOADER: Final = Actor("loader", "test", "administrator")
#: Golden cases lie so far apart (mm) here, and so many in a row.
_APART, _ROW = 400_000, 11
_THEMES: Final = ("rioolVrijverval", "warmte", "water", "laagspanning", "gasLageDruk")

#: Objects and the state each is in.
Stated = list[tuple[Identified, str]]


def put(db: Database, stated: Iterable[tuple[Identified, str]], now: datetime = NOW) -> None:
    """Put objects in the register as they are."""
    with db.write() as session:
        for value, state in stated:
            objects.revise(session, value, state=state, action="load", actor=LOADER, now=now)


def golden() -> Stated:
    """All golden cases beside each other, each with names of its own."""
    stated: Stated = []
    for number, case in enumerate(JUDGED):
        asked, against = read_files([FOLDER / case / "application.geojson", FOLDER / case / "against.geojson"])
        assert asked.application is not None
        here: Stated = [(asked.application, "checking")]
        works: dict[tuple[str, str], list[Works]] = {}
        for value in (*asked.objects, *against.objects):
            if isinstance(value, Works):
                works.setdefault((value.application, value.state), []).append(value)
            else:
                here.append((value, "accepted" if isinstance(value, Reservation) else "present"))
        for (name, state), parts in works.items():
            here.append((application_of(name, parts), {"granted": "granted", "open": "incomplete"}[state]))
        named = {value.id for value, _ in here}
        shift = _APART * (number % _ROW), _APART * (number // _ROW)
        stated += [(_moved(value, named, f"c{number}-", shift), state) for value, state in here]
    return stated


def _moved(value: Identified, named: set[str], prefix: str, shift: Point) -> Identified:
    """An object elsewhere, it and what it names with a prefix to their names."""

    def moved(key: str, plain: Any) -> Any:
        if key in ("vertices", "position", "outer", "holes", "point") and isinstance(plain, (list, tuple)):
            if plain and isinstance(plain[0], (list, tuple)):
                return [moved(key, one) for one in plain]
            return [plain[0] + shift[0], plain[1] + shift[1], *plain[2:]]
        if isinstance(plain, Mapping):
            return {name: moved(name, item) for name, item in plain.items()}
        if isinstance(plain, (list, tuple)):
            return [moved(key, item) for item in plain]
        if key in ("id", "target") and str(plain).partition("/")[0] in named:
            return prefix + plain
        return plain

    return restore(value.kind, moved("", content(value)))


def street(seed: int, applications: int = 40, assets: int = 80) -> Stated:
    """A made-up neighbourhood of 400 by 200 m, in which everything is asked of everything."""
    rng = random.Random(seed)
    stated: Stated = []
    for k in range(assets):
        made = asset(
            f"asset-{k:03}", _shape(rng), rng.choice(_THEMES), holder=rng.choice(("Riolering", "Nuts")),
            uncertainty=rng.choice((Uncertainty(), Uncertainty(300, 100), Uncertainty(2_000, 0))),
        )  # fmt: skip
        stated.append((made, rng.choice(("present", "present", "present", "removed"))))
    for k in range(12):
        held = replace(
            reservation(f"reservation-{k}", _laid(rng), "warmte"), strength=rng.choice(("planned", "option"))
        )
        stated.append((held, rng.choice(("accepted", "accepted", "filed"))))
    for k in range(60):
        spot = here([(rng.randint(-200_000, 600_000), rng.randint(-100_000, 300_000))])[0]
        stated.append((GroundLevel(f"spot-{k}", rng.randint(-200, 900), spot), "present"))
    for k in range(3):
        ring = here(square(k * 150_000, 20_000, 120_000))
        stated.append((GroundLevel(f"area-{k}", 500, outer=ring, basis="design"), "present"))
        stated.append((Zone(f"zone-{k}", "surface", rng.choice(("carriageway", "verge")), ring), "present"))
    for k in range(applications):
        parts = [
            part(f"p{j}", _laid(rng), rng.choice(_THEMES), relations=_relations(rng, assets, applications))
            for j in range(rng.choice((1, 1, 2, 3)))
        ]
        consents = (Consent("Nuts", "agreed"),) if rng.random() < 0.5 else ()
        made_by = Application(f"A-{k:03}", rng.choice(("Riolering", "Nuts")), "permit", tuple(parts), consents=consents)
        stated.append((made_by, rng.choice(("checking", "checking", "incomplete", "granted", "noted", "withdrawn"))))
    return stated


def _relations(rng: random.Random, assets: int, applications: int) -> list[Relation]:
    if rng.random() < 0.5:
        return []
    asset_ = f"asset-{rng.randrange(assets + 3):03}"
    return [
        rng.choice(
            (
                Relation("replaces", "asset", asset_),
                Relation("removes", "asset", asset_, left_in_ground=True),
                Relation("uses", "reservation", f"reservation-{rng.randrange(14)}"),
                Relation("continues", "works", f"A-{rng.randrange(applications):03}/p0"),
            )
        )
    ]


def _laid(rng: random.Random) -> Geometry:
    """What is to be laid: with a level or cover, and a size."""
    points = _course(rng, rng.choice((2, 3, 6, 14)))
    size = rounded(rng.choice((110, 400, 1_000)))
    if rng.random() < 0.3:
        return line(points, [rng.randint(600, 1_500) for _ in points], size, of="top", reference="ground")
    return line(points, [rng.randint(-3_000, -500) for _ in points], size)


def _shape(rng: random.Random) -> Geometry:
    kind = rng.random()
    points = _course(rng, rng.choice((2, 4, 9, 30)))
    if kind < 0.1:
        return Volume(here(square(*points[0], rng.randint(1_000, 30_000))), (), -4_000, _top(rng), "nap")
    if kind < 0.2:
        return shaft(points[0], -3_000, _top(rng), rounded(1_000))
    size: Size | None = rounded(rng.choice((110, 400, 1_000))) if rng.random() < 0.9 else None
    levels = [None if rng.random() < 0.1 else rng.randint(-3_000, -500) for _ in points]
    return line(points, levels, size)


def _top(rng: random.Random) -> Bound:
    return rng.randint(-2_000, 500)


def _course(rng: random.Random, corners: int) -> list[Point]:
    x, y = rng.randint(0, 400_000), rng.randint(0, 200_000)
    points = [(x, y)]
    for _ in range(corners - 1):
        x, y = x + rng.randint(-20_000, 40_000), y + rng.randint(-15_000, 15_000)
        points.append((x, y))
    return points
