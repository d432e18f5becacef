"""Addresses, methods, headers, and what is told of a fault of the register's own."""

from __future__ import annotations

import logging
import threading

import pytest
from sqlalchemy.exc import OperationalError

from registry.api.ids import IdConverter, kept_apart
from registry.api.nudging import Nudger
from registry.app import create_app
from registry.config import Config
from registry.core.errors import Refused
from registry.services import reservations
from tests.api.asking import Asking
from tests.api.conftest import START, Town


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1", 200), ("GET", "/v1/", 200), ("GET", "/v1/reservations/", 404), ("GET", "/v1//reservations", 404),
        ("GET", "/v1/reservations/a/b", 404), ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/reservations/a", 405), ("POST", "/v1/reservations", 405), ("PUT", "/v1/changes", 405),
        ("TRACE", "/v1", 405), ("PATCH", "/v1/applications/a", 405), ("GET", "/v1/reservations/a/_accept", 405),
        ("HEAD", "/v1/reservations", 200), ("HEAD", "/v1/reservations/a", 404), ("OPTIONS", "/v1/reservations/a", 200),
        ("GET", "/v1/reservations/../jobs", 404), ("GET", "/v2", 404),
    ],
)  # fmt: skip
def test_addresses_and_methods(sqlite_town: Town, method: str, path: str, status: int) -> None:
    if not path.startswith("/v1"):
        assert sqlite_town.asking.client.open(path, method=method).status_code == status
        return
    answer = sqlite_town.asking.ask(method, path)
    assert answer.status_code == status, answer.data
    if status == 405 or method == "OPTIONS":
        assert "GET" in answer.headers["Allow"] or "_accept" in path


def test_an_id_may_hold_a_slash() -> None:
    for sent, expected in (
        ("/v1/reservations/a%2Fb", "/v1/reservations/a%2Fb"),
        ("/v1/reservations/a%2fb/_accept?x=%2F", "/v1/reservations/a%2Fb/_accept"),
        ("http://host:8080/v1/reservations/a%2Fb", "/v1/reservations/a%2Fb"),
        ("/v1/reservations/a%252Fb", "/v1/reservations/a%252Fb"),
    ):
        decoded = expected.replace("%2F", "/").replace("%252F", "%2F").replace("%25", "%")
        assert kept_apart(sent, "", decoded) == expected
    assert kept_apart("/below/v1/x/a%2Fb", "/below", "/v1/x/a/b") == "/v1/x/a%2Fb"
    assert kept_apart("", "", "/v1/a/b") == "/v1/a/b"
    assert kept_apart("/other%2Fpath", "", "/v1/a%2Fb") == "/v1/a%252Fb"
    converter = IdConverter(None)  # type: ignore[arg-type]
    for id_ in ("a/b", "a%2Fb", "a%b", "a%25", "%2F%252F", "a:b"):
        segment = converter.to_url(id_)
        assert converter.to_python(kept_apart(f"/x/{segment}", "", f"/x/{id_}").removeprefix("/x/")) == id_


def test_origins(sqlite_url: str) -> None:
    asking = Asking(create_app(Config(sqlite_url, origins=("https://map.example",), clock=lambda: START)))
    allowed = asking.get("/v1/reservations", headers={"Origin": "https://map.example"})
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://map.example"
    other = asking.get("/v1/reservations", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    assert asking.client.get("/v1/openapi.json").headers["Access-Control-Allow-Origin"] == "*"
    asking.app.extensions["register"].db.close()


def test_settings_from_the_environment() -> None:
    config = Config.from_environment({"DATABASE_URL": "sqlite://", "REGISTRY_ORIGINS": "https://a.example http://b:1"})
    assert (config.database_url, config.origins) == ("sqlite://", ("https://a.example", "http://b:1"))
    for wrong in ("a.example", "https://a.example/", "*"):
        with pytest.raises(Refused, match="not a web origin"):
            Config.from_environment({"REGISTRY_ORIGINS": wrong})


def test_a_fault_of_ours_tells_nothing_of_it(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(reservations, "listed", broken)
    with caplog.at_level(logging.CRITICAL):
        answer = sqlite_town.asking.get("/v1/reservations")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_does_not_answer(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise OperationalError("select", {}, Exception("locked"))

    monkeypatch.setattr(reservations, "listed", busy)
    answer = sqlite_town.asking.get("/v1/reservations")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1


def test_health(sqlite_town: Town) -> None:
    assert sqlite_town.asking.get("/v1/health").get_json() == {
        "status": "ok", "database": True, "migrated": True, "worker": "idle",
    }  # fmt: skip


def test_health_of_an_empty_database() -> None:
    asking = Asking(create_app(Config("sqlite://")))
    answer = asking.get("/v1/health")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "degraded"
    asking.app.extensions["register"].db.close()


def test_a_nudge_that_never_ends_or_fails_is_not_noticed() -> None:
    begun, held, told = threading.Event(), threading.Event(), []

    def nudge(jobs: object) -> None:
        told.append(jobs)
        begun.set()
        held.wait(30)
        raise OSError("nobody there")

    nudger = Nudger(nudge)
    nudger(["a"])
    assert begun.wait(30)
    for number in range(3_000):
        nudger([str(number)])
    assert told == [("a",)]
    held.set()
