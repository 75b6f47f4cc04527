"""Grouped writes: what is answered is durable, and one refusal does not fail its neighbours."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import events
from core.callers import the_core
from core.crypto import create_keys, load_keys
from core.db import Database
from tests.town import Clock


class Declined(Exception):  # noqa: N818 - named for the event, as refusals are
    """What a piece of work may raise."""


@pytest.fixture
async def db(database: str, tmp_path) -> AsyncIterator[Database]:
    create_keys(tmp_path / "keys.json")
    opened = Database(database, load_keys(tmp_path / "keys.json"), finish=[events.append])
    yield opened
    opened.close()


def add(code: str, name: str = "町"):
    def work(session: Session) -> str:
        now = Clock()()
        session.add(events.Municipality(municipality=code, name=name, create_time=now))
        session.flush()
        return code

    return work


async def codes(db: Database) -> set[str]:
    return set(await db.read(lambda s: s.scalars(select(events.Municipality.municipality)).all()))


async def test_what_waits_together_is_committed_together(db: Database) -> None:
    commits = 0

    async def count() -> None:
        nonlocal commits
        while True:
            await db.committed.wait()
            commits += 1

    counting = asyncio.create_task(count())
    await asyncio.sleep(0)
    await asyncio.gather(*(db.write(add(str(number))) for number in range(50)))
    counting.cancel()

    assert len(await codes(db)) == 50
    assert commits < 50


async def test_one_refusal_does_not_fail_its_neighbours(db: Database) -> None:
    def decline(session: Session) -> None:
        add("undone")(session)
        raise Declined

    outcomes = await asyncio.gather(
        *(db.write(decline if n % 3 == 0 else add(str(n))) for n in range(30)),
        return_exceptions=True,
    )

    assert [isinstance(one, Declined) for one in outcomes] == [n % 3 == 0 for n in range(30)]
    assert await codes(db) == {str(n) for n in range(30) if n % 3}


async def test_a_twin_gets_its_own_error_and_the_first_is_kept(db: Database) -> None:
    outcomes = await asyncio.gather(
        *(db.write(add("twin", name=str(n))) for n in range(5)), return_exceptions=True
    )
    failed = [one for one in outcomes if isinstance(one, IntegrityError)]
    assert len(failed) == 4
    assert await codes(db) == {"twin"}


async def test_events_of_what_is_undone_are_not_written(db: Database) -> None:
    def happen(session: Session, *, decline: bool) -> None:
        events.record(session, the_core("a"), "it.happened", "x", Clock()())
        if decline:
            raise Declined

    await db.write(add("a"))
    await asyncio.gather(
        *(db.write(lambda s, n=n: happen(s, decline=n % 2 == 0)) for n in range(10)),
        return_exceptions=True,
    )

    assert await db.read(lambda s: events.newest(s, "a")) == 5
    assert (await db.read(lambda s: events.verify(s, "a"))).broken_at == 0


async def test_a_caller_that_hangs_up_does_not_stop_the_work(db: Database) -> None:
    task = asyncio.create_task(db.write(add("kept")))
    await asyncio.sleep(0)
    task.cancel()
    await db.write(add("after"))
    assert await codes(db) == {"kept", "after"}


async def test_a_read_that_fails_leaves_the_next_whole(db: Database) -> None:
    async def broken() -> None:
        await db.read(lambda s: s.execute(text("SELECT nothing FROM nowhere")))

    outcomes = await asyncio.gather(
        *(broken() if n % 2 else codes(db) for n in range(8)), return_exceptions=True
    )
    assert [isinstance(one, set) for one in outcomes] == [n % 2 == 0 for n in range(8)]


async def test_an_error_shows_no_values(db: Database) -> None:
    await db.write(add("secret-value"))
    with pytest.raises(IntegrityError) as error:
        await db.write(add("secret-value", name="個人情報"))
    assert "個人情報" not in str(error.value)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events SET actor = 'staff:other' WHERE seq = 3",
        'UPDATE events SET details = \'{"a": "2"}\' WHERE seq = 3',
        "DELETE FROM events WHERE seq = 3",
        "UPDATE events SET reason_digest = NULL WHERE seq = 3",
        "UPDATE events SET reason = (SELECT reason FROM events WHERE seq = 4) WHERE seq = 3",
        "UPDATE events SET reason = hash WHERE seq = 3",
    ],
)
async def test_the_chain_tells_where_the_log_was_changed(
    db: Database, database: str, damage: str
) -> None:
    await db.write(add("a"))
    for number in range(5):
        await db.write(
            lambda s, n=number: events.record(
                s, the_core("a"), "it.happened", "x", Clock()(), reason=f"理由{n}"
            )
        )
    assert (await db.read(lambda s: events.verify(s, "a"))).events == 5
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text(damage))
    engine.dispose()

    assert (await db.read(lambda s: events.verify(s, "a"))).broken_at == 3


async def test_a_log_cut_off_at_its_end_is_found(db: Database, database: str) -> None:
    await db.write(add("a"))
    for _ in range(3):
        await db.write(lambda s: events.record(s, the_core("a"), "it.happened", "x", Clock()()))
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM events WHERE seq = 3"))
    engine.dispose()

    assert (await db.read(lambda s: events.verify(s, "a"))).broken_at == 3
