"""To whom tests are sent: whoever typed a code of their own, and those of earlier tests."""

from core.callers import Role
from tests.cards import Cards
from tests.core.access.links import a_code, refused, speaking
from tests.core.messaging.makers import a_topic, create, people
from tests.core.residents.makers import events_of, suppress
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import campaigns_pb2 as pb


async def find(staff: Core, code: str, request_id: str = "") -> pb.Tester:
    request = pb.FindTesterRequest(code=code, request_id=request_id or a_request_id())
    return (await staff.ask(staff.campaigns.FindTester, request)).tester


async def told_before(staff: Core) -> list[pb.Tester]:
    answer = await staff.ask(staff.campaigns.ListTesters, pb.ListTestersRequest())
    return list(answer.testers)


async def send_test(staff: Core, *contact_ids: str) -> None:
    plan = await create(staff)
    request = pb.TestCampaignRequest(
        campaign_id=plan.campaign.campaign_id,
        contact_ids=contact_ids,
        request_id=a_request_id(),
    )
    await staff.ask(staff.campaigns.TestCampaign, request)


async def test_a_code_of_ones_own_says_where_a_test_reaches_one_and_links_nothing(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    await a_topic(await a_town.staff())
    [me] = await people(a_town, cards, 1, name="総社　太郎")
    code = (await a_code(line, speaking(me.external_id))).code

    tester = await find(staff, f" {code[:5].lower()}-{code[5:]}", "tester-0001")
    again = await find(staff, f" {code[:5].lower()}-{code[5:]}", "tester-0001")
    used = await refused(find(staff, code))

    assert tester == again == pb.Tester(contact_id=me.contact_id, channel="line", name="総社　太郎")
    assert used.reason == "LINK_CODE_REFUSED"
    [seen] = await events_of(a_town, "resident.viewed")
    assert (seen.subject, seen.details["in"]) == (me.resident_id, "testers")


async def test_those_of_earlier_tests_are_listed_the_latest_first_to_who_sent_them(
    a_town: Town, cards: Cards
) -> None:
    staff, other = await a_town.staff(Role.MESSENGER), await a_town.staff(Role.MESSENGER)
    await a_topic(await a_town.staff())
    first, second, hidden = await people(a_town, cards, 3)
    await send_test(staff, first.contact_id, hidden.contact_id)
    await send_test(staff, second.contact_id)
    await suppress(await a_town.staff(), hidden.resident_id)

    listed = [one.contact_id for one in await told_before(staff)]

    assert listed == [second.contact_id, first.contact_id]
    assert await told_before(other) == []


@on_sqlite
async def test_codes_are_not_to_be_guessed_by_staff(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    [me] = await people(a_town, cards, 1)
    code = (await a_code(line, speaking(me.external_id))).code

    for _ in range(5):
        assert (await refused(find(staff, "AAAAAAAAAA"))).reason == "LINK_CODE_REFUSED"

    assert (await refused(find(staff, code))).reason == "TOO_MANY_ATTEMPTS"
