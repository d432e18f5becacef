"""A broker that is dead or silent keeps nobody waiting, and a nudge is told of to whom it may concern."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from registry.api.nudging import Nudger
from tests.servers import PATIENCE, free_port
from tests.workers.running import port_of, silent
from workers.app import app, settings
from workers.nudge import nudge


@pytest.fixture
def silent_socket() -> Iterator[socket.socket]:
    with silent() as listening:
        yield listening


@pytest.fixture(params=["redis", "amqp"])
def silent_broker(request: pytest.FixtureRequest, silent_socket: socket.socket) -> Iterator[str]:
    yield from _broker(request.param, port_of(silent_socket))


@pytest.fixture(params=["redis", "amqp"])
def dead_broker(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from _broker(request.param, free_port())


def _broker(kind: str, port: int) -> Iterator[str]:
    before = app.conf.broker_url
    app.conf.update(settings(f"{kind}://127.0.0.1:{port}//"))
    yield kind
    app.conf.update(settings(before))


@pytest.mark.usefixtures("silent_broker")
def test_a_silent_broker_keeps_nobody_waiting(silent_socket: socket.socket) -> None:
    """Filing goes on while the broker holds the line: that is still open here."""
    failed = threading.Event()

    def watched(jobs: object) -> None:
        try:
            nudge(list(jobs))  # type: ignore[call-overload]
        except Exception:
            failed.set()

    tell = Nudger(watched)
    tell(["a-job"])
    line, _ = silent_socket.accept()
    with line:
        tell(["another"])
        assert failed.wait(PATIENCE), "the silent broker is still waited for"


@pytest.mark.usefixtures("dead_broker")
def test_a_broker_that_is_not_there_is_told_to_the_caller() -> None:
    with pytest.raises(Exception, match=r"refused"):
        nudge(["a-job"])


def test_settings_are_those_the_brokers_need() -> None:
    redis, amqp = settings("redis://127.0.0.1/0"), settings("amqp://127.0.0.1//")
    for found in (redis, amqp):
        assert found["accept_content"] == ["json"]
        assert found["task_ignore_result"]
        options = found["broker_transport_options"]
        assert (options["max_retries"], options["interval_start"], options["interval_max"]) == (1, 0, 0.1)
    assert (amqp["task_default_queue_type"], amqp["worker_detect_quorum_queues"]) == ("quorum", True)
    assert amqp["task_default_exchange_type"] == "topic"
    assert "task_default_queue_type" not in redis
    app.loader.import_default_modules()
    assert "register.check" in app.tasks
