"""Recipients are laid out in parts, each read while the one before is written: everybody once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, null, select
from sqlalchemy.orm import Session

from core import bulk
from core.campaigns.recipient_rows import Recipient
from core.dispatches.rows import Dispatch
from core.messaging import laying_out
from core.residents.contact_rows import Contact
from core.residents.rows import Resident
from core.residents.rules import ContactState
from core.segments.reaching import best_of_each, with_best_contact, with_contacts
from tests.core.messaging.makers import a_draft, a_topic, get, send, set_rules
from tests.core.messaging.many import lay_in, resident_id
from tests.town import MUNICIPALITY, Town
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_EMERGENCY

PEOPLE, PART = 250, 40
ALL = pb.Condition(language="ja")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying_out, "PART", PART)


async def seated(town: Town, campaign_id: str) -> list[str]:
    """Return who is told by a dispatch of a campaign, whose bounds and counts hold for all."""

    def look(session: Session) -> list[str]:
        mine = Recipient.campaign_id == campaign_id, Recipient.batch.is_not(None)
        found = session.execute(select(Recipient.resident_id, Recipient.batch).where(*mine)).all()
        dispatches = session.scalars(select(Dispatch).where(Dispatch.campaign_id == campaign_id))
        by_number = {one.batch: one for one in dispatches}
        assert sorted(by_number) == list(range(len(by_number)))
        for number, one in by_number.items():
            theirs = sorted(id for id, batch in found if batch == number)
            ends = one.first_resident_id, one.last_resident_id, one.recipient_count
            assert ends == (theirs[0], theirs[-1], len(theirs))
        return [id for id, _ in found]

    return await town.read(look)


async def test_in_many_parts_everybody_is_laid_out_once(
    a_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, read, by = await a_town.staff(), laying_out.read, set[str]()

    def noted(*given: Any, **more: Any) -> laying_out.Part:
        by.add(threading.current_thread().name.split("-")[1])
        return read(*given, **more)

    monkeypatch.setattr(laying_out, "read", noted)
    await a_topic(staff)
    await a_town.running.db.write(lambda s: lay_in(s, range(PEOPLE), a_town.clock()))
    campaign = await send(staff, a_draft(recipients=ALL))
    await a_town.do_waiting()

    assert sorted(await seated(a_town, campaign)) == [resident_id(n) for n in range(PEOPLE)]
    assert dict((await get(staff, campaign)).deliveries) == {"queued": PEOPLE}
    # Nobody who waits to write has waited for it.
    assert by == {"read"}


async def test_two_at_once_and_an_emergency_keep_the_weekly_cap_part_by_part(
    a_town: Town,
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    await set_rules(staff, weekly_cap=1)
    await a_town.running.db.write(lambda s: lay_in(s, range(PEOPLE), a_town.clock()))
    two = [await send(staff, a_draft(recipients=ALL)) for _ in range(2)]
    urgent = await send(staff, a_draft("避難", recipients=ALL, lane=LANE_EMERGENCY))
    await a_town.do_waiting()

    told = [await seated(a_town, campaign) for campaign in two]
    # They take turns, so that each reaches some, and nobody is told by both.
    assert all(len(some) >= PART for some in told)
    assert Counter(told[0] + told[1]) == Counter(resident_id(n) for n in range(PEOPLE))
    assert len(await seated(a_town, urgent)) == PEOPLE


contacts = st.tuples(
    st.integers(0, 3), st.sampled_from(ContactState), st.sampled_from(("line", "sms", "web")),
    st.integers(0, 2),
)  # fmt: skip


async def test_the_best_contact_chosen_here_is_the_one_that_the_database_chooses(
    a_town: Town,
) -> None:
    def choose(session: Session, drawn: list[tuple[int, ContactState, str, int]]) -> None:
        ids = [f"0198c0de-0000-7000-9000-{number:012}" for number in range(4)]
        now = a_town.clock()
        common = {"municipality": MUNICIPALITY, "language": "ja"}
        session.execute(insert(Resident), [{**common, "id": id, "create_time": now} for id in ids])
        for number, (resident, state, channel, seen) in enumerate(drawn):
            contact = Contact(
                **common, id=f"c{number}", channel=channel, external_id=f"x{number}",
                external_index=bytes([number]), state=state, resident_id=ids[resident],
                seen_time=now + timedelta(days=seen),
            )  # fmt: skip
            session.add(contact)
        session.flush()
        who = select(Resident.id).where(Resident.id.in_(ids))
        channels = ("line", "sms")
        best = with_best_contact(session, who.subquery("who"), MUNICIPALITY, channels)
        chosen = session.execute(select(best.c.id, best.c.contact_id, best.c.reads))
        rows = sorted(bulk.read(session, with_contacts(session, who, MUNICIPALITY)))
        found = [
            (
                id,
                contact if state == ContactState.REACHABLE and channel in channels else None,
                int(contact is not None and state != ContactState.LOST),
            )
            for id, contact, channel, _, state, _ in best_of_each(rows, channels)
        ]
        assert found == sorted(map(tuple, chosen))

    cases: list[list[tuple[int, ContactState, str, int]]] = []

    @given(st.lists(contacts, max_size=8))
    def draw(drawn: list[tuple[int, ContactState, str, int]]) -> None:
        cases.append(drawn)

    draw()
    for drawn in cases:
        await a_town.running.db.write(partial(undone, work=partial(choose, drawn=drawn)))


def undone(session: Session, work: Callable[[Session], None]) -> None:
    """Do it, and take back what it wrote."""
    with session.begin_nested() as nested:
        work(session)
        nested.rollback()


async def test_what_is_read_in_bulk_is_what_is_kept(a_town: Town) -> None:
    strange = "\"'\\\n\t\x7f🧑‍🦽‍➡️"

    def look(session: Session) -> None:
        lay_in(session, range(3), a_town.clock())
        session.get_one(Contact, (MUNICIPALITY, resident_id(1))).language = strange
        session.flush()
        columns = Contact.id, Contact.language, null()
        kept = session.scalars(select(Contact).order_by(Contact.id)).all()
        assert sorted(map(tuple, bulk.read(session, select(*columns)))) == [
            (one.id, one.language, None) for one in kept
        ]
        assert [one.language for one in kept] == ["ja", strange, "ja"]

    await a_town.running.db.write(look)
