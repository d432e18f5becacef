"""The Celery app. A message holds the id of a job and is only a hint: the row is the truth.

``BROKER_URL`` names RabbitMQ (``amqp://…``) or Redis (``redis://…``), ``DATABASE_URL`` the register. Run it with
``celery -A workers.app worker``.
"""

from __future__ import annotations

import os
from typing import Any, Final

from celery import Celery

QUEUE: Final = "register"
BROKER_URL: Final = "redis://127.0.0.1:6379/0"
#: How long a broker may take to answer, seconds.
ANSWERS: Final = 2.0


def settings(broker_url: str) -> dict[str, Any]:
    """How messages travel: JSON only, nothing given back, and no waiting for a broker that is not there."""
    found: dict[str, Any] = {
        "broker_url": broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": ANSWERS,
        "broker_transport_options": {
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0.1,
            "interval_max": 0.1,
            **({} if _is_amqp(broker_url) else {"socket_connect_timeout": ANSWERS}),
        },
        "task_default_queue": QUEUE,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_publish_retry": False,
        # A job is begun by who can begin it; none waits in the hands of who is busy.
        "worker_prefetch_multiplier": 1,
        "enable_utc": True,
    }
    if _is_amqp(broker_url):
        found |= {
            "task_default_queue_type": "quorum",
            "worker_detect_quorum_queues": True,
            "task_default_exchange_type": "topic",
        }
    return found


def briefly(broker_url: str) -> dict[str, Any]:
    """How to connect for one message: each answer is waited for as long as ``ANSWERS``, and no longer."""
    names = ("read_timeout", "write_timeout") if _is_amqp(broker_url) else ("socket_timeout", "socket_connect_timeout")
    return dict.fromkeys(names, ANSWERS)


def _is_amqp(broker_url: str) -> bool:
    return broker_url.startswith(("amqp", "pyamqp"))


app = Celery("register", include=["workers.tasks"])
app.conf.update(settings(os.environ.get("BROKER_URL") or BROKER_URL))
