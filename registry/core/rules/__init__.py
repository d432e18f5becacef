"""The rule kinds: one small module each, which has its ``KIND``. A new kind is a module here, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from registry.core.rules.kind import Kind


def found(path: Iterable[str]) -> dict[str, Kind]:
    """The kinds of which a module lies in one of these folders, by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(path))
    kinds = [module.KIND for module in modules if isinstance(getattr(module, "KIND", None), Kind)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)}


#: By name.
KINDS: Final[dict[str, Kind]] = found(__path__)
