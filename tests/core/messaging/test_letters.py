"""Whom nothing else reaches is written to once, in their words, with the code; nobody protected."""

import hashlib
import io
from datetime import UTC, datetime

import pikepdf
import PIL.Image
import pytest

from core.callers import Role
from core.letters.joining import Joined
from core.letters.printing import PART, Office
from core.messaging.letters.typesetting import WIDTH, Addressed, Text, as_pdf, link_of
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.attachments.files import a_photo
from tests.core.dispatches.test_rates import events
from tests.core.messaging.inboxes import open_
from tests.core.messaging.makers import a_draft, a_topic, people, plan_of, send
from tests.core.messaging.test_campaigns import finished
from tests.core.messaging.test_composing import upload
from tests.core.messaging.test_results import deliveries, results
from tests.core.records.test_record import characters, opened
from tests.core.residents.makers import suppress
from tests.core.residents.test_unlinking import unlink
from tests.core.segments.test_segments import preview
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import ledger_pb2, residents_pb2
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED

TIME = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OFFICE = Office("http://localhost:8710/", "危機管理室", "0866-00-0000")


async def printed(
    staff: Core, campaign_id: str, *causes: int, most: int = 100, request_id: str = ""
) -> tuple[ledger_pb2.PrintedLetters, bytes, list[tuple[int, int]]]:
    """Return what was printed, its bytes, and how far it had come, time by time."""
    request = pb.PrintCampaignLettersRequest(
        campaign_id=campaign_id, causes=causes, most=most, request_id=request_id or a_request_id()
    )
    content, come, told = b"", [], ledger_pb2.PrintedLetters()
    async for part in staff.watch(staff.campaigns.PrintCampaignLetters, request):
        content += part.chunk
        if part.HasField("progress"):
            come.append((part.progress.done, part.progress.letters))
        if part.HasField("letters"):
            told = part.letters
    assert hashlib.sha256(content).hexdigest() == told.file.sha256
    return told, content, come


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
        return len(opened_pdf.pages)


def joined(parts: list[bytes]) -> bytes:
    whole = Joined()
    for part in parts:
        whole.add(part)
    return whole.finish()


async def letters(
    staff: Core, campaign_id: str, *, printed: bool = False
) -> pb.ListCampaignLettersResponse:
    request = pb.ListCampaignLettersRequest(campaign_id=campaign_id, printed=printed)
    return await staff.ask(staff.campaigns.ListCampaignLetters, request)


