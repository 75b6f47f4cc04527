"""A roster is read as municipal systems write it; what is wrong is named by row, and only named."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.rosters.columns import (
    REQUIRED,
    Column,
    ColumnAmbiguous,
    ColumnsMissing,
    MyNumberInRoster,
)
from core.rosters.file import RosterTooLarge, open_roster
from core.rosters.rows import AccountOnFile, Contents, Problem, Reason, RosterRow
from core.rosters.text import Encoding, EncodingUnknown, RosterBroken
from core.rosters.values import Sex

HEADER = (
    "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,郵便番号,住所１,方書,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)
TARO = (
    "0000012345,H001,総社　太郎,ソウジャ　タロウ,昭和25年1月2日,男,719-1192,"
    '総社市中央一丁目１番１号,ハイツ101号室,"30,000",0168,191,普通,1234567,ソウジヤ　タロウ,'
)
HANA = (
    "0000012346,H001,総社　花子,ソウジャ　ハナコ,S30.12.31,2,7191192,総社市中央1-1-1,,30000,,,,,,1"
)
TEXT = (Encoding.UTF_8, Encoding.UTF_8_BOM, Encoding.CP932)
SMALL = "宛名番号,氏名,生年月日,住所"
ROW = "1,総社太郎,1950-01-02,総社市中央1"


def read(
    text: str | bytes, encoding: str = "cp932", **options: object
) -> list[RosterRow | Problem]:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(open_roster([data], **options).rows)  # type: ignore[arg-type]  # options vary


def problems(*rows: str, header: str = SMALL, **options: object) -> list[tuple[int, int, Reason]]:
    found = read("\r\n".join((header, *rows)), "utf-8", **options)
    return [(p.row, p.position, p.reason) for p in found if isinstance(p, Problem)]


def contents(chunks: Iterator[bytes] | list[bytes]) -> Contents:
    found = Contents()
    for row in open_roster(chunks).rows:
        assert isinstance(row, RosterRow)
        found.add(row)
    return found


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


@pytest.mark.parametrize("encoding", TEXT)
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_the_hash_knows_no_encoding_line_end_or_chunk(
    encoding: Encoding, line_end: str, size: int
) -> None:
    quoted = TARO.replace("ハイツ101号室", '"ハイツ\n101号室"')
    text = f"{HEADER}\n{quoted}\n{HANA}\n"
    data = text.replace("\n", line_end).encode(encoding.value)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]

    assert open_roster(chunks).encoding is encoding
    found = contents(chunks)
    assert (found.count, found.total) == (2, 60_000)
    assert found.hash() == contents([text.encode()]).hash()


def test_the_hash_knows_no_separator_and_no_way_to_write_a_value() -> None:
    commas = f"{SMALL},金額\n1,総社太郎,1950-01-02,中央1,30000\n".encode()
    tabs = f"{SMALL},金額\n1,総社太郎,S25.1.2,中央1,３００００円\n".replace(",", "\t").encode()
    assert open_roster([tabs]).delimiter == "\t"
    assert contents([commas]).hash() == contents([tabs]).hash()


def test_the_hash_passes_over_the_two_ways_to_convert_a_dash() -> None:
    text = f"{SMALL}\n1,総社太郎,1950-01-02,中央１－１～２\n"
    other = text.replace("－", "−").replace("～", "〜")
    assert contents([text.encode("cp932")]).hash() == contents([other.encode()]).hash()


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "2"},
        {"name": "総社大郎"},
        {"birth_date": "1950-01-03"},
        {"address": "総社市中央2"},
        {"amount": 1},
        {"suppressed": True},
        {"household": "1"},
        {"sex": Sex.MALE},
    ],
)
def test_another_value_is_another_hash(change: dict[str, object]) -> None:
    (row,) = read(f"{SMALL}\n{ROW}\n")
    assert isinstance(row, RosterRow)
    one, other = Contents(), Contents()
    one.add(row)
    other.add(replace(row, **change))  # type: ignore[arg-type]  # each case its own field
    assert one.hash() != other.hash()


def test_the_hash_knows_order_and_number() -> None:
    second = ROW.replace("1,", "2,", 1)
    hashes = {
        contents([f"{SMALL}\n{rows}\n".encode()]).hash()
        for rows in (ROW, f"{ROW}\n{second}", f"{second}\n{ROW}")
    }
    assert len(hashes) == 3


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


@pytest.mark.parametrize("encoding", TEXT)
def test_a_broken_byte_has_a_row_and_a_column(encoding: Encoding) -> None:
    row = ROW.replace("1,", "2,", 1)
    data = f"{SMALL}\n{ROW}\n{row}\n".encode(encoding.value)
    at = data.rindex("太".encode(encoding.value.removesuffix("-sig")))
    for byte in (b"\xff", b"\x80"):
        *_, found = read(data[:at] + byte + data[at:])
        assert isinstance(found, Problem)
        assert (found.row, found.position, found.reason) == (3, 2, Reason.BYTES_UNDECODABLE)
        assert encoding.value in found.message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x14\x00", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1", "Excel workbook"),
        (SMALL.encode("utf-16"), "UTF-16"),
        (b"\xff,\xfd\x80\n", "neither UTF-8 nor CP932"),
        ("\ufeff".encode() + SMALL.encode("cp932"), "its mark promises"),
    ],
)
def test_what_is_no_text_is_refused_with_a_remedy(data: bytes, said: str) -> None:
    with pytest.raises(EncodingUnknown, match=said):
        read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f'{SMALL}\n1,"総社\n'.encode(), "row 2 is no CSV"),
        (f'{SMALL}\n{ROW}\n2,"総社"太郎,x,y\n'.encode(), "row 3 is no CSV"),
        (b"x" * 300_000, "a line is longer"),
        (f'{SMALL}\n1,"{"総社" * 70_000}'.encode(), "a line is longer"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(data: bytes, said: str) -> None:
    with pytest.raises(RosterBroken, match=said):
        read(data)


@pytest.mark.parametrize(
    "title", ["個人番号", "マイナンバー", "対象者の個人番号（１２桁）", "123456789018"]
)
def test_a_column_for_my_numbers_refuses_the_roster(title: str) -> None:
    with pytest.raises(MyNumberInRoster) as refused:
        read(f"{SMALL},{title}\n{ROW},\n")
    assert refused.value.metadata == {
        "row": "1",
        "position": "5",
        "column": "" if title == "123456789018" else title,
    }


def test_the_card_of_that_name_may_be_spoken_of() -> None:
    assert problems(f"{ROW},有", header=f"{SMALL},マイナンバーカード有無") == []


@pytest.mark.parametrize(
    "number", ["123456789018", "１２３４－５６７８－９０１８", "備考 1234 5678 9018"]
)
@pytest.mark.parametrize("position", [0, 1, 4])
def test_a_my_number_in_any_cell_refuses_the_roster_and_is_not_repeated(
    number: str, position: int
) -> None:
    cells = ["2", "総社太郎", "1950-01-02", "中央1", "備考"]
    cells[position] = number
    rows = open_roster([f"{SMALL},備考\n{ROW},\n{','.join(cells)}\n".encode()]).rows
    assert isinstance(next(rows), RosterRow)
    with pytest.raises(MyNumberInRoster) as refused:
        list(rows)
    assert refused.value.metadata == {
        "row": "3",
        "position": str(position + 1),
        "column": f"{SMALL},備考".split(",")[position],
    }
    assert "9018" not in str(refused.value)
    assert "９０１８" not in str(refused.value)


def test_digits_of_neighbouring_cells_are_no_my_number() -> None:
    assert problems("1234,5678,1950-01-02,9018", "12345678,9018,1950-01-02,中央1") == []


def test_a_roster_has_an_end() -> None:
    rows = "".join(f"{n},総社太郎,1950-01-02,中央1\n" for n in range(4))
    data = f"{SMALL}\n{rows}".encode()
    assert len(list(open_roster([data], most_rows=4).rows)) == 4
    with pytest.raises(RosterTooLarge, match="more than 3 rows"):
        list(open_roster([data], most_rows=3).rows)


def test_a_long_roster_does_not_fill_the_memory() -> None:
    def chunks() -> Iterator[bytes]:
        yield f"{SMALL},備考\n".encode()
        for number in range(4_000):
            yield f"{number},総社太郎,1950-01-02,総社市中央1,{'備' * 1_000}\n".encode()

    tracemalloc.start()
    try:
        assert contents(chunks()).count == 4_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000  # The file has 12 MB; reference numbers take about 150 bytes each.


@given(st.binary(max_size=300), st.booleans(), st.integers(min_value=1, max_value=50))
def test_any_bytes_are_rows_problems_or_a_refusal(data: bytes, headed: bool, size: int) -> None:  # noqa: FBT001
    if headed:
        data = f"{SMALL},性別,金額,抑止区分\n".encode() + data
    try:
        for found in open_roster(data[i : i + size] for i in range(0, len(data), size)).rows:
            assert isinstance(found, RosterRow | Problem)
    except Refusal:
        return


@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("総社髙﨑ソ表能ー～－ ,\"'\n\t"), min_size=1).filter(str.strip),
            st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 1, 1)),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_hash_of_any_rows_is_the_same_in_every_encoding(people: list[tuple[str, date]]) -> None:
    rows = "".join(
        f'{n},"{name.replace(chr(34), chr(34) * 2)}",{day},中央\n'
        for n, (name, day) in enumerate(people)
    )
    text = f"{SMALL}\n{rows}"
    hashes = {
        contents([text.replace("\n", line_end).encode(encoding.value)]).hash()
        for encoding in TEXT
        for line_end in ("\n", "\r\n")
    }
    assert len(hashes) == 1
