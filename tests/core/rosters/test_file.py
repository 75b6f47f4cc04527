"""A roster is read as municipal systems write it; what is wrong is named by row, and only named."""

import pytest

from core.rosters.columns import (
    REQUIRED,
    Column,
    ColumnAmbiguous,
    ColumnsMissing,
)
from core.rosters.file import open_roster
from core.rosters.rows import AccountOnFile, Problem, Reason, RosterRow
from core.rosters.text import Encoding
from core.rosters.values import Sex
from tests.core.rosters.files import HANA, HEADER, ROW, SMALL, TARO, problems, read


def test_a_roster_of_a_municipal_system_is_read() -> None:
    roster = open_roster([f"{HEADER}\r\n{TARO}\r\n{HANA}\r\n".encode("cp932")])

    assert (roster.encoding, roster.delimiter) == (Encoding.CP932, ",")
    assert roster.columns[Column.ADDRESS] == (7, 8)
    assert list(roster.rows) == [
        RosterRow(
            row=2,
            reference="0000012345",
            household="H001",
            name="総社　太郎",
            name_kana="ソウジャ　タロウ",
            birth_date="1950-01-02",
            sex=Sex.MALE,
            postcode="7191192",
            address="総社市中央一丁目１番１号　ハイツ101号室",
            amount=30_000,
            account=AccountOnFile(
                bank_code="0168",
                branch_code="191",
                account_type="1",
                account_number="1234567",
                account_name="ソウジヤ　タロウ",
            ),
            suppressed=False,
        ),
        RosterRow(
            row=3,
            reference="0000012346",
            household="H001",
            name="総社　花子",
            name_kana="ソウジャ　ハナコ",
            birth_date="1955-12-31",
            sex=Sex.FEMALE,
            postcode="7191192",
            address="総社市中央1-1-1",
            amount=30_000,
            account=None,
            suppressed=True,
        ),
    ]


@pytest.mark.parametrize(
    ("header", "missing", "found"),
    [
        ("氏名,住所", "reference,birth_date", "氏名, 住所"),
        ("宛名番号,氏名,生年月日", "address", "宛名番号, 氏名, 生年月日"),
        (
            f"{SMALL},口座番号",
            "bank_code,branch_code,account_type,account_name",
            f"{SMALL},口座番号",
        ),
        ("1,総社太郎,1950-01-02", "reference,name,birth_date,address", ""),
        ("", "reference,name,birth_date,address", ""),
    ],
)
def test_missing_columns_are_named_beside_those_found(
    header: str, missing: str, found: str
) -> None:
    with pytest.raises(ColumnsMissing) as refused:
        read(f"{header}\n", "utf-8")
    assert refused.value.metadata["missing"] == missing
    assert refused.value.metadata["found"].replace(", ", ",") == found.replace(", ", ",")
    assert "総社太郎" not in str(refused.value)


def test_a_program_can_require_more_columns() -> None:
    needs = REQUIRED | {Column.HOUSEHOLD}
    with pytest.raises(ColumnsMissing, match="世帯番号"):
        read(f"{SMALL}\n{ROW}\n", required=needs)
    assert problems(f"{ROW},", header=f"{SMALL},世帯番号", required=needs) == [
        (2, 5, Reason.VALUE_MISSING)
    ]


@pytest.mark.parametrize(
    "header",
    [
        "整理番号,対象者氏名,生年月日（和暦）,現住所",
        " 住民番号 ,氏名（漢字）,生年月日,住所1",
        '"宛名番号","氏　名","生年月日","住所"',
        "※宛名番号,氏名,生年月日(西暦),住所",
    ],
)
def test_headers_are_known_in_their_variations(header: str) -> None:
    assert isinstance(read(f"{header}\n{ROW}\n")[0], RosterRow)


def test_a_header_of_ones_own_can_be_named() -> None:
    names = {"固有キー": Column.REFERENCE}
    (row,) = read(f"固有キー,氏名,生年月日,住所\n{ROW}\n", names=names)
    assert isinstance(row, RosterRow)
    assert row.reference == "1"


