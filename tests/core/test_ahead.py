"""What is read ahead for a group: found as it stands, and not where it is gone meanwhile."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.ahead import held, hold
from core.crypto import create_keys, load_keys
from core.db import Database
from core.events import Municipality
from tests.town import Clock


@pytest.fixture
async def db(database: str, tmp_path) -> AsyncIterator[Database]:
    create_keys(tmp_path / "keys.json")
    opened = Database(database, load_keys(tmp_path / "keys.json"))
    yield opened
    opened.close()


def found(session: Session) -> str | None:
    """Return the name of the town that was read ahead."""
    row = held(session, Municipality, "here")
    return None if row is None else row.name


async def test_it_is_found_as_it_stands_until_it_is_deleted(db: Database) -> None:
    def work(session: Session) -> list[str | None]:
        row = Municipality(municipality="01", name="町", create_time=Clock()())
        session.add(row)
        session.flush()
        before = found(session)
        hold(session, Municipality, {"here": row})
        first = found(session)
        row.name = "市"
        changed = found(session)
        with session.begin_nested():
            session.execute(delete(Municipality).where(Municipality.municipality == "01"))
        return [before, first, changed, found(session)]

    assert await db.write(work) == [None, "町", "市", None]


async def test_it_is_not_found_once_its_deletion_is_asked_for(db: Database) -> None:
    def work(session: Session) -> str | None:
        row = Municipality(municipality="01", name="町", create_time=Clock()())
        session.add(row)
        session.flush()
        hold(session, Municipality, {"here": row})
        session.delete(row)
        return found(session)

    assert await db.write(work) is None


async def test_it_is_not_found_in_the_next_transaction(db: Database) -> None:
    def work(session: Session) -> None:
        row = Municipality(municipality="01", name="町", create_time=Clock()())
        session.add(row)
        hold(session, Municipality, {"here": row})

    await db.write(work)

    assert await db.write(found) is None
