"""Registers of which every part runs as it does in a municipality."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import Redis
from tests.whole.making import Register, audited


@pytest.fixture
def register(engine_url: str) -> Iterator[Register]:
    """An empty register with people in it, on each engine in turn; after the test nothing may be wrong with it."""
    with audited(engine_url) as found:
        yield found


@pytest.fixture
def broker(redis: Redis) -> Redis:
    """An empty Redis."""
    redis.ask("FLUSHALL")
    return redis
