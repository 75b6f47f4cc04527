"""Who reads on the web alone is invited there: nothing is pushed, and it lies with their own."""

from tests.cards import Cards
from tests.core.applications.talks import Talk, turn_id
from tests.core.ledger.makers import City, a_city
from tests.core.proxies.people import a_proxy
from tests.makers import a_contact, a_resident
from tests.town import Town
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import dispatches_pb2
from todoke.v1.residents_pb2 import CONTACT_STATE_LOST, CONTACT_STATE_VISITING


async def reads_on_the_web(city: City, cards: Cards, reference: str) -> Talk:
    """Let somebody be seen on the web, and block the chat."""
    web = await city.town.channel("web")
    there = await a_resident(city.town, web, cards.issue(city.holders[reference]))
    await a_contact(city.town, web, there.external_id, state=CONTACT_STATE_VISITING)
    chat = city.residents[reference].external_id
    await a_contact(city.town, city.line, chat, state=CONTACT_STATE_LOST)
    return Talk(web, there.external_id)


async def pushes(city: City) -> int:
    """How many are on their way, or were sent."""
    request = dispatches_pb2.ListDispatchesRequest(page_size=200)
    listed = await city.clerk.ask(city.clerk.dispatches.ListDispatches, request)
    return len(listed.dispatches)


async def test_it_lies_there_and_is_answered_there_and_nothing_is_pushed(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    reader = await reads_on_the_web(city, cards, "1")

    before = await pushes(city)
    invited = await city.invite()
    again = await city.invite()
    (lying,) = await reader.own()
    opened = await reader.prompt(lying.application_id)

    assert (invited.invited, invited.on_the_web, invited.unreachable) == (1, 1, 0)
    assert again.invited == 0
    assert await pushes(city) == before
    assert lying.state == pb.APPLICATION_STATE_INVITED
    assert turn_id(opened) == lying.application_id


async def test_who_reads_for_them_on_the_web_is_enough_and_who_reads_nowhere_is_not_invited(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="123", absent="")
    await a_proxy(city.line, city.residents["2"], city.residents["1"])
    helper = await reads_on_the_web(city, cards, "1")
    for reference in "23":
        chat = city.residents[reference].external_id
        await a_contact(a_town, city.line, chat, state=CONTACT_STATE_LOST)

    invited = await city.invite()

    assert (invited.invited, invited.on_the_web, invited.unreachable) == (2, 2, 1)
    theirs = Talk(helper.core, helper.external_id, city.residents["2"].resident_id)
    (lying,) = await theirs.own()
    assert lying.state == pb.APPLICATION_STATE_INVITED
