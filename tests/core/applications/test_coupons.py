"""Printed codes: made once, checked, used as often as they may be and never more."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import coupon_codes
from core.callers import Role
from tests.core.applications.coupons import SHELTER, a_talk, answered, books, check, make, void
from tests.core.applications.procedures import publish
from tests.core.applications.talks import problems, turn_id
from tests.core.records.test_record import characters, opened
from tests.examples import examples
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import applications_pb2
from todoke.v1 import coupons_pb2 as pb


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
