"""The kernels, beside the same numbers in plain ratios (``tests.core.oracles``)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from registry.core.kernels import Axis, plan_nearest, segment_distance
from tests.bench.measure import Measurement, seconds
from tests.core.oracles import nearest_in_plan, nearest_in_space

#: Twice (half of two heights of 0.40 m, and 0.20 m clearance), half mm.
SLAB = 1_200


def measure(smoke: bool) -> Iterator[Measurement]:
    """Microseconds per pair of segments as they lie in a street."""
    pairs = street_pairs(50 if smoke else 2_000, seed=2)
    sample = pairs[: len(pairs) // 10]
    spatial = [(((*a[:3],), (*a[3:],)), ((*b[:3],), (*b[3:],))) for a, b in pairs]

    def told(name: str, fast: Callable[[], object], plain: Callable[[], object], target: float) -> Measurement:
        value = seconds(fast, 1 if smoke else 5) / len(pairs) * 1e6
        baseline = seconds(plain, 1 if smoke else 3) / len(sample) * 1e6
        return Measurement(name, value, "µs/pair", baseline, None if smoke else target)

    yield told(
        "segment_distance",
        lambda: [segment_distance(a, b) for a, b in spatial],
        lambda: [nearest_in_space(a, b) for a, b in spatial[: len(sample)]],
        10,
    )
    yield told("plan_nearest any depth", *_plan(pairs, sample, None), 10)
    clipped = [pair for pair in pairs if is_clipped(*pair)]
    assert len(clipped) > len(pairs) // 4
    pairs, sample = clipped, clipped[: len(clipped) // 10 or 1]
    yield told("plan_nearest clipped", *_plan(pairs, sample, SLAB), 5)


def _plan(
    pairs: Sequence[tuple[Axis, Axis]], sample: Sequence[tuple[Axis, Axis]], slab: int | None
) -> tuple[Callable[[], object], Callable[[], object]]:
    return (
        lambda: [plan_nearest(a, b, slab) for a, b in pairs],
        lambda: [nearest_in_plan(a, b, slab) for a, b in sample],
    )


def is_clipped(a: Axis, b: Axis) -> bool:
    """Whether the slab cuts off some of the pair, but not all."""
    heights = [a.z0 - b.z0, a.z1 - b.z0, a.z1 - b.z1, a.z0 - b.z1]
    outside = max(heights) > SLAB or min(heights) < -SLAB
    return outside and min(heights) < SLAB and max(heights) > -SLAB


def street_pairs(count: int, seed: int) -> list[tuple[Axis, Axis]]:
    """Pairs of sloping segments of up to 20 m, within some metres of each other, far from the origin."""
    chance = random.Random(seed)

    def axis() -> Axis:
        x, y, z = 155_000_000 + chance.randrange(5_000), 463_000_000 + chance.randrange(5_000), -chance.randrange(8_000)
        reach = 20_000
        far = (x + chance.randint(-reach, reach), y + chance.randint(-reach, reach), z + chance.randint(-2_000, 2_000))
        return Axis(x, y, z, *far)

    return [(axis(), axis()) for _ in range(count)]
