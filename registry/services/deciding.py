"""The officer's decision. It rests on a named verdict, and is refused where that is not what would be found now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from registry.services.actors import Actor
from registry.services.saved import Saved

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import DecisionRow

DecisionKind = Literal["grant", "grant_with_conditions", "refuse", "note"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reservation the grant goes against, and why its holder's interest gives way, with the document that says so."""

    reservation: str
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer decides. ``id`` is chosen by the client: the same decision sent again is the same act.

    ``verdict_sha256`` names the verdict it rests on. ``conditions`` are sentences.
    """

    id: str
    verdict_sha256: str
    kind: DecisionKind
    reason: str | None = None
    document: str | None = None
    conditions: tuple[str, ...] = ()
    weighed: tuple[Weighed, ...] = ()


def decide(
    db: Database,
    application_id: str,
    decision: Decision,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
) -> Saved:
    """Decide on a checked application.

    Raises ``Refused`` with, besides those every act knows: ``stale_verdict`` (another verdict stands, or what it rests
    on has changed; a fresh check is asked for and stays asked for), ``wrong_regime`` (its regime knows no such
    decision), ``weighing_missing`` (a reservation it goes against is not weighed; ``feature`` names it), ``clash``
    (granted works, with no recorded agreement; ``feature`` names them), ``missing`` (reason, document or conditions).
    """
    raise NotImplementedError


def decisions(db: Database, application_id: str) -> list[DecisionRow]:
    """The decisions on an application, oldest first."""
    raise NotImplementedError


def get(db: Database, decision_id: str) -> DecisionRow:
    """A decision. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError
