"""Two core processes over one database: whoever comes second gets a proper answer, and no harm."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from core.callers import Caller, Role
from core.dispatches import outcomes
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Result
from core.messaging.carrying import Carrying
from core.procedures.catalogue import Catalogue
from core.residents import contact_rows, rows, telling
from core.wire.mutation import Answer
from tests.cards import Cards, a_holder
from tests.core.access.links import a_code, present, speaking
from tests.core.proxies.people import accept, listed, offer
from tests.core.proxies.test_acting import invited
from tests.core.proxies.test_proxies import two
from tests.core.records.makers import delete, record, themselves
from tests.core.residents.makers import get, suppress
from tests.core.test_dispatches import an_adapter
from tests.makers import a_challenge, a_contact, a_request_id, a_resident, an_answer
from tests.town import MUNICIPALITY, Town, start
from todoke.client import Core, CoreError
from todoke.v1 import residents_pb2

LINE = Caller(MUNICIPALITY, "line", frozenset({Role.CHANNEL}))
SECONDS = 10


@pytest.fixture
async def other(a_town: Town) -> AsyncIterator[Town]:
    """Another core process over the town's database."""
    started = await start(a_town.settings)
    started.clock.now = a_town.clock.now
    yield started
    await started.close()


async def at_once(*calls) -> list[str]:
    """Ask all of it at once; return the reason of each that was refused, "" of the others."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    refusals = [one for one in results if isinstance(one, BaseException)]
    assert all(isinstance(one, CoreError) and one.reason for one in refusals), refusals
    return [one.reason if isinstance(one, CoreError) else "" for one in results]


@asynccontextmanager
async def held_open(town: Town, change: Callable) -> AsyncIterator[None]:
    """Make a change that is committed only after this block."""
    made, go_on = threading.Event(), threading.Event()

    def work(session) -> None:
        change(session)
        session.flush()
        made.set()
        go_on.wait(SECONDS)

    changing = asyncio.create_task(town.running.db.write(work))
    await asyncio.to_thread(made.wait, SECONDS)
    try:
        yield
    finally:
        go_on.set()
        await changing


async def after(call) -> asyncio.Task:
    """Begin what waits for a change that is held open, or is done before it ends."""
    task = asyncio.create_task(call)
    await asyncio.wait({task}, timeout=0.5)
    return task


async def protect(staff: Core, resident_id: str, etag: str) -> None:
    """Put a resident under protection without reading them first, which is in the log."""
    request = residents_pb2.SuppressResidentRequest(
        resident_id=resident_id, reason="支援措置の申出", etag=etag, request_id=a_request_id()
    )
    await staff.ask(staff.residents.SuppressResident, request)


async def waiting(town: Town) -> int:
    query = select(Dispatch).where(Dispatch.free_time.is_not(None))
    return len(await town.read(lambda s: s.scalars(query).all()))


async def test_one_card_on_many_contacts_at_once_is_one_resident(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    lines, card = [line, other.caller(line.token)], cards.issue()
    contacts = [await a_contact(a_town, line) for _ in range(4)]
    challenges = [await a_challenge(line, one.external_id) for one in contacts]

    refusals = await at_once(
        *(
            lines[number % 2].ask(
                lines[number % 2].registration.CompleteVerification, an_answer(challenge, card)
            )
            for number, challenge in enumerate(challenges)
        )
    )

    residents = await a_town.read(lambda s: s.scalars(select(rows.Resident)).all())
    linked = await a_town.read(lambda s: set(s.scalars(select(contact_rows.Contact.resident_id))))
    assert refusals == [""] * 4
    assert linked == {one.id for one in residents}
    assert len(residents) == 1


async def test_many_cards_on_one_contact_at_once_register_one(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    lines = [line, other.caller(line.token)]
    contact = await a_contact(a_town, line)
    tries = [
        an_answer(
            await a_challenge(line, contact.external_id),
            cards.issue(a_holder(name=f"総社　{name}")),
        )
        for name in "梅桜松竹"
    ]

    refusals = await at_once(
        *(
            lines[number % 2].ask(lines[number % 2].registration.CompleteVerification, answer)
            for number, answer in enumerate(tries)
        )
    )

    assert sorted(refusals) == ["", "CONTACT_TAKEN", "CONTACT_TAKEN", "CONTACT_TAKEN"]


async def test_a_proxy_is_accepted_once_and_crosswise_at_once(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    again = other.caller(line.token)
    of_mother = (await offer(line, speaking(mother.external_id))).code
    of_daughter = (await offer(line, speaking(daughter.external_id))).code

    refusals = await at_once(
        accept(line, daughter.external_id, of_mother),
        accept(again, mother.external_id, of_daughter),
        accept(again, daughter.external_id, of_mother),
        accept(line, mother.external_id, of_daughter),
    )

    assert sorted(refusals) == ["", "", "LINK_CODE_REFUSED", "LINK_CODE_REFUSED"]
    assert len(await listed(line, speaking(mother.external_id))) == 2


async def test_a_resident_who_is_deleted_while_all_else_goes_on_is_gone(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    again, card = other.caller(line.token), cards.issue()
    resident = await a_resident(a_town, line, card)
    new = await a_contact(a_town, line)
    code = (await a_code(line, speaking(resident.external_id))).code
    answer = an_answer(await a_challenge(line, resident.external_id), card)

    refusals = await at_once(
        delete(line, themselves(resident.external_id)),
        again.ask(again.registration.CompleteVerification, answer),
        present(again, new.external_id, code),
        offer(again, speaking(resident.external_id)),
        offer(line, speaking(resident.external_id)),
        delete(again, themselves(resident.external_id)),
    )

    assert set(refusals) <= {
        "", "CHALLENGE_UNKNOWN", "CONTACT_UNKNOWN", "LINK_CODE_REFUSED", "RESIDENT_UNKNOWN",
    }  # fmt: skip
    left = await a_town.read(lambda s: s.scalars(select(rows.Resident.id)).all())
    assert resident.resident_id not in left
    kept = await a_town.read(
        lambda s: s.query(Answer).where(Answer.about == resident.resident_id).count()
    )
    assert kept == 0


async def test_what_is_told_while_protection_comes_is_dropped(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    resident = await a_resident(a_town, line, cards.issue())

    def tell(session) -> None:
        told = rows.get(session, MUNICIPALITY, resident.resident_id)
        telling.tell(
            session, LINE, resident=told, occasion="o1", kind="RENEWED", now=a_town.clock(),
            contacts=contact_rows.contacts_of(session, MUNICIPALITY, told.id),
        )  # fmt: skip

    away = other.caller(staff.token)
    etag = (await get(away, resident.resident_id)).etag
    async with held_open(a_town, tell):
        suppressing = await after(protect(away, resident.resident_id, etag))
    await suppressing

    assert (await get(staff, resident.resident_id)).suppressed
    assert await waiting(a_town) == 0


async def test_an_invitation_that_is_under_way_while_protection_comes_is_dropped(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line, mother, _ = await two(a_town, cards)
    staff = await a_town.staff()
    before = await waiting(a_town)

    refusals = await at_once(
        invited(a_town, line, mother),
        suppress(other.caller(staff.token), mother.resident_id),
    )

    assert refusals == ["", ""]
    assert await waiting(a_town) < before


async def test_what_an_adapter_gives_back_while_protection_comes_is_not_tried_again(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    resident = await a_resident(a_town, line, cards.issue())
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        leased = await adapter.dispatch()
    again = outcomes.Outcome(leased.dispatch_id, leased.fence, Result.TRY_AGAIN)

    def give_back(session) -> None:
        taken = outcomes.take(
            session,
            LINE,
            campaigns=Carrying(("line",), Catalogue({})),
            outcomes=[again],
            now=a_town.clock(),
        )
        assert taken == [True]

    away = other.caller(staff.token)
    etag = (await get(away, resident.resident_id)).etag
    async with held_open(a_town, give_back):
        suppressing = await after(protect(away, resident.resident_id, etag))
    await suppressing

    assert await waiting(a_town) == 0


async def test_a_contact_that_registers_while_it_is_forgotten_stays(
    a_town: Town, other: Town, cards: Cards
) -> None:
    line, card = await a_town.channel(), cards.issue()
    await a_resident(a_town, line, card, external_id="U-first")
    contact = await a_contact(a_town, line)
    other.clock.now = a_town.clock.now
    other.clock.pass_by(days=400)

    def hold(session) -> None:
        held = contact_rows.get_contact(session, MUNICIPALITY, contact.contact_id, lock=True)
        held.resident_id = contact_rows.resident_of(
            contact_rows.contact_of(session, LINE, "U-first")
        )

    async with held_open(a_town, hold):
        forgetting = await after(other.running.jobs.run_due())
    await forgetting

    kept = await record(line, themselves(contact.external_id))
    assert contact.contact_id in {one.contact_id for one in kept.resident.contacts}
