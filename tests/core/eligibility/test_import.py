"""A roster is taken whole and frozen, or not at all; what is wrong is named by row."""

import asyncio

import pytest
from sqlalchemy import func, select

from core import events
from core.callers import Role
from core.eligibility.roster_intake import within
from core.eligibility.rows import Entitlement, Roster
from core.rosters.file import RosterTooLarge
from tests.cards import a_holder
from tests.core.eligibility.makers import (
    NO_ACCOUNT,
    a_file,
    a_program,
    a_row,
    sent,
    the_program,
    upload,
)
from tests.makers import Told, a_request_id, told_of
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import rosters_pb2

MY_NUMBER = "123456789018"
TARO, HANA = a_holder(name="総社　太郎"), a_holder(name="総社　花子")
ROWS = (a_row(TARO, "1", amount="30000"), a_row(HANA, "2", account=NO_ACCOUNT, suppressed="1"))


async def kept(town: Town) -> tuple[int, int]:
    """Return how many rosters and entitlements there are."""
    return await town.read(
        lambda s: tuple(
            s.scalar(select(func.count()).select_from(table)) for table in (Roster, Entitlement)
        )
    )


async def refused(awaitable) -> CoreError:
    with pytest.raises(CoreError) as error:
        await awaitable
    return error.value


