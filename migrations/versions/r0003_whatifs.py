"""What a version of policy would change, as it was told: asked for, counted and listed; and on which of these a
publication rests."""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from registry.moments import Moment

revision = "0003"
down_revision = "0002"

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ROLES: Final = ("operator", "manager", "officer", "policy_officer", "administrator")
OUTCOMES: Final = ("conflict", "undetermined", "fits_on_assumptions", "fits_with_conditions", "fits")
_Long = BigInteger().with_variant(Integer(), "sqlite")


def _among(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=column)


whatif = Table(
    "whatif",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ruleset_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("ruleset_sha256", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("role", Text, nullable=False),
    _among("role", ROLES),
    Column("asked_at", Moment, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("cancelled_by", Text),
    Column("cancelled_at", Moment),
    Column("read_seq", _Long),
    Column("finished_at", Moment),
    Column("counts", JSON(none_as_null=True)),
    CheckConstraint("length(ruleset_sha256) = 64", name="ruleset_sha256"),
    CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="done"),
    CheckConstraint("(cancelled_by IS NULL) = (cancelled_at IS NULL)", name="cancelled"),
    CheckConstraint(
        "(finished_at IS NULL) = (counts IS NULL) AND (finished_at IS NULL) = (read_seq IS NULL)", name="finished"
    ),
    CheckConstraint("finished_at IS NULL OR cancelled_at IS NULL", name="one_end"),
    Index(None, "ruleset_id", "version", "asked_at"),
)
whatif_item = Table(
    "whatif_item",
    metadata,
    Column("whatif_id", Text, ForeignKey("whatif.id"), primary_key=True),
    Column("application_id", Text, primary_key=True),
    Column("past", Boolean(create_constraint=False), nullable=False),
    Column("differs", Boolean(create_constraint=False), nullable=False),
    Column("before_sha256", Text),
    Column("before_outcome", Text),
    Column("after_sha256", Text),
    Column("after_outcome", Text),
    Column("shifts", JSON, nullable=False),
    Column("problems", JSON, nullable=False),
    _among("before_outcome", OUTCOMES),
    _among("after_outcome", OUTCOMES),
    Index(None, "whatif_id", "past", "differs", "application_id"),
)


def upgrade() -> None:
    """Make both tables, and let a publication name what it rests on."""
    connection = op.get_bind()
    postgis = connection.dialect.name == "postgresql"
    metadata.create_all(connection, checkfirst=False)
    for what in ("UPDATE", "DELETE", *(("TRUNCATE",) if postgis else ())):
        op.execute(_trigger("whatif_item", what, postgis))
    # Both engines take it as it stands; Alembic would have SQLite make the table anew.
    op.execute(
        "ALTER TABLE ruleset ADD COLUMN whatif_id TEXT CONSTRAINT fk_ruleset_whatif_id REFERENCES whatif (id)"
    )
    op.execute("ALTER TABLE ruleset ADD COLUMN whatif_changes INTEGER")


def downgrade() -> None:
    """Take all of it away."""
    connection = op.get_bind()
    for column in ("whatif_changes", "whatif_id"):
        op.execute(f"ALTER TABLE ruleset DROP COLUMN {column}")
    metadata.drop_all(connection, checkfirst=False)


def _trigger(table: str, what: str, postgis: bool) -> str:
    named = f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
    if not postgis:
        return f"{named} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return f"{named} FOR EACH {'STATEMENT' if what == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION refuse_change()"
