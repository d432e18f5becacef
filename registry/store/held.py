"""Packed segments as the store gives them: of many objects at once, and whose each is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.core.packed import STORED, Column, Rows, unstored
from registry.store.rows import Name

#: How many bytes a segment takes.
_BYTES = len(Column) * STORED.itemsize


class Held(NamedTuple):
    """Segments out of the chunks of many objects. Row i of ``rows`` is one of ``names[of[i]]``; a name may stand there
    more than once, and one of which the segments are not known has no row."""

    names: Sequence[Name]
    rows: Rows
    of: NDArray[np.int32]

    def unknown(self) -> set[Name]:
        """Those of which a chunk holds no segments: they were left out (docs/decisions/0036), so anything may be so."""
        some = np.zeros(len(self.names), bool)
        some[self.of] = True
        return {name for name, known in zip(self.names, some.tolist(), strict=True) if not known}

    def only(self, kept: NDArray[np.bool_]) -> Held:
        """Of these rows those that are kept."""
        return self._replace(rows=self.rows[kept], of=self.of[kept])

    def without(self, names: Collection[Name]) -> Held:
        """The same without the rows of some objects."""
        other = np.array([name not in names for name in self.names], bool)
        return self.only(other[self.of])

    def named(self) -> set[Name]:
        """Whose the rows are."""
        return {self.names[k] for k in np.unique(self.of).tolist()}


def held_of(chunks: Sequence[Any]) -> Held:
    """Out of rows of chunks: kind and id of the object, and the segments it holds of it, as bytes."""
    pieces = [row[2] for row in chunks]
    counts = np.fromiter(map(len, pieces), np.int64, len(pieces)) // _BYTES
    owners = np.arange(len(pieces), dtype=np.int32).repeat(counts)
    return Held([row[:2] for row in chunks], unstored(b"".join(pieces)), owners)
