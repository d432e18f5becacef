"""One operation of the API: what is asked of a request before it is carried out, and how it is described.

``operation`` does for every one of them, in this order: the kind of answer asked for, whose request it is, whether he
may, the kind and size of the body; then what is wrong with path, query, headers and body, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, Final, Literal, TypeVar

from flask import Response, current_app, request
from flask_smorest import Blueprint

from registry.api.answers import ENDPOINTS, Answer
from registry.api.documents import documented
from registry.api.problems import Faulty, Located
from registry.api.reading import (
    JSON,
    Body,
    accepted_type,
    read_body,
    read_expected,
    read_query,
    refuse_body,
    refuse_ids,
)
from registry.auth import actor_of, refused
from registry.config import Config
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import ROLES, TRANSITIONS, Of
from registry.db import Database
from registry.services.actors import Actor
from schemas.fields import WireSchema

#: ``required``: what is changed must be there, and If-Match says which revision was seen. ``when_there``: what is put
#: may be new; where it is there the service asks for the revision.
Versioned = Literal["no", "when_there", "required"]

#: Is told the ids of jobs there are to do.
Nudge = Callable[[Sequence[str]], None]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Register:
    """What every operation works with: one per app."""

    db: Database
    config: Config
    nudge: Nudge


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be carried out. ``body`` is what its reader made of ``content``; ``expected`` the revision in
    If-Match."""

    register: Register
    now: datetime
    query: Mapping[str, Any]
    media_type: str
    body: Any = None
    expected: int | None = None
    known: Actor | None = None
    content: bytes = b""

    @property
    def db(self) -> Database:
        return self.register.db

    @property
    def limit(self) -> int:
        """How many items of a list to give."""
        config = self.register.config
        return min(int(self.query.get("limit", config.page)), config.page_most)

    @property
    def actor(self) -> Actor:
        """Who asks; of an operation that needs a token."""
        assert self.known is not None
        return self.known

    @property
    def seen(self) -> int:
        """The revision in If-Match; of an operation that requires it."""
        assert self.expected is not None
        return self.expected

    def require_there(self, get: Callable[[Database, str], object], id_: str) -> None:
        """With If-Match what is put has to be there; without, it may be new. Raises ``Refused``."""
        if self.expected is None:
            return
        try:
            get(self.db, id_)
        except Refused:
            detail, remedy = "there is nothing of this id yet", "Leave If-Match out to file what is new."
            raise Refused(Problem("version_mismatch", detail, remedy, "", str(self.expected))) from None

    def tell(self, jobs: Sequence[str]) -> None:
        """Tell workers of jobs that are kept by now."""
        if jobs:
            self.register.nudge(jobs)


@dataclass(frozen=True, slots=True)
class Operation:
    """How an operation is described, and what it asks. ``answers`` are the names of component schemas by status.

    ``roles``: who may, of those with a token; all of them where none is named and it ``writes``. ``conflicts``: it may
    be refused as things stand (409). ``misses``: it may name what is not there (404) other than in its path.
    ``tagged``: the answer has an ETag. ``public``: tokens are not looked at.
    """

    id: str
    tag: str
    answers: Mapping[int, str]
    body: Body | None = None
    query: WireSchema | None = None
    roles: tuple[str, ...] = ()
    writes: bool = False
    versioned: Versioned = "no"
    conflicts: bool = False
    misses: bool = False
    tagged: bool = False
    public: bool = False
    produces: tuple[str, ...] = (JSON,)
    method: str = "GET"
    ids: tuple[str, ...] = ()

    @property
    def protected(self) -> bool:
        """Whether it needs a token."""
        return self.writes or bool(self.roles)


#: Every operation, by its endpoint.
OPERATIONS: Final[dict[str, Operation]] = {}


def roles_of(of: Of, action: str) -> tuple[str, ...]:
    """Who may do something, by the core's table of transitions."""
    may = {role for row in TRANSITIONS if row.of == of and row.action == action for role in row.roles}
    return tuple(role for role in ROLES if role in may)


def operation(
    blueprint: Blueprint, method: str, rule: str, stated: Operation
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Registers a function that takes a ``Call`` and the ids in the path. Its docstring is the description."""
    ids = tuple(part.partition(">")[0] for part in rule.split("<id:")[1:])
    known = replace(stated, method=method, ids=ids)

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(function)
        def view(**path: str) -> Response:
            return function(_call(known, path), **path).response(conditional=known.tagged)

        view._apidoc = {"manual_doc": documented(known)}  # type: ignore[attr-defined]
        blueprint.route(rule, methods=[method], endpoint=known.id, tags=[known.tag])(view)
        ENDPOINTS[known.id] = f"{blueprint.name}.{known.id}"
        OPERATIONS[ENDPOINTS[known.id]] = known
        return function

    return register


def _call(known: Operation, path: Mapping[str, str]) -> Call:
    register: Register = current_app.extensions["register"]
    now = register.config.clock()
    media_type = accepted_type(known.produces)
    actor = None if known.public else actor_of(register.db, request.headers.get("Authorization"), now)
    if known.protected:
        if actor is None:
            raise refused()
        _refuse_role(known, actor)
    content = b""
    if known.body is not None:
        content = known.body.received(register.config)
    elif known.method != "GET":
        refuse_body()
    faults: list[Located] = []

    def found(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Faulty as faulty_part:
            faults.extend(faulty_part.parts)
        except Refused as refusal:
            faults.append(Located(tuple(refusal.problems), "body"))
        return otherwise

    found(lambda: refuse_ids(path), None)
    nothing: Mapping[str, Any] = {}
    query = found(lambda: read_query(known.query), nothing)
    expected = found(read_expected, None) if known.versioned != "no" else None
    reader = known.body
    body = found(lambda: read_body(reader, content), None) if reader is not None else None
    if known.versioned == "required" and "If-Match" not in request.headers:
        remedy = 'Send If-Match with the ETag of the revision you saw, such as If-Match: "3".'
        problem = Problem("version_missing", "If-Match is missing", remedy, "If-Match")
        faults.append(Located((problem,), "header"))
    if faults:
        raise Faulty(*faults)
    return Call(register, now, query, media_type, body, expected, actor, content)


def _refuse_role(known: Operation, actor: Actor) -> None:
    if known.roles and actor.role not in known.roles:
        remedy = f"This is for: {', '.join(known.roles)}. Ask someone in that role."
        raise Refused(Problem("not_allowed_for_role", "your role may not do this", remedy, "", actor.role))
