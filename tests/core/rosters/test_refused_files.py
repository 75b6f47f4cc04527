"""What is no roster, holds a My Number or never ends is refused with a remedy."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.rosters.columns import (
    MyNumberInRoster,
)
from core.rosters.file import RosterTooLarge, open_roster
from core.rosters.rows import Problem, Reason, RosterRow
from core.rosters.text import Encoding, EncodingUnknown, RosterBroken
from tests.core.rosters.files import ROW, SMALL, TEXT, contents, problems, read


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
