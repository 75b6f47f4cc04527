"""Rows by the thousand, read and put into a table in the way that its database is fastest."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

TOGETHER = 100
"""Rows of one statement on SQLite, for which it takes two thirds of the time of one for each."""


def insert(
    session: Session,
    columns: Sequence[InstrumentedAttribute[Any]],
    rows: Iterable[Sequence[str | int | None]],
) -> None:
    """Insert rows of these columns, which are of one table and kept as they are: text or numbers.

    What the session holds is not written before; the other columns must be nullable.
    """
    connection = session.connection()
    table = columns[0].class_.__tablename__
    names = ", ".join(column.key for column in columns)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    begin = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - our own names.
    places = f"({', '.join('?' * len(columns))})"
    waiting = iter(rows)
    while some := list(itertools.islice(waiting, TOGETHER)):
        values = tuple(itertools.chain.from_iterable(some))
        connection.exec_driver_sql(begin + ", ".join([places] * len(some)), values)


def read(session: Session, query: Select[Any]) -> list[Any]:
    """Return the rows of a query of text and numbers as they are kept, in any order.

    SQLite answers in one step, in which others may use this process's interpreter; row by row it
    would be taken and given back for each. That costs a microsecond a row more: it is for what is
    read beside other work.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return list(connection.execute(query))
    whole = select(func.json_group_array(func.json_array(*query.subquery().c)))
    return list(orjson.loads(connection.execute(whole).scalar_one()))