def test_two_columns_for_one_thing_are_refused() -> None:
    with pytest.raises(ColumnAmbiguous, match="columns 1 and 5"):
        read(f"{SMALL},整理番号\n")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",総社太郎,1950-01-02,中央1", (3, 1, Reason.VALUE_MISSING)),
        ("2,　,1950-01-02,中央1", (3, 2, Reason.VALUE_MISSING)),
        ("2,総社太郎,1950-02-30,中央1", (3, 3, Reason.DATE_INVALID)),
        ("2,総社太郎,,中央1", (3, 3, Reason.VALUE_MISSING)),
        ("1,総社太郎,1950-01-02,中央1", (3, 1, Reason.REFERENCE_DUPLICATE)),
        ("１,総社太郎,1950-01-02,中央1", (3, 1, Reason.REFERENCE_DUPLICATE)),
        ("2,総社太郎,1950-01-02", (3, 0, Reason.CELL_COUNT_WRONG)),
        ("2,総社太郎,1950-01-02,中央1,x", (3, 0, Reason.CELL_COUNT_WRONG)),
        ("2,総社\x07太郎,1950-01-02,中央1", (3, 2, Reason.CONTROL_CHARACTER)),
        ("2,総社\ufffd郎,1950-01-02,中央1", (3, 2, Reason.CHARACTER_LOST)),
        (f"2,{'あ' * 101},1950-01-02,中央1", (3, 2, Reason.VALUE_TOO_LONG)),
        (f"{'2' * 21},総社太郎,1950-01-02,中央1", (3, 1, Reason.VALUE_TOO_LONG)),
    ],
)
def test_a_bad_row_is_named_by_number_column_and_reason(
    row: str, expected: tuple[int, int, Reason]
) -> None:
    assert problems(ROW, row) == [expected]


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("性別", "x", Reason.SEX_INVALID),
        ("郵便番号", "719", Reason.POSTCODE_INVALID),
        ("支給額", "三万円", Reason.AMOUNT_INVALID),
        ("支給額", "0", Reason.AMOUNT_INVALID),
    ],
)
def test_a_bad_optional_value_is_refused_and_an_empty_one_is_not(
    header: str, cell: str, reason: Reason
) -> None:
    assert problems(f"{ROW},{cell}", header=f"{SMALL},{header}") == [(2, 5, reason)]
    assert problems(f"{ROW},", header=f"{SMALL},{header}") == []


def test_an_account_is_whole_or_absent() -> None:
    header = f"{SMALL},銀行コード,店番,口座種別,口座番号,口座名義"
    assert problems(f"{ROW},0168,191,1,1234567,ソウジャ", header=header) == []
    assert problems(f"{ROW},,,,,", header=header) == []
    assert problems(f"{ROW},0168,191,1,,", header=header) == [
        (2, 8, Reason.ACCOUNT_INCOMPLETE),
        (2, 9, Reason.ACCOUNT_INCOMPLETE),
    ]
    assert problems(f"{ROW},01680,19a,定期,12345678,ソウジャ", header=header) == [
        (2, position, Reason.ACCOUNT_INVALID) for position in (5, 6, 7, 8)
    ]


def test_every_problem_of_every_row_is_listed_and_good_rows_come_between() -> None:
    found = read(f"{SMALL}\n,,x,中央1\n{ROW}\n2,総社,x,中央2\n")
    assert [(r.row, isinstance(r, Problem)) for r in found] == [
        (2, True),
        (2, True),
        (2, True),
        (3, False),
        (4, True),
    ]


def test_a_duplicate_names_the_row_it_repeats() -> None:
    *_, found = read(f"{SMALL}\n{ROW}\n\n{ROW}\n")
    assert isinstance(found, Problem)
    assert (found.row, found.title, found.metadata) == (4, "宛名番号", {"firstRow": "2"})
    assert "総社太郎" not in found.message
