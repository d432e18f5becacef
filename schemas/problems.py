"""From what marshmallow found wrong to problems that name field, value and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

from registry.core.errors import Code, Problem, shown

#: What marshmallow says of a field itself; ``WireSchema`` and the fields here use these words as messages.
REQUIRED: Final = "required"
NULL: Final = "null"
NOT_AN_OBJECT: Final = "not an object"
NOT_A_LIST: Final = "not a list"

#: Unknown keys told of one object.
_MOST_UNKNOWN: Final = 20

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """The message for a key that a schema does not know: which ones it does know."""

    known: tuple[str, ...]


def fault(code: Code, detail: str, remedy: str, value: str = "") -> ValidationError:
    """A problem found by a field; ``problems_of`` fills in where it stands, and the value unless given."""
    return ValidationError([Problem(code, detail, remedy, value=value)])


def problems_of(error: ValidationError, data: object, path: str = "") -> list[Problem]:
    """Every problem in ``error``, which loading ``data`` raised; ``path`` is where ``data`` itself stands."""
    return list(_walk(error.messages, data, path))


def as_written(value: object) -> str:
    """A value as JSON shows it, shortened; of a long list or a large object only what it is."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return shown(f'"{value}"')
    if isinstance(value, Decimal):
        return shown(format(value, "f"))
    if isinstance(value, (list, tuple)):
        if len(value) > 4 or any(isinstance(item, (list, tuple, dict)) for item in value):
            return f"a list of {len(value)}"
        return "[" + ", ".join(as_written(item) for item in value) + "]"
    if isinstance(value, dict):
        if len(value) > 3 or any(isinstance(item, (list, tuple, dict)) for item in value.values()):
            return "an object"
        return shown("{" + ", ".join(f"{as_written(key)}: {as_written(item)}" for key, item in value.items()) + "}")
    return shown(value)


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """A sentence proposing the nearest of ``known``, or nothing, ending in a space."""
    return _nearest(found[:100], tuple(known))


@lru_cache(maxsize=1_000)
def _nearest(found: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(found, known, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`? " if near else ""


def joined(path: str, key: object) -> str:
    """The path of member ``key`` under ``path``: ``a.b`` or ``a[3]``."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def _walk(messages: object, data: object, path: str) -> Iterator[Problem]:
    if isinstance(messages, dict):
        # Unknown keys come in the order of a set: sort those, keep the fields' own order.
        unknown = sorted(str(key) for key, inner in messages.items() if _unknown(inner))
        for key, inner in messages.items():
            if key == SCHEMA and not _unknown(inner):
                yield from _walk(inner, data, path)
            elif not _unknown(inner):
                yield from _walk(inner, _member(data, key), joined(path, key))
        for key in unknown[:_MOST_UNKNOWN]:
            yield from _walk(messages[key], _member(data, key), joined(path, shown(key)))
        if len(unknown) > _MOST_UNKNOWN:
            detail = f"and {len(unknown) - _MOST_UNKNOWN} more unknown properties"
            yield Problem("unknown_property", detail, "Leave them out.", path)
    elif isinstance(messages, list):
        for message in messages:
            yield from _walk(message, data, path)
    else:
        value = "" if data is _ABSENT else as_written(data)
        found = messages if isinstance(messages, Problem) else _named(messages, path.rpartition(".")[2])
        yield replace(found, field=found.field or path, value=found.value or value)


def _unknown(messages: object) -> bool:
    return isinstance(messages, list) and any(isinstance(message, UnknownKey) for message in messages)


def _named(message: object, name: str) -> Problem:
    if isinstance(message, UnknownKey):
        hint = did_you_mean(name, message.known)
        return Problem(
            "unknown_property", f"unknown property `{name}`", f"{hint}Known here: {', '.join(message.known)}."
        )
    if message == REQUIRED:
        return Problem("missing", f"`{name}` is missing", f"Add `{name}`.")
    if message == NULL:
        return Problem("wrong_type", "null has no meaning here", "Give a value, or leave the property out.")
    if message == NOT_AN_OBJECT:
        return Problem("wrong_type", "not an object", "Write an object: {…}.")
    if message == NOT_A_LIST:
        return Problem("wrong_type", "not a list", "Write a list: […].")
    raise AssertionError(f"a message without remedy: {message!r}")


def _member(data: object, key: object) -> object:
    if isinstance(data, dict):
        return data.get(key, _ABSENT)
    if isinstance(data, (list, tuple)) and isinstance(key, int) and key < len(data):
        return data[key]
    return _ABSENT
