"""With each chunk the segments it holds, packed.

What is filed already gets none here (no bytes): what they are is worked out by the core, which changes, and this script
does not. ``registry.store.schema.upgrade`` files all that has none anew, in the same transaction (docs/decisions/0036).
"""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import Column, LargeBinary

revision = "0002"
down_revision = "0001"

#: SQLite cannot add a column that may not be empty and has no default; so the table is made anew, with the same ids as
#: the R*Tree has. Nothing refers to it.
_SQLITE: Final = (
    """
    CREATE TABLE chunk_anew (
        id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        object_id TEXT NOT NULL,
        geom BLOB NOT NULL,
        z_min DOUBLE NOT NULL,
        z_max DOUBLE NOT NULL,
        segments BLOB NOT NULL,
        CONSTRAINT pk_chunk PRIMARY KEY (id),
        CONSTRAINT fk_chunk_kind_object_id FOREIGN KEY(kind, object_id) REFERENCES object (kind, object_id),
        CONSTRAINT ck_chunk_z CHECK (z_min >= -1000000 AND z_max <= 1000000 AND z_min <= z_max)
    )
    """,
    "INSERT INTO chunk_anew SELECT id, kind, object_id, geom, z_min, z_max, x'' FROM chunk",
    "DROP TABLE chunk",
    "ALTER TABLE chunk_anew RENAME TO chunk",
    "CREATE INDEX ix_chunk_kind_object_id ON chunk (kind, object_id)",
)


def upgrade() -> None:
    """Add the column; what is there already has no bytes in it yet."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
        return
    op.add_column("chunk", Column("segments", LargeBinary, nullable=False, server_default=""))
    # Who writes without it, as an older version of the program does, is refused.
    op.alter_column("chunk", "segments", server_default=None)


def downgrade() -> None:
    """Take the column away: it follows from the rest."""
    op.drop_column("chunk", "segments")
