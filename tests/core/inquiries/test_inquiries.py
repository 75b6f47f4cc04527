"""Residents and the city write to each other: once, in hours, and in one conversation."""

from datetime import UTC

import pytest

from core.callers import Role
from core.dispatches import rows
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.inquiries.delivering import delivered
from tests.core.inquiries.makers import (
    answer,
    answered,
    assign,
    close,
    get,
    listed,
    own,
    set_hours,
    write,
)
from tests.core.messaging.test_campaigns import people
from tests.core.residents.makers import events_of, run_jobs, suppress
from tests.makers import a_contact, a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
)
from todoke.v1.staff_pb2 import GetCallerRequest

MY_NUMBER = "私の番号は 123456789018 です"


async def test_what_a_resident_writes_is_answered_once_where_they_wrote(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.INQUIRIES, name="sato")
    [resident] = await people(a_town, cards)
    first = await write(a_town, line, resident.external_id, request_id="words-0001")
    again = await write(a_town, line, resident.external_id, request_id="words-0001")
    more = (await write(a_town, line, resident.external_id, "燃えるごみです。")).inquiry
    request_id = a_request_id()

    answered = await answer(staff, more, request_id=request_id)
    assert await answer(staff, more, request_id=request_id) == answered
    queued = await get(staff, more.inquiry_id)
    dispatch = await delivered(a_town, line)
    sent = await get(staff, more.inquiry_id)

    assert first == again
    assert more.inquiry_id == first.inquiry.inquiry_id
    assert (more.state, answered.state) == (
        pb.INQUIRY_STATE_WAITING, pb.INQUIRY_STATE_ANSWERED,
    )  # fmt: skip
    assert more.resident_id == resident.resident_id
    assert list(dispatch.recipients) == [resident.external_id]
    assert dispatch.inquiry.text == "火曜日です。"
    assert dispatch.inquiry.author
    assert dispatch.inquiry.language == "ja"
    assert [(one.text, one.author, one.from_city) for one in sent.messages] == [
        ("火曜日です。", "sato", True),
        ("燃えるごみです。", "", False),
        ("ごみの日はいつですか。", "", False),
    ]
    assert queued.messages[0].state == pb.DELIVERY_STATE_QUEUED
    assert sent.messages[0].state == pb.DELIVERY_STATE_SENT
    looks = await events_of(a_town, "inquiry.viewed")
    assert {look.on_behalf_of for look in looks} == {resident.resident_id}
    assert await own(line, resident.external_id) == [one.text for one in sent.messages]


async def test_an_answer_outside_the_hours_goes_out_when_they_begin(a_town: Town) -> None:
    line = await a_town.channel()
    contact = await a_contact(a_town, line)
    await set_hours(a_town, "08:30", "17:15")
    a_town.clock.pass_by(hours=9)  # 19:00 in Japan.
    staff = await a_town.staff(Role.INQUIRIES)
    received = await write(a_town, line, contact.external_id)

    told = await answered(staff, received.inquiry)
    waits = (await get(staff, received.inquiry.inquiry_id)).messages[0]
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        at_night = await a_town.read(lambda s: rows.next_free(s, MUNICIPALITY, "line"))
        a_town.clock.pass_by(hours=13, minutes=30)
        dispatch = await adapter.dispatch()

    assert told.due_time.ToDatetime(UTC) == waits.due_time.ToDatetime(UTC) == at_night
    assert waits.state == pb.DELIVERY_STATE_QUEUED
    gone = (await get(await a_town.staff(Role.INQUIRIES), received.inquiry.inquiry_id)).messages[0]
    assert not gone.HasField("due_time")
    assert (received.hours.answer_from, received.hours.answer_to) == ("08:30", "17:15")
    assert not received.hours.open
    assert at_night == a_town.clock()
    assert dispatch.inquiry.text == "火曜日です。"


async def test_whoever_waits_longest_comes_first_and_each_list_holds_its_own(
    a_town: Town,
) -> None:
    line = await a_town.channel()
    sato, mori = [await a_town.staff(Role.INQUIRIES, name=name) for name in ("sato", "mori")]
    ids = []
    for _ in range(4):
        contact = await a_contact(a_town, line)
        a_town.clock.pass_by(minutes=1)
        ids.append((await write(a_town, line, contact.external_id)).inquiry.inquiry_id)
    found = {one.inquiry_id: one for one in await listed(sato)}
    await answer(sato, found[ids[0]])
    await close(sato, found[ids[1]])
    me = (await mori.ask(mori.staff.GetCaller, GetCallerRequest())).staff.staff_id
    mine = await assign(sato, found[ids[3]], me)

    everything = [one.inquiry_id for one in await listed(sato)]
    waiting = await listed(sato, state=pb.INQUIRY_STATE_WAITING)
    moris = await listed(mori, mine=True)
    nobodys = await assign(sato, mine, "")

    assert everything == [ids[2], ids[3], ids[0], ids[1]]
    assert [one.inquiry_id for one in waiting] == ids[2:]
    assert [(one.inquiry_id, one.assignee) for one in moris] == [(ids[3], "mori")]
    assert nobodys.assignee == ""


