"""The register for a WSGI server that tells Celery workers of jobs: ``gunicorn workers.wsgi:application``."""

from __future__ import annotations

from registry.app import create_app
from workers.nudge import nudge

application = create_app(nudge=nudge)
