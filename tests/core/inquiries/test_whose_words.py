"""Whose words they are: who reads them, takes them along, is handed them and has them deleted."""

import json

from tests.cards import Cards
from tests.core.inquiries.makers import (
    answer,
    get,
    listed,
    own,
    write,
)
from tests.core.messaging.test_campaigns import people
from tests.core.records.makers import delete, export, record, themselves
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import residents_pb2
from todoke.v1.records_pb2 import EXPORT_FORMAT_JSON, EXPORT_FORMAT_PDF


async def test_who_registers_takes_along_what_they_wrote_and_who_leaves_leaves_it_to_nobody(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    contact = await a_contact(a_town, line)
    written = (await write(a_town, line, contact.external_id)).inquiry
    resident = await a_resident(a_town, line, cards.issue(), external_id=contact.external_id)
    follows = (await get(staff, written.inquiry_id)).inquiry

    unlink = residents_pb2.UnlinkContactRequest(
        resident=themselves(contact.external_id), contact_id=contact.contact_id,
        request_id=a_request_id(),
    )  # fmt: skip
    await line.ask(line.residents.UnlinkContact, unlink)
    left = (await get(staff, written.inquiry_id)).inquiry
    new = (await write(a_town, line, contact.external_id, "別の人です。")).inquiry

    assert (written.resident_id, follows.resident_id) == ("", resident.resident_id)
    assert (left.resident_id, left.state) == (resident.resident_id, pb.INQUIRY_STATE_CLOSED)
    assert new.resident_id == ""
    assert await own(line, contact.external_id) == ["別の人です。"]


async def test_what_is_answered_on_the_web_lies_there_and_is_read_by_the_resident_alone(
    a_town: Town, cards: Cards
) -> None:
    web, staff = await a_town.channel("web"), await a_town.staff()
    resident = await a_resident(a_town, web, cards.issue())
    other = await a_resident(a_town, web, cards.issue())
    received = (await write(a_town, web, resident.external_id)).inquiry

    await answer(staff, received)

    [shown, _] = (await get(staff, received.inquiry_id)).messages
    assert shown.state == pb.DELIVERY_STATE_INBOX
    assert await own(web, resident.external_id) == ["火曜日です。", "ごみの日はいつですか。"]
    assert await own(web, other.external_id) == []


@on_sqlite
async def test_the_resident_is_handed_what_was_written_and_who_looked(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    [resident] = await people(a_town, cards)
    received = (await write(a_town, line, resident.external_id)).inquiry
    await answer(staff, received)
    await get(staff, received.inquiry_id)

    _, content = await export(line, themselves(resident.external_id), EXPORT_FORMAT_JSON)
    _, pages = await export(line, themselves(resident.external_id), EXPORT_FORMAT_PDF)
    shown = await record(line, themselves(resident.external_id))

    written = json.loads(content)["inquiry_messages"]
    assert [(one.get("from_city", False), one["text"]) for one in written] == [
        (True, "火曜日です。"), (False, "ごみの日はいつですか。"),
    ]  # fmt: skip
    assert pages.startswith(b"%PDF")
    assert ("staff", "inquiry.viewed") in {(one.by, one.kind) for one in shown.looks}
    assert not shown.inquiry_messages


async def test_a_deleted_resident_leaves_no_word(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    [resident] = await people(a_town, cards)
    received = (await write(a_town, line, resident.external_id)).inquiry
    await answer(staff, received)

    await delete(line, themselves(resident.external_id))

    assert await listed(staff) == []
