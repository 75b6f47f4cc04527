"""Decision notices: numbered without a gap, the same every time, shown to whom they concern."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from core.applications.desk_rows import DecisionNotice
from core.applications.notices import issuing
from core.callers import Role
from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.desk import Reviewer, a_citizen, a_reviewer
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.residents.makers import events_of
from tests.core.test_applications import a_case
from tests.town import MUNICIPALITY, Town, build, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb


async def download(core: Core, id: str, talk: Talk | None = None) -> bytes:
    request = pb.DownloadNoticeRequest(application_id=id)
    if talk:
        request.speaker.CopyFrom(talk.speaker)
    header, content = None, b""
    async for part in core.watch(core.applications.DownloadNotice, request):
        header = header or part.file
        content += part.chunk
    assert header.sha256 == hashlib.sha256(content).hexdigest()
    return content


async def check(core: Core, code: str, external_id: str = "") -> pb.CheckNoticeResponse:
    request = pb.CheckNoticeRequest(external_id=external_id, code=code)
    return await core.ask(core.applications.CheckNotice, request)


async def notice(town: Town, number: int, year: int = 2026) -> DecisionNotice:
    key = (MUNICIPALITY, year, number)
    return await town.read(lambda s: s.get_one(DecisionNotice, key))


async def answered(talk: Talk) -> str:
    id = turn_id(await talk.begin("survey"))
    await talk.answer(id, "mark", number=9)
    await talk.answer(id, "again", choice="yes_again")
    await talk.submit(id)
    return id


async def test_each_decision_has_the_next_number_of_its_fiscal_year(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    sato = await a_reviewer(a_town)
    ids = [await answered(await a_citizen(a_town, cards)) for _ in range(3)]
    before = await refused(download(sato.core, ids[0]))
    first = await sato.do("ApproveApplication", ids[0])
    second = await sato.do("RejectApplication", ids[1], reason="対象外のため")
    a_town.clock.pass_by(days=128)
    suzuki = await a_reviewer(a_town, "suzuki")
    third = await suzuki.do("ApproveApplication", ids[2])

    assert (before.reason, before.metadata["state"]) == ("NOTICE_MISSING", "submitted")
    assert [one.notice_number for one in (first, second, third)] == [
        "令和8年度第1号", "令和8年度第2号", "令和9年度第1号",
    ]  # fmt: skip
    assert (await notice(a_town, 2)).facts["reason"] == "対象外のため"


async def test_its_resident_and_reviewers_read_the_same_bytes_every_time(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    await case.decide("Approve")
    own = Talk(case.line, case.resident.external_id)
    other = await a_citizen(a_town, cards)
    one = await download(case.clerk, case.application_id)
    a_town.clock.pass_by(hours=2)
    two = await download(case.line, case.application_id, own)
    foreign = await refused(download(other.core, case.application_id, other))
    (listed,) = await own.own()

    assert one == two
    assert one.startswith(b"%PDF-")
    with pikepdf.open(io.BytesIO(one)) as pdf:
        assert len(pdf.pages) == 1
        assert "支給決定通知書" in str(pdf.docinfo["/Title"])
    assert foreign.reason == "APPLICATION_UNKNOWN"
    assert listed.notice
    assert len(await events_of(a_town, "notice.viewed")) == 2
    facts = (await notice(a_town, 1)).facts
    assert (facts["amount"], facts["kind"]) == (70_000, "grant_approved")
    assert facts["account"] == "中国銀行 総社支店 普通 ****001"


async def test_a_code_tells_that_the_notice_is_the_citys_and_cannot_be_guessed(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    sato, talk = await a_reviewer(a_town), await a_citizen(a_town, cards)
    await sato.do("ApproveApplication", await answered(talk))
    code = (await notice(a_town, 1)).code
    web = await a_town.channel("web")
    typed = f" {issuing.printed(code).lower().replace('0', 'o')} "

    told = await check(web, typed, "browser-1")
    by_staff = await check(sato.core, code)
    wrong = [await refused(check(web, "0" * 16, "browser-1")) for _ in range(11)]
    another = await check(web, code, "browser-2")
    nobody = await refused(check(web, code))

    assert (told.number, told.date) == ("令和8年度第1号", "2026-11-24")
    assert told.title == "満足度アンケート"
    assert told == by_staff == another
    assert {one.reason for one in wrong[:10]} == {"NOTICE_MISSING"}
    assert wrong[10].reason == "TOO_MANY_ATTEMPTS"
    assert nobody.reason == "FIELD_INVALID"


@on_sqlite
async def test_only_reviewers_and_the_residents_channels_download(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    sato, clerk = await a_reviewer(a_town), await a_reviewer(a_town, "clerk", Role.COUNTER)
    id = await answered(await a_citizen(a_town, cards))
    await sato.do("ApproveApplication", id)
    assert (await refused(download(clerk.core, id))).reason == "CALLER_NOT_ALLOWED"


async def test_a_towns_seal_and_words_are_printed(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    seals, words = tmp_path / "seals", tmp_path / "words.toml"
    seals.mkdir()
    image = Image.new("RGBA", (200, 200))
    ImageDraw.Draw(image).rectangle((10, 10, 190, 190), outline="red", width=12)
    image.save(seals / f"{MUNICIPALITY}.png")
    words.write_text('signer = "{city}福祉事務所長"\n[appeal]\napproved = "教示なし"\n', "utf-8")
    town = await build(
        sqlite_database, tmp_path, notice_seals=seals, notice_words=words, **cards.settings
    )
    await publish(town, SURVEY)
    sato: Reviewer = await a_reviewer(town)
    id = await answered(await a_citizen(town, cards))
    await sato.do("ApproveApplication", id)
    sealed = await download(sato.core, id)
    facts = (await notice(town, 1)).facts
    await town.close()

    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert any(
            part.get("/Subtype") == "/Image"
            for part in pdf.objects
            if isinstance(part, pikepdf.Stream)
        )
    assert facts["seal"] == hashlib.sha256((seals / f"{MUNICIPALITY}.png").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("day", "year", "written"),
    [
        (date(2026, 3, 31), 2025, "令和8年3月31日"),
        (date(2026, 4, 1), 2026, "令和8年4月1日"),
        (date(2019, 5, 1), 2019, "令和元年5月1日"),
    ],
)
def test_years_are_those_of_the_city_hall(day: date, year: int, written: str) -> None:
    assert (issuing.fiscal_year(day), issuing.japanese(day)) == (year, written)
