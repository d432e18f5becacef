"""What somebody would ask of PostGIS: in one statement what is too near, and the least gap of each object.

Gaps are those of round things in whole millimetres, with the same thousandth that the agreed definition forgives. Each
statement stands here in the ways one may write it; the quickest of them is what the figures are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg

from registry.core.packed import Column, Rows
from tests.bench.answers import Answers
from tests.bench.applications import Applications
from tests.bench.city import CLEARANCE, City
from tests.bench.postgres import copied, fields, line_strings, line_type

_GAP: Final = "floor(ST_3DDistance(q.geom, s.geom) * 1000 - (%(width)s + s.width) / 2.0::float8 + 0.001)"
_ASKED: Final = "(%(asked)s::integer[])[s.theme + 1] + s.xy + %(xy)s"
_CUT: Final = "(SELECT (ST_DumpSegments(%(line)b::geometry)).geom AS geom OFFSET 0) q"
_WHOLE: Final = "(SELECT %(line)b::geometry AS geom OFFSET 0) q"
_SEGMENTS: Final = f"""
SELECT object, min(gap)::integer
FROM (SELECT s.object, {_GAP} AS gap, {_ASKED} AS asked FROM {_CUT} JOIN segment s ON {{near}}) AS found
WHERE gap < asked GROUP BY object
"""
_LINES: Final = f"""
SELECT object, gap::integer
FROM (SELECT s.object, {_GAP} AS gap, {_ASKED} AS asked FROM {_WHOLE} JOIN line s ON {{near}}) AS found
WHERE gap < asked
"""
_LINES_IN_TURN: Final = f"""
SELECT object, gap::integer
FROM (SELECT s.object, {_GAP} AS gap, {_ASKED} AS asked
    FROM {_WHOLE} JOIN LATERAL (SELECT * FROM line s WHERE {{near}} OFFSET 0) s ON true) AS found
WHERE gap < asked
"""

#: One check: rows of one segment each, in plan (with a filter on heights as well) and in an index of three dimensions.
SINGLE_SEGMENTS: Final = {
    "sql segments 2D": _SEGMENTS.format(near="s.geom && ST_Expand(q.geom, %(reach)s)"),
    "sql segments 2D, heights": _SEGMENTS.format(
        near="s.geom && ST_Expand(q.geom, %(reach)s) AND s.z_max > ST_ZMin(q.geom) - %(reach)s"
        " AND s.z_min < ST_ZMax(q.geom) + %(reach)s"
    ),
    "sql segments 3D": _SEGMENTS.format(near="s.geom &&& ST_Expand(q.geom, %(reach)s)"),
}
#: One check: whole lines.
SINGLE_LINES: Final = {
    "sql lines": _LINES.format(near="ST_DWithin(s.geom, q.geom, %(reach)s)"),
    "sql lines, ST_DWithin first": _LINES_IN_TURN.format(near="ST_DWithin(s.geom, q.geom, %(reach)s)"),
    "sql lines, ST_3DDWithin": _LINES.format(near="ST_3DDWithin(s.geom, q.geom, %(reach)s)"),
    "sql lines, boxes only": _LINES.format(near="s.geom && ST_Expand(q.geom, %(reach)s)"),
    "sql lines 3D, boxes only": _LINES.format(near="s.geom &&& ST_Expand(q.geom, %(reach)s)"),
}
#: Neither one nor the other: the application is cut, what lies there is not. Told beside the figures.
SINGLE_CUT: Final = {
    "sql lines, application cut": _SEGMENTS.replace("segment s", "line s").format(
        near="s.geom && ST_Expand(q.geom, %(reach)s)"
    ),
    "sql lines 3D, application cut": _SEGMENTS.replace("segment s", "line s").format(
        near="s.geom &&& ST_Expand(q.geom, %(reach)s)"
    ),
}

_MANY: Final = """
CREATE TEMP TABLE found AS
SELECT application, object, min(gap)::integer AS gap
FROM (SELECT q.application, s.object,
        floor(ST_3DDistance(q.geom, s.geom) * 1000 - (q.width + s.width) / 2.0::float8 + 0.001) AS gap,
        ({asked}::integer[])[q.theme + 1][s.theme + 1] + q.xy + s.xy AS asked
    FROM {of} q JOIN {among} s ON {near}) AS near
