"""Builders for tests of the core: objects, solids and rulesets in millimetres, at an ordinary place in RD."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from registry.core.clash import Clash, find_clash
from registry.core.ground import Ground
from registry.core.model import (
    Application,
    Asset,
    Bound,
    Consent,
    Envelope,
    Geometry,
    Line,
    Object,
    Part,
    Point,
    Relation,
    Reservation,
    Shaft,
    Size,
    Uncertainty,
    Volume,
)
from registry.core.policy import Clearance, Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.solids import Corridor, MeasuredFrom, Prism, Solid, solid_of
from registry.core.verdict import Verdict, judge

#: Added to all plan coordinates: RD, mm.
HERE: Point = (155_000_000, 463_000_000)
NO_GROUND = Ground((), 0)
REACH = 10_000

Plain = dict[str, Any]
#: A clearance as (ch, cv) in mm; cv ``None`` is any depth.
Asked = tuple[int, int | None]


def here(points: Iterable[Point]) -> tuple[Point, ...]:
    """Points counted from ``HERE``."""
    return tuple((HERE[0] + x, HERE[1] + y) for x, y in points)


def rounded(width: int) -> Size:
    """A round outer size."""
    return Size("round", "outer", width, width)


def boxed(width: int, height: int) -> Size:
    """A rectangular outer size."""
    return Size("rectangular", "outer", width, height)


def line(
    points: Sequence[Point],
    levels: int | Sequence[int | None] | None,
    size: Size | None,
    *,
    of: Literal["axis", "top", "bottom", "invert"] = "axis",
    reference: Literal["nap", "ground"] = "nap",
    ground: Sequence[int | None] = (),
    envelope: Envelope | None = None,
) -> Line:
    """A line of points counted from ``HERE``; one level stands for all."""
    given = tuple(levels) if isinstance(levels, Sequence) else (levels,) * len(points)
    return Line(here(points), given, of, reference, size, envelope, tuple(ground))


def shaft(point: Point, bottom: Bound, top: Bound, size: Size | None) -> Shaft:
    """A shaft at a point counted from ``HERE``."""
    return Shaft(here([point])[0], bottom, top, "nap", size)


def volume(outer: Sequence[Point], bottom: Bound, top: Bound, holes: Sequence[Sequence[Point]] = ()) -> Volume:
    """A volume whose rings are counted from ``HERE``."""
    return Volume(here(outer), tuple(here(hole) for hole in holes), bottom, top, "nap")


def square(x: int, y: int, side: int) -> list[Point]:
    """A square ring with its lowest corner at x, y."""
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def part(
    name: str,
    geometry: Geometry,
    theme: str = "rioolVrijverval",
    *,
    object_kind: str = "line",
    relations: Sequence[Relation] = (),
    uncertainty: Uncertainty = Uncertainty(),  # noqa: B008, frozen
) -> Part:
    """A part of an application."""
    return Part(name, theme, object_kind, geometry, uncertainty=uncertainty, relations=tuple(relations))


def asset(
    name: str,
    geometry: Geometry,
    theme: str = "warmte",
    *,
    holder: str = "Warmtebedrijf",
    object_kind: str = "line",
    uncertainty: Uncertainty = Uncertainty(),  # noqa: B008, frozen
) -> Asset:
    """An asset of another holder."""
    return Asset(name, theme, object_kind, geometry, holder, uncertainty)


def reservation(
    name: str, geometry: Geometry, theme: str = "warmte", *, beneficiary: str | None = None, holder: str = "Gemeente"
) -> Reservation:
    """A planned reservation."""
    return Reservation(name, theme, "line", geometry, holder, beneficiary=beneficiary)


def application(*parts: Part, consents: Sequence[str] = ()) -> Application:
    """An application by the sewer department."""
    agreed = tuple(Consent(holder, f"agreed with {holder}") for holder in consents)
    return Application("A-1", "Riolering", "permit", parts, consents=agreed)


def solid(geometry: Geometry, measured_from: MeasuredFrom = "envelope", ground: Ground = NO_GROUND) -> Solid:
    """The canonical solid of a geometry."""
    return solid_of(part("solid", geometry), ground, measured_from)


def corridor(geometry: Line | Shaft, measured_from: MeasuredFrom = "envelope", ground: Ground = NO_GROUND) -> Corridor:
    """The canonical solid of a line or shaft."""
    made = solid(geometry, measured_from, ground)
    assert isinstance(made, Corridor)
    return made


def prism(geometry: Volume) -> Prism:
    """The canonical solid of a volume."""
    made = solid(geometry)
    assert isinstance(made, Prism)
    return made


def clash(
    a: Solid, b: Solid, ch: int, cv: int | None, uncertainty: Uncertainty = Uncertainty()  # noqa: B008, frozen
) -> Clash | None:
    """The clash of two solids, looked for within ``REACH``."""
    return find_clash(a, b, Clearance(ch, cv), uncertainty, REACH)


def _clearance(asked: Asked) -> Plain:
    ch, cv = asked
    return {"ch": _length(ch), "cv": "any_depth" if cv is None else _length(cv)}


def _length(millimetres: int) -> str:
    return f"{millimetres // 1000}.{millimetres % 1000:03} m"


def _header(name: str, severity: str) -> Plain:
    return {
        "id": name,
        "kind": name,
        "title": {"nl": name, "en": name},
        "severity": severity,
        "legal_force": "policy",
        "citation": {"document": "Beleid"},
    }


def ruleset(
    otherwise: Asked = (200, 200),
    cells: Sequence[tuple[str, str, Asked | None, Asked | None]] = (),
    covers: Sequence[tuple[str, str, int, int | None]] = (),
    *,
    joint_radius: int = 500,
    ground_level_within: int = 25_000,
    parallel_from: int = 5_000,
    assumed_depths: Sequence[tuple[str, int, int]] = (),
) -> Ruleset:
    """A ruleset with a matrix of (subject, subject, crossing, parallel), cover of (theme, surface, least, most), all
    reservations blocking, and depths assumed of (theme, least cover, most)."""
    rows = []
    for one, other, crossing, parallel in cells:
        row: Plain = {"between": [one, other], "source": "own"}
        if crossing is not None:
            row["crossing"] = _clearance(crossing)
        if parallel is not None:
            row["parallel"] = _clearance(parallel)
        rows.append(row)
    separation = {
        **_header("separation", "blocks"),
        "measured_from": "envelope",
        "parallel_below": "30 deg",
        "parallel_from": _length(parallel_from),
        "otherwise": {"crossing": _clearance(otherwise), "source": "own"},
        "cells": rows,
    }
    weighing = dict.fromkeys(("search_area", "option", "planned", "decided"), "blocks")
    reserved = {**_header("reserved_space", "blocks"), "separation": "separation", "by_strength": weighing}
    reserved["id"] = "reserved-space"
    rules = [separation, reserved]
    if covers:
        under = [
            {"theme": theme, "surface": surface, "minimum": _length(least), "source": "own"}
            | ({} if most is None else {"maximum": _length(most)})
            for theme, surface, least, most in covers
        ]
        rules.append({**_header("cover", "blocks"), "cells": under})
    return read_ruleset(
        {
            "ruleset": {
                "id": "test",
                "version": "1.0.0",
                "title": {"nl": "Proef", "en": "Test"},
                "municipality": "Voorbeeldstad",
                "effective_from": "2027-01-01",
                "judged_by": "filing_date",
                "reach": _length(REACH),
                "joint_radius": _length(joint_radius),
                "ground_level_within": _length(ground_level_within),
                "not_worsened": "advises",
                "assumed_depths": [
                    {"theme": theme, "cover": {"from": _length(least), "to": _length(most)}, "source": "own"}
                    for theme, least, most in assumed_depths
                ],
            },
            "sources": {"own": {"title": "Chosen", "kind": "own", "confidence": "own"}},
            "rules": rules,
        }
    )


def judged(parts: Sequence[Part], objects: Iterable[Object], rules: Ruleset, consents: Sequence[str] = ()) -> Verdict:
    """The verdict on an application of ``parts``."""
    return judge(application(*parts, consents=consents), objects, rules)


def star(rng: random.Random, x: int, y: int, least: int, most: int, corners: int) -> list[Point]:
    """A ring around (x, y) that does not cross itself: corners in order of angle, each at a random distance."""
    turns = sorted(rng.sample(range(3600), corners))
    if max(b - a for a, b in zip(turns, [*turns[1:], turns[0] + 3600], strict=True)) >= 1700:
        return star(rng, x, y, least, most, corners)
    away = [rng.randint(least, most) for _ in turns]
    return [
        (x + round(r * math.cos(math.radians(t / 10))), y + round(r * math.sin(math.radians(t / 10))))
        for r, t in zip(away, turns, strict=True)
    ]
