"""Printed codes: made once, checked, used as often as they may be and never more."""

import asyncio
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import coupon_codes
from core.applications.coupon_rows import CouponUse
from core.applications.rows import LIVE, Application
from core.callers import Role
from tests import town as towns
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.core.records.test_record import characters, opened
from tests.examples import examples
from tests.makers import a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2
from todoke.v1 import coupons_pb2 as pb

SHELTER = """
key: shelter_goods
version: 1
title: 避難所の物資
audience: anybody
decided: true
once: false
steps:
  - key: code
    says: 紙のコードを入れてください。
    coupon: {}
  - key: what
    says: 何が要りますか。
    text: {most: 20}
"""


@dataclass
class Book:
    id: str
    codes: list[str]
    files: list[bytes]


async def make(staff: Core, request_id: str = "", **asked) -> Book:
    request = pb.CreateCouponBookRequest(
        **{
            "name": "避難所 物資引換券",
            "procedure_keys": ["shelter_goods"],
            "codes": 1,
            "uses_per_code": 1,
            "files": [pb.COUPON_FILE_CSV],
            "request_id": request_id or a_request_id(),
            **asked,
        }
    )
    book, files = pb.CouponBook(), []
    async for part in staff.watch(staff.coupons.CreateCouponBook, request):
        if part.WhichOneof("part") == "book":
            book = part.book
        elif part.WhichOneof("part") == "file":
            files.append(b"")
        else:
            files[-1] += part.chunk
    lines = list(csv.reader(io.StringIO(files[0].decode("utf-8-sig"))))
    return Book(book.book_id, [line[0] for line in lines[1:]], files)


async def a_talk(town: Town, line: Core) -> Talk:
    return Talk(line, (await a_contact(town, line)).external_id)


async def books(staff: Core) -> list[pb.CouponBook]:
    return list((await staff.ask(staff.coupons.ListCouponBooks, pb.ListCouponBooksRequest())).books)


async def check(core: Core, code: str, **asked) -> pb.CheckCouponResponse:
    return await core.ask(core.coupons.CheckCoupon, pb.CheckCouponRequest(code=code, **asked))


async def void(staff: Core, **what) -> pb.CouponBook:
    request = pb.VoidCouponRequest(reason="失くした", request_id=a_request_id(), **what)
    return (await staff.ask(staff.coupons.VoidCoupon, request)).book


async def answered(talk: Talk, code: str) -> str:
    """Begin, and answer everything with a code; return the application's id."""
    id = turn_id(await talk.begin("shelter_goods"))
    await talk.answer(id, "code", text=code)
    await talk.answer(id, "what", text="毛布")
    return id


@on_sqlite
async def test_a_code_is_given_out_once_and_kept_as_nobody_can_read_it(a_town: Town) -> None:
    await publish(a_town, SHELTER)
    staff = await a_town.staff(Role.PROCEDURE_AUTHOR)
    asked = {
        "codes": 12,
        "files": [pb.COUPON_FILE_CSV, pb.COUPON_FILE_SHEET],
        "request_id": "a" * 8,
    }
    book = await make(staff, last_date="2027-03-31", **asked)
    with pytest.raises(CoreError) as again:
        await make(staff, last_date="2027-03-31", **asked)
    sheet = book.files[1]

    assert len(set(book.codes)) == 12
    assert again.value.reason == "COUPON_BOOK_MADE"
    assert again.value.metadata == {"bookId": book.id}
    assert sheet.startswith(b"%PDF")
    assert set(book.codes[0]) - {"-"} <= characters(opened(sheet))
    assert [one.codes for one in await books(staff)] == [12]
    with pytest.raises(CoreError) as unknown:
        await make(staff, procedure_keys=["shelter"])
    assert unknown.value.reason == "PROCEDURE_UNKNOWN"


