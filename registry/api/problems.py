"""What is wrong, as ``application/problem+json`` (RFC 9457): one answer that tells every fault there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal

from flask import Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from registry.auth import REALM
from registry.core.errors import Code, Problem, Refused
from registry.formats.json_strict import dump_json

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:underground-space-registry:problem:"
#: Seconds after which it makes sense to try again what was refused because of others.
TRY_AGAIN: Final = 1

Where = Literal["body", "query", "path", "header"]

#: Every other code is a fault of the input, 400.
STATUS: Final[Mapping[Code, int]] = {
    "unauthenticated": 401,
    "not_allowed_for_role": 403,
    "not_yours": 403,
    "not_found": 404,
    "not_acceptable": 406,
    "wrong_state": 409,
    "already_there": 409,
    "clash": 409,
    "wrong_regime": 409,
    "example_fails": 409,
    "stale_verdict": 412,
    "version_mismatch": 412,
    "version_missing": 428,
    "unsupported_media": 415,
    "busy": 503,
}
#: Where faults of several statuses are told at once, the first of these that occurs is that of the answer.
_FIRST: Final = (401, 403, 404, 406, 415, 413, 400, 428, 412, 409, 503)

#: What is told in, or left out of, a header.
_OF_HEADERS: Final[Mapping[Code, str]] = {
    "version_missing": "If-Match",
    "version_mismatch": "If-Match",
    "unauthenticated": "Authorization",
    "not_allowed_for_role": "Authorization",
    "not_yours": "Authorization",
}

TITLES: Final[Mapping[int, str]] = {
    400: "The request cannot be used as it is",
    401: "It is not known whose request this is",
    403: "This is not for you to do",
    404: "There is no such thing",
    405: "This cannot be done with it",
    406: "There is no answer of the kind asked for",
    409: "It cannot be done as things stand",
    412: "Something has changed since",
    413: "The request is too large",
    415: "The body is not of a kind that is read here",
    428: "Say which revision you saw",
    500: "Something went wrong here",
    503: "The register is busy",
}


@dataclass(frozen=True, slots=True)
class Located:
    """Problems, and in which part of the request they are. ``too_large`` of a body as a whole is 413."""

    problems: tuple[Problem, ...]
    where: Where


class Faulty(Exception):
    """A request with faults in one or more of its parts."""

    def __init__(self, *parts: Located):
        self.parts = tuple(part for part in parts if part.problems)
        super().__init__(str(self.parts))


class Later(Exception):
    """What is asked for is not there yet, and may be soon."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(problem.detail)


def faulty(where: Where, problems: Iterable[Problem] | Problem) -> Faulty:
    """A request with faults in one part of it."""
    return Faulty(Located((problems,) if isinstance(problems, Problem) else tuple(problems), where))


def of_refusal(refused: Refused) -> Response:
    """The answer to what a service refused: its problems are of what the body says, but for some."""
    return of_faults(Faulty(*(Located((problem,), _where(problem)) for problem in refused.problems)))


def of_faults(found: Faulty) -> Response:
    """The answer to a request with faults: the worst status, and every one of them."""
    problems = [(part.where, problem) for part in found.parts for problem in part.problems]
    status = min((_status(where, problem) for where, problem in problems), key=_FIRST.index)
    code = next(problem.code for where, problem in problems if _status(where, problem) == status)
    detail = problems[0][1].detail if len(problems) == 1 else f"{len(problems)} problems; see errors"
    return answer(status, code, detail, [_error(where, problem) for where, problem in problems])


def of_later(later: Later) -> Response:
    """The answer where what is asked for is not there yet: when to ask again."""
    response = of_faults(faulty("path", later.problem))
    response.headers["Retry-After"] = str(TRY_AGAIN)
    return response


def of_http(error: HTTPException) -> Response:
    """The answer to what Flask or Werkzeug refused, a wrong method or an address that leads nowhere."""
    status = error.code or 500
    if status not in TITLES:
        status = 400 if 400 <= status < 500 else 500
    details = {
        404: "This address leads to nothing.",
        405: "Use one of the methods in the header Allow.",
        413: "The body holds more bytes than are read here.",
        500: "The fault is with the register, and has been recorded.",
    }
    response = answer(status, HTTPStatus(status).phrase.lower(), details.get(status, "The request cannot be read."), [])
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def answer(status: int, code: str, detail: str, errors: list[dict[str, object]]) -> Response:
    """A problem document."""
    kind = code.replace("_", "-").replace(" ", "-")
    document = {"type": TYPE + kind, "status": status, "title": TITLES[status], "detail": detail, "errors": errors}
    response = Response(dump_json(document), status, mimetype=MEDIA_TYPE)
    if status == 401:
        wrong = any("not valid" in str(error["detail"]) for error in errors)
        response.headers["WWW-Authenticate"] = f'Bearer realm="{REALM}"' + (', error="invalid_token"' if wrong else "")
    if status == 503:
        response.headers["Retry-After"] = str(TRY_AGAIN)
    return response


def _status(where: Where, problem: Problem) -> int:
    if problem.code == "too_large" and where == "body" and not (problem.field or problem.feature):
        return 413
    if problem.code == "not_acceptable" and where != "header":
        return 409  # not of a kind of answer: as things stand it cannot be done
    return STATUS.get(problem.code, 400)


def _where(problem: Problem) -> Where:
    if problem.code in _OF_HEADERS:
        return "header"
    if problem.code in ("wrong_state", "busy") or (problem.code == "not_found" and problem.field in ("", "id")):
        return "path"
    return "body"


def _error(where: Where, problem: Problem) -> dict[str, object]:
    told: dict[str, object] = {"in": where}
    place = f"line {problem.line}, column {problem.column}" if problem.line is not None else ""
    feature = f"feature {problem.feature}" if problem.feature else ""
    named = _OF_HEADERS.get(problem.code, problem.field) if where == "header" else problem.field
    told["location"] = ", ".join(part for part in (place, feature, named) if part)
    return told | {
        "code": problem.code, "detail": problem.detail, "remedy": problem.remedy, "value": problem.value,
    }  # fmt: skip
