"""A token stands for an actor until it ends; only its hash is kept."""

from __future__ import annotations

from registry.db import Database
from registry.services import tokens
from tests.services.making import NOW, OFFICER, later


def test_a_token_stands_for_its_actor_until_it_ends(database: Database) -> None:
    text, id_ = tokens.create(database, OFFICER, NOW, expires=later(10))
    assert tokens.actor_of(database, text, later(9)) == OFFICER
    assert tokens.actor_of(database, text, later(10)) is None
    assert tokens.revoke(database, id_, later(1))
    assert not tokens.revoke(database, id_, later(2))
    assert tokens.actor_of(database, text, later(3)) is None
    [row] = tokens.listed(database)
    assert text not in repr(row)


def test_what_is_no_token_stands_for_nobody(database: Database) -> None:
    text, _ = tokens.create(database, OFFICER, NOW)
    for wrong in ("", text[:-1], text + "x", "\udcff"):
        assert tokens.actor_of(database, wrong, NOW) is None
    assert tokens.actor_of(database, text, later(10**7)) == OFFICER
