"""Worlds of rows to search in, and what is found there by all pairs of rows, each by the exact kernels."""

from __future__ import annotations

import random
from math import isqrt
from typing import NamedTuple

import numpy as np

from registry.core import index
from registry.core.index import ANY, Asked
from registry.core.kernels import Axis, Nearest, face_gap, plan_nearest, segment_distance
from registry.core.packed import BOX, UNKNOWN, Column

#: One row, ``Column`` by column.
Row = list[int]
#: Subject, name of the object, gap, own number, other number.
Line = tuple[int, str, int, int, int]


class Rules(NamedTuple):
    """What is asked, by own group and that of the other."""

    ch: list[list[int]]
    cv: list[list[int]]
    euclid: bool = False

    @property
    def asked(self) -> Asked:
        return Asked(np.array(self.ch, np.int32), np.array(self.cv, np.int32), self.euclid)


class Named(NamedTuple):
    """An object of a world: its rows may have any numbers."""

    name: str
    group: int
    rows: list[Row]


class World(NamedTuple):
    """Objects, those on whose behalf is searched, and what is asked."""

    objects: list[Named]
    subjects: list[Named]
    rules: Rules


def exact_gap(p: Row, q: Row, slab: int | None, euclid: bool) -> int | None:
    """The gap of two rows: of a box the least that what is in it may have."""
    widths = p[Column.WIDTH] + q[Column.WIDTH]
    if p[Column.FLAGS] & BOX or q[Column.FLAGS] & BOX:
        low, high = dz(p, q)
        if slab is not None and max(low, high) >= slab:
            return None
        num, den = plan_of(p, q)
        # The half of what a gap forgives, so that it is never more than that of what is in the box.
        return (isqrt(4_000_000 * num // den) - 1000 * widths + 1) // 2000
    near: Nearest | None
    if euclid and not unknown(p, q):
        near = segment_distance(*(((2 * r[0], 2 * r[1], r[2]), (2 * r[3], 2 * r[4], r[5])) for r in (p, q)))
        near = near._replace(den=4 * near.den)
    else:
        near = plan_nearest(Axis(*p[:6]), Axis(*q[:6]), slab)
    return None if near is None else face_gap(int(near.num), int(near.den), widths)


def unknown(p: Row, q: Row) -> bool:
    return UNKNOWN in (p[Column.Z0], q[Column.Z0])


def dz(p: Row, q: Row) -> tuple[int, int]:
    """By how much the one lies above the other (half mm), and the other above the one."""
    a, b = sorted((p[Column.Z0], p[Column.Z1])), sorted((q[Column.Z0], q[Column.Z1]))
    return a[0] - b[1], b[0] - a[1]


def plan_of(p: Row, q: Row) -> tuple[int, int]:
    """The squared distance in plan of two rows of which one at least is a box, as a ratio."""
    inside, sides = [], []
    for row in (p, q):
        x0, y0, x1, y1 = row[0], row[1], row[3], row[4]
        if row[Column.FLAGS] & BOX:
            ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
            sides.append([Axis(*ring[k - 1], 0, *ring[k], 0) for k in range(4)])
        else:
            sides.append([Axis(x0, y0, 0, x1, y1, 0)])
    for one, other in ((p, q), (q, p)):
        if other[Column.FLAGS] & BOX:
            inside.append(other[0] <= one[0] <= other[3] and other[1] <= one[1] <= other[4])
    if any(inside):
        return 0, 1
    found = [plan_nearest(a, b, None) for a in sides[0] for b in sides[1]]
    near = min((n for n in found if n is not None), key=lambda n: n.num / n.den)
    return int(near.num), int(near.den)


def plainly(world: World) -> set[Line]:
    """All pairs of rows; those whose boxes in plan lie farther apart than what is asked are not measured."""
    rules, lines = world.rules, set()
    owner = [k for k, thing in enumerate(world.objects) for _ in thing.rows]
    rows = [row for thing in world.objects for row in thing.rows]
    others = np.array(rows, np.int64).reshape(-1, len(Column))
    group = np.array([thing.group for thing in world.objects], np.int64)[owner] if rows else np.zeros(0, np.int64)
    for number, subject in enumerate(world.subjects):
        best: dict[str, tuple[int, int, int]] = {}
        for own in subject.rows:
            ch = np.array(rules.ch, np.int64)[subject.group][group] + own[Column.XY] + others[:, Column.XY]
            reach = ch + (own[Column.WIDTH] + others[:, Column.WIDTH]) // 2 + 2
            near = np.ones(len(rows), np.bool_)
            for k in (0, 1):
                ends = others[:, [k, k + 3]]
                near &= ends.min(axis=1) - max(own[k], own[k + 3]) <= reach
                near &= min(own[k], own[k + 3]) - ends.max(axis=1) <= reach
            for j in np.flatnonzero(near).tolist():
                other, thing = rows[j], world.objects[owner[j]]
                cv, slab = rules.cv[subject.group][thing.group], None
                if cv != ANY and not rules.euclid and not unknown(own, other):
                    slab = own[Column.HEIGHT] + other[Column.HEIGHT]
                    slab = max(slab + 2 * (cv + own[Column.Z] + other[Column.Z]), 1)
                gap = exact_gap(own, other, slab, rules.euclid)
                if gap is not None and gap < ch[j]:
                    line = gap, own[Column.NUMBER], other[Column.NUMBER]
                    best[thing.name] = min(best.get(thing.name, line), line)
        lines |= {(number, name, *line) for name, line in best.items()}
    return lines


class Maker:
    """Makes worlds of one kind."""

    def __init__(self, rng: random.Random, x: int, y: int, spread: int):
        self.rng, self.x, self.y, self.spread = rng, x, y, spread
        self.long = [rng.choice([500, 5_000, 20_000])]
        self.unknown, self.boxes, self.xy = rng.choice([0, 0, 0.3]), rng.choice([0, 0.2]), rng.choice([0, 0, 700])
        self.step = rng.choice([1, 1, 250])
        self.rise = rng.choice([0, 40, 1_500])

    def place(self) -> tuple[int, int]:
        x, y = (at + self.rng.randint(0, self.spread) // self.step * self.step for at in (self.x, self.y))
        return self.kept(x, y)

    @staticmethod
    def kept(x: int, y: int) -> tuple[int, int]:
        return tuple(max(index.LOWEST, min(index.HIGHEST, at)) for at in (x, y))  # type: ignore[return-value]

    def line(self, count: int) -> list[Row]:
        """Segments one after another, in any direction; some of no length."""
        rng, rows = self.rng, []
        (x, y), z = self.place(), -2 * rng.randint(500, 3_000)
        width, height = rng.choice([0, 63, 110, 315, 1_000]), rng.choice([0, 63, 315])
        xy, dz = (rng.randint(0, self.xy), rng.choice([0, 100])) if self.xy else (0, 0)
        long = rng.choice(self.long)
        for k in range(count):
            step = rng.choice([long, long, rng.randint(0, long), 0])
            u, v = self.kept(x + rng.randint(-step, step), y + rng.randint(-step, step) // rng.choice([1, 20]))
            w = z + rng.randint(-self.rise, self.rise)
            heights = (UNKNOWN, UNKNOWN) if rng.random() < self.unknown else (z, w)
            rows.append([x, y, heights[0], u, v, heights[1], width, height, xy, dz, k, 0])
            x, y, z = u, v, w
        return rows

    def box(self) -> list[Row]:
        rng, (x, y) = self.rng, self.place()
        u, v = self.kept(x + rng.randint(0, 9_000), y + rng.randint(0, 9_000))
        low, high = sorted(-2 * rng.randint(0, 4_000) for _ in range(2))
        if rng.random() < 0.3:
            low = high = UNKNOWN
        return [[x, y, low, u, v, high, 0, 0, rng.randint(0, self.xy), 0, 0, BOX]]

    def named(self, name: str, most: int) -> Named:
        rng = self.rng
        rows = self.box() if rng.random() < self.boxes else self.line(rng.randint(1, most))
        return Named(name, rng.randrange(3), rows)

    def world(self, objects: int, subjects: int) -> World:
        rng = self.rng
        named = [self.named(f"o {k}", 8) for k in range(objects)]
        # The same again: only the name tells them apart.
        named += [again._replace(name=f"{again.name} again") for again in rng.sample(named, min(objects, 4))]
        asking = [self.named("", 6) for _ in range(subjects)]
        asking += [rng.choice(named) for _ in range(2) if named] + [Named("", 0, [])]
        for subject in asking[::3]:  # a line and a box in one
            more = self.box() if rng.random() < 0.5 else self.line(2)
            subject.rows[:] = [[*row[:10], k, row[11]] for k, row in enumerate([*subject.rows, *more])]
        rng.shuffle(asking)
        far = rng.choice([0, 300, 2_000])
        ch = [[rng.choice([0, far, far // 2, 1]) for _ in range(3)] for _ in range(3)]
        cv = [[rng.choice([ANY, 0, 200, 500]) for _ in range(3)] for _ in range(3)]
        return World(named, asking, Rules(ch, cv, rng.random() < 0.3))
