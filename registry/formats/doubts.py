"""What was given, is legal, and is hardly plausible, and that nothing was compared: told beside a verdict, never
refused and no part of it.

A misplaced decimal sign, a depth written as a level or millimetres written as metres give a verdict all the same, and
mostly one that fits. The limits here are this project's own choice, wide enough that ordinary works stay within them;
no norm says them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from registry.core.errors import shown
from registry.core.ground import Ground
from registry.core.model import (
    Application,
    Asset,
    Geometry,
    GroundLevel,
    Line,
    Object,
    Part,
    Point,
    Reservation,
    Shaft,
    Volume,
    Works,
)
from registry.core.policy import Ruleset
from registry.core.solids import UNBOUNDED, Corridor, solid_of
from registry.formats.words import WORDS, Language, length

#: Own choice, mm. Where ground level is known, a level may lie this far above it, and this far below it.
ABOVE_GROUND: Final = 1_000
BELOW_GROUND: Final = 15_000
#: Own choice, mm NAP. Where it is not: the lowest polders lie near −7 m, and above +50 m only the hills.
LEVELS: Final = (-30_000, 50_000)
#: Own choice, mm: wider or higher than any sewer but the largest culverts.
LARGEST: Final = 5_000
#: What goes deep by its nature, and what may be large.
_DEEP_KINDS: Final = ("well", "bored")
_DEEP_THEMES: Final = ("soil_energy", "geothermal")
_LARGE_KINDS: Final = ("chamber", "tank")

Occupant = Part | Asset | Reservation | Works
Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value that is hardly plausible: where it is, what is odd about it and what to do."""

    code: str
    file: str
    feature: str
    field: str
    value: str
    detail: str
    remedy: str

    def line(self, lang: Language) -> str:
        return f"{WORDS[lang]['doubt']['warning']}: {self.told(lang)}"

    def told(self, lang: Language) -> str:
        """Where it is, what is odd and what to do."""
        where = ", ".join(item for item in (shown(self.file, 200), self._feature(lang), self.field) if item)
        found = f" ({self.value})" if self.value else ""
        return f"{where}: {self.detail}{found}. {self.remedy}"

    def plain(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)

    def _feature(self, lang: Language) -> str:
        what = "application" if self.code == "nothing_compared" else "feature"
        return f"{WORDS[lang]['doubt'][what]} {shown(self.feature)}"


def doubts(
    application: Application,
    basis: Iterable[Object],
    objects: Iterable[Object],
    ruleset: Ruleset,
    files: Names,
    lang: Language,
) -> list[Doubt]:
    """What is hardly plausible of the parts and of what a verdict rests on; ``objects`` are all that were given. Before
    it, where no asset or reservation was near enough to be compared, that nothing was."""
    given = list(objects)
    compared = [item for item in basis if isinstance(item, (Asset, Reservation, Works))]
    things: list[Occupant] = [*application.parts, *compared]
    ground = Ground(tuple(_near(things, given, ruleset.ground_level_within)), ruleset.ground_level_within)
    found = [doubt for thing in things for doubt in _Doubter(thing, ground, files, lang).all()]
    return found if compared else [_nothing_compared(application, given, ruleset, files, lang), *found]


def _nothing_compared(
    application: Application, given: Iterable[Object], ruleset: Ruleset, files: Names, lang: Language
) -> Doubt:
    words = WORDS[lang]["doubt"]
    code = "none_near" if any(isinstance(item, (Asset, Reservation, Works)) for item in given) else "none_given"
    return Doubt(
        code="nothing_compared",
        file=files.get((application.kind, application.id), ""),
        feature=application.id,
        field="--against",
        value="",
        detail=words[code].format(reach=length(ruleset.reach, lang, 2)),
        remedy=words[f"{code}_remedy"],
    )


def _near(things: Iterable[Occupant], objects: Iterable[Object], within: int) -> Iterator[GroundLevel]:
    """The ground levels that may count for any of the things: areas, and spot heights about them."""
    points = [point for thing in things for point in _points(thing)]
    low = [min(point[k] for point in points) - within for k in (0, 1)]
    high = [max(point[k] for point in points) + within for k in (0, 1)]
    for item in objects:
        if isinstance(item, GroundLevel):
            spot = item.position
            if spot is None or (low[0] <= spot[0] <= high[0] and low[1] <= spot[1] <= high[1]):
                yield item


def _points(thing: Occupant) -> tuple[Point, ...]:
    geometry = thing.geometry
    if isinstance(geometry, Line):
        return geometry.vertices
    return (geometry.position,) if isinstance(geometry, Shaft) else geometry.outer


