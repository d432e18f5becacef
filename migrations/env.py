"""Runs the scripts on the connection that ``registry.store.schema`` hands over."""

from __future__ import annotations

from alembic import context

from registry.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
