"""What two residents who act for each other leave behind when one is deleted or hidden."""

import json

import pytest
from sqlalchemy import select

from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from tests.cards import Cards
from tests.core.access.links import a_code, by_id, present, refused, speaking
from tests.core.proxies.people import a_proxy, accept, end, offer, terms
from tests.core.proxies.test_acting import invited, lose
from tests.core.proxies.test_proxies import two
from tests.core.records.makers import delete, record, themselves, traces
from tests.core.residents.makers import suppress
from tests.makers import Registered, a_contact, a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import proxies_pb2, residents_pb2


async def waiting(town: Town) -> list[tuple[str, str]]:
    """Return (external id, kind) of all that waits to be sent, oldest first."""

    def work(session) -> list[tuple[str, str]]:
        query = select(Dispatch).where(Dispatch.state == State.QUEUED).order_by(Dispatch.id)
        return [
            (
                json.loads(one.recipients)[0],
                json.loads(one.content)
                .get("notice", {"kind": "PROMPT"})["kind"]
                .removeprefix("NOTICE_KIND_"),
            )
            for one in session.scalars(query)
        ]

    return await town.read(work)


async def unlink(line: Core, resident: Registered) -> None:
    request = residents_pb2.UnlinkContactRequest(
        resident=speaking(resident.external_id),
        contact_id=resident.contact_id,
        request_id=a_request_id(),
    )
    await line.ask(line.residents.UnlinkContact, request)


@pytest.mark.parametrize("goes", ["the represented", "the proxy"])
async def test_nothing_told_to_one_of_the_two_names_or_reaches_the_other_who_is_deleted(
    a_town: Town, cards: Cards, goes: str
) -> None:
    line, mother, daughter = await two(a_town, cards)
    proxy = await a_proxy(line, mother, daughter)
    await lose(a_town, line, mother)
    case, _ = await invited(a_town, line, mother)
    await case.tap("confirmed", external_id=daughter.external_id)
    await a_proxy(line, daughter, mother)
    await end(line, speaking(mother.external_id), proxy.proxy_id)
    gone, name = (mother, "総社　梅") if goes == "the represented" else (daughter, "総社　桜")
    before = await a_town.read(lambda s: traces(s, name, gone.external_id))

    await delete(line, themselves(gone.external_id))

    assert {"facts.name", "dispatches.content", "answers.response"} <= before
    assert await a_town.read(lambda s: traces(s, name, gone.external_id)) == set()


async def test_the_record_of_a_proxy_hides_whom_they_act_for_under_protection(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)
    before = await record(line, themselves(daughter.external_id))

    await suppress(await a_town.staff(), mother.resident_id)

    after = await record(line, themselves(daughter.external_id))
    own = await record(line, themselves(mother.external_id))
    assert [one.resident_name for one in before.proxies] == ["総社　梅"]
    assert list(after.proxies) == []
    assert not any(look.kind.startswith("proxy.") for look in after.looks)
    assert [one.proxy_name for one in own.proxies] == ["総社　桜"]


async def test_what_would_tell_a_proxy_of_one_who_comes_under_protection_is_dropped(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    await a_proxy(line, mother, daughter)
    await a_proxy(line, daughter, mother)

    await suppress(await a_town.staff(), mother.resident_id)

    waits = await waiting(a_town)
    assert [kind for external_id, kind in waits if external_id == mother.external_id] == []
    assert [kind for external_id, kind in waits if external_id == daughter.external_id] == [
        "REGISTERED",
        "PROXY_GIVEN",  # Of the one that the daughter gave herself.
    ]


async def test_no_code_that_was_out_when_protection_came_is_good_any_more(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    staff = await a_town.staff()
    of_a_proxy = (await offer(line, speaking(mother.external_id))).code
    on_paper = (await a_code(staff, by_id(mother.resident_id))).code
    await suppress(staff, mother.resident_id)
    offered_since = (await offer(line, speaking(mother.external_id))).code
    made_since = (await a_code(staff, by_id(mother.resident_id))).code
    other, own = await a_contact(a_town, line), await a_contact(a_town, line)

    refusals = [
        await refused(accept(line, daughter.external_id, of_a_proxy)),
        await refused(accept(line, daughter.external_id, offered_since)),
        await refused(present(line, other.external_id, on_paper)),
    ]
    await present(line, own.external_id, made_since)

    assert {(one.reason, str(one)) for one in refusals} == {("LINK_CODE_REFUSED", str(refusals[0]))}


async def test_what_waits_on_a_contact_goes_with_it_when_it_leaves_or_the_proxy_ends(
    a_town: Town, cards: Cards
) -> None:
    line, mother, daughter = await two(a_town, cards)
    proxy = await a_proxy(line, mother, daughter, terms(proxies_pb2.PROXY_SCOPE_READ))
    await lose(a_town, line, mother)
    await invited(a_town, line, mother)
    reached = await waiting(a_town)

    await end(line, speaking(daughter.external_id), proxy.proxy_id)
    ended = await waiting(a_town)
    await unlink(line, daughter)

    assert (daughter.external_id, "PROMPT") in reached
    assert (daughter.external_id, "PROMPT") not in ended
    assert (daughter.external_id, "PROXY_ENDED") in ended
    assert await waiting(a_town) == [
        (mother.external_id, "REGISTERED"),
        (mother.external_id, "PROXY_GIVEN"),
        (daughter.external_id, "CONTACT_UNLINKED"),
    ]
