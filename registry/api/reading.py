"""What a request brings, read strictly: the kinds of answer it takes, its query, its body and what it says it saw."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import unquote_to_bytes

from flask import request
from marshmallow import ValidationError

from registry.api.problems import Faulty, Located, faulty
from registry.config import Config
from registry.core.errors import Code, Problem, Refused, shown
from registry.core.model import Application, Reservation
from registry.formats.exchange import Exchange, read_exchange
from registry.formats.json_strict import dump_json, load_json
from registry.formats.ruleset_yaml import load_ruleset
from schemas.fields import ID_PATTERN, WireSchema
from schemas.problems import did_you_mean, problems_of

JSON: Final = "application/json"
GEO_JSON: Final = "application/geo+json"
YAML: Final = "application/yaml"
TEXT: Final = "text/plain"

_ID_REMEDY: Final = "Use 1 to 100 of A-Z a-z 0-9 . _ : / - and start with a letter or digit; write / as %2F."
_REVISION: Final = re.compile(r'"([1-9][0-9]{0,9})"')

Limit = Literal["body", "filing", "import"]


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of body: how it may be called, how large it may be, and the name of its schema in the description.

    ``reads``: ``object`` (``schema`` loads it), ``exchange`` (a collection), ``feature`` (one feature, or a collection
    of one), or ``ruleset``.
    """

    described: str
    reads: Literal["object", "exchange", "feature", "ruleset"] = "object"
    schema: WireSchema | None = None
    types: tuple[str, ...] = (JSON,)
    limit: Limit = "body"

    def received(self, config: Config) -> bytes:
        """The bytes of the request's body, once its kind and size are such as may be read."""
        if request.content_encoding:
            remedy = "Send it as it is, without Content-Encoding."
            raise _of_kind("a body in an encoding", remedy, "Content-Encoding", request.content_encoding)
        if request.mimetype not in self.types or not _plain_charset(request.mimetype_params):
            told = f"Send Content-Type: {' or '.join(self.types)}."
            raise _of_kind("not a kind of body that is read here", told, "Content-Type", request.content_type or "")
        most = {"body": config.body_bytes, "filing": config.filing_bytes, "import": config.import_bytes}[self.limit]
        if request.content_length is not None and request.content_length > most:
            raise _too_large(most)
        content = request.stream.read(most + 1)
        if len(content) > most:
            raise _too_large(most)
        return content


def read_body(body: Body, content: bytes) -> object:
    """What the body says. Raises ``Refused`` with every fault in it."""
    if body.reads == "ruleset":
        return _ruleset(content)
    if body.reads == "exchange":
        return read_exchange(content)
    if body.reads == "feature":
        return _collection(load_json(content, "", limit_bytes=len(content) + 1))
    assert body.schema is not None
    data = load_json(content, "", limit_bytes=len(content) + 1)
    try:
        return body.schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Refused(problems_of(error, data)) from None


def refuse_body() -> None:
    """Refuse a body where none is read."""
    if request.content_length or request.headers.get("Transfer-Encoding"):
        raise _of_kind("a body where none is read", "Send none.", "Content-Type", request.content_type or "")


def the_reservation(exchange: Exchange, id_: str) -> Reservation:
    """The one reservation of a body that was put under an id. Raises ``Faulty``."""
    problems = []
    if exchange.application is not None:
        detail, remedy = "an application, and a reservation belongs here", "Leave `application` and its parts out."
        problems.append(Problem("not_allowed", detail, remedy, "application"))
    others = [item for item in exchange.objects if not isinstance(item, Reservation)]
    for item in others:
        detail = f"a {item.kind.replace('_', ' ')}, and a reservation belongs here"
        remedy = "Send the reservation only."
        problems.append(Problem("not_allowed", detail, remedy, "properties.kind", item.kind, item.id))
    found = [item for item in exchange.objects if isinstance(item, Reservation)]
    if not others and exchange.application is None and len(found) != 1:
        remedy = "Send one feature of kind reservation."
        problems.append(Problem("missing", f"{len(found)} reservations", remedy, "features", str(len(found))))
    problems += [_other_id(item.id, id_, "id") for item in found if item.id != id_ and len(found) == 1]
    if problems:
        raise faulty("body", problems)
    return found[0]


def the_application(exchange: Exchange, id_: str | None = None) -> Application:
    """The application of a body, which holds its parts only; under the id it was put, if any. Raises ``Faulty``."""
    problems = []
    if exchange.application is None:
        remedy = "Add `application` and its parts."
        problems.append(Problem("missing", "the body holds no application", remedy, "application"))
    elif id_ is not None and exchange.application.id != id_:
        problems.append(_other_id(exchange.application.id, id_, "application.id"))
    for item in exchange.objects:
        detail = f"an application holds its parts only, and no {item.kind.replace('_', ' ')}"
        remedy = "Leave it out: the register knows what else is there."
        problems.append(Problem("not_allowed", detail, remedy, "properties.kind", item.kind, item.id))
    if problems or exchange.application is None:
        raise faulty("body", problems)
    return exchange.application


