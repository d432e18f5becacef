"""The rows of the register. What the core would refuse, the constraints refuse as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from registry.core.actors import ROLES
from registry.core.findings import OUTCOMES
from registry.core.lifecycle import APPLICATION_STATES, RESERVATION_STATES
from registry.core.model import REGIMES, STRENGTHS
from registry.core.regimes import DECISION_KINDS
from registry.geometry import Footprint
from registry.moments import Moment

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: The states an object of each kind may be in. What was imported is there until it is removed.
STATES: Final[dict[str, tuple[str, ...]]] = {
    "reservation": RESERVATION_STATES,
    "application": APPLICATION_STATES,
    "asset": ("present", "removed"),
    "ground_level": ("present", "removed"),
    "zone": ("present", "removed"),
}
JOB_STATES: Final = ("queued", "running", "done", "parked", "cancelled")
#: Lowest and highest level of a chunk, metres NAP.
Z_LOWEST: Final = -1_000_000
Z_HIGHEST: Final = 1_000_000

#: Rows of these are never changed nor removed.
APPEND_ONLY: Final = ("revision", "change", "verdict", "verdict_basis", "decision", "agreement", "whatif_item")

_Long = BigInteger().with_variant(Integer(), "sqlite")


def _among(column: str, values: Iterable[str], name: str | None = None) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


def _state_of_kind(name: str) -> CheckConstraint:
    by_kind = (f"(kind = '{kind}' AND state IN ({', '.join(map(repr, states))}))" for kind, states in STATES.items())
    return CheckConstraint(" OR ".join(by_kind), name=name)


def _sha(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = 64", name=column)


def _by() -> tuple[Column[Any], ...]:
    """Who did it, for whom and as what."""
    return (
        Column("actor", Text, nullable=False),
        Column("organisation", Text, nullable=False),
        Column("role", Text, nullable=False),
        _among("role", ROLES),  # type: ignore[return-value]
    )


revision = Table(
    "revision",
    metadata,
    Column("id", _Long, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("action", Text, nullable=False),
    *_by(),
    Column("reason", Text),
    Column("document", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("recorded_at", Moment, nullable=False),
    Column("extra", JSON(none_as_null=True)),
    UniqueConstraint("kind", "object_id", "number"),
    _state_of_kind("state"),
    _sha("content_sha256"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("object_id <> ''", name="object_id"),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid"),
)

object_ = Table(
    "object",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("object_id", Text, primary_key=True),
    Column("revision_id", _Long, ForeignKey("revision.id"), nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("holder", Text),
    Column("theme", Text),
    Column("strength", Text),
    Column("regime", Text),
    Column("due_on", Date),
    Column("verdict_id", _Long, ForeignKey("verdict.id")),
    Column("current_from", Date, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    _state_of_kind("state"),
    _among("strength", STRENGTHS),
    _among("regime", REGIMES),
    CheckConstraint("(kind = 'reservation') = (strength IS NOT NULL)", name="strength_of_reservation"),
    CheckConstraint("(kind = 'application') = (regime IS NOT NULL)", name="regime_of_application"),
    CheckConstraint("number >= 1", name="number"),
    Index(None, "kind", "state", "object_id"),
    Index(None, "kind", "holder", "object_id"),
)

chunk = Table(
    "chunk",
    metadata,
    Column("id", _Long, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("geom", Footprint("POLYGON", 28992), nullable=False),
    Column("z_min", Double, nullable=False),
    Column("z_max", Double, nullable=False),
    Column("segments", LargeBinary, nullable=False),
    ForeignKeyConstraint(["kind", "object_id"], ["object.kind", "object.object_id"]),
    # NaN is greater than any number on PostgreSQL, and NULL on SQLite: neither passes.
    CheckConstraint(f"z_min >= {Z_LOWEST} AND z_max <= {Z_HIGHEST} AND z_min <= z_max", name="z"),
    Index(None, "kind", "object_id"),
    Index("ix_chunk_geom", "geom", postgresql_using="gist").ddl_if(dialect="postgresql"),
)

verdict = Table(
    "verdict",
    metadata,
    Column("id", _Long, primary_key=True, autoincrement=True),
    Column("application_id", Text, nullable=False),
    Column("application_number", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("ruleset_id", Text, nullable=False),
    Column("ruleset_version", Text, nullable=False),
    Column("ruleset_sha256", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("document", JSON, nullable=False),
    Column("judged_at", Moment, nullable=False),
    Column("job_id", Text),
    UniqueConstraint("application_id", "sha256"),
    Index(None, "sha256"),
    _among("outcome", OUTCOMES),
    _sha("sha256"),
    CheckConstraint("application_number >= 1", name="application_number"),
)

verdict_basis = Table(
    "verdict_basis",
    metadata,
    Column("verdict_id", _Long, ForeignKey("verdict.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("object_id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("revision_id", _Long, ForeignKey("revision.id"), nullable=False),
    Index(None, "kind", "object_id"),
    _sha("sha256"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("application_id", Text, nullable=False),
    Column("verdict_sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text),
    Column("document", Text),
    Column("conditions", JSON, nullable=False),
    Column("weighed", JSON, nullable=False),
    *_by(),
    Column("recorded_at", Moment, nullable=False),
    Index(None, "application_id"),
    _among("kind", DECISION_KINDS),
    _sha("verdict_sha256"),
    CheckConstraint("id <> ''", name="id"),
)

whatif = Table(
    "whatif",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ruleset_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("ruleset_sha256", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    *_by(),
    Column("asked_at", Moment, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
    Column("cancelled_by", Text),
    Column("cancelled_at", Moment),
    Column("read_seq", _Long),
    Column("finished_at", Moment),
    Column("counts", JSON(none_as_null=True)),
    _sha("ruleset_sha256"),
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
    Column("past", Boolean, nullable=False),
    Column("differs", Boolean, nullable=False),
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

ruleset = Table(
    "ruleset",
    metadata,
    Column("ruleset_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("document", JSON, nullable=False),
    Column("source_text", Text, nullable=False),
    Column("stored_by", Text, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("published_by", Text),
    Column("published_at", Moment),
    Column("whatif_id", Text, ForeignKey("whatif.id")),
    Column("whatif_changes", Integer),
    _sha("sha256"),
    CheckConstraint("(published_by IS NULL) = (published_at IS NULL)", name="published"),
    CheckConstraint("published_by IS NULL OR published_by <> stored_by", name="second_person"),
)

change = Table(
    "change",
    metadata,
    Column("seq", _Long, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("number", Integer),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("told", JSON, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "kind", "object_id"),
    CheckConstraint("seq >= 1", name="seq"),
)

job = Table(
    "job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("run_after", Moment, nullable=False),
    Column("worker", Text),
    Column("error", Text),
    Column("result", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    _among("state", JOB_STATES),
    CheckConstraint("attempt >= 0 AND max_attempts >= 1", name="attempt"),
    CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
    CheckConstraint("(state IN ('done', 'parked', 'cancelled')) = (finished_at IS NOT NULL)", name="finished"),
    Index(
        "uq_job_queued_key",
        "key",
        unique=True,
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(None, "state", "run_after"),
    Index(None, "key", "state"),
    Index(None, "subject"),
)

token = Table(
    "token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    *_by(),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    _sha("sha256"),
)

import_run = Table(
    "import_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    *(Column(name, Integer, nullable=False) for name in ("read", "added", "changed", "unchanged", "removed")),
    Column("actor", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _sha("sha256"),
    CheckConstraint("read >= 0 AND added >= 0 AND changed >= 0 AND unchanged >= 0 AND removed >= 0", name="counts"),
)

agreement = Table(
    "agreement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("a_kind", "a_id", "a_sha256", "b_kind", "b_id", "b_sha256")),
    Column("reason", Text),
    Column("document", Text),
    Column("actor", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _among("kind", ("agreement", "duty")),
    _sha("a_sha256"),
    _sha("b_sha256"),
    Index(None, "a_kind", "a_id"),
    Index(None, "b_kind", "b_id"),
)
