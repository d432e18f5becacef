"""The pages of a filled register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.app import create_app
from registry.config import Config
from registry.db import Database
from tests import databases
from tests.web import seeded


def app_on(db: Database) -> Flask:
    return create_app(Config(clock=lambda: seeded.at(60)), db=db)


@pytest.fixture
def client(database: Database) -> FlaskClient:
    """A client of the pages of a filled register, on each engine in turn."""
    seeded.filled(database)
    return app_on(database).test_client()


@pytest.fixture(scope="module")
def street(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A filled register on SQLite that the tests of a module share."""
    with databases.checked(databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("street"))) as db:
        seeded.filled(db)
        yield db


@pytest.fixture(scope="module")
def visitor(street: Database) -> FlaskClient:
    """A client of the pages of the shared register."""
    return app_on(street).test_client()