async def test_a_roster_is_taken_and_frozen(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    answer = await upload(staff, program, a_file(*ROWS), size=7)

    shown = await the_program(staff, program)
    assert shown.roster == answer.roster
    assert (answer.roster.rows, answer.roster.total) == (2, 100_000)
    assert answer.roster.encoding == "utf-8"
    assert shown.counts == pb.ProgramCounts(entitled=2, unmatched=2, suppressed=1)
    assert shown.etag != program.etag
    written = await a_town.read(lambda s: events.before(s, MUNICIPALITY, None, 1))
    assert (written[0].kind, written[0].subject) == ("roster.imported", program.program_id)


async def test_rows_are_kept_with_their_values(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    await upload(staff, await a_program(staff), a_file(*ROWS))

    taro, hana = await a_town.read(
        lambda s: s.scalars(select(Entitlement).order_by(Entitlement.id)).all()
    )

    assert (taro.reference, taro.name, taro.household) == ("1", "総社　太郎", "H1")
    assert (taro.birth_date, taro.sex) == (TARO.birth_date.isoformat(), "2")
    assert (taro.postal_code, taro.amount) == ("7191192", 30_000)
    assert taro.account is not None
    assert (taro.account.bank_code, taro.account.account_number) == ("0168", "1234567")
    assert not taro.suppressed
    assert (hana.amount, hana.account, hana.suppressed) == (70_000, None, True)


async def test_cp932_and_utf8_are_one_roster(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    one, other = await a_program(staff), await a_program(staff, code="another")

    unicode = await upload(staff, one, a_file(*ROWS))
    cp932 = await upload(staff, other, a_file(*ROWS, encoding="cp932").replace(b"\r\n", b"\n"))

    assert cp932.roster.encoding == "cp932"
    assert cp932.roster.content_hash == unicode.roster.content_hash


async def test_a_preview_changes_nothing(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    answer = await upload(staff, program, a_file(*ROWS), preview=True)

    assert answer.roster.rows == 2
    assert not answer.roster.roster_id
    assert not answer.problems
    assert await kept(a_town) == (0, 0)
    assert await the_program(staff, program) == program


async def test_what_is_wrong_is_named_by_row_and_column_and_nothing_is_taken(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    unborn = a_row(HANA, "4").replace(HANA.birth_date.isoformat(), "2026-11-25")
    content = a_file(ROWS[0], a_row(HANA, "1"), a_row(HANA, "3", amount="70001"), unborn)

    preview = await upload(staff, program, content, preview=True)
    error = await refused(upload(staff, program, content))

    assert preview.problem_count == 3
    assert [
        (p.row, p.column, p.reason.reason, p.reason.metadata["problem"]) for p in preview.problems
    ] == [
        (3, "宛名番号", "ROSTER_VALUE_UNREADABLE", "REFERENCE_DUPLICATE"),
        (4, "支給額", "ROSTER_VALUE_UNREADABLE", "AMOUNT_INVALID"),
        (5, "生年月日", "ROSTER_VALUE_UNREADABLE", "DATE_INVALID"),
    ]
    assert error.reason == "ROSTER_ROWS_REFUSED"
    assert error.metadata == {"problems": "3", "rows": "3, 4, 5"}
    assert await kept(a_town) == (0, 0)


async def test_somebody_born_today_in_japan_is_taken(a_town: Town) -> None:
    a_town.clock.pass_by(hours=15)  # It is the next day in Japan, and not yet in UTC.
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    born = a_row(HANA, "4").replace(HANA.birth_date.isoformat(), "2026-11-25")

    assert (await upload(staff, program, a_file(born), preview=True)).problem_count == 0


async def test_every_problem_is_told(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    rows = [a_row(TARO, str(number), amount="x") for number in range(1_001)]

    preview = await upload(staff, await a_program(staff), a_file(*rows), preview=True, size=1 << 20)

    assert preview.problem_count == 1_001
    assert [one.row for one in preview.problems] == list(range(2, 1_003))


@on_sqlite
@pytest.mark.parametrize("preview", [True, False])
async def test_a_my_number_refuses_the_whole_file_and_is_not_repeated(
    a_town: Town, preview
) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    content = a_file(ROWS[0], a_row(HANA, "2", name=f"花子 {MY_NUMBER}"))

    error = await refused(upload(staff, program, content, preview=preview))

    assert error.reason == "MY_NUMBER_IN_ROSTER"
    assert (error.metadata["row"], error.metadata["column"]) == ("3", "氏名")
    assert MY_NUMBER not in f"{error.message} {error.metadata}"
    assert await kept(a_town) == (0, 0)


@on_sqlite
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (a_file(header="氏名,生年月日"), "ROSTER_COLUMNS_MISSING"),
        (a_file(header="宛名番号,氏名,生年月日,住所,性別,性別コード"), "ROSTER_COLUMN_AMBIGUOUS"),
        (a_file(header="宛名番号,氏名,生年月日,住所,個人番号"), "MY_NUMBER_IN_ROSTER"),
        (a_file(), "ROSTER_UPLOAD_BROKEN"),
        (b"PK\x03\x04", "ROSTER_WORKBOOK_UNREADABLE"),
        (b"\xd0\xcf\x11\xe0", "ROSTER_WORKBOOK_UNREADABLE"),
    ],
)
async def test_a_file_that_is_no_roster_is_refused(a_town: Town, content, reason) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    for preview in (True, False):
        error = await refused(upload(staff, program, content, preview=preview))
        assert error.reason == reason
    assert await kept(a_town) == (0, 0)


async def test_an_upload_begins_with_its_one_header_and_holds_something(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    header = rosters_pb2.ImportRosterRequest(
        header=rosters_pb2.RosterHeader(
            program_id=program.program_id, file_name="roster.csv", request_id=a_request_id()
        )
    )
    chunk = rosters_pb2.ImportRosterRequest(chunk=a_file(*ROWS))

    for parts in ([], [chunk], [header], [header, header, chunk], [header, chunk, header]):
        error = await refused(told_of(staff.converse(staff.rosters.ImportRoster, sent(parts))))
        assert error.reason == "ROSTER_UPLOAD_BROKEN"


async def test_a_file_beyond_the_limit_is_refused() -> None:
    async def chunks():
        for _ in range(4):
            yield bytes(300)

    with pytest.raises(RosterTooLarge) as error:
        assert [len(chunk) async for chunk in within(b"", chunks(), 1_000)] == []

    assert error.value.metadata == {"limit": "1000"}


async def test_a_file_name_holds_no_my_number(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    error = await refused(upload(staff, program, a_file(*ROWS), file_name=f"{MY_NUMBER}.csv"))

    assert error.reason == "MY_NUMBER_REFUSED"
    assert [one.field for one in error.violations] == ["header.file_name"]


async def test_a_repeat_gets_its_answer_and_another_roster_is_refused(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    request_id = a_request_id()
    first = await upload(staff, program, a_file(*ROWS), request_id=request_id)

    again = await upload(staff, program, a_file(*ROWS), request_id=request_id)
    reused = await refused(upload(staff, program, a_file(ROWS[0]), request_id=request_id))
    second = await refused(upload(staff, program, a_file(*ROWS)))

    assert again.result == first.result
    assert reused.reason == "REQUEST_ID_REUSED"
    assert second.reason == "ROSTER_EXISTS"
    assert second.metadata == {"rosterId": first.roster.roster_id}
    assert await kept(a_town) == (1, 2)


async def test_of_two_imports_at_once_one_is_taken(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    outcomes = await asyncio.gather(
        *(upload(staff, program, a_file(*ROWS)) for _ in range(6)), return_exceptions=True
    )

    assert sum(isinstance(one, Told) for one in outcomes) == 1
    assert {one.reason for one in outcomes if isinstance(one, CoreError)} == {"ROSTER_EXISTS"}
    assert await kept(a_town) == (1, 2)


async def test_only_staff_of_eligibility_of_the_town_import(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    await a_town.found("332011", "岡山市")

    for caller, reason in (
        (await a_town.staff(Role.PAYMENT_APPROVER), "CALLER_NOT_ALLOWED"),
        (await a_town.staff(Role.ELIGIBILITY, municipality="332011"), "PROGRAM_UNKNOWN"),
    ):
        error = await refused(upload(caller, program, a_file(*ROWS)))
        assert error.reason == reason


@on_sqlite
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("宛名番号,氏名,生年月日,住所,個人番号", "MY_NUMBER_IN_ROSTER"),
        ("名前", "ROSTER_COLUMNS_MISSING"),
    ],
)
async def test_who_is_refused_while_still_sending_is_told_why(
    a_town: Town, header: str, reason: str
) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    file = a_file(*(["1,総社　太郎,1950-01-02,総社市中央1番地,x"] * 100_000), header=header)

    refusals = [await refused(upload(staff, program, file, size=20_000)) for _ in range(5)]

    assert {error.reason for error in refusals} == {reason}
