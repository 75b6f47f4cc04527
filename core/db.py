"""The database: plain work on a session, run in threads, and writes that are committed in groups.

`Database.read(work)` and `Database.write(work)` are the only ways in. `work` is a function of a
session and must be one that can be run again: a group that fails is run a second time, each piece
in a savepoint, so that one refusal does not fail its neighbours. What is answered is durable.
"""

import asyncio
import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.crypto import Vault
from core.engines import READERS, engines
from core.lanes import Lane, Piece

Result = TypeVar("Result")
Work = Callable[[Session], Result]

GROUP = 64
"""Most pieces of work that share one commit."""

DEADLOCK = "40P01"
"""PostgreSQL's name for it; on SQLite writers wait for each other from the beginning."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, sortable ISO 8601 text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            String(32) if dialect.name == "sqlite" else self.impl_instance
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return datetime.fromisoformat(value)


Json = JSON().with_variant(JSONB(), "postgresql")
"""What is no resident's: names of steps, counts by reason."""


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The base of every table's class. Each key begins with the municipality."""

    # Enumerations are kept as short text, so that a new member is no migration.
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
        )
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Finish = Callable[[Session], None]
Prepare = Callable[[Session, Sequence[Work[Any]]], None]


class Database:
    """One database with its threads: several that read, one that writes.

    `prepare` is shown a group's pieces before they run together, as to look up at once what each
    would look up for itself; `finish` runs at the end of each writing transaction, as to write what
    its pieces recorded. `clock` stands in for the database's own clock, in tests. `group` is the
    most pieces that share one commit.
    """

    def __init__(
        self,
        url: str,
        vault: Vault,
        *,
        prepare: Sequence[Prepare] = (),
        finish: Sequence[Finish] = (),
        clock: Callable[[], datetime] | None = None,
        group: int = GROUP,
    ) -> None:
        self._reading, self._writing = engines(url, vault)
        self._prepare = prepare
        self._finish = finish
        self._clock = clock
        self._committed = asyncio.Event()
        self._closing = False
        self._reads: Lane[Work[Any]] = Lane(
            "db-read", self._read_group, threads=READERS, most=GROUP
        )
        self._writes: Lane[Work[Any]] = Lane(
            "db-write", self._write_group, threads=1, most=group, ended=self._announce
        )

    async def read(self, work: Work[Result]) -> Result:
        """Run work that changes nothing, on a snapshot of this moment or later."""
        result: Result = await self._reads.ask(work)
        return result

    async def write(self, work: Work[Result]) -> Result:
        """Run work and commit it; what it returns is durable when this returns.

        A caller that hangs up does not stop the work.
        """
        result: Result = await self._writes.ask(work)
        return result

    @property
    def committed(self) -> asyncio.Event:
        """Set at the next commit here. Take it before reading, or a commit in between is missed."""
        return self._committed

    @property
    def closing(self) -> bool:
        return self._closing

    def end_watches(self) -> None:
        """Wake every watch so that it sees `closing` and ends."""
        self._closing = True
        self._announce()

    def close(self) -> None:
        """Finish what was asked, then let go of the database."""
        self._writes.close()
        self._reads.close()
        self._reading.dispose()
        self._writing.dispose()

    def now(self, session: Session) -> datetime:
        """Return the database's clock, by which leases are measured whoever holds them."""
        if self._clock is not None:
            return self._clock()
        if session.get_bind().dialect.name == "sqlite":
            return datetime.now(UTC)  # The file's clock is this machine's.
        moment: datetime = session.scalars(select(func.clock_timestamp())).one()
        return moment

    def _announce(self) -> None:
        committed, self._committed = self._committed, asyncio.Event()
        committed.set()

    def _read_group(self, group: list[Piece[Work[Any]]]) -> None:
        with _session(self._reading) as session:
            for piece in group:
                try:
                    piece.value = piece.work(session)
                except Exception as error:  # noqa: BLE001 - handed to the caller.
                    piece.error = error
                    session.rollback()

    def _write_group(self, group: list[Piece[Work[Any]]]) -> None:
        if not self._attempt(group, apart=False) and not self._attempt(group, apart=True):
            for piece in group:
                self._attempt([piece], apart=True, last=True)

    def _attempt(self, group: list[Piece[Work[Any]]], *, apart: bool, last: bool = False) -> bool:
        """Run a group in one transaction; return False where it must be run again.

        Together, the first error gives up, also a refusal: another core may have committed the same
        meanwhile, whose answer is found when it is run again. Apart, each piece has a savepoint and
        keeps its error; only a commit that fails gives up, and when it is the last try the pieces
        get that error.
        """
        try:
            with _session(self._writing) as session:
                if not apart:
                    works = [piece.work for piece in group]
                    for prepare in self._prepare:
                        prepare(session, works)
                for piece in group:
                    piece.error = None
                    if apart:
                        _run_apart(session, piece)
                    else:
                        piece.value = piece.work(session)
                for finish in self._finish:
                    finish(session)
                session.commit()
        except Exception as error:  # noqa: BLE001 - the group runs again, or its callers get it.
            if last:
                for piece in group:
                    piece.error = piece.error or error
            return False
        return True


@contextmanager
def apart(session: Session) -> Iterator[None]:
    """Run a piece of a transaction that is undone by itself where it raises.

    What it would have written at the transaction's end is undone with it.
    """
    marks = {name: len(kept) for name, kept in _kept(session).items()}
    try:
        with session.begin_nested():
            yield
    except Exception:
        for name, kept in _kept(session).items():
            del kept[marks.get(name, 0) :]
        session.expire_all()
        raise


def _run_apart(session: Session, piece: Piece[Work[Any]]) -> None:
    """Run one piece in a savepoint; again where another process was first with the same rows."""
    for again in (True, False):
        try:
            with apart(session):
                piece.value = piece.work(session)
        except Exception as error:  # noqa: BLE001 - handed to the caller.
            if again and _was_second(error):
                continue
            piece.error = error
        return


def _was_second(error: Exception) -> bool:
    """Whether another process was first: with the same key, or with a lock that each waited for."""
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlstate", "") == DEADLOCK
    return isinstance(error, IntegrityError)


def later(session: Session, name: str) -> list[Any]:
    """Return the list under `name` of what is written at the transaction's end, by a `finish`.

    What a piece put there goes when the piece is rolled back.
    """
    return _kept(session).setdefault(name, [])


def _kept(session: Session) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = session.info.setdefault("later", {})
    return kept


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session
