"""The ledger says of everybody on a roster how far they came and how to reach them."""

import pytest

from core.callers import Role
from core.events import after as events_after
from tests.cards import Cards
from tests.core.ledger.makers import City, a_city
from tests.core.test_applications import delivered
from tests.core.test_dispatches import an_adapter
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import applications_pb2, residents_pb2
from todoke.v1 import ledger_pb2 as pb
from todoke.v1.residents_pb2 import CONTACT_STATE_LOST, CONTACT_STATE_VISITING


async def states(city: City) -> dict[str, str]:
    found = (await city.ledger(page_size=200)).entries
    return {
        one.entitlement.reference: pb.LedgerState.Name(one.state).removeprefix("LEDGER_STATE_")
        for one in found
    }


async def protect(city: City, reference: str) -> None:
    resident_id = city.residents[reference].resident_id
    get = residents_pb2.GetResidentRequest(resident_id=resident_id)
    resident = (await city.clerk.ask(city.clerk.residents.GetResident, get)).resident
    request = residents_pb2.SuppressResidentRequest(
        resident_id=resident_id, reason="申し出", etag=resident.etag, request_id=a_request_id()
    )
    await city.clerk.ask(city.clerk.residents.SuppressResident, request)


async def applications(city: City) -> dict[str, applications_pb2.Application]:
    request = applications_pb2.ListApplicationsRequest()
    found = await city.clerk.ask(city.clerk.applications.ListApplications, request)
    return {one.reference: one for one in found.applications}


async def test_each_entitlement_has_the_state_of_what_happened(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="12345", absent="67")
    await city.invite()
    filed = await applications(city)

    async def look(reference: str) -> None:
        request = applications_pb2.GetPromptRequest(
            external_id=city.residents[reference].external_id,
            application_id=filed[reference].application_id,
        )
        await city.line.ask(city.line.applications.GetPrompt, request)

    await look("2")
    await look("2")
    answer = applications_pb2.AnswerPromptRequest(
        external_id=city.residents["3"].external_id, application_id=filed["3"].application_id,
        step="confirm", choice="confirmed", request_id=a_request_id(),
    )  # fmt: skip
    await city.line.ask(city.line.applications.AnswerPrompt, answer)
    lost = residents_pb2.SeeContactRequest(
        external_id=city.residents["4"].external_id, state=residents_pb2.CONTACT_STATE_LOST,
        request_id=a_request_id(),
    )  # fmt: skip
    lost.seen_time.FromDatetime(a_town.clock())
    await city.line.ask(city.line.residents.SeeContact, lost)
    await protect(city, "5")

    assert await states(city) == {
        "1": "SILENT",
        "2": "OPENED",
        "3": "FILED",
        "4": "UNREACHABLE",
        "5": "PROTECTED",
        "6": "UNMATCHED",
        "7": "UNMATCHED",
    }
    opened = [
        one
        for one in await a_town.read(lambda s: events_after(s, MUNICIPALITY, 0, 1000))
        if one.kind == "application.opened"
    ]
    assert [one.subject for one in opened] == [filed["2"].application_id]
    ways = {one.entitlement.reference: one for one in (await city.ledger()).entries}
    assert (ways["1"].best_way, ways["1"].channel) == (pb.CONTACT_WAY_CHANNEL, "line")
    assert (ways["4"].best_way, ways["4"].channel) == (pb.CONTACT_WAY_LETTER, "")
    assert ways["5"].best_way == pb.CONTACT_WAY_UNSPECIFIED
    assert ways["5"].entitlement.address == ""
    assert ways["6"].best_way == pb.CONTACT_WAY_LETTER


async def test_the_web_reaches_who_reads_there_once_an_invitation_lies_there(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="")
    web = await a_town.channel("web")

    async def goes_to_the_web(reference: str) -> None:
        there = await a_resident(a_town, web, cards.issue(city.holders[reference]))
        await a_contact(a_town, web, there.external_id, state=CONTACT_STATE_VISITING)
        line = city.residents[reference].external_id
        await a_contact(a_town, city.line, line, state=CONTACT_STATE_LOST)

    await goes_to_the_web("2")
    before = await states(city)
    invited = await city.invite()
    await goes_to_the_web("1")

    assert before == {"1": "SILENT", "2": "UNREACHABLE"}
    assert (invited.invited, invited.on_the_web, invited.unreachable) == (2, 1, 0)
    assert await states(city) == {"1": "SILENT", "2": "SILENT"}
    ways = {one.entitlement.reference: one for one in (await city.ledger()).entries}
    for reference in "12":
        assert (ways[reference].best_way, ways[reference].channel) == (
            pb.CONTACT_WAY_CHANNEL,
            "web",
        )


