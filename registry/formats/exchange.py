"""The exchange format (docs/formats.md): files of features to the core's values, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError

from registry.core.errors import Problem, Refused, shown
from registry.core.model import Application, Identified, Object, Part
from registry.formats.features import object_from_feature, object_to_feature
from registry.formats.files import read_limited
from registry.formats.json_strict import dump_json, load_json, refuse_size
from registry.formats.other_format import other_format
from schemas.collection import COLLECTION, CRS
from schemas.features import APPLICATION
from schemas.problems import as_written, problems_of

__all__ = [
    "Exchange",
    "object_from_feature",
    "object_to_feature",
    "read_exchange",
    "read_files",
    "write_exchange",
]

#: Most bytes of a file of assets, ground levels and zones, and of one with an application or reservations.
MAX_BYTES: Final = 200_000_000
MAX_FILING_BYTES: Final = 5_000_000
MAX_PARTS: Final = 200
#: Problems told of one file; then one that says there are more, and the rest is not read.
MAX_PROBLEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one file holds: at most one application, and any number of other objects."""

    application: Application | None
    objects: tuple[Object, ...]

    def identified(self) -> Iterator[Identified]:
        """Everything in it that has an id: the application, its parts, the other objects."""
        if self.application is not None:
            yield self.application
            yield from self.application.parts
        yield from self.objects


def read_exchange(source: Path | bytes, name: str = "") -> Exchange:
    """What ``source``, a file or its bytes, holds; ``name`` is what problems call it.

    Raises ``Refused`` with every problem in it, up to ``MAX_PROBLEMS``.
    """
    file = name or (str(source) if isinstance(source, Path) else "")
    content = _content(source, file)
    other = other_format(content, file)
    if other is not None:
        raise Refused(other.at(file=file))
    data = load_json(content, file, limit_bytes=MAX_BYTES)
    exchange, problems = _exchange(data)
    filing = exchange.application is not None or any(value.kind == "reservation" for value in exchange.objects)
    if filing and len(content) > MAX_FILING_BYTES:
        refuse_size(len(content), MAX_FILING_BYTES, file)
    if problems:
        raise Refused(_capped(problems)).at(file=file)
    return exchange


def read_files(paths: Iterable[Path]) -> tuple[Exchange, ...]:
    """What each of ``paths`` holds, in that order. An id may occur once per kind over all of them.

    Raises ``Refused`` with the problems of all files.
    """
    exchanges: list[Exchange] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str], tuple[int, Path]] = {}
    for number, path in enumerate(paths):
        try:
            exchange = read_exchange(path)
        except Refused as refused:
            problems += refused.problems
            continue
        exchanges.append(exchange)
        repeated = []
        for value in exchange.identified():
            other, where = first.setdefault((value.kind, value.id), (number, path))
            if other != number:
                repeated.append(_repeated(value.kind, value.id, f"in {where} and in {path}"))
        problems += [problem.at(file=str(path)) for problem in _capped(repeated)]
    if problems:
        raise Refused(problems)
    return tuple(exchanges)


def write_exchange(exchange: Exchange) -> str:
    """``exchange`` as text, one feature per line: ``read_exchange`` of it gives the same values."""
    application = exchange.application
    lines = ["{", '"type": "FeatureCollection",', f'"crs": {dump_json(dict(CRS))},']
    if application is not None:
        lines.append(f'"application": {dump_json(APPLICATION.dump(application))},')
    values: list[Part | Object] = [*(application.parts if application else ()), *exchange.objects]
    features = ",\n".join(dump_json(object_to_feature(value)) for value in values)
    lines += ['"features": [', features, "]", "}"] if features else ['"features": []', "}"]
    return "\n".join(lines) + "\n"


def _content(source: Path | bytes, file: str) -> bytes:
    if isinstance(source, bytes):
        return source
    return read_limited(source, MAX_BYTES, file)


