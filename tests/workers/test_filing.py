"""Filing through the API where workers are told over a broker: what that does is never noticed by who files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from registry.app import create_app
from registry.config import Config
from registry.db import Database
from registry.services import jobs, tokens
from registry.services.actors import Actor
from tests.jobs.making import ROOT, application, done, in_force, now, verdicts_of
from tests.servers import Redis, wait_until
from tests.workers.running import celery_worker, port_of, silent
from workers.app import app, settings
from workers.nudge import nudge

SEWER = json.loads((ROOT / "examples/flagship/sewer-0.40.geojson").read_text(encoding="utf-8"))


@pytest.fixture
def broker() -> Iterator[None]:
    """The broker that this process tells is afterwards the one it was."""
    before = app.conf.broker_url
    yield
    app.conf.update(settings(before))


def put(client: FlaskClient, db: Database) -> str:
    """File the example's sewer; the job that was asked for."""
    applicant = application().applicant
    token, _ = tokens.create(db, Actor("desk", applicant, "operator"), now(), expires=None)
    content = {name: value for name, value in SEWER.items() if name != "name"}
    answer = client.put(
        f"/v1/applications/{application().id}", json=content, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 202, answer.data
    (found,) = jobs_of(db)
    return found


def jobs_of(db: Database) -> list[str]:
    return [job.id for job in jobs.listed(db)]


@pytest.mark.usefixtures("broker")
def test_filing_over_a_broker_that_never_answers(database: Database) -> None:
    """The answer is there while the broker's socket is open and silent, and the check is made nevertheless."""
    in_force(database)
    client = create_app(Config(database_url=database.url), db=database, nudge=nudge).test_client()
    with silent() as listening:
        url = f"redis://127.0.0.1:{port_of(listening)}/0"
        app.conf.update(settings(url))
        asked_for = put(client, database)
        line, _ = listening.accept()
        with line, celery_worker(database.url, url):
            wait_until(lambda: done(database, asked_for), "the check is done")
    assert len(verdicts_of(database, application().id)) == 1


@pytest.mark.usefixtures("broker")
def test_filing_over_redis(database: Database, redis: Redis) -> None:
    in_force(database)
    redis.ask("FLUSHALL")
    app.conf.update(settings(redis.url))
    client = create_app(Config(database_url=database.url), db=database, nudge=nudge).test_client()
    with celery_worker(database.url, redis.url) as worker:
        worker.wait_for(" ready.")
        asked_for = put(client, database)
        wait_until(lambda: done(database, asked_for), "the check is done")
        worker.wait_for("register.check[")
    assert len(verdicts_of(database, application().id)) == 1
