"""What tests of every folder may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from registry.db import Database
from tests import databases, servers

# How long an example takes depends on what else the machine does; speed is measured by `make bench`.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the checkout. In CI its absence is a failure; elsewhere it skips."""
    folder = ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    reason = "public data are missing: ../shared/data beside the checkout"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A private PostgreSQL with PostGIS. That it is not installed is a failure that names the line to install it."""
    try:
        with servers.postgres() as server:
            yield server
    except servers.Missing as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Redis]:
    """A private Redis. That it is not installed is a failure that names the line to install it."""
    try:
        with servers.redis() as server:
            yield server
    except servers.Missing as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite register with nothing in it, to be copied."""
    return databases.sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgis_url_of_all(postgres: servers.Postgres) -> str:
    """The one PostGIS register that tests use in turn."""
    return databases.postgis_register(postgres)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A new SQLite register with nothing in it; after the test its index must say what its rows say."""
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    yield url
    databases.require_index(url)


@pytest.fixture
def postgis_url(postgis_url_of_all: str) -> Iterator[str]:
    """The PostGIS register, emptied; after the test its index must say what its rows say."""
    databases.empty(postgis_url_of_all)
    yield postgis_url_of_all
    databases.require_index(postgis_url_of_all)


@pytest.fixture(params=["sqlite", "postgis"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """An empty register on each engine in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(engine_url: str) -> Iterator[Database]:
    """An empty register on each engine in turn, opened."""
    db = Database(engine_url)
    yield db
    db.close()


@pytest.fixture(params=["sqlite", "postgis"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each engine in turn that has no register yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
        return
    server: servers.Postgres = request.getfixturevalue("postgres")
    yield server.create("blank")
    server.drop("blank")
