"""What each kind of job does: a use case, with what it needs of formats and schemas."""

from __future__ import annotations
