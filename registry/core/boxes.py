"""Boxes in plan, and which of many lie near one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

#: Least x and y, greatest x and y, mm.
Box = tuple[int, int, int, int]
#: The indices of two boxes.
Pair = tuple[int, int]


def boxes_meet(p: Box, q: Box, margin: int) -> bool:
    """Whether two boxes lie within ``margin`` mm of each other, along both axes."""
    return (
        p[0] - margin <= q[2] and q[0] - margin <= p[2] and p[1] - margin <= q[3] and q[1] - margin <= p[3]
    )


def box_around(points: Iterable[tuple[int, int]], margin: int = 0) -> Box:
    """The least box around points, ``margin`` mm wider on all sides."""
    xs, ys = zip(*points, strict=True)
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def joined(boxes: Iterable[Box], factor: float = 1.25) -> list[Box]:
    """Fewer boxes that hold all that these hold, where those that lie near each other follow each other, as along a
    line: each is joined with the ones before it as long as the box around them has no more than ``factor`` times the
    area that they have one by one. So all have no more than that, and a straight street is one box.
    """
    found: list[Box] = []
    west = south = east = north = area = 0
    for w, s, e, n in boxes:
        own = (e - w) * (n - s)
        if found:
            around = min(west, w), min(south, s), max(east, e), max(north, n)
            if (around[2] - around[0]) * (around[3] - around[1]) <= factor * (area + own):
                west, south, east, north = found[-1] = around
                area += own
                continue
        found.append((w, s, e, n))
        west, south, east, north, area = w, s, e, n, own
    return found


def near_boxes(first: Sequence[Box], second: Sequence[Box], margin: int) -> Iterator[Pair]:
    """The pairs of boxes within ``margin`` mm of each other, in order."""
    strips = Strips(second, margin)
    whole = (
        min(box[0] for box in second),
        min(box[1] for box in second),
        max(box[2] for box in second),
        max(box[3] for box in second),
    )
    for i, box in enumerate(first):
        if boxes_meet(box, whole, margin):
            for j in strips.near(box):
                yield i, j


class Strips:
    """Boxes sorted into strips across the direction in which they spread most, to find those within ``margin`` of one.

    A strip is as wide as a box is on average, so that together the strips hold each box about twice at most.
    """

    def __init__(self, boxes: Sequence[Box], margin: int):
        self.boxes, self.margin = boxes, margin
        spreads = [max(box[k + 2] for box in boxes) - min(box[k] for box in boxes) for k in (0, 1)]
        self.along = 0 if spreads[0] >= spreads[1] else 1
        extent = sum(box[self.along + 2] - box[self.along] for box in boxes)
        self.width = max(extent, spreads[self.along]) // len(boxes) + 1
        self.strips: dict[int, list[int]] = {}
        for j, box in enumerate(boxes):
            for strip in range(box[self.along] // self.width, box[self.along + 2] // self.width + 1):
                self.strips.setdefault(strip, []).append(j)

    def near(self, box: Box) -> list[int]:
        """The indices, in order, of the boxes within the margin of ``box``."""
        first = (box[self.along] - self.margin) // self.width
        last = (box[self.along + 2] + self.margin) // self.width
        if last - first >= len(self.strips):
            held: Iterable[int] = range(len(self.boxes))
        else:
            held = sorted({j for strip in range(first, last + 1) for j in self.strips.get(strip, ())})
        return [j for j in held if boxes_meet(box, self.boxes[j], self.margin)]