async def test_pages_go_from_who_waits_longest_and_count_all(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="2345")
    a_town.clock.pass_by(hours=1)
    await city.contacted("3", reached=False)
    a_town.clock.pass_by(hours=1)
    await city.invite()
    a_town.clock.pass_by(hours=1)
    await city.contacted("2", way=pb.CONTACT_WAY_VISIT)

    first = await city.ledger(page_size=2)
    second = await city.ledger(page_size=2, page_token=first.next_page_token)
    third = await city.ledger(page_size=2, page_token=second.next_page_token)
    unmatched = await city.ledger(pb.LEDGER_STATE_UNMATCHED, page_size=3)

    shown = [one for page in (first, second, third) for one in page.entries]
    assert [one.entitlement.reference for one in shown] == ["4", "5", "3", "1", "2"]
    assert {page.total_size for page in (first, second, third)} == {5}
    assert third.next_page_token == ""
    assert [one.entitlement.reference for one in unmatched.entries] == ["4", "5", "3"]
    assert unmatched.total_size == 4
    with pytest.raises(CoreError, match="CURSOR_EXPIRED"):
        await city.ledger(page_token="none")


async def test_who_was_reached_by_phone_is_called_again(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="12")

    tried = await city.contacted("1", reached=False)
    a_town.clock.pass_by(hours=1)
    reached = await city.contacted("1", note="折り返しを約束")

    assert tried.best_way == pb.CONTACT_WAY_LETTER
    assert (reached.best_way, reached.last_way) == (pb.CONTACT_WAY_PHONE, pb.CONTACT_WAY_PHONE)
    assert reached.last_time.ToDatetime() == a_town.clock().replace(tzinfo=None)
    assert (await city.entry("2")).last_way == pb.CONTACT_WAY_UNSPECIFIED


@on_sqlite
async def test_a_message_that_arrived_is_the_last_contact(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    await city.invite()
    async with an_adapter(city.line) as adapter:
        await delivered(adapter, 2)

    assert (await city.entry("1")).last_way == pb.CONTACT_WAY_CHANNEL


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"note": "番号は 1234-5678-9018"}, "MY_NUMBER_REFUSED"),
        ({"entitlement_id": "00000000-0000-7000-8000-000000000000"}, "ENTITLEMENT_UNKNOWN"),
    ],
)
async def test_what_may_not_be_written_down_is_refused(
    a_town: Town, cards: Cards, changes: dict[str, str], reason: str
) -> None:
    city = await a_city(a_town, cards, here="", absent="1")

    with pytest.raises(CoreError, match=reason):
        await city.contacted("1", **changes)

    assert (await city.entry("1")).last_way == pb.CONTACT_WAY_UNSPECIFIED


@on_sqlite
async def test_a_contact_still_to_come_is_refused(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    entry = await city.entry("1")
    request = pb.RecordContactRequest(
        entitlement_id=entry.entitlement.entitlement_id, way=pb.CONTACT_WAY_PHONE,
        request_id=a_request_id(),
    )  # fmt: skip
    request.contact_time.FromSeconds(int(a_town.clock().timestamp()) + 3600)

    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await city.clerk.ask(city.clerk.ledger.RecordContact, request)


@on_sqlite
async def test_who_told_staff_no_has_declined_until_they_say_otherwise(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="1", absent="2")
    await city.invite()

    said = [await city.contacted(one, declined=True) for one in ("1", "2")]

    assert [entry.state for entry in said] == [pb.LEDGER_STATE_DECLINED] * 2
    a_town.clock.pass_by(minutes=10)
    assert (await city.contacted("2")).state == pb.LEDGER_STATE_UNMATCHED
    assert (await city.contacted("1", reached=False)).state == pb.LEDGER_STATE_DECLINED
    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await city.contacted("1", reached=False, declined=True)


async def test_progress_is_by_town_and_age_and_shows_nobody_protected(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="345")
    await protect(city, "2")

    request = pb.GetProgressRequest(program_id=city.program.program_id)
    rows = (await city.clerk.ask(city.clerk.ledger.GetProgress, request)).rows

    assert sum(row.entitled for row in rows) == 5
    hidden = [row for row in rows if row.states.get("protected")]
    assert [(row.area, row.from_age, row.to_age, row.entitled) for row in hidden] == [
        ("", 0, 150, 1)
    ]
    towns = [row for row in rows if row.area]
    assert sum(row.states.get("unmatched", 0) for row in towns) == 3
    assert sum(row.states.get("silent", 0) for row in towns) == 1
    assert not any(char.isdigit() for row in towns for char in row.area)


@on_sqlite
async def test_every_look_and_contact_is_in_the_log(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    await city.contacted("1")
    await city.clerk.ask(
        city.clerk.ledger.GetProgress,
        pb.GetProgressRequest(program_id=city.program.program_id),
    )

    log = await a_town.read(lambda s: events_after(s, MUNICIPALITY, 0, 1000))
    kinds = [one.kind for one in log if one.kind.startswith("ledger.")]
    assert kinds == ["ledger.listed", "ledger.contacted", "ledger.counted"]
    assert all("折り返し" not in str(one.details) for one in log)


@on_sqlite
async def test_only_staff_of_eligibility_read_the_ledger(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    city.clerk = await a_town.staff(Role.COUNTER)

    with pytest.raises(CoreError, match="CALLER_NOT_ALLOWED"):
        await city.ledger()
