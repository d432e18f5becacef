"""From content back to the value it was taken of: ``restore(kind, content(value)) == value``, with the same sha256."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache, partial
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

#: Reads plain data as what one type of field holds. Made once for each type: contents are read by the hundred.
_Reader = Callable[[object], Any]


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


@dataclass(frozen=True)
class _Shape:
    """How the fields of a class are read, and what stands for those that content may leave out."""

    made: type
    readers: dict[str, _Reader]
    left_out: dict[str, Callable[[], object]]

    def read(self, plain: object) -> Any:
        made, readers = self.made, self.readers
        if not isinstance(plain, Mapping):
            raise ValueError(f"a {made.__name__} has named fields, not {type(plain).__name__}")
        unknown = sorted(set(plain) - readers.keys())
        if unknown:
            raise ValueError(f"a {made.__name__} has no {', '.join(unknown)}")
        given = {name: readers[name](item) for name, item in plain.items()}
        for name, nothing in self.left_out.items():
            if name not in given:
                given[name] = nothing()
        return made(**given)


@cache
def _shape(made: type) -> _Shape:
    hints = get_type_hints(made, vars(model))
    # Content leaves out what is None or empty, and that alone.
    meant = (field for field in fields(made) if field.default is MISSING or field.default not in (None, ()))
    return _Shape(
        made,
        {field.name: _reader(hints[field.name]) for field in fields(made)},
        {field.name: _left_out(hints[field.name], f"{made.__name__}.{field.name}") for field in meant},
    )


def _object(made: type, plain: object) -> Any:
    return _shape(made).read(plain)


def _left_out(hint: Any, name: str) -> Callable[[], object]:
    """Gives what stands for nothing in a field of this type."""

    def missing() -> object:
        raise ValueError(f"{name} is missing")

    if get_origin(hint) is tuple:
        return tuple
    return (lambda: None) if type(None) in get_args(hint) else missing


@cache
def _reader(hint: Any) -> _Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _literal(inner)
    if origin in (Union, UnionType):
        return _either(inner)
    if origin is tuple:
        return _tuple(inner)
    return _plain(hint) if hint in (str, int, bool) else partial(_object, hint)


def _plain(hint: type) -> _Reader:
    def read(plain: object) -> object:
        if type(plain) is not hint:
            raise ValueError(f"{plain!r} is no {hint.__name__}")
        return plain

    return read


def _literal(inner: tuple[Any, ...]) -> _Reader:
    def read(plain: object) -> object:
        if plain not in inner:
            raise ValueError(f"{plain!r} is none of {inner}")
        return plain

    return read


def _tuple(inner: tuple[Any, ...]) -> _Reader:
    endless = len(inner) == 2 and inner[1] is Ellipsis
    readers = [_reader(hint) for hint in inner if hint is not Ellipsis]

    def read(plain: object) -> tuple[Any, ...]:
        if not isinstance(plain, (list, tuple)):
            raise ValueError(f"{plain!r} is no list")
        if endless:
            return tuple(map(readers[0], plain))
        if len(readers) != len(plain):
            raise ValueError(f"{plain!r} has not {len(readers)} items")
        return tuple([one(item) for one, item in zip(readers, plain, strict=True)])

    return read


def _either(inner: tuple[Any, ...]) -> _Reader:
    nothing, without_end, shaped = type(None) in inner, Open in inner, Line in inner
    left = [_reader(hint) for hint in inner if hint not in (type(None), Open, Line, Shaft, Volume)]

    def read(plain: object) -> Any:
        if plain is None and nothing:
            return None
        if without_end and plain == Open.UNBOUNDED.value:
            return Open.UNBOUNDED
        if shaped and isinstance(plain, Mapping):
            for name, made in _GEOMETRIES.items():
                if name in plain:
                    return _object(made, plain)
        if len(left) != 1:
            raise ValueError(f"{plain!r} fits no geometry")
        return left[0](plain)

    return read
