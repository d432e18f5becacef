"""Canonical JSON and its sha256: the identity of objects, rulesets and verdicts.

Only integers, strings, booleans, null, lists and objects with ASCII keys are let through, so that sorted,
compact JSON is the canonical form of RFC 8785 (JCS).
"""

from __future__ import annotations

import hashlib
import json


def canonical_json(value: object) -> str:
    """``value`` as canonical JSON. Raises ``TypeError`` for a float, a non-ASCII key or another type."""
    _require_plain(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(value: object) -> str:
    """The sha256 of ``value``'s canonical JSON, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def _require_plain(value: object) -> None:
    if value is None or isinstance(value, (bool, int, str)):
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            _require_plain(item)
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"canonical JSON has ASCII keys only, not {key!r}")
            _require_plain(item)
        return
    raise TypeError(f"canonical JSON has no {type(value).__name__}")
