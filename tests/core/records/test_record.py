"""A resident sees, and takes along, all that the city holds of them; each look is written down."""

import contextlib
import json
import re
import zlib

import pytest

from core.callers import Role
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_topic, people, send
from tests.core.records.makers import by_staff, export, record, themselves
from tests.core.residents.makers import events_of
from tests.core.test_applications import a_case
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import records_pb2 as pb
from todoke.v1.campaigns_pb2 import CancelCampaignRequest
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_TRY_AGAIN


async def test_all_that_is_held_is_shown(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    await case.decide("Approve")

    shown = await record(case.line, themselves(case.resident.external_id))

    assert shown.resident.resident_id == case.resident.resident_id
    assert [one.external_id for one in shown.resident.contacts] == [case.resident.external_id]
    (application,) = shown.applications
    assert (application.application_id, application.state) == (case.application_id, "approved")
    assert application.program_title == "物価高騰対応給付金"
    assert {one.occasion for one in shown.messages} == {"notice", "invited", "verification"}
    assert {one.channel for one in shown.messages} == {"line"}
    assert [one.basic_four for one in shown.history] == [shown.resident.basic_four]
    looks = {(one.by, one.kind) for one in shown.looks}
    assert ("staff", "application.viewed") in looks
    assert ("channel", "resident.registered") in looks


async def test_a_campaign_is_in_the_record_at_whatever_point_it_is(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    [resident] = await people(a_town, cards)
    me = themselves(resident.external_id)

    async def states() -> list[str]:
        told = (await record(line, me)).messages
        return [one.state for one in told if one.occasion == "message"]

    campaign = await send(staff)
    await a_town.do_waiting()
    seen = [await states()]
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        dispatch = await adapter.dispatch()
        seen.append(await states())
        adapter.report(dispatch, OUTCOME_RESULT_TRY_AGAIN)
        assert await adapter.taken()
    seen.append(await states())
    cancel = CancelCampaignRequest(campaign_id=campaign, reason="誤り", request_id=a_request_id())
    await staff.ask(staff.campaigns.CancelCampaign, cancel)
    seen.append(await states())

    assert seen == [["queued"], ["queued"], ["queued"], ["unknown"]]


async def test_the_look_itself_is_in_the_log_and_in_the_next_record(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER, name="suzuki")
    resident = await a_resident(a_town, line, cards.issue())

    await record(staff, by_staff(resident.resident_id))
    shown = await record(line, themselves(resident.external_id))

    assert [one.actor for one in await events_of(a_town, "record.viewed")] == [
        "staff:suzuki",
        "channel:line",
    ]
    assert (shown.looks[0].by, shown.looks[0].kind) == ("staff", "record.viewed")


async def test_channels_show_only_whom_they_speak_with(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel(), await a_town.channel("web")
    reviewer = await a_town.staff(Role.REVIEWER)
    resident = await a_resident(a_town, line, cards.issue())
    other = await a_resident(a_town, line, cards.issue())
    stranger = await a_contact(a_town, line)
    refusals = []
    for core, named in (
        (line, by_staff(resident.resident_id)),
        (line, themselves(stranger.external_id)),
        (line, themselves(resident.external_id, other.resident_id)),
        (web, themselves(resident.external_id)),
        (reviewer, by_staff(resident.resident_id)),
    ):
        with pytest.raises(CoreError) as refused:
            await record(core, named)
        refusals.append(refused.value.reason)

    assert refusals == [
        "RESIDENT_UNKNOWN",
        "CONTACT_NOT_REGISTERED",
        "PROXY_NOT_GRANTED",
        "CONTACT_UNKNOWN",
        "CALLER_NOT_ALLOWED",
    ]


async def test_the_export_as_json_is_the_record(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    named = themselves(case.resident.external_id)

    media_type, content = await export(case.line, named, pb.EXPORT_FORMAT_JSON)

    exported = json.loads(content)
    shown = await record(case.line, named)
    assert media_type == "application/json"
    assert exported["resident"]["basic_four"]["name"] == shown.resident.basic_four.name
    assert [one["application_id"] for one in exported["applications"]] == [case.application_id]
    assert len(await events_of(a_town, "record.exported")) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["登録情報の記録", "これまでの登録内容", "案内済み"]),
        ("vi", ["Record of a", "Invited"]),
    ],
)
async def test_the_export_as_pdf_can_be_read_printed_and_read_aloud(
    a_town: Town, cards: Cards, language: str, words: list[str]
) -> None:
    case = await a_case(a_town, cards, language=language)
    named = themselves(case.resident.external_id)

    media_type, content = await export(case.line, named, pb.EXPORT_FORMAT_PDF)

    shown = await record(case.line, named)
    inside = opened(content)
    assert media_type == "application/pdf"
    assert content.startswith(b"%PDF-1.7")
    assert b"/MediaBox[0 0 595.2756 841.8898]" in inside
    assert b"/MarkInfo" in inside
    assert b"/StructTreeRoot" in inside
    assert set(re.findall(rb"/BaseFont/[A-Z]{6}\+([A-Za-z]+)", inside)) == {b"NotoSansJP"}
    assert b"/FontFile3" in inside
    written = characters(inside)
    for text in (*words, shown.resident.basic_four.name, shown.resident.basic_four.address):
        assert set(text) - {" ", "　"} <= written


def opened(pdf: bytes) -> bytes:
    """Return a PDF with its streams inflated."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(stream))
    return b"\n".join(parts)


def characters(inside: bytes) -> set[str]:
    """Return the characters that the pages' glyphs stand for, so that they can be read aloud."""
    found = set()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", inside, re.DOTALL):
        for code in re.findall(rb"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>", block):
            found.update(bytes.fromhex(code.decode()).decode("utf-16-be"))
    return found
