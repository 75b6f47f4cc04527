"""Files in every form, by kept mappings; parts that a died import left behind are swept away."""

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select

from core.callers import Role
from core.db import Work
from core.eligibility import roster_rows
from core.eligibility.rows import Entitlement, Roster
from core.jobs import At
from tests.cards import a_holder
from tests.core.eligibility.makers import a_file, a_program, a_row, sent, upload
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import rosters_pb2 as pb

TARO = a_holder(name="総社　太郎")
TITLES = ["宛名番号", "氏名", "生年月日", "住所", "世帯人数", "抑止区分"]


def a_workbook(*rows: list[object], above: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for number in range(above):
        sheet.append([f"給付金の対象者 {number + 1}"])
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def rows_of(town: Town) -> list[Entitlement]:
    return list(
        await town.read(lambda s: s.scalars(select(Entitlement).order_by(Entitlement.id)).all())
    )


async def inspected(staff: Core, content: bytes) -> pb.InspectRosterFileResponse:
    parts = [pb.InspectRosterFileRequest(chunk=content)]
    return await staff.upload(staff.rosters.InspectRosterFile, sent(parts))


async def count(town: Town) -> tuple[int, int]:
    def work(session) -> tuple[int, int]:
        return tuple(
            session.scalar(select(func.count()).select_from(one)) for one in (Roster, Entitlement)
        )

    return await town.read(work)


@on_sqlite
async def test_a_workbook_is_read_as_excel_keeps_it(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    content = a_workbook(
        TITLES,
        ["0001", "総社　太郎", TARO.birth_date, "総社市中央1", 3, None],
        [None],
        [2, "総社　花子", "S25.1.2", "総社市\n中央2", None, "有"],
        above=2,
    )

    answer = await upload(staff, await a_program(staff), content, file_name="meibo.xlsx")

    assert (answer.roster.rows, answer.roster.encoding) == (2, "xlsx")
    taro, hana = await rows_of(a_town)
    assert (taro.reference, taro.birth_date) == ("0001", TARO.birth_date.isoformat())
    assert (taro.household_size, taro.suppressed) == (3, False)
    assert (hana.reference, hana.birth_date, hana.suppressed) == ("2", "1950-01-02", True)


@on_sqlite
async def test_a_cell_whose_value_excel_lost_is_named(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    content = a_workbook(TITLES, ["1", "=1/0", "S25.1.2", "中央", None, None], [
        12345678901234567890, "花子", "S25.1.2", "中央", None, None])  # fmt: skip

    told = await upload(staff, await a_program(staff), content, preview=True)

    assert [(p.row, p.column, p.reason.metadata["problem"]) for p in told.problems] == [
        (2, "氏名", "CHARACTER_LOST"),
        (3, "宛名番号", "CHARACTER_LOST"),
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("昭和25年00月00日", "1950-00-00"),
        ("S25.1.99", "1950-01-00"),
        ("不詳", ""),
        ("R6.4.1", "2024-04-01"),
    ],
)
async def test_what_is_not_known_of_a_birth_date_is_kept_so(a_town: Town, written, kept) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    row = a_row(TARO, "1").replace(TARO.birth_date.isoformat(), written)

    await upload(staff, await a_program(staff), a_file(row))

    (found,) = await rows_of(a_town)
    assert found.birth_date == kept
    assert (found.birth_index is not None) == ("-00" not in kept and bool(kept))


@on_sqlite
async def test_a_file_is_read_by_a_kept_mapping_in_any_order(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    columns = {
        "キー": pb.ROSTER_COLUMN_REFERENCE,
        "お名前": pb.ROSTER_COLUMN_NAME,
        "うまれ": pb.ROSTER_COLUMN_BIRTH_DATE,
        "ところ": pb.ROSTER_COLUMN_ADDRESS,
        "金額": pb.ROSTER_COLUMN_UNSPECIFIED,
    }
    mapping = pb.ColumnMapping(
        name="住基", columns=[pb.Column(name=name, holds=holds) for name, holds in columns.items()]
    )
    request = pb.SaveColumnMappingRequest(mapping=mapping, request_id=a_request_id())
    kept = (await staff.ask(staff.rosters.SaveColumnMapping, request)).mapping
    content = "ところ,うまれ,金額,お名前,キー\n中央1,1950/1/2,1,総社　太郎,77\n".encode("cp932")

    looked = await inspected(staff, content)
    program = await a_program(staff)
    await upload(staff, program, content, mapping_id=kept.mapping_id)

    assert (looked.encoding, looked.delimiter, looked.rows) == ("cp932", ",", 1)
    assert list(looked.mapping_ids) == [kept.mapping_id]
    assert looked.columns[0] == pb.Column(name="ところ", holds=pb.ROSTER_COLUMN_ADDRESS)
    (row,) = await rows_of(a_town)
    assert (row.reference, row.name, row.amount) == ("77", "総社　太郎", 70_000)
    listed = await staff.ask(staff.rosters.ListColumnMappings, pb.ListColumnMappingsRequest())
    assert list(listed.mappings) == [kept]
    again = pb.SaveColumnMappingRequest(mapping=mapping, request_id=a_request_id())
    with pytest.raises(CoreError, match="CHANGED_MEANWHILE"):
        await staff.ask(staff.rosters.SaveColumnMapping, again)


@on_sqlite
async def test_twelve_digits_are_judged_by_their_column(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    # Of ten numbers that follow each other one or two carry a valid check digit by chance.
    numbers = [f"{123456789000 + number}" for number in range(40)]
    own = a_file(*(a_row(TARO, one).replace(f"H{one}", "5") for one in numbers))
    of_people = a_file(a_row(TARO, "123456789018").replace("H123456789018", "5"))

    assert (await upload(staff, await a_program(staff), own, preview=True)).problem_count == 0
    with pytest.raises(CoreError, match="MY_NUMBER_IN_ROSTER"):
        await upload(staff, await a_program(staff, code="other"), of_people, preview=True)


async def test_many_parts_are_one_roster_whose_rows_keep_their_order(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    lines = [a_row(TARO, str(number)) for number in range(6_000)]

    told = await upload(staff, await a_program(staff), a_file(*lines), size=1 << 19)
    repeated = await upload(
        staff,
        await a_program(staff, code="again"),
        a_file(*lines, lines[7]),
        size=1 << 19,
        preview=True,
    )

    assert told.roster.rows == 6_000
    assert len(told.progress) > 1
    assert told.progress[-1].rows == 6_000
    assert [row.reference for row in await rows_of(a_town)] == [str(n) for n in range(6_000)]
    assert [(p.row, p.reason.metadata["firstRow"]) for p in repeated.problems] == [(6_002, "9")]


async def test_what_a_died_import_left_is_not_seen_and_swept_after_a_day(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(TARO, "1")))

    def leave(session) -> None:
        """Leave the roster as an import does that dies before its end."""
        session.scalars(select(Roster)).one().freeze_time = None

    await a_town.running.db.write(leave)
    step = _sweep(a_town, timedelta(hours=23))
    await a_town.running.db.write(step)
    assert await count(a_town) == (1, 1)
    assert (await upload(staff, program, a_file(a_row(TARO, "2")))).roster.rows == 1

    await a_town.running.db.write(_sweep(a_town, timedelta(hours=25)))

    assert await count(a_town) == (1, 1)
    assert [row.reference for row in await rows_of(a_town)] == ["2"]


def _sweep(town: Town, later: timedelta) -> Work[object]:
    at = At(MUNICIPALITY, "", town.clock() + later)
    return lambda session: roster_rows.sweep(session, at)


@on_sqlite
async def test_a_file_is_shown_by_examples_but_never_by_a_my_number(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    rows = (
        "管理番号,誕生日,ヨミ,空,メモ",
        "0001,S25.4.12,ｻｻｷ ﾊﾅｺ,,123456789018",
        f"0002,1950-04-13,タカハシ,,{'あ' * 30}",
        "0002,R1.5.1,ヤマダ,,",
    )

    found = await inspected(staff, "\r\n".join([*rows, ""]).encode("cp932"))

    told = {
        column.name: (pb.ValueKind.Name(sample.kind).rpartition("_")[2], list(sample.values))
        for column, sample in zip(found.columns, found.samples, strict=True)
    }
    assert told == {
        "管理番号": ("NUMBER", ["0001", "0002"]),
        "誕生日": ("DATE", ["S25.4.12", "1950-04-13", "R1.5.1"]),
        "ヨミ": ("KANA", ["ｻｻｷ ﾊﾅｺ", "タカハシ", "ヤマダ"]),
        "空": ("UNSPECIFIED", []),
        "メモ": ("TEXT", ["あ" * 24]),
    }
