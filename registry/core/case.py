"""One application, the objects near enough to matter, and what is known of them: what the rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from registry.core.boxes import Pair, boxes_meet, near_boxes
from registry.core.clash import Clash
from registry.core.elements import both_widths, elements, near_pairs, too_close
from registry.core.errors import Problem, Refused
from registry.core.footings import Beside
from registry.core.ground import Ground
from registry.core.joins import Ends, joined_ends
from registry.core.model import (
    Application,
    Asset,
    GroundLevel,
    Object,
    Obstacle,
    Part,
    Reservation,
    Thing,
    Uncertainty,
    Works,
    Zone,
    is_rival,
)
from registry.core.policy import Ruleset
from registry.core.runs import Hugging
from registry.core.sizes import plan_box
from registry.core.solids import Corridor, MeasuredFrom, Solid, solid_of

#: A rule, and the kind and id of two things.
Key = tuple[str, tuple[str, str], tuple[str, str]]

#: The most pairs of segments, over a whole case, near enough to each other to be judged; and of those within reach,
#: which may lie alongside. What is laid has far fewer; scribbles would take hours.
MAX_PAIRS: Final = 500_000
MAX_REACHED: Final = 5_000_000


@dataclass
class Case:
    """``parts`` and ``obstacles`` are in canonical order; ``obstacles`` is every object within the ruleset's reach.

    ``used`` gathers the ground levels and zones (kind, id) that a rule looked at, and what counts for it out of reach;
    ``beside`` and ``hugging`` keep what lies alongside what, by rule and pair, ``covered`` what whole networks cover,
    and ``met`` where what meets which zone. ``uncompared`` are the rivals (by id) drawn in too many segments: they may
    not keep another application from being judged.
    """

    application: Application
    ruleset: Ruleset
    ground: Ground
    zones: tuple[Zone, ...]
    parts: tuple[Part, ...]
    obstacles: tuple[Obstacle, ...]
    known: dict[tuple[str, str], Thing]
    used: set[tuple[str, str]] = field(default_factory=set)
    beside: dict[Key, Beside] = field(default_factory=dict)
    hugging: dict[Key, Hugging] = field(default_factory=dict)
    covered: dict[tuple[object, ...], Sequence[tuple[int, int]]] = field(default_factory=dict)
    met: dict[tuple[object, ...], Clash | None] = field(default_factory=dict)
    uncompared: frozenset[str] = frozenset()
    _solids: dict[tuple[str, str, str], Solid] = field(default_factory=dict)
    _joined: dict[tuple[str, ...], dict[str, Ends]] = field(default_factory=dict)

    @classmethod
    def of(cls, application: Application, objects: Iterable[Object], ruleset: Ruleset) -> Case:
        """The case for ``application`` out of all ``objects``, in which its own parts are no works of another.

        Raises ``Refused`` (``too_complex``) where they have more than ``MAX_PAIRS`` pairs of segments near each other.
        """
        ordered = sorted(objects, key=lambda item: (item.kind, item.id))
        ground = Ground(tuple(o for o in ordered if isinstance(o, GroundLevel)), ruleset.ground_level_within)
        parts = tuple(sorted(application.parts, key=lambda part: part.id))
        things: list[Obstacle] = [
            o
            for o in ordered
            if isinstance(o, (Asset, Reservation)) or (isinstance(o, Works) and o.application != application.id)
        ]
        known: dict[tuple[str, str], Thing] = {(o.kind, o.id): o for o in things}
        known.update({("part", part.id): part for part in parts})
        case = cls(application, ruleset, ground, tuple(o for o in ordered if isinstance(o, Zone)), parts, (), known)
        near = case._in_reach(things)
        case._refuse_scribbles([pair for pair in near if not is_rival(pair[1])])
        case.uncompared = frozenset(case._scribbled([pair for pair in near if is_rival(pair[1])]))
        names = {(type(other), other.id) for _, other in near}
        case.obstacles = tuple(o for o in things if (type(o), o.id) in names and case.within_reach(o))
        return case

    def solid(self, thing: Thing, measured_from: MeasuredFrom = "envelope") -> Solid:
        """The canonical solid of a part or object of this case."""
        key = (type(thing).__name__, thing.id, measured_from)
        if key not in self._solids:
            self._solids[key] = solid_of(thing, self.ground, measured_from)
        return self._solids[key]

    def joined(self, thing: Thing, measured_from: MeasuredFrom) -> Solid:
        """The solid with its ends as they are in its network: where it goes on in another, there is no end cap."""
        solid = self.solid(thing, measured_from)
        if not isinstance(solid, Corridor):
            return solid
        key = (_standing(thing), thing.theme, str(self.holder(thing)), measured_from)
        if key not in self._joined:
            things: Sequence[Thing] = self.parts if isinstance(thing, Part) else self.obstacles
            network = {_name(o): self.solid(o, measured_from) for o in things if self.same_network(o, thing)}
            self._joined[key] = joined_ends(network)
        return replace(solid, joined=self._joined[key].get(_name(thing), (False, False)))

    def same_network(self, a: Thing, b: Thing) -> bool:
        """Whether two are of one theme and holder: two parts, two reservations, or assets and granted works. Rivals are
        networks of their own, without those that are not compared."""
        if any(is_rival(item) and item.id in self.uncompared for item in (a, b)):
            return False
        return _standing(a) == _standing(b) and a.theme == b.theme and self.holder(a) == self.holder(b)

    def holder(self, thing: Thing) -> str | None:
        """Who holds it; a part's holder is the applicant, whatever the part says: a name is no consent."""
        return self.application.applicant if isinstance(thing, Part) else thing.holder

    def uncertainty(self, a: Thing, b: Thing) -> Uncertainty:
        """How far both together may lie from where they are said to lie."""
        extra = self.solid(a).extra_z + self.solid(b).extra_z
        return Uncertainty(a.uncertainty.xy + b.uncertainty.xy, a.uncertainty.z + b.uncertainty.z + extra)

    def within_reach(self, thing: Obstacle) -> bool:
        """Whether it lies in plan within the ruleset's reach of any part, its uncertainty included."""
        return any(self.within_reach_of(part, thing) for part in self.parts)

    def within_reach_of(self, part: Part, thing: Thing) -> bool:
        """Whether it lies in plan within the ruleset's reach of one part, the uncertainty of both included."""
        return self._near(self.solid(part), self.solid(thing), self._reach(part, thing))

    def _reach(self, part: Thing, thing: Thing) -> int:
        return self.ruleset.reach + part.uncertainty.xy + thing.uncertainty.xy

    def _in_reach(self, things: Sequence[Obstacle]) -> list[tuple[Part, Obstacle | Part]]:
        """Each part with each other thing of which the boxes in plan lie within reach: the geometry as given tells
        that, without a solid or a ground level."""
        found: list[tuple[Part, Obstacle | Part]] = []
        boxes = [plan_box(part) for part in self.parts]
        for thing in things:
            box = plan_box(thing)
            for part, own in zip(self.parts, boxes, strict=True):
                if boxes_meet(own, box, self._reach(part, thing) + 1):
                    found.append((part, thing))
        for k, (part, own) in enumerate(zip(self.parts, boxes, strict=True)):
            for other, box in zip(self.parts[k + 1 :], boxes[k + 1 :], strict=True):
                if boxes_meet(own, box, self._reach(part, other) + 1):
                    found.append((part, other))
        return found

    def _refuse_scribbles(self, near: Sequence[tuple[Part, Obstacle | Part]]) -> None:
        """Refuse what would take hours to compare, naming the two that have most of it."""
        if self._surely_few(near):
            return
        for limit, within in self._limits():
            total, most = 0, (0, near[0])
            for pair in near:
                count = self._count_near(*pair, within, limit + 1 - total)
                total, most = total + count, max(most, (count, pair), key=lambda item: item[0])
                if total > limit:
                    raise self._too_complex(*most[1], within, limit)

    def _scribbled(self, near: Sequence[tuple[Part, Obstacle | Part]]) -> set[str]:
        """The rivals, by id, that would take hours to compare beside those before them."""
        scribbled: set[str] = set()
        if self._surely_few(near):
            return scribbled
        for limit, within in self._limits():
            total = 0
            for rival in dict.fromkeys(other.id for _, other in near):
                pairs = [pair for pair in near if pair[1].id == rival and rival not in scribbled]
                counted = sum(self._count_near(*pair, within, limit + 1) for pair in pairs)
                if total + counted > limit:
                    scribbled.add(rival)
                else:
                    total += counted
        return scribbled

    def _surely_few(self, near: Sequence[tuple[Part, Obstacle | Part]]) -> bool:
        """Whether there are so few segments that nothing need be counted, as mostly there are."""
        return sum(len(self.solid(a).side_boxes) * len(self.solid(b).side_boxes) for a, b in near) <= MAX_PAIRS

    def _limits(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many pairs of segments there may be within how much of each other (mm)."""
        asked = max((getattr(rule, "widest", 0) for rule in self.ruleset.rules), default=0)
        return (MAX_PAIRS, asked), (MAX_REACHED, self.ruleset.reach)

    def _count_near(self, part: Part, other: Obstacle | Part, within: int, at_most: int) -> int:
        """How many pairs of segments or sides two things have within so much of each other in plan (mm), uncertainty
        included, counted up to ``at_most``; where a size is unknown all within reach are."""
        return sum(1 for _ in islice(self._sides_near(part, other, within), at_most))

    def _sides_near(self, part: Part, other: Thing, within: int) -> Iterator[Pair]:
        a, b = self.solid(part), self.solid(other)
        unknown = any(isinstance(solid, Corridor) and solid.width is None for solid in (a, b))
        apart = max(within, self.ruleset.reach if unknown else 0) + part.uncertainty.xy + other.uncertainty.xy
        return near_boxes(a.side_boxes, b.side_boxes, both_widths(a, b) // 2 + 1 + apart)

    def _too_complex(self, part: Part, other: Obstacle | Part, within: int, limit: int) -> Refused:
        """Of two things the one with more segments near the other is named first: there fewer would help most."""
        pairs = list(islice(self._sides_near(part, other, within), limit))
        ends = [(len({pair[k] for pair in pairs}), thing) for k, thing in enumerate((part, other))]
        (_, worst), (_, rest) = sorted(ends, key=lambda end: -end[0])
        detail = f"with {rest.kind} {rest.id} it has most of more than {limit:,} pairs of segments near each other"
        remedy = "Draw it with fewer vertices, or cut it into parts."
        return Refused(Problem("too_complex", detail, remedy, "geometry.coordinates", feature=worst.id))

    @staticmethod
    def _near(a: Solid, b: Solid, reach: int) -> bool:
        widths = both_widths(a, b)
        firsts, seconds = elements(a), elements(b)
        return any(
            too_close(firsts[i], seconds[j], widths, 0, None, reach + 1) for i, j in near_pairs(a, b, reach)
        )

    def together(self, a: Thing, b: Thing) -> bool:
        """Whether the two are ever there at the same time.

        Only declared temporary periods and removals with a recorded date separate in time.
        """
        (start, end), (other_start, other_end) = self._present(a), self._present(b)
        return (end is None or other_start is None or other_start < end) and (
            other_end is None or start is None or start < other_end
        )

    def there_throughout(self, a: Thing, b: Thing) -> bool:
        """Whether the one is surely there as long as the other is."""
        (start, end), (other_start, other_end) = self._present(a), self._present(b)
        return (start is None or start == other_start or (other_start is not None and start < other_start)) and (
            end is None or (other_end is not None and other_end <= end)
        )

    def there_until_works(self, asset: Asset) -> bool:
        """Whether an asset is there when the works start, as far as dates are stated."""
        works, (start, end) = self.application.works_start, self._present(asset)
        if works is None:
            return start is None and end is None
        return (start is None or start < works) and (end is None or end >= works)

    def _present(self, thing: Thing) -> tuple[str | None, str | None]:
        if isinstance(thing, (Part, Works)):
            # Never there before the works start; a period that is over by then separates nothing.
            start = self.application.works_start if isinstance(thing, Part) else thing.works_start
            period = thing.temporary
            if period is None or (start is not None and period.end is not None and period.end <= start):
                return start, None
            return max(filter(None, (start, period.start)), default=None), period.end
        if thing.temporary is not None:
            return thing.temporary.start, thing.temporary.end
        return None, thing.removal_date if isinstance(thing, Asset) else None

    def basis(self, extra: Sequence[Thing]) -> list[Object]:
        """Every object the verdict rests on: within reach, named by a relation, or used by a rule."""
        rests: dict[tuple[str, str], Object] = {(o.kind, o.id): o for o in self.obstacles}
        rests.update({(o.kind, o.id): o for o in extra if isinstance(o, (Asset, Reservation, Works))})
        things: list[Thing] = [*self.parts, *(o for o in rests.values() if isinstance(o, (Asset, Reservation, Works)))]
        grounds = {name for thing in things for name in self.solid(thing).ground_used}
        grounds |= {name for kind, name in self.used if kind == "ground_level"}
        zones = {name for kind, name in self.used if kind == "zone"}
        rests.update({(o.kind, o.id): o for o in self.ground.levels if o.id in grounds})
        rests.update({(o.kind, o.id): o for o in self.zones if o.id in zones})
        far = (self.known[name] for name in self.used if name in self.known)
        rests.update({(o.kind, o.id): o for o in far if isinstance(o, (Asset, Reservation, Works))})
        return [rests[key] for key in sorted(rests)]


def _name(thing: Thing) -> str:
    """A name that no other thing of the case has."""
    return f"{type(thing).__name__} {thing.id}"


def _standing(thing: Thing) -> str:
    """What counts as one network with what: granted works are as good as there."""
    if isinstance(thing, Works):
        return "rival" if is_rival(thing) else "Asset"
    return type(thing).__name__