def read_query(schema: WireSchema | None) -> Mapping[str, Any]:
    """The query by its schema: each parameter once, none that is unknown. Raises ``Faulty``."""
    problems = []
    given: dict[str, str] = {}
    known = tuple(schema.load_fields[name].data_key or name for name in schema.load_fields) if schema else ()
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        problem = Problem("invalid_text", "not UTF-8", "Write it in UTF-8, percent-encoded.")
        raise faulty("query", problem) from None
    for key, values in request.args.lists():
        if len(values) > 1:
            problems.append(Problem("duplicate_key", "given twice", "Give it once.", shown(key), shown(values[1])))
        if key not in known:
            told = f"{did_you_mean(key, known)}Known here: {', '.join(known)}." if known else "There are none here."
            problems.append(Problem("unknown_property", "unknown parameter", told, shown(key), shown(values[0])))
        else:
            given[key] = values[0]
    loaded: Mapping[str, Any] = {}
    if schema is not None:
        try:
            loaded = schema.load(given)
        except ValidationError as error:
            problems += problems_of(error, given)
    if problems:
        raise faulty("query", problems)
    return loaded


def refuse_ids(path: Mapping[str, str]) -> None:
    """Refuse what stands in the path for an id and is none. Raises ``Faulty``."""
    problems = tuple(
        Problem("not_allowed", "not an id", _ID_REMEDY, name, shown(value))
        for name, value in path.items()
        if not re.fullmatch(ID_PATTERN, value, re.ASCII)
    )
    if problems:
        raise Faulty(Located(problems, "path"))


def read_expected() -> int | None:
    """The revision in If-Match; ``None`` without that header. Raises ``Faulty``."""
    stated = request.headers.get("If-Match")
    if stated is None:
        return None
    found = _REVISION.fullmatch(stated.strip())
    if found is not None:
        return int(found[1])
    code: Code = "version_mismatch" if re.fullmatch(r'(W/)?"[^"]*"', stated.strip()) else "not_allowed"
    remedy = 'Send the ETag of the one revision you saw, such as If-Match: "3".'
    raise faulty("header", Problem(code, "not a revision", remedy, "If-Match", shown(stated)))


def accepted_type(produced: Sequence[str]) -> str:
    """Which of the kinds of answer the request takes. Raises ``Faulty`` where it takes none."""
    if not request.headers.get("Accept", "").strip():
        return produced[0]
    found = request.accept_mimetypes.best_match(produced)
    if found is None:
        remedy = f"Accept {' or '.join(produced)}."
        value = shown(request.headers["Accept"])
        raise faulty("header", Problem("not_acceptable", "no such kind of answer", remedy, "Accept", value))
    return found


def feature_in(data: object, member: str) -> Exchange:
    """The collection of the one feature (or of what else is a collection) in a member of a body. Raises ``Faulty``."""
    try:
        return _collection(data)
    except Refused as refused:
        located = (replace(problem, field=f"{member}.{problem.field}".rstrip(".")) for problem in refused.problems)
        raise faulty("body", tuple(located)) from None


def _collection(data: object) -> Exchange:
    """A collection, that may also be given as one feature with its ``crs``."""
    if isinstance(data, dict) and data.get("type") == "Feature":
        feature = {key: value for key, value in data.items() if key != "crs"}
        frame: dict[str, object] = {"type": "FeatureCollection"} | ({"crs": data["crs"]} if "crs" in data else {})
        data = frame | {"features": [feature]}
    return read_exchange(dump_json(data).encode())


def _ruleset(content: bytes) -> object:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(Problem("invalid_text", "not UTF-8", "Save it as UTF-8.")) from None
    return load_ruleset(text), text


def _other_id(found: str, id_: str, where: str) -> Problem:
    return Problem("not_allowed", f"not the id in the address, {id_}", "Let both be the same.", where, shown(found))


def _plain_charset(parameters: Mapping[str, str]) -> bool:
    return parameters.get("charset", "utf-8").lower() == "utf-8"


def _of_kind(detail: str, remedy: str, header: str, value: str) -> Faulty:
    return faulty("header", Problem("unsupported_media", detail, remedy, header, shown(value)))


def _too_large(most: int) -> Faulty:
    detail, remedy = f"larger than the {most:,} bytes allowed", "Divide it over several requests."
    return faulty("body", Problem("too_large", detail, remedy))
