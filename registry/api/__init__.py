"""The API over HTTP, ``/v1``."""
