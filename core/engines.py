"""The engines of a database: what is compiled for one serves all that have the same keys.

SQLAlchemy keeps a compiled statement under the dialect that it was compiled for, and the statement
holds on to that dialect, with its vault. Ours compare by kind and vault: two that are equal seal
and open alike, and to those with other keys nothing is lent.
"""

from typing import Any

from sqlalchemy import URL, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import CompiledCacheType
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from core.crypto import Vault, hold, vault_held

READERS = 4

COMPILED: CompiledCacheType = LRUCache(1500)
"""What the engines of this process have compiled."""


def engines(url: str, vault: Vault) -> tuple[Engine, Engine]:
    """Return an engine to read and one to write; on PostgreSQL they are one.

    Parameters are hidden from errors, which are logged and could hold personal data.
    """
    ours = _by_ours(make_url(url))
    options: dict[str, Any] = {
        "hide_parameters": True,
        "execution_options": {"compiled_cache": COMPILED},
    }
    if ours.get_backend_name() == "sqlite":
        reading = create_engine(ours, poolclass=QueuePool, pool_size=READERS, **options)
        writing = create_engine(ours, poolclass=QueuePool, pool_size=1, **options)
        for engine, begin in ((reading, "BEGIN"), (writing, "BEGIN IMMEDIATE")):
            _prepare_sqlite(engine, begin)
    else:
        reading = writing = create_engine(
            ours, pool_size=READERS + 1, pool_pre_ping=True, **options
        )
    hold(reading.dialect, vault)
    hold(writing.dialect, vault)
    return reading, writing


def _by_ours(url: URL) -> URL:
    """Return the URL with the dialect of its kind that is here."""
    return url.set(drivername=f"{url.get_backend_name()}+todoke")


def _prepare_sqlite(engine: Engine, begin: str) -> None:
    """Take transactions into our own hands; a writer begins as one, or it could fail half-way."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        del record
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "cache_size=-65536",
            "wal_autocheckpoint=16384",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)


class _Sqlite(SQLiteDialect_pysqlite):
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return _alike(self, other)

    def __hash__(self) -> int:
        return _hash(self)


class _Postgresql(PGDialect_psycopg):
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return _alike(self, other)

    def __hash__(self) -> int:
        return _hash(self)


def _alike(dialect: Dialect, other: object) -> bool:
    return type(other) is type(dialect) and vault_held(dialect) == vault_held(other)


def _hash(dialect: Dialect) -> int:
    return hash(vault_held(dialect))


registry.register("sqlite.todoke", __name__, _Sqlite.__name__)
registry.register("postgresql.todoke", __name__, _Postgresql.__name__)
