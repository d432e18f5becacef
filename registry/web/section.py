"""A cross-section at the place of a finding: the upright plane across the part, and what it cuts through.

Drawn to scale, from the solids that are judged: reservations by their envelope where the rule measures from that. What
has no known depth is drawn over the whole height.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.errors import shown
from registry.core.findings import Finding
from registry.core.ground import Ground
from registry.core.model import Thing
from registry.core.solids import solid_of
from registry.web.cuts import Cut, CutPlane, cuts_of, ends_of, ground_along, plane_of
from registry.web.placing import Places
from registry.web.plan import Label, Look, Tick, look_of
from registry.web.window import Dot, step_of

#: Units: how wide a section is, and how high at most.
WIDTH: Final = 600.0
MOST_HEIGHT: Final = 420.0
_LEAST_HEIGHT: Final = 220.0
#: mm: how far to the sides is drawn at most, and how much room is left around.
_MOST_ASIDE: Final = 8_000
_ROOM: Final = 700


@dataclass(frozen=True, slots=True)
class Item:
    """A cut as it is drawn, units."""

    look: Look
    theme: str
    x: float
    y: float
    w: float
    h: float
    round: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Size:
    """A dimension line: what it tells (``gap``, ``required``, ``missing``), how many mm, and where."""

    kind: str
    mm: int
    path: str
    at: Dot


@dataclass(frozen=True, slots=True)
class Section:
    """What is drawn of one finding."""

    number: int
    width: float
    height: float
    items: tuple[Item, ...]
    ground: str
    levels: tuple[Tick, ...]
    labels: tuple[Label, ...]
    sizes: tuple[Size, ...]
    missing: tuple[float, float, float, float] | None
    ends: tuple[str, str]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole drawing."""
        return 52 + self.width + 8, 6 + self.height + 30


def section_of(number: int, finding: Finding, things: Sequence[Thing], ground: Ground) -> Section | None:
    """The section at a finding's place; ``None`` where its part or the others are not cut there."""
    by_name = {(getattr(thing, "kind", ""), thing.id): thing for thing in things}
    part = by_name.get(("part", finding.place.part))
    others = [by_name[key] for key in ((c.kind, c.id) for c in finding.counterparts) if key in by_name]
    plane = None if part is None else plane_of(finding, [part, *others])
    if part is None or plane is None:
        return None
    measured = "casing" if finding.measured_from == "casing" else "envelope"
    cuts = [cut for thing in things for cut in cuts_of(thing, solid_of(thing, ground, measured), plane)]  # type: ignore[arg-type]
    about = {id(part), *(id(other) for other in others)}
    shown_cuts = [cut for cut in cuts if id(cut.thing) in about]
    if not any(cut.thing is part for cut in shown_cuts):
        return None
    across = [cut for cut in shown_cuts if not cut.along] or shown_cuts
    left = max(min(cut.left for cut in across) - _ROOM, -_MOST_ASIDE)
    right = min(max(cut.right for cut in across) + _ROOM, _MOST_ASIDE)
    grounds = ground_along(plane, left, right, ground)
    known = [cut for cut in shown_cuts if cut.bottom is not None and cut.top is not None]
    if not known or left >= right:
        return None
    low = min(max(cut.bottom or 0.0, (cut.top or 0.0) - 6_000) for cut in known) - _ROOM
    high = max(min(cut.top or 0.0, (cut.bottom or 0.0) + 6_000) for cut in known) + _ROOM
    levels = [level for _, level in grounds if high < level + 400 < high + 4_000]
    high = max([high, *(level + 400 for level in levels)])
    return _Drawing(number, finding, plane, left, right, low, high).drawn(cuts, part, others, grounds)