async def test_whom_nothing_reached_and_who_did_not_open_it_are_written_to_once(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    reader, silent, refused, hides = await people(a_town, cards, 4)
    [absent] = await people(a_town, cards, name="総社　花子")
    named = residents_pb2.NamedResident(resident_id=absent.resident_id)
    await unlink(staff, named, absent.contact_id)
    draft = a_draft("{name}様、日曜日は防災訓練です。")
    draft.letter_after_days = 7
    campaign = await send(staff, draft)
    async with an_adapter(line) as adapter:
        adapter.ready(2)
        notice, dispatch = await adapter.dispatch(), await adapter.dispatch()
        adapter.report(notice, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
        places = [list(dispatch.recipients).index(one.external_id) for one in (refused, hides)]
        adapter.report(dispatch, OUTCOME_RESULT_ACCEPTED, refused_recipients=places)
        assert await adapter.taken()
    await finished(a_town, staff, campaign)
    await open_(line, reader, campaign)
    await suppress(staff, hides.resident_id)

    at_once = await letters(staff, campaign)
    first, pdf, come = await printed(staff, campaign)
    with pytest.raises(CoreError, match="NOTHING_TO_PRINT"):
        await printed(staff, campaign)
    a_town.clock.pass_by(days=8)
    staff = await a_town.staff()
    second, _, _ = await printed(staff, campaign, pb.LETTER_CAUSE_NOT_OPENED)
    told = await letters(staff, campaign, printed=True)

    assert (dict(at_once.waiting), at_once.left_out) == ({"unreachable": 1, "refused": 1}, 1)
    waiting = {one.resident_id: one for one in at_once.letters}
    assert set(waiting) == {refused.resident_id, absent.resident_id}
    assert waiting[absent.resident_id].name == "総社　花子"
    assert (first.letters, first.remaining, first.left_out) == (2, 0, 1)
    assert come == [(2, 2)]
    code = (await plan_of(staff, campaign)).official_code
    assert set("総社花子様日曜日は防災訓練です" + code) <= characters(opened(pdf))
    assert (second.letters, second.left_out) == (1, 0)
    causes = {one.resident_id: one.cause for one in told.letters}
    assert causes == {
        absent.resident_id: pb.LETTER_CAUSE_UNREACHABLE,
        refused.resident_id: pb.LETTER_CAUSE_REFUSED,
        silent.resident_id: pb.LETTER_CAUSE_NOT_OPENED,
    }
    assert (told.printed, len({one.number for one in told.letters})) == (3, 3)
    # What became of them is what it was, and a letter beside it.
    [row] = await results(staff, campaign)
    assert (dict(row.deliveries), row.letters) == ({"sent": 2, "failed": 2, "left_out": 1}, 3)
    channels = {one.resident_id: one.channel for one in await deliveries(staff, campaign)}
    assert channels[absent.resident_id] == channels[refused.resident_id] == "letter"
    assert channels[silent.resident_id] == "line"
    missed = pb.CampaignOutcome(campaign_id=campaign, engagement=pb.ENGAGEMENT_NOT_REACHED)
    assert (await preview(staff, pb.Condition(campaign=missed))).recipients == 0
    assert await events(staff, "campaign.letters_printed") == 2
    assert await events(staff, "campaign.letters_viewed") == 2


@on_sqlite
async def test_a_repeat_gives_the_same_bytes_but_for_who_came_under_protection(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    await a_topic(staff)
    made = await people(a_town, cards, 3)
    for one in made:
        named = residents_pb2.NamedResident(resident_id=one.resident_id)
        await unlink(staff, named, one.contact_id)
    image = await upload(staff, a_photo(size=(900, 1600)))
    campaign = await send(staff, a_draft(image_id=image.image_id))
    await finished(a_town, staff, campaign)
    request_id = a_request_id()

    first, pdf, _ = await printed(staff, campaign, most=2, request_id=request_id)
    again = await printed(staff, campaign, most=2, request_id=request_id)
    written = {one.resident_id for one in (await letters(staff, campaign, printed=True)).letters}
    hides = min(written)
    await suppress(staff, hides)
    less, _, _ = await printed(staff, campaign, most=2, request_id=request_id)
    shown = (await letters(staff, campaign, printed=True)).letters

    assert (first.letters, first.remaining) == (2, 1)
    assert again[0] == first
    assert again[1] == pdf
    with pikepdf.open(io.BytesIO(pdf)) as set_in_type:
        pictures = set_in_type.pages[0].obj.Resources["/XObject"].values()
        assert WIDTH in [one.Width for one in pictures]
    assert (less.letters, less.left_out) == (1, 1)
    assert [one.address for one in shown if one.resident_id == hides] == [""]


@on_sqlite
async def test_letters_are_printed_of_what_was_sent_and_by_who_may_send(
    a_town: Town, cards: Cards
) -> None:
    staff, clerk = await a_town.staff(), await a_town.staff(Role.AUDITOR)
    await a_topic(staff)
    await people(a_town, cards)
    campaign = await send(staff)
    await a_town.do_waiting()
    request = pb.PauseCampaignRequest(campaign_id=campaign, request_id=a_request_id())
    await staff.ask(staff.campaigns.PauseCampaign, request)

    with pytest.raises(CoreError, match="WRONG_STATE"):
        await printed(staff, campaign)
    with pytest.raises(CoreError, match="CALLER_NOT_ALLOWED"):
        await printed(clerk, campaign)


def test_a_long_letter_goes_on_where_the_next_begins_on_a_page_of_its_own() -> None:
    long = "避難所の場所と持ち物を確かめてください。" * 120
    texts = (Text("ja", "防災訓練", long, (("くわしく", "https://example.jp/a"),)),)
    some = [Addressed(f"A-0000{n}", f"市民{n}", "総社市中央1丁目", texts) for n in (1, 2)]

    part = as_pdf(some, OFFICE, city="総社市", code="ACDE3467", time=TIME)
    whole = joined([part, part])

    assert pages_of(part) == 6
    assert pages_of(whole) == 12
    assert whole == joined([part, part])


def test_the_campaigns_image_is_in_the_file_once_and_the_towns_postal_code_in_the_window() -> None:
    photo = a_photo(size=(900, 600))
    texts = (Text("ja", "訓練", "来てください。"),)
    some = [Addressed(f"A-{n}", "市民", "岡山県総社市中央1-1", texts) for n in (1, 2)]

    parts = [
        as_pdf([one], OFFICE, city="総社市", code="ACDE3467", time=TIME, image=photo)
        for one in some
    ]

    with pikepdf.open(io.BytesIO(joined(parts))) as whole:
        shown = [
            [image for image in page.obj.Resources["/XObject"].values() if image.Width == 900]
            for page in whole.pages
        ]
        [[first], [second]] = shown
        assert first.objgen == second.objgen
        assert whole.check_pdf_syntax() == []
        assert whole.docinfo["/Title"] == "お知らせ"
    assert set("〒719-1131") <= characters(opened(parts[0]))


@pytest.mark.parametrize(("pixels", "inches"), [(300, 2), (1200, 168 / 25.4)])
def test_an_image_is_as_wide_as_the_text_but_never_coarse(pixels: int, inches: float) -> None:
    drawn = io.BytesIO()
    PIL.Image.new("RGB", (pixels, pixels // 5), "red").save(drawn, "PNG")
    one = Addressed("A-1", "市民", "総社市", (Text("ja", "訓練", "来てください。"),))

    pdf = as_pdf([one], OFFICE, city="総社市", code="ACDE3467", time=TIME, image=drawn.getvalue())

    with pikepdf.open(io.BytesIO(pdf)) as page:
        told = pikepdf.parse_content_stream(page.pages[0])
        scales = [float(one.operands[0]) for one in told if str(one.operator) == "cm"]
    widest = max(abs(scale) for scale in scales)
    assert widest / 72 == pytest.approx(inches, abs=0.05)


def test_the_code_leads_to_the_page_that_checks_it() -> None:
    assert link_of(OFFICE.page, "ACDE3467") == "http://localhost:8710/check?code=ACDE3467"


@pytest.mark.slow
def test_a_part_of_letters_is_set_in_seconds() -> None:
    texts = (Text("ja", "防災訓練", "日曜日は防災訓練です。" * 20),)
    some = [Addressed(f"A-{n:05}", f"市民{n}", "総社市中央1丁目", texts) for n in range(PART)]

    pdf = as_pdf(some, OFFICE, city="総社市", code="ACDE3467", time=TIME)

    assert pages_of(pdf) == PART
    assert len(pdf) < 6_000 * PART
