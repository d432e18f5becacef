"""A register with a published ruleset."""

from __future__ import annotations

import pytest

from registry.db import Database
from tests.services.making import publish


@pytest.fixture
def ruled(database: Database) -> Database:
    """A register, on each engine in turn, in which the golden ruleset is in force."""
    publish(database)
    return database
