"""Sessions on SQLite and PostgreSQL."""
