"""Telling Celery workers of jobs. What is told is only a hint: they look for jobs themselves as well."""

from __future__ import annotations

from collections.abc import Sequence

from workers.app import ANSWERS, app, briefly


def nudge(job_ids: Sequence[str], kind: str = "check") -> None:
    """Tell workers of these jobs, after they were committed. Raises what the broker's client raises.

    A broker that is silent is waited for, some seconds at most: not to be called where someone waits for an answer.
    """
    brief = briefly(app.conf.broker_url)
    with app.connection_for_write(connect_timeout=ANSWERS, transport_options=brief) as connection:
        for job_id in job_ids:
            app.send_task(f"register.{kind}", args=[job_id], connection=connection)
