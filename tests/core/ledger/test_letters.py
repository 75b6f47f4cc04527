"""Letters go to whom no channel reaches: once, to nobody under protection, and always the same."""

import hashlib
import io
import zlib
from datetime import UTC, datetime

import pikepdf
import PIL.Image
import PIL.ImageChops
import pytest

from core.events import after as events_after
from core.ledger.letters.typesetting import Body, Letter, as_pdf, body_of, link_of
from core.letters.joining import Joined
from core.letters.printing import Office
from core.letters.rules import USUAL_WINDOW, Window
from tests.cards import Cards
from tests.core.ledger.makers import City, a_city
from tests.core.ledger.test_ledger import protect
from tests.core.records.test_record import characters, opened
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import eligibility_pb2
from todoke.v1 import ledger_pb2 as pb

TIME = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OFFICE = Office("http://localhost:8710", "福祉課", "0866-00-0000")


def a_body(window: Window = USUAL_WINDOW) -> Body:
    return body_of(
        OFFICE, city="総社市", title="給付金", code="kyufu-2026", time=TIME, window=window
    )


async def printed(
    city: City, *states: int, most: int = 100, request_id: str = ""
) -> tuple[pb.PrintedLetters, bytes]:
    request = pb.PrintLettersRequest(
        program_id=city.program.program_id,
        states=states or [pb.LEDGER_STATE_UNMATCHED],
        most=most,
        request_id=request_id or a_request_id(),
    )
    parts = [part async for part in city.clerk.watch(city.clerk.ledger.PrintLetters, request)]
    [told] = [part.letters for part in parts if part.HasField("letters")]
    content = b"".join(part.chunk for part in parts)
    assert hashlib.sha256(content).hexdigest() == told.file.sha256
    assert len(content) == told.file.size
    assert parts[0].progress == pb.LettersSet(done=told.letters, letters=told.letters)
    return told, content


async def test_each_is_written_down_and_the_next_file_is_for_the_others(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="345")
    await protect(city, "2")

    first, pdf = await printed(city, most=2)
    second, _ = await printed(city, most=2)

    assert (first.letters, first.remaining, first.left_out) == (2, 1, 1)
    assert (second.letters, second.remaining, second.left_out) == (1, 0, 1)
    with pytest.raises(CoreError, match="NOTHING_TO_PRINT"):
        await printed(city)
    lines = {one.entitlement.reference: one for one in (await city.ledger()).entries}
    written = [name for name, one in lines.items() if one.last_way == pb.CONTACT_WAY_LETTER]
    assert sorted(written) == ["3", "4", "5"]
    seen = characters(opened(pdf))
    for reference in "34":
        holder = city.holders[reference]
        assert set(holder.name + holder.address.removeprefix("岡山県")) - {" ", "　"} <= seen
    a_town.clock.pass_by(days=15)
    city.clerk = await a_town.staff()
    assert (await printed(city))[0].letters == 3


async def test_a_repeat_gives_the_same_bytes_and_writes_nothing(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="23")
    request_id = a_request_id()
    first = await printed(city, request_id=request_id)
    before = await a_town.read(lambda s: events_after(s, MUNICIPALITY, 0, 1000))
    a_town.clock.pass_by(hours=1)

    again = await printed(city, request_id=request_id)

    after = await a_town.read(lambda s: events_after(s, MUNICIPALITY, 0, 1000))
    assert again == first
    assert [one.kind for one in after[len(before) :]] == []


@on_sqlite
async def test_who_is_protected_since_is_not_in_a_repeat(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="12", absent="")
    request_id = a_request_id()
    states = [pb.LEDGER_STATE_SILENT]
    first, _ = await printed(city, *states, request_id=request_id)
    await protect(city, "2")

    again, _ = await printed(city, *states, request_id=request_id)

    assert (first.letters, first.left_out) == (2, 0)
    assert (again.letters, again.left_out) == (1, 1)


@on_sqlite
async def test_nobody_under_protection_is_written_to_even_if_asked_for(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    await protect(city, "1")

    with pytest.raises(CoreError, match="NOTHING_TO_PRINT"):
        await printed(city, pb.LEDGER_STATE_PROTECTED, pb.LEDGER_STATE_SILENT)


@on_sqlite
async def test_a_closed_program_writes_to_nobody(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    get = eligibility_pb2.GetProgramRequest(program_id=city.program.program_id)
    program = (await city.clerk.ask(city.clerk.eligibility.GetProgram, get)).program
    close = eligibility_pb2.CloseProgramRequest(
        program_id=program.program_id, etag=program.etag, reason="終了", request_id=a_request_id()
    )
    await city.clerk.ask(city.clerk.eligibility.CloseProgram, close)

    with pytest.raises(CoreError, match="PROGRAM_CLOSED"):
        await printed(city)


def test_letters_are_one_page_each_and_carry_nothing_of_anybody_in_their_code() -> None:
    letters = [
        Letter(f"KYUFU-{number}", "7191131", f"総社市中央一丁目{number}番", "総社　花子")
        for number in range(1, 251)
    ]

    body = a_body()
    pdf = as_pdf(letters, body)

    inside = opened(pdf)
    assert inside.count(b"/MediaBox[0 0 595.2756 841.8898]") == 250
    assert len(zlib.compress(pdf)) < 2_000_000
    assert link_of(OFFICE.page, "kyufu-2026") == "http://localhost:8710?program=kyufu-2026"
    assert set("大切なお知らせ給付金福祉課0866様〒") <= characters(inside)
    assert pdf == as_pdf(letters, body)


def test_parts_are_one_file_whose_pages_keep_their_order() -> None:
    body = a_body()
    parts = [
        as_pdf([Letter(f"KYUFU-{n}", "7191131", "総社市中央一丁目", name)], body)
        for n, name in enumerate(("総社　花子", "岡山　太郎"))
    ]

    whole = Joined()
    for part in parts:
        whole.add(part)

    with pikepdf.open(io.BytesIO(whole.finish())) as joined:
        assert joined.check_pdf_syntax() == []
        windows = [page.obj.Contents.read_bytes() for page in joined.pages]
    assert windows == [page_of(part) for part in parts]


def page_of(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened_pdf:
        return opened_pdf.pages[0].obj.Contents.read_bytes()


@pytest.mark.parametrize("window", [USUAL_WINDOW, Window(left=38, top=20, width=80, height=42)])
def test_the_window_shows_whom_it_goes_to_and_that_alone_wherever_the_sheet_lies(
    window: Window,
) -> None:
    """A4 folded in three lies anywhere in the envelope: 25 mm across, 21 mm down."""
    address = "岡山県総社市中央一丁目1番1号　コーポ総社　東棟1203号室"
    letters = [
        Letter("KYUFU-1", "7191131", address, "アレクサンドラ　総社　マリア　花子"),
        Letter("KYUFU-1", "", "", ""),
    ]
    body = a_body(window)

    named, empty = (
        PIL.Image.open(io.BytesIO(as_pdf([one], body, format="png"))).convert("L")
        for one in letters
    )

    a_mm = named.width / 210
    ink = PIL.ImageChops.difference(named, empty).getbbox()
    assert ink is not None
    left, top, right, bottom = (edge / a_mm for edge in ink)
    assert left >= window.left - 0.5
    assert right <= window.left + window.width - 25 + 0.5
    assert top >= window.top - 0.5
    assert bottom <= window.top + window.height - 21 + 0.5
    shown = (0, 0, window.left + window.width, window.top + window.height)
    nothing = empty.crop(tuple(int(edge * a_mm) for edge in shown)).getextrema()
    assert nothing == (255, 255)
