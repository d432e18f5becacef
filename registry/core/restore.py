"""From content back to the value it was taken of: ``restore(kind, content(value)) == value``, with the same sha256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from registry.core import model
from registry.core.model import (
    Application,
    Asset,
    GroundLevel,
    Identified,
    Line,
    Open,
    Part,
    Reservation,
    Shaft,
    Volume,
    Works,
    Zone,
)

#: What each kind of object is made of.
KINDS: Final[dict[str, type]] = {
    "application": Application,
    "part": Part,
    "reservation": Reservation,
    "asset": Asset,
    "ground_level": GroundLevel,
    "zone": Zone,
    "works": Works,
}

#: The field that only this geometry has.
_GEOMETRIES: Final[dict[str, type]] = {"vertices": Line, "position": Shaft, "outer": Volume}

_hints: dict[type, dict[str, Any]] = {}


def restore(kind: str, plain: object) -> Identified:
    """The object of a kind whose content is ``plain``.

    Raises ``ValueError`` where ``plain`` is no content of that kind.
    """
    made = KINDS.get(kind)
    if made is None:
        raise ValueError(f"there is no kind {kind!r}")
    value: Identified = _object(made, plain)
    if value.kind != kind:
        raise ValueError(f"this is the content of a {value.kind}, not of a {kind}")
    return value


def _object(made: type, plain: object) -> Any:
    if not isinstance(plain, Mapping):
        raise ValueError(f"a {made.__name__} has named fields, not {type(plain).__name__}")
    if made not in _hints:
        _hints[made] = get_type_hints(made, vars(model))
    named = {field.name: field for field in fields(made)}
    unknown = sorted(set(plain) - set(named))
    if unknown:
        raise ValueError(f"a {made.__name__} has no {', '.join(unknown)}")
    given = {name: _value(_hints[made][name], item) for name, item in plain.items()}
    for name, field in named.items():
        # Content leaves out what is None or empty, and that alone.
        if name not in given and (field.default is MISSING or field.default not in (None, ())):
            given[name] = _left_out(_hints[made][name], f"{made.__name__}.{name}")
    return made(**given)


def _left_out(hint: Any, name: str) -> object:
    """What stands for nothing in a field of this type."""
    if get_origin(hint) is tuple:
        return ()
    if type(None) in get_args(hint):
        return None
    raise ValueError(f"{name} is missing")


def _value(hint: Any, plain: object) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        if plain not in inner:
            raise ValueError(f"{plain!r} is none of {inner}")
        return plain
    if origin in (Union, UnionType):
        return _either(inner, plain)
    if origin is tuple:
        return _tuple(inner, plain)
    if hint in (str, int, bool):
        if type(plain) is not hint:
            raise ValueError(f"{plain!r} is no {hint.__name__}")
        return plain
    return _object(hint, plain)


def _tuple(inner: tuple[Any, ...], plain: object) -> tuple[Any, ...]:
    if not isinstance(plain, (list, tuple)):
        raise ValueError(f"{plain!r} is no list")
    if len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(_value(inner[0], item) for item in plain)
    if len(inner) != len(plain):
        raise ValueError(f"{plain!r} has not {len(inner)} items")
    return tuple(_value(hint, item) for hint, item in zip(inner, plain, strict=True))


def _either(inner: tuple[Any, ...], plain: object) -> Any:
    if plain is None and type(None) in inner:
        return None
    if Open in inner and plain == Open.UNBOUNDED.value:
        return Open.UNBOUNDED
    if Line in inner and isinstance(plain, Mapping):
        for name, made in _GEOMETRIES.items():
            if name in plain:
                return _object(made, plain)
    left = [hint for hint in inner if hint not in (type(None), Open, Line, Shaft, Volume)]
    if len(left) != 1:
        raise ValueError(f"{plain!r} fits no geometry")
    return _value(left[0], plain)