async def test_a_code_is_used_once_however_many_file_with_it_at_once(a_town: Town) -> None:
    await publish(a_town, SHELTER)
    staff = await a_town.staff(Role.PROCEDURE_AUTHOR)
    line = await a_town.channel("line")
    (code,) = (await make(staff)).codes
    talks = [await a_talk(a_town, line) for _ in range(4)]
    ids = [await answered(talk, code) for talk in talks]

    ends = await asyncio.gather(
        *(talk.submit(id) for talk, id in zip(talks, ids, strict=True)), return_exceptions=True
    )
    refusals = [one for one in ends if isinstance(one, CoreError)]
    late = next(at for at, one in enumerate(ends) if isinstance(one, CoreError))
    asked = await talks[late].prompt(ids[late])
    again = await talks[late].answer(ids[late], "code", text=code)
    first = next(at for at, one in enumerate(ends) if not isinstance(one, CoreError))
    await talks[first].withdraw(ids[first])

    assert [(one.reason, one.metadata["problem"]) for one in refusals] == [
        ("COUPON_REFUSED", "code_used")
    ] * 3
    assert asked.prompt.step == "code"
    assert problems(again) == ["code_used"]
    # What was withdrawn gave its use back.
    assert (await talks[late].submit(ids[late])).HasField("closing")
    assert (await check(staff, code)).used == 1


@on_sqlite
async def test_what_is_wrong_with_a_code_is_told(a_town: Town) -> None:
    await publish(a_town, SHELTER)
    await publish(a_town, SHELTER.replace("shelter_goods", "another"))
    staff = await a_town.staff(Role.PROCEDURE_AUTHOR)
    line = await a_town.channel("line")
    talk = await a_talk(a_town, line)
    (late,) = (await make(staff, last_date="2026-11-23")).codes
    (early,) = (await make(staff, first_date="2026-12-01")).codes
    (elsewhere,) = (await make(staff, procedure_keys=["another"])).codes
    gone, book = (await make(staff)).codes[0], await make(staff)
    await void(staff, code=gone.lower().replace("-", " "))
    shown = await void(staff, book_id=book.id)
    good = (await make(staff)).codes[0]
    id = turn_id(await talk.begin("shelter_goods"))

    told = {}
    for code in (late, early, elsewhere, gone, book.codes[0], good[:-1] + "0"):
        turn = await talk.answer(id, "code", text=code)
        told[code] = [(one.problem, dict(one.metadata)) for one in turn.prompt.problems]
    taken = await talk.say(f"「{good}」です".translate(str.maketrans("-", "－", "「」です")))

    assert list(told.values()) == [
        [("code_late", {"limit": "令和8年11月23日"})],
        [("code_early", {"limit": "令和8年12月1日"})],
        [("code_elsewhere", {})],
        [("code_void", {})],
        [("code_void", {})],
        [("code_mistyped", {})],
    ]
    assert taken.prompt.step == "what"
    assert shown.HasField("void_time")
    assert [one.voided for one in await books(staff)] == [0, 0, 1, 0, 0, 0]


@on_sqlite
async def test_whoever_guesses_waits_on_a_channel_and_at_the_desk(a_town: Town) -> None:
    await publish(a_town, SHELTER)
    staff = await a_town.staff(Role.PROCEDURE_AUTHOR)
    line = await a_town.channel("line")
    talk = await a_talk(a_town, line)
    (good,) = (await make(staff)).codes
    id = turn_id(await talk.begin("shelter_goods"))

    for guess in coupon_codes.draw_many(10):
        assert problems(await talk.answer(id, "code", text=guess)) == ["code_unknown"]
        told = await check(line, guess, external_id="somebody")
        assert told == pb.CheckCouponResponse(standing=pb.COUPON_STANDING_UNKNOWN)
    rests = await talk.answer(id, "code", text=good)
    with pytest.raises(CoreError) as refused:
        await check(line, good, external_id="somebody")
    other = await check(line, good, external_id="another")
    a_town.clock.pass_by(hours=1)
    taken = await talk.answer(id, "code", text=good)

    assert [(one.problem, one.metadata["limit"]) for one in rests.prompt.problems] == [
        ("code_rests", "60")
    ]
    assert refused.value.reason == "TOO_MANY_ATTEMPTS"
    assert other == pb.CheckCouponResponse(standing=pb.COUPON_STANDING_GOOD)
    assert taken.prompt.step == "what"


@on_sqlite
async def test_what_was_returned_keeps_its_use_and_another_code_gives_it_back(
    a_town: Town,
) -> None:
    await publish(a_town, SHELTER)
    staff, line = await a_town.staff(), await a_town.channel("line")
    talk = await a_talk(a_town, line)
    first, second = (await make(staff, codes=2, last_date="2026-11-24")).codes
    id = await answered(talk, first)
    await talk.submit(id)
    etag = (
        await staff.ask(
            staff.applications.GetApplication,
            applications_pb2.GetApplicationRequest(application_id=id),
        )
    ).application.etag
    await staff.ask(
        staff.applications.ReturnApplication,
        applications_pb2.ReturnApplicationRequest(
            application_id=id, reason="コード", etag=etag, request_id=a_request_id(), steps=["code"]
        ),
    )
    await talk.answer(id, "code", text=second)
    await talk.answer(id, "code", text=first)
    a_town.clock.pass_by(days=2)
    staff = await a_town.staff()
    over = await talk.answer(id, "code", text=second)
    kept = await talk.answer(id, "code", text=first)
    end = await talk.submit(id)

    assert problems(over) == ["code_late"]
    assert problems(kept) == []
    assert end.HasField("closing")
    assert [(await check(staff, one)).used for one in (first, second)] == [1, 0]


