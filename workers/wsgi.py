"""The register for a WSGI server that tells Celery workers of jobs: ``gunicorn workers.wsgi:application``.

Importing it makes the kernels ready, before the server that imports it answers anybody.
"""

from __future__ import annotations

import logging
from typing import Final

from registry.app import create_app
from registry.warm import warm
from workers.nudge import nudge

_LOG: Final = logging.getLogger(__name__)

warm(_LOG.info, _LOG.warning)
application = create_app(nudge=nudge)
