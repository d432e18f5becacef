"""Where the two engines' SQL differs in more than a word."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text


def is_postgis(s: Session) -> bool:
    """Whether a session is of PostGIS; else it is of SQLite."""
    return s.get_bind().dialect.name == "postgresql"


def among(s: Session, column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """That a column of text has one of any number of values: they travel as one parameter, which no engine limits."""
    listed = sorted(set(values))
    if is_postgis(s):
        return column == any_(bindparam(None, listed, type_=ARRAY(Text)))
    each = func.json_each(json.dumps(listed)).table_valued("value")
    return column.in_(select(each.c.value))