def _exchange(data: object) -> tuple[Exchange, list[Problem]]:
    nothing = Exchange(None, ())
    try:
        COLLECTION.load(data)  # type: ignore[arg-type]
        problems: list[Problem] = []
    except ValidationError as error:
        problems = problems_of(error, data)
    another = [problem for problem in problems if problem.field == "type"]
    if another or not isinstance(data, dict):
        return nothing, another or problems
    features = data.get("features")
    if features is not None and not isinstance(features, list):
        problems.append(Problem("wrong_type", "not a list", "Write a list: […].", "features", as_written(features)))
    if not isinstance(features, list) or any(problem.code == "unsupported_crs" for problem in problems):
        # Coordinates in another system would give a problem each, and all of them beside the point.
        return nothing, problems
    header = _header(data, problems)
    values, found = _values(features)
    problems += found
    parts = tuple(value for value in values if isinstance(value, Part))
    objects = tuple(value for value in values if not isinstance(value, Part))
    problems += _parts_and_header(data, features)
    application = Application(parts=parts, **header) if header is not None else None
    problems += _temporary_before_works(application) if application is not None else []
    return Exchange(application, objects), problems


def _temporary_before_works(application: Application) -> list[Problem]:
    """What is laid is there from the start of works: a part cannot be over, nor there, before that."""
    problems, start = [], application.works_start
    for part in application.parts:
        period, field = part.temporary, "properties.temporary"
        if period is not None and start is None:
            remedy = "Add `works_start` to `application`, from when the parts are there."
            problems.append(Problem("missing", "a temporary part without a start of works", remedy, field, "", part.id))
        elif period is not None and start is not None:
            for key, day in (("from", period.start), ("to", period.end)):
                if day is not None and (day < start or (key == "to" and day == start)):
                    detail = f"before the works start ({start})" if day < start else "ends when the works start"
                    remedy = "Give the days the part itself is there, or correct `works_start`."
                    problems.append(Problem("invalid_period", detail, remedy, f"{field}.{key}", day, part.id))
    return problems


def _header(data: dict[str, Any], problems: list[Problem]) -> dict[str, Any] | None:
    if data.get("application") is None:  # null is told already
        return None
    try:
        header: dict[str, Any] = APPLICATION.load(data["application"])
    except ValidationError as error:
        problems += problems_of(error, data["application"], "application")
        return None
    return header


def _values(features: list[object]) -> tuple[list[Part | Object], list[Problem]]:
    values: list[Part | Object] = []
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for number, feature in enumerate(features, 1):
        if len(problems) > MAX_PROBLEMS:
            break  # enough to tell; a large bad file is refused without reading all of it
        try:
            value = object_from_feature(feature, f"#{number}")
        except Refused as refused:
            problems += refused.problems
        else:
            values.append(value)
        identity = _identity(feature)
        if identity is not None:
            other = first.setdefault(identity, number)
            if other != number:
                problems.append(_repeated(*identity, f"feature #{other} and feature #{number}"))
    return values, problems


def _identity(feature: object) -> tuple[str, str] | None:
    """Kind and id of a feature, also where the rest of it is refused."""
    if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
        kind, id_ = feature["properties"].get("kind"), feature.get("id")
        if isinstance(kind, str) and isinstance(id_, str):
            return kind, id_
    return None


def _parts_and_header(data: dict[str, Any], features: list[object]) -> list[Problem]:
    properties = [feature.get("properties") for feature in features if isinstance(feature, dict)]
    parts = [item for item in properties if isinstance(item, dict) and item.get("kind") == "part"]
    if parts and "application" not in data:
        remedy = "Add `application` with id, applicant and regime."
        return [Problem("missing", "parts without an application", remedy, "application", str(len(parts)))]
    if "application" in data and not parts:
        remedy = "Add a feature of kind `part` for each thing to be laid."
        return [Problem("missing", "an application without parts", remedy, "features")]
    if len(parts) > MAX_PARTS:
        remedy = f"Use at most {MAX_PARTS}: divide the works over several applications."
        return [Problem("too_complex", "too many parts", remedy, "features", str(len(parts)))]
    return []


def _repeated(kind: str, id_: str, where: str) -> Problem:
    what = kind.replace("_", " ")
    remedy = f"Give every {what} its own id, or leave one of the two out."
    return Problem("duplicate_id", f"the same {what} twice: {where}", remedy, "id", as_written(id_), shown(id_))


def _capped(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MAX_PROBLEMS:
        return problems
    rest = problems[MAX_PROBLEMS:]
    closing = Problem(rest[0].code, f"and at least {len(rest)} more problems", "Mend these first, then read it again.")
    return [*problems[:MAX_PROBLEMS], closing]