class _Drawing:
    """Puts cuts into units."""

    def __init__(
        self, number: int, finding: Finding, plane: CutPlane, left: float, right: float, low: float, high: float
    ):
        self.number, self.finding, self.plane = number, finding, plane
        self.scale = min(WIDTH / (right - left), MOST_HEIGHT / (high - low))
        self.height = max((high - low) * self.scale, _LEAST_HEIGHT)
        self.left = (left + right) / 2 - WIDTH / self.scale / 2
        self.high = (low + high) / 2 + self.height / self.scale / 2

    def x(self, sideways: float) -> float:
        return min(max((sideways - self.left) * self.scale, -50.0), WIDTH + 50.0)

    def y(self, level: float) -> float:
        return min(max((self.high - level) * self.scale, -50.0), self.height + 50.0)

    def drawn(
        self, cuts: Sequence[Cut], part: Thing, others: Sequence[Thing], grounds: Sequence[tuple[float, float]]
    ) -> Section:
        right, low = self.left + WIDTH / self.scale, self.high - self.height / self.scale
        seen = [
            cut
            for cut in cuts
            if cut.right > self.left and cut.left < right and (cut.top is None or cut.top > low)
            and (cut.bottom is None or cut.bottom < self.high)
        ]  # fmt: skip
        seen.sort(key=lambda cut: (cut.known, -_face(cut), cut.thing.id))  # small ones are drawn over large ones
        mine = [cut for cut in seen if cut.thing is part]
        theirs = [cut for cut in seen if any(cut.thing is other for other in others)]
        places = Places(WIDTH, self.height)
        sizes, missing = self._sizes(mine, theirs)
        for size in sizes:
            places.keep((size.at[0], size.at[1] - 4), 170, 18)
        about = [*mine, *theirs]
        rest = [cut for cut in seen if cut not in about]
        return Section(
            self.number,
            WIDTH,
            self.height,
            tuple(self._item(cut) for cut in seen),
            "M" + "L".join(f"{self.x(u):.1f} {self.y(z):.1f}" for u, z in grounds) if len(grounds) > 1 else "",
            tuple(self._levels()),
            tuple(self._labels([*about, *rest], places)),
            tuple(sizes),
            missing,
            ends_of(self.plane.across),
        )

    def _item(self, cut: Cut) -> Item:
        x, x1 = self.x(cut.left), self.x(cut.right)
        top = self.y(self.high if cut.top is None else cut.top)
        low = self.height if cut.bottom is None else self.y(cut.bottom)
        whole = cut.round and self.left < cut.left and cut.known
        look = look_of(cut.thing)
        return Item(look, cut.thing.theme, x, top, max(x1 - x, 1.5), max(low - top, 1.5), whole, cut.known)

    def _levels(self) -> Iterator[Tick]:
        span = self.height / self.scale / 1000
        step = step_of(span, 6)
        first = int((self.high / 1000 - span) / step) - 1
        for k in range(first, int(self.high / 1000 / step) + 2):
            at = (self.high - k * step * 1000) * self.scale
            if 4 <= at <= self.height - 4:
                yield Tick(at, k * step)

    def _labels(self, cuts: Iterable[Cut], places: Places) -> Iterator[Label]:
        told: set[int] = set()
        for cut in cuts:
            if id(cut.thing) in told:
                continue
            item = self._item(cut)
            middle = item.x + item.w / 2, item.y + item.h / 2
            text = shown(cut.thing.id, 26)
            wide = len(text) * 6.7 + 4
            inside = wide < item.w and item.h > 16
            below = middle[0], item.y + item.h
            at = places.take(middle, wide, 14, (0,)) if inside else places.take(below, wide, 14, (14, 28, 42))
            at = at or places.take((middle[0], item.y), wide, 14, (14, 28, 42))
            if at is not None:
                told.add(id(cut.thing))
                yield Label(text, at, item.look)

    def _sizes(
        self, mine: Sequence[Cut], theirs: Sequence[Cut]
    ) -> tuple[list[Size], tuple[float, float, float, float] | None]:
        """The dimension lines between the part and the other, where the drawing shows what the finding says."""
        gap, required, missing = self.finding.gap, self.finding.required, self.finding.missing
        if gap is None or required is None or missing is None or not mine or not theirs:
            return [], None
        first, second = mine[0], theirs[0]
        if gap.horizontal is not None and required.horizontal is not None and (missing.horizontal or 0) > 0:
            found = self._sideways(first, second, gap.horizontal, required.horizontal)
            if found[0]:
                return found
        if gap.vertical is not None and required.vertical is not None and (missing.vertical or 0) > 0:
            return self._upwards(first, second, gap.vertical, required.vertical)
        return [], None

    def _upwards(
        self, first: Cut, second: Cut, gap: int, required: int
    ) -> tuple[list[Size], tuple[float, float, float, float] | None]:
        if gap < 0 or first.bottom is None or first.top is None or second.bottom is None or second.top is None:
            return [], None
        above = first.bottom + first.top > second.bottom + second.top
        face, other = (first.bottom, second.top) if above else (first.top, second.bottom)
        if abs(abs(face - other) - gap) > 3 or first.right < second.left or second.right < first.left:
            return [], None
        due = other + (1 if above else -1) * required
        x0 = max(self.x(max(first.left, second.left)), 0.0)
        x1 = min(self.x(min(first.right, second.right)), WIDTH)
        y0, y1, yd = self.y(other), self.y(face), self.y(due)
        top, low = sorted((y1, yd))
        left, right = max(self.x(first.left) - 18, 12), min(self.x(first.right) + 18, WIDTH - 12)
        return [
            Size("gap", gap, _upright(left, y0, y1), (max(left - 58, 62), (y0 + y1) / 2 + 4)),
            Size("required", required, _upright(right, y0, yd), (min(right + 62, WIDTH - 66), (y0 + yd) / 2 + 4)),
        ], (x0, top, max(x1 - x0, 1.0), low - top)

    def _sideways(
        self, first: Cut, second: Cut, gap: int, required: int
    ) -> tuple[list[Size], tuple[float, float, float, float] | None]:
        on_right = first.left + first.right > second.left + second.right
        face, other = (first.left, second.right) if on_right else (first.right, second.left)
        if gap < 0 or abs(abs(face - other) - gap) > 3:
            return [], None  # in this plane it is another distance: what is drawn may not say this one
        sign = 1 if on_right else -1
        due = other + sign * required
        tops = [self.y(cut.top) for cut in (first, second) if cut.top is not None]
        lows = [self.y(cut.bottom) for cut in (first, second) if cut.bottom is not None]
        if not tops or not lows or first.top is None or first.bottom is None:
            return [], None
        above = max(min(tops) - 26, 22)
        below = min(max(lows) + 22, self.height - 12)
        x0, x1, xd = self.x(other), self.x(face), self.x(due)
        left, right = sorted((x1, xd))
        short = (left, self.y(first.top), right - left, self.y(first.bottom) - self.y(first.top))
        return [
            Size("gap", gap, _dimension(x0, x1, above), ((x0 + x1) / 2, above - 7)),
            Size("required", required, _dimension(x0, xd, below), ((x0 + xd) / 2, below - 6)),
        ], short


def _upright(x: float, y0: float, y1: float) -> str:
    return f"M{x:.1f} {y0:.1f}V{y1:.1f}M{x - 5:.1f} {y0:.1f}H{x + 5:.1f}M{x - 5:.1f} {y1:.1f}H{x + 5:.1f}"


def _face(cut: Cut) -> float:
    """How large a cut is, mm²."""
    return (cut.right - cut.left) * ((cut.top or 0.0) - (cut.bottom or 0.0))


def _dimension(x0: float, x1: float, y: float) -> str:
    return f"M{x0:.1f} {y:.1f}H{x1:.1f}M{x0:.1f} {y - 5:.1f}V{y + 5:.1f}M{x1:.1f} {y - 5:.1f}V{y + 5:.1f}"
