"""What a running register is told by whoever starts it, with limits that hold where nothing is said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from registry.core.errors import Problem, Refused
from registry.formats.exchange import MAX_BYTES, MAX_FILING_BYTES

DATABASE_URL: Final = "sqlite:///register.db"


def utc_now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the description of the API names: who runs this register."""

    name: str = "The municipality that runs this register"
    email: str = "register@municipality.example"
    url: str = "https://municipality.example/register"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process.

    ``filing_bytes`` and ``import_bytes`` are the most a request may hold; ``body_bytes`` the same for all that is no
    exchange file. ``page`` and ``page_most`` are how many items of a list are given when nothing is asked, and at
    most. ``origins`` are the web origins whose pages may read the API.
    """

    database_url: str = DATABASE_URL
    filing_bytes: int = MAX_FILING_BYTES
    import_bytes: int = MAX_BYTES
    body_bytes: int = 256_000
    page: int = 100
    page_most: int = 1_000
    origins: tuple[str, ...] = ()
    contact: Contact = field(default_factory=Contact)
    clock: Callable[[], datetime] = utc_now

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Config:
        """The settings in ``DATABASE_URL``, ``REGISTRY_ORIGINS`` and ``REGISTRY_CONTACT_{NAME,EMAIL,URL}``.

        Raises ``Refused`` for an origin that is none.
        """
        usual = Contact()
        contact = Contact(
            environment.get("REGISTRY_CONTACT_NAME") or usual.name,
            environment.get("REGISTRY_CONTACT_EMAIL") or usual.email,
            environment.get("REGISTRY_CONTACT_URL") or usual.url,
        )
        origins = tuple(environment.get("REGISTRY_ORIGINS", "").split())
        for origin in origins:
            if not origin.startswith(("https://", "http://")) or origin.count("/") != 2:
                remedy = "Write origins as https://name or https://name:port, separated by spaces."
                raise Refused(Problem("not_allowed", "not a web origin", remedy, "REGISTRY_ORIGINS", origin))
        return cls(environment.get("DATABASE_URL") or DATABASE_URL, origins=origins, contact=contact)