PEOPLE = 5
waves = st.lists(
    st.tuples(st.sampled_from(["file", "withdraw"]), st.sets(st.integers(0, PEOPLE - 1))),
    min_size=2,
    max_size=6,
)
"""Who does something, all at once, wave after wave."""


@dataclass
class Shelter:
    """People before one town's core, who all have the same paper in their hands."""

    runner: asyncio.Runner
    town: Town
    staff: Core
    talks: list[Talk]

    async def play(self, uses: int, played: list[tuple[str, set[int]]]) -> None:
        (code,) = (await make(self.staff, uses_per_code=uses)).codes
        filed: dict[int, str] = {}
        for act, people in played:
            if act == "withdraw":
                gone = sorted(people & filed.keys())
                await asyncio.gather(*(self.talks[one].withdraw(filed.pop(one)) for one in gone))
            else:
                free = uses - len(filed)
                ends = await asyncio.gather(
                    *(self.file(one, code) for one in sorted(people - filed.keys()))
                )
                new = {one: id for one, id in ends if id}
                assert len(new) == min(free, len(ends))
                filed |= new
            assert await self.town.read(in_use) == len(filed)
        for one, id in filed.items():
            await self.talks[one].withdraw(id)

    async def file(self, one: int, code: str) -> tuple[int, str]:
        """Return who it was, and the id of what they filed; none where the code was used."""
        id = turn_id(await self.talks[one].begin("shelter_goods"))
        turn = await self.talks[one].answer(id, "code", text=code)
        if problems(turn) == ["code_used"]:
            return one, ""
        await self.talks[one].answer(id, "what", text="水")
        try:
            await self.talks[one].submit(id)
        except CoreError as refused:
            if refused.metadata != {"step": "code", "problem": "code_used"}:
                raise
            return one, ""
        return one, id


def in_use(session) -> int:
    """Return how many uses belong to what is live."""
    of = (Application.municipality == CouponUse.municipality) & (
        Application.id == CouponUse.application_id
    )
    query = select(func.count()).select_from(CouponUse).join(Application, of).where(LIVE)
    return session.scalars(query).one()


@pytest.fixture
def shelter(database: str, tmp_path: Path) -> Iterator[Shelter]:
    with asyncio.Runner() as runner:
        town = runner.run(towns.build(database, tmp_path))
        runner.run(publish(town, SHELTER))
        staff = runner.run(town.staff(Role.PROCEDURE_AUTHOR))
        line = runner.run(town.channel("line"))
        talks = [runner.run(a_talk(town, line)) for _ in range(PEOPLE)]
        yield Shelter(runner, town, staff, talks)
        runner.run(town.close())


def test_whoever_files_and_withdraws_at_once_no_code_is_used_more_than_it_may(
    shelter: Shelter,
) -> None:
    @given(uses=st.integers(1, 3), played=waves)
    @examples(6, *(set(HealthCheck) - {HealthCheck.too_slow}))
    def always(uses: int, played: list[tuple[str, set[int]]]) -> None:
        shelter.runner.run(shelter.play(uses, played))

    always()


@given(st.integers(0, 11), st.integers(1, 30))
@examples(50)
def test_one_wrong_character_or_two_that_changed_places_are_no_code(at: int, by: int) -> None:
    code = coupon_codes.draw()
    shifted = (coupon_codes.ALPHABET.index(code[at]) + by) % len(coupon_codes.ALPHABET)
    wrong = code[:at] + coupon_codes.ALPHABET[shifted] + code[at + 1 :]
    swapped = code[: at - 1] + code[at] + code[at - 1] + code[at + 1 :] if at else code

    assert coupon_codes.read(coupon_codes.printed(code)) == code
    for typed in (wrong, *([swapped] if swapped != code else [])):
        with pytest.raises(coupon_codes.Mistyped):
            coupon_codes.read(typed)