async def test_what_changed_meanwhile_is_closed_or_holds_a_my_number_is_refused(
    a_town: Town,
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.INQUIRIES)
    clerk = await a_town.staff(Role.REVIEWER)
    contact = await a_contact(a_town, line)
    read = (await write(a_town, line, contact.external_id)).inquiry
    newer = (await write(a_town, line, contact.external_id, "もう一つ。")).inquiry
    someone = (await clerk.ask(clerk.staff.GetCaller, GetCallerRequest())).staff.staff_id

    async def refused(call) -> str:
        with pytest.raises(CoreError) as error:
            await call
        return error.value.reason

    assert await refused(answer(staff, read)) == "CHANGED_MEANWHILE"
    assert await refused(answer(staff, newer, MY_NUMBER)) == "MY_NUMBER_REFUSED"
    assert await refused(write(a_town, line, contact.external_id, MY_NUMBER)) == (
        "MY_NUMBER_REFUSED"
    )
    assert await refused(write(a_town, line, "nobody")) == "CONTACT_UNKNOWN"
    assert await refused(assign(staff, newer, someone)) == "STAFF_UNKNOWN"
    assert await refused(answer(clerk, newer)) == "CALLER_NOT_ALLOWED"
    gone = await close(staff, newer)
    assert await refused(answer(staff, gone)) == "WRONG_STATE"
    assert await refused(get(staff, "0190a0a0-0000-7000-8000-000000000000")) == ("INQUIRY_UNKNOWN")


@on_sqlite
async def test_one_contact_writes_so_much_in_a_day_and_no_more(a_town: Town) -> None:
    line = await a_town.channel()
    contact, other = await a_contact(a_town, line), await a_contact(a_town, line)
    for _ in range(30):
        await write(a_town, line, contact.external_id)

    with pytest.raises(CoreError) as refused:
        await write(a_town, line, contact.external_id)
    await write(a_town, line, other.external_id)
    a_town.clock.pass_by(days=1)
    await write(a_town, line, contact.external_id)

    assert refused.value.reason == "TOO_MANY_ATTEMPTS"


async def test_silence_closes_what_was_answered_and_the_next_words_begin_anew(
    a_town: Town,
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.INQUIRIES)
    contact, waits = await a_contact(a_town, line), await a_contact(a_town, line)
    first = (await write(a_town, line, contact.external_id)).inquiry
    unanswered = (await write(a_town, line, waits.external_id)).inquiry
    await answer(staff, first)

    a_town.clock.pass_by(days=29)
    await run_jobs(a_town)
    staff = await a_town.staff(Role.INQUIRIES)
    before = (await get(staff, first.inquiry_id)).inquiry.state
    a_town.clock.pass_by(days=2)
    await run_jobs(a_town)
    staff = await a_town.staff(Role.INQUIRIES)
    after = (await get(staff, first.inquiry_id)).inquiry
    second = (await write(a_town, line, contact.external_id, "ありがとう。")).inquiry

    assert (before, after.state) == (pb.INQUIRY_STATE_ANSWERED, pb.INQUIRY_STATE_CLOSED)
    still = (await get(staff, unanswered.inquiry_id)).inquiry.state
    assert still == pb.INQUIRY_STATE_WAITING
    assert second.inquiry_id != first.inquiry_id
    assert await own(line, contact.external_id) == [
        "ありがとう。", "火曜日です。", "ごみの日はいつですか。",
    ]  # fmt: skip
    a_town.clock.pass_by(days=366)
    for seen in (contact, waits):
        await a_contact(a_town, line, seen.external_id)
    await run_jobs(a_town)
    staff = await a_town.staff(Role.INQUIRIES)
    kept = [one.inquiry_id for one in await listed(staff)]
    assert kept == [unanswered.inquiry_id, second.inquiry_id]


async def test_a_protected_resident_is_answered_and_failures_are_shown(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    [resident] = await people(a_town, cards)
    await suppress(staff, resident.resident_id)
    received = (await write(a_town, line, resident.external_id)).inquiry

    await answer(staff, received)
    await delivered(a_town, line, OUTCOME_RESULT_TRY_AGAIN)
    a_town.clock.pass_by(hours=1)
    await delivered(a_town, line, OUTCOME_RESULT_REFUSED)

    [shown, _] = (await get(staff, received.inquiry_id)).messages
    assert shown.state == pb.DELIVERY_STATE_FAILED