def _whole(halves: int | None) -> int | None:
    """Half millimetres as whole ones, rounded up; ``None`` for what is unknown or without end."""
    return None if halves is None or halves >= UNBOUNDED else -(-halves // 2)


class _Doubter:
    """Looks at one thing."""

    def __init__(self, thing: Occupant, ground: Ground, files: Names, lang: Language):
        self.thing, self.ground, self.files, self.lang = thing, ground, files, lang
        self.grounds = ground.extremes

    def all(self) -> Iterator[Doubt]:
        geometry = self.thing.geometry
        of_levels = list(self._line(geometry) if isinstance(geometry, Line) else self._upright(geometry))
        yield from of_levels
        if isinstance(self.thing, Part) and not any(doubt.code in ("above_ground", "high") for doubt in of_levels):
            yield from self._in_the_air(geometry)
        if not isinstance(geometry, Volume) and geometry.size is not None:
            across = max(geometry.size.width or 0, geometry.size.height or 0)
            if across > LARGEST and self.thing.object_kind not in _LARGE_KINDS:
                yield self._doubt("large", "size", across, limit=LARGEST)

    def _line(self, line: Line) -> Iterator[Doubt]:
        """Each doubt of a line once, at the first vertex it holds for."""
        told: dict[str, Doubt] = {}
        for k, level in enumerate(line.levels):
            own = line.ground[k] if line.ground else None
            if level is not None and not self._beyond_doubt(level, line.level_reference, own):
                for doubt in self._level("levels", level, line.level_reference, own, line.vertices[k]):
                    told.setdefault(doubt.code, doubt)
        yield from told.values()

    def _beyond_doubt(self, level: int, reference: str, own: int | None) -> bool:
        """Whether it is plausible whatever ground level counts there: most are, and need no search."""
        low, high = (self.grounds or (level, level)) if own is None else (own, own)
        plausible = LEVELS[0] <= level <= LEVELS[1] and high - BELOW_GROUND <= level <= low + ABOVE_GROUND
        return reference == "nap" and plausible

    def _in_the_air(self, geometry: Geometry) -> Iterator[Doubt]:
        """Where the top lies highest above ground level, if it does at all."""
        grounds = geometry.ground if isinstance(geometry, Line) else (geometry.ground,) * len(_points(self.thing))
        highest: tuple[int, int, int] | None = None
        for k, (point, top) in enumerate(zip(_points(self.thing), self._tops(), strict=True)):
            own = grounds[k] if grounds else None
            found = self.ground.at(*point) if own is None and top is not None else None
            surface = found.level if found is not None else own
            if surface is not None and top is not None and top > surface:
                highest = max(highest or (0, 0, 0), (top - surface, top, surface))
        if highest is not None:
            field = "levels" if isinstance(geometry, Line) else "top"
            yield self._doubt("in_the_air", field, highest[1], limit=highest[0], ground=highest[2])

    def _tops(self) -> list[int | None]:
        """The level of the top at each point, mm, rounded up; ``None`` where unknown or without end."""
        solid, points = solid_of(self.thing, self.ground, "casing"), _points(self.thing)
        if not isinstance(solid, Corridor):
            return [_whole(solid.top if solid.known else None)] * len(points)
        if solid.is_shaft:
            return [_whole(int(solid.segments[0].axis.z1) if solid.segments[0].known else None)]
        tops: list[int | None] = [None] * len(points)
        for segment in (segment for segment in solid.segments if segment.known):
            ends = (int(z) + (solid.height or 0) for z in (segment.axis.z0, segment.axis.z1))
            tops[segment.index], tops[segment.index + 1] = (_whole(end) for end in ends)
        return tops

    def _upright(self, geometry: Shaft | Volume) -> Iterator[Doubt]:
        at = geometry.position if isinstance(geometry, Shaft) else geometry.outer[0]
        for field, bound in (("bottom", geometry.bottom), ("top", geometry.top)):
            if isinstance(bound, int):
                yield from self._level(field, bound, geometry.level_reference, geometry.ground, at)

    def _level(self, field: str, value: int, reference: str, own: int | None, at: Point) -> Iterator[Doubt]:
        deep = self.thing.object_kind in _DEEP_KINDS or self.thing.theme in _DEEP_THEMES
        if reference == "ground":
            if value > BELOW_GROUND and not deep:
                yield self._doubt("deep_cover", field, value, limit=BELOW_GROUND)
            return
        found = self.ground.at(*at) if own is None else None
        surface = found.level if found is not None else own
        if surface is None:
            if value > LEVELS[1] or (value < LEVELS[0] and not deep):
                yield self._doubt("high" if value > LEVELS[1] else "low", field, value, limit=LEVELS[value > LEVELS[1]])
        elif value > surface + ABOVE_GROUND:
            yield self._doubt("above_ground", field, value, limit=value - surface, ground=surface)
        elif value < surface - BELOW_GROUND and not deep:
            yield self._doubt("deep", field, value, limit=surface - value, ground=surface)

    def _doubt(self, code: str, field: str, value: int, **amounts: int) -> Doubt:
        words = WORDS[self.lang]["doubt"]
        told = {name: length(mm, self.lang, 2) for name, mm in amounts.items()}
        return Doubt(
            code=code,
            file=self.files.get((self.thing.kind, self.thing.id), ""),
            feature=self.thing.id,
            field=f"properties.{field}",
            value=words["value"].format(value=length(value, self.lang)),
            detail=words[code].format(**told),
            remedy=words[f"{code}_remedy"].format(**told),
        )
