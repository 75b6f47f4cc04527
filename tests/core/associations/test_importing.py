"""Lists of associations are taken whole or not at all, and bring up to date what is there."""

import io
from collections.abc import AsyncIterator

import openpyxl
import pytest
from sqlalchemy import select

from core.associations.rows import Household
from core.callers import Role
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb

HEADER = "自治会番号,自治会名,区域,班名,班順,世帯番号,世帯名,住所,回覧順,紙回覧"
ROWS = (
    "0001,中央自治会,中央,1班,1,A-1,山田,中央1-1,2,",
    "0001,中央自治会,中央,1班,1,A-2,佐藤,中央1-2,1,紙",
    "0001,中央自治会,中央,2班,,B-1,鈴木,中央2-1,,○",
    "0002,駅前自治会,駅前,,,,,,,",
)


def a_list(*rows: str, encoding: str = "cp932") -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode(encoding)


def a_workbook(*rows: str) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER, *rows):
        book.active.append(row.split(","))
    book.save(held)
    return held.getvalue()


async def upload(
    staff: Core, file: bytes, *, preview: bool = False, request_id: str = ""
) -> pb.ImportAssociationsResponse:
    header = pb.ImportAssociationsHeader(
        file_name="jichikai.csv", preview=preview, request_id=request_id or a_request_id()
    )

    async def parts() -> AsyncIterator[pb.ImportAssociationsRequest]:
        yield pb.ImportAssociationsRequest(header=header)
        for start in range(0, len(file), 65536):
            yield pb.ImportAssociationsRequest(chunk=file[start : start + 65536])

    return await staff.upload(staff.circulars.ImportAssociations, parts())


async def households(town: Town) -> dict[str, Household]:
    found = await town.read(lambda s: list(s.scalars(select(Household))))
    return {one.number: one for one in found}


async def refusal(staff: Core, file: bytes) -> CoreError:
    with pytest.raises(CoreError) as refused:
        await upload(staff, file)
    return refused.value


@pytest.mark.parametrize("file", [a_list(*ROWS), a_workbook(*ROWS)], ids=["csv", "xlsx"])
@on_sqlite
async def test_a_list_is_taken_whole_and_a_repeat_changes_nothing(
    a_town: Town, file: bytes
) -> None:
    staff = await a_town.staff(Role.ASSOCIATIONS)

    looked = await upload(staff, file, preview=True)
    before = await households(a_town)
    taken = await upload(staff, file, request_id="import-once")
    again = await upload(staff, file, request_id="import-once")
    listed = await staff.ask(staff.circulars.ListAssociations, pb.ListAssociationsRequest())

    assert before == {}
    assert (taken.associations, taken.groups, taken.households) == (2, 2, 3)
    assert looked == taken == again
    assert [(one.association.name, one.households) for one in listed.associations] == [
        ("中央自治会", 3), ("駅前自治会", 0),
    ]  # fmt: skip
    kept = await households(a_town)
    assert {number: (one.round_order, one.paper) for number, one in kept.items()} == {
        "A-1": (2, False), "A-2": (1, True), "B-1": (0, True),
    }  # fmt: skip


async def test_what_is_there_is_brought_up_to_date_by_its_number_and_nothing_is_deleted(
    a_town: Town,
) -> None:
    staff = await a_town.staff(Role.ASSOCIATIONS)
    await upload(staff, a_list(*ROWS))
    before = await households(a_town)

    await upload(staff, a_list("0001,中央町自治会,中央,2班,7,A-1,山田改,中央1-1,2,"))
    after = await households(a_town)
    listed = await staff.ask(staff.circulars.ListAssociations, pb.ListAssociationsRequest())

    assert {one.id for one in after.values()} == {one.id for one in before.values()}
    assert after["A-1"].name == "山田改"
    assert after["A-1"].group_id == before["B-1"].group_id
    assert (after["A-1"].revision, after["B-1"].revision) == (2, 1)
    assert [one.association.name for one in listed.associations] == ["中央町自治会", "駅前自治会"]


@on_sqlite
async def test_what_is_wrong_is_listed_by_row_and_column_and_nothing_is_taken(a_town: Town) -> None:
    staff = await a_town.staff(Role.ASSOCIATIONS)
    file = a_list(
        ROWS[0],
        "0001,別の名前,中央,1班,1,A-2,佐藤,中央1-2,1,",
        "0001,中央自治会,中央,1班,1,A-1,田中,中央1-3,1,",
        "0001,中央自治会,中央,1班,2,A-3,,中央1-4,x,たぶん",
        "番号,中央自治会,中央,,,,,,,",
        "0001,中央自治会,中央",
        "0001,中央自治会,中央,1班,1,,,中央1-6,3,",
        "0001,中央自治会,中央,1班,1,,,,,紙",
    )

    looked = await upload(staff, file, preview=True)
    refused = await refusal(staff, file)

    assert [(one.row, one.column, one.metadata["problem"]) for one in looked.problems] == [
        (3, "自治会名", "VALUE_DIFFERS"),
        (4, "世帯番号", "REFERENCE_DUPLICATE"),
        (5, "世帯名", "VALUE_MISSING"),
        (5, "回覧順", "ORDER_INVALID"),
        (5, "紙回覧", "PAPER_INVALID"),
        (6, "自治会番号", "NUMBER_INVALID"),
        (7, "", "CELL_COUNT_WRONG"),
        (8, "世帯番号", "VALUE_MISSING"),
        (8, "世帯名", "VALUE_MISSING"),
        (9, "世帯番号", "VALUE_MISSING"),
        (9, "世帯名", "VALUE_MISSING"),
    ]
    assert looked.problem_count == 11
    assert (refused.reason, refused.metadata["problems"]) == ("UPLOAD_REFUSED", "11")
    assert refused.metadata["rows"] == "3, 4, 5, 6, 7, 8, 9"
    assert await households(a_town) == {}


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (a_list("0001,中央自治会,中央,1班,1,A-1,1234-5678-9018,中央1-1,2,"), "MY_NUMBER_IN_ROSTER"),
        (a_list().replace("班名".encode("cp932"), "個人番号".encode("cp932")),
         "MY_NUMBER_IN_ROSTER"),
        (a_list(), "ROSTER_UPLOAD_BROKEN"),
        ("自治会番号,住所\r\n0001,中央\r\n".encode(), "ROSTER_COLUMNS_MISSING"),
        ("自治会番号,自治会名,町内会名\r\n0001,a,b\r\n".encode(), "ROSTER_COLUMN_AMBIGUOUS"),
        (b"PK\x03\x04 is no workbook", "ROSTER_WORKBOOK_UNREADABLE"),
    ],
)  # fmt: skip
@on_sqlite
async def test_a_file_that_is_no_list_is_refused(a_town: Town, file: bytes, reason: str) -> None:
    staff = await a_town.staff(Role.ASSOCIATIONS)

    assert (await refusal(staff, file)).reason == reason