WHERE gap < asked GROUP BY application, object
"""
#: Many checks in one statement.
BULK: Final = {
    name: _MANY.format(asked="'{matrix}'", of=of, among=among, near=near)
    for name, of, among, near in (
        ("sql segments 2D", "asked_segment", "segment", "s.geom && ST_Expand(q.geom, q.reach)"),
        ("sql segments 3D", "asked_segment", "segment", "s.geom &&& ST_Expand(q.geom, q.reach)"),
        ("sql lines", "asked_line", "line", "ST_DWithin(s.geom, q.geom, q.reach)"),
        ("sql lines, boxes only", "asked_line", "line", "s.geom && ST_Expand(q.geom, q.reach)"),
        ("sql lines 3D, application cut", "asked_segment", "line", "s.geom &&& ST_Expand(q.geom, q.reach)"),
    )
}
_TABLES: Final = """
DROP TABLE IF EXISTS asked_segment, asked_line;
CREATE TABLE asked_segment (application integer, theme smallint, width integer, xy integer, reach float8,
    geom geometry(LineStringZ, 28992));
CREATE TABLE asked_line (LIKE asked_segment);
"""


@dataclass(frozen=True)
class Widest:
    """How wide and how uncertain the widest and most uncertain object is (mm), as the reach of a search needs it."""

    width: int
    xy: int

    @classmethod
    def of(cls, city: City) -> Widest:
        return cls(int(city.rows[:, Column.WIDTH].max()), int(city.rows[:, Column.XY].max()))

    def reach(self, row: Rows, theme: int) -> float:
        """How far (m) from the axis of something of a theme, and as wide as its row, another's axis may matter."""
        asked = int(CLEARANCE[theme].max()) + int(row[Column.XY]) + self.xy
        return (asked + (int(row[Column.WIDTH]) + self.width) / 2) / 1000 + 1e-6


def parameters(rows: Rows, theme: int, widest: Widest) -> dict[str, Any]:
    """One application, as the statements for one check take it."""
    return {
        "width": int(rows[0, Column.WIDTH]), "xy": int(rows[0, Column.XY]), "asked": CLEARANCE[theme].tolist(),
        "line": line_strings(vertices_of(rows)[None]).tobytes(), "reach": widest.reach(rows[0], theme),
    }  # fmt: skip


def vertices_of(rows: Rows) -> Rows:
    """The vertices of one line: x, y, z."""
    return np.concatenate([rows[:, :3], rows[-1:, 3:6]])


def one_check(
    connection: psycopg.Connection[Any], statement: str, given: dict[str, Any]
) -> list[tuple[int, int]]:
    """Object and gap (mm) of all that is too near."""
    return connection.execute(statement.encode(), given, prepare=True, binary=True).fetchall()


def send(connection: psycopg.Connection[Any], applications: Applications, widest: Widest) -> None:
    """Have the applications in tables, as segments and as lines."""
    connection.execute(_TABLES)
    columns = ("application", "theme", "width", "xy", "reach", "geom")
    numbers = np.arange(len(applications))
    firsts = applications.rows[applications.starts[:-1]]
    reach = np.array([widest.reach(row, int(theme)) for row, theme in zip(firsts, applications.themes, strict=True)])
    counts = np.diff(applications.starts)

    def told(chosen: Any, vertices: Rows) -> Any:
        return fields(len(chosen), {
            "application": (">i4", chosen), "theme": (">i2", applications.themes[chosen]),
            "width": (">i4", firsts[chosen, Column.WIDTH]), "xy": (">i4", firsts[chosen, Column.XY]),
            "reach": (">f8", reach[chosen]), "geom": (line_type(vertices.shape[1]), line_strings(vertices)),
        })  # fmt: skip

    rows = applications.rows
    ends = np.stack([rows[:, :3], rows[:, 3:6]], axis=1)
    copied(connection, "asked_segment", columns, [told(np.repeat(numbers, counts), ends)])
    lines = [told(numbers[[k]], vertices_of(applications.rows_of(k))[None]) for k in numbers.tolist()]
    copied(connection, "asked_line", columns, lines)
    connection.execute("ANALYZE asked_segment")
    connection.execute("ANALYZE asked_line")


def many_checks(connection: psycopg.Connection[Any], statement: str) -> None:
    """Find what is too near to all that was sent, and keep it in a table of the database."""
    connection.execute("DROP TABLE IF EXISTS found")
    matrix: Sequence[Sequence[int]] = CLEARANCE.tolist()
    told = "{" + ",".join("{" + ",".join(map(str, row)) + "}" for row in matrix) + "}"
    connection.execute(statement.replace("{matrix}", told).encode())


def kept(connection: psycopg.Connection[Any]) -> Answers:
    """What ``many_checks`` found."""
    return Answers.of_rows(connection.execute("SELECT application, object, gap FROM found", binary=True).fetchall())
