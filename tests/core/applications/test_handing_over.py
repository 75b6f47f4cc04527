"""Links by which a conversation goes on, on a page: once, for a while, and for nothing else."""

import asyncio

from tests.cards import Cards, a_holder
from tests.core.access.links import refused, speaking
from tests.core.applications.procedures import REPORT, SURVEY, publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.core.applications.test_beginning import a_citizen, a_stranger
from tests.core.proxies.people import a_proxy, end
from tests.makers import a_contact, a_request_id, a_resident
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb


async def a_page(town: Town) -> Talk:
    """A session of a browser, of nobody."""
    web = await town.channel("web")
    return Talk(web, (await a_contact(town, web, external_id="s-" + "x" * 30)).external_id)


async def test_a_sensitive_answer_is_given_on_a_page_and_the_chat_is_told_what_stands(
    a_town: Town,
) -> None:
    await publish(a_town, REPORT)
    chat, page = await a_stranger(a_town), await a_page(a_town)
    id = turn_id(await chat.begin("road_damage"))
    await chat.answer(id, "what", choice="hole")
    asked = await chat.answer(id, "wide", number=30)

    before = await refused(page.prompt(id))
    taken = await page.take(await chat.link(id))
    told_before = await outbox(a_town)
    on_page = await page.answer(id, "name", text="総社太郎")
    told = await outbox(a_town)
    said = await chat.say("とくにありません")
    await page.submit(id)
    receipt = (await outbox(a_town))[-1]

    assert asked.prompt.sensitive
    assert before.reason == "CONTACT_NOT_REGISTERED"
    assert taken.turn.prompt.step == "name"
    assert on_page.prompt.step == "note"
    assert told_before == []
    ((external_id, content),) = told
    assert (external_id, content["prompt"]["step"]) == (chat.external_id, "note")
    assert said.review.lines[-1].value == "とくにありません"
    assert receipt[0] == chat.external_id
    assert receipt[1]["closing"]["state"] == "APPLICATION_STATE_RECEIVED"
    assert receipt[1]["closing"]["receipt_number"].replace("-", "") == id[-12:].upper()
    assert len(await outbox(a_town)) == 2


async def test_a_link_opens_once_and_only_within_half_an_hour(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    chat = await a_citizen(a_town, cards)
    web = await a_town.channel("web")
    pages = [Talk(web, (await a_contact(a_town, web)).external_id) for _ in range(8)]
    id = turn_id(await chat.begin("survey"))
    token, late = await chat.link(id), await chat.link(id)

    taken = await asyncio.gather(*(page.take(token) for page in pages), return_exceptions=True)
    winners = [one for one in taken if isinstance(one, pb.TakeHandoverResponse)]
    a_town.clock.pass_by(minutes=30)
    refusals = [await refused(pages[0].take(one)) for one in (token, late, "A" * 43)]

    assert len(winners) == 1
    assert {str(one) for one in refusals} == {str(refusals[0])}
    assert {one.reason for one in refusals} == {"HANDOVER_REFUSED"}


async def test_a_page_has_one_conversation_until_its_session_ends(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY, REPORT)
    chat, page = await a_citizen(a_town, cards), await a_page(a_town)
    id, other = [turn_id(await chat.begin(key)) for key in ("survey", "road_damage")]
    await page.take(await chat.link(id))

    assert (await page.answer(id, "mark", number=9)).prompt.step == "again"
    assert (await page.reopen(id, "mark")).prompt.current.number == 9
    assert (await refused(page.prompt(other))).reason == "CONTACT_NOT_REGISTERED"
    assert await page.own() == []
    assert (await refused(page.link(id))).reason == "APPLICATION_UNKNOWN"
    assert (await refused(page.withdraw(id))).reason == "APPLICATION_UNKNOWN"
    a_town.clock.pass_by(hours=2)
    assert (await refused(page.prompt(id))).reason == "CONTACT_NOT_REGISTERED"


@on_sqlite
async def test_what_is_filed_on_a_page_is_told_to_the_chat_once(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    chat, page = await a_citizen(a_town, cards), await a_page(a_town)
    id = turn_id(await chat.begin("survey"))
    await page.take(await chat.link(id))
    await page.answer(id, "mark", number=9)
    await page.answer(id, "again", choice="yes_again")
    for _ in range(3):
        await page.submit(id)

    told = [content for _, content in await outbox(a_town) if "closing" in content]
    assert [one["closing"]["state"] for one in told] == ["APPLICATION_STATE_SUBMITTED"]


@on_sqlite
async def test_the_chat_is_told_after_each_sensitive_answer_what_is_asked_then(
    a_town: Town,
) -> None:
    second = "  - key: phone\n    says: {ja: お電話番号は。}\n    label: {ja: 電話}\n"
    source = REPORT + second + "    sensitive: true\n    text: {}\n"
    await publish(a_town, source.replace("[ja, en]", "[ja]"))
    chat, page = await a_stranger(a_town), await a_page(a_town)
    id = turn_id(await chat.begin("road_damage"))
    await chat.answer(id, "what", choice="hole")
    await chat.answer(id, "wide", number=30)
    await page.take(await chat.link(id))
    for _ in range(2):
        await page.answer(id, "name", text="総社太郎")
    await page.answer(id, "note", text="犬がいます")
    back = await chat.say("とくにありません")
    request_id = a_request_id()
    for _ in range(2):
        await page.answer(id, "phone", text="0120", request_id=request_id)
    for _ in range(2):
        await page.submit(id, request_id=request_id)

    assert (back.prompt.step, problems(back)) == ("phone", ["went_on"])
    asked = [content.get("prompt", {}).get("step", "") for _, content in await outbox(a_town)]
    assert asked == ["note", "", ""]
    assert [set(content) for _, content in await outbox(a_town)][1:] == [{"review"}, {"closing"}]


@on_sqlite
async def test_whoever_signed_in_elsewhere_and_filed_there_finds_the_receipt_in_the_chat(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    line, web = await a_town.channel("line"), await a_town.channel("web")
    holder = cards.issue(a_holder())
    chat = Talk(line, (await a_resident(a_town, line, holder)).external_id)
    home = Talk(web, (await a_resident(a_town, web, holder)).external_id)
    id = turn_id(await chat.begin("survey"))
    await home.answer(id, "mark", number=9)
    await home.answer(id, "again", choice="yes_again")
    await home.submit(id)

    told = [one for one in await outbox(a_town) if "closing" in one[1]]
    assert [external_id for external_id, _ in told] == [chat.external_id]
    (own,) = await home.own()
    assert own.receipt_number == told[0][1]["closing"]["receipt_number"]
    assert (await refused(chat.say("はい"))).reason == "NO_CONVERSATION"


@on_sqlite
async def test_a_page_may_do_no_more_than_the_proxy_who_made_its_link(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    line = await a_town.channel("line")
    mother, son = [await a_resident(a_town, line, cards.issue(a_holder())) for _ in range(2)]
    proxy = await a_proxy(line, mother, son)
    acting, page = Talk(line, son.external_id, mother.resident_id), await a_page(a_town)
    id = turn_id(await acting.begin("survey"))
    token, unused = await acting.link(id), await acting.link(id)
    taken = await page.take(token)
    await end(line, speaking(mother.external_id), proxy.proxy_id)

    assert taken.turn.prompt.on_behalf_of
    assert (await refused(page.answer(id, "mark", number=1))).reason == "CONTACT_NOT_REGISTERED"
    assert (await refused(page.take(unused))).reason == "HANDOVER_REFUSED"
