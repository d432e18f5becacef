"""Where the two engines' SQL differs in more than a word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
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


def straight(s: Session, statement: str, given: Sequence[str]) -> Sequence[Any]:
    """The rows that a statement gives on PostGIS, straight from the driver: for what is asked so often, and gives so
    many rows, that what stands between would take longer than the server does.

    It is of the session's transaction. Parameters (``%s``) go as text, rows come in binary form.
    """
    connection = s.connection()
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.cursor(binary=True) as cursor:
            found: Sequence[Any] = cursor.execute(statement, given, prepare=True).fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            statement, tuple(given), error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
        ) from error
    return found
