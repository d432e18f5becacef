"""A check of a pipe of 1 km along a full street."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from registry.core.ground import Ground
from registry.core.kernels import plan_nearest
from registry.core.model import Application, Asset, GroundLevel, Line, Object, Part, Point, Reservation, Size
from registry.core.policy import Ruleset
from registry.core.solids import Corridor, solid_of
from registry.core.verdict import judge
from registry.formats.ruleset_yaml import load_ruleset
from tests.bench.measure import Measurement, seconds

RULESETS = Path(__file__).resolve().parents[2] / "examples" / "rulesets"
ORIGIN = (155_000_000, 463_000_000)
#: The mains: theme, how far sideways from the pipe that is asked for (mm), level of the axis (unknown: ``None``), size.
MAINS = (
    ("datatransport", -6_000, -600, 100),
    ("datatransport", -5_600, None, 100),
    ("laagspanning", -5_000, -700, 60),
    ("middenspanning", -4_400, -900, 90),
    ("gasLageDruk", -3_600, -900, 160),
    ("water", -2_600, -1_100, 200),
    ("rioolVrijverval", -1_400, -2_400, 500),
    ("rioolVrijverval", 1_300, None, 400),
    ("water", 2_400, -1_100, 315),
    ("gasHogeDruk", 3_600, -1_200, 219),
    ("middenspanning", 4_600, -900, 90),
    ("laagspanning", 5_200, None, 60),
    ("datatransport", 5_700, -600, 100),
    ("warmte", 7_000, -1_200, 450),
)


def measure(smoke: bool) -> Iterator[Measurement]:
    """Seconds for one verdict, from values in memory, beside measuring every pair of segments just once."""
    metres, asked, segments = (40, 4, 280) if smoke else (1_000, 50, 20_000)
    application, objects, ruleset = street(metres, asked, segments)
    value = seconds(lambda: judge(application, objects, ruleset), 1 if smoke else 3)
    baseline = every_pair_once(application, objects)
    yield Measurement(f"check {metres} m, {segments} segments", value, "s", baseline, None if smoke else 1.5)


def every_pair_once(application: Application, objects: list[Object], sample: int = 5_000) -> float:
    """Seconds it would take to measure each segment asked for against each that lies there, told from a sample."""
    ground = Ground((), 0)
    own = [solid_of(part, ground, "envelope") for part in application.parts]
    others = [solid_of(item, ground, "envelope") for item in objects if isinstance(item, Asset)]
    firsts = [piece.axis for solid in own if isinstance(solid, Corridor) for piece in solid.segments]
    theirs = [piece.axis for solid in others if isinstance(solid, Corridor) for piece in solid.segments]
    chance = random.Random(6)
    pairs = [(chance.choice(firsts), chance.choice(theirs)) for _ in range(sample)]
    return seconds(lambda: [plan_nearest(a, b, None) for a, b in pairs], 3) / sample * len(firsts) * len(theirs)


def street(metres: int, asked: int, segments: int, seed: int = 4) -> tuple[Application, list[Object], Ruleset]:
    """A heat pipe of ``asked`` segments along 14 mains of ``segments`` in all, a reservation and spot heights."""
    chance = random.Random(seed)
    size = Size("round", "outer", 450, 450)
    part = Part("heat", "warmte", "line", wavering(chance, metres, asked, 0, -1_600, size))
    objects: list[Object] = [
        Asset(
            f"main-{k}", theme, "line", wavering(chance, metres, segments // len(MAINS), aside, level, round_of(outer)),
            holder=f"holder of {theme}",
        )
        for k, (theme, aside, level, outer) in enumerate(MAINS)
    ]  # fmt: skip
    reserved = wavering(chance, metres, asked, 9_000, -2_000, round_of(800))
    objects.append(Reservation("storm-sewer", "rioolVrijverval", "line", reserved, holder="city", strength="planned"))
    objects += [
        GroundLevel(f"spot-{x}", 0, (ORIGIN[0] + x * 1_000, ORIGIN[1])) for x in range(0, metres + 1, 20)
    ]
    application = Application("1 km of heat", "heat company", "permit", (part,))
    return application, objects, load_ruleset(RULESETS / "cautious.yaml")


def round_of(outer: int) -> Size:
    return Size("round", "outer", outer, outer)


def wavering(
    chance: random.Random, metres: int, segments: int, aside: int, level: int | None, size: Size
) -> Line:
    """A line along the street that strays up to 5 cm from where it is drawn."""
    vertices: list[Point] = [
        (ORIGIN[0] + 1_000 * metres * k // segments, ORIGIN[1] + aside + chance.randint(-50, 50))
        for k in range(segments + 1)
    ]
    levels = [None if level is None else level + chance.randint(-50, 50) for _ in vertices]
    return Line(tuple(vertices), tuple(levels), "axis", "nap", size)
