"""What tests of the store may ask for."""

from __future__ import annotations

import pytest

from registry.core import index


@pytest.fixture(scope="session")
def compiled() -> None:
    """This process has compiled what tells exactly what lies within reach, as one that serves or works has."""
    index.compile_all()
