"""What is read column by column is what the rules say cell by cell, whatever the cells hold."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.rosters.blocks import Block, Cutter
from core.rosters.columns import Column
from core.rosters.file import Head, head_of, read_block, read_cells
from core.rosters.own_numbers import Tally
from core.rosters.plain import columns_of
from core.rosters.rows import Problem, RosterRow

PLAIN = {
    "宛名番号": "0000012345",
    "世帯番号": "H1",
    "氏名": "総社　太郎",
    "氏名カナ": "ソウジャ　タロウ",
    "生年月日": "1950-01-02",
    "性別": "男",
    "郵便番号": "719-1192",
    "住所": "中央一丁目",
    "方書": "",
    "備考": "",
    "支給額": "30,000",
    "金融機関コード": "0168",
    "支店コード": "191",
    "預金種目": "普通",
    "口座番号": "1234567",
    "口座名義カナ": "ソウジヤ",
    "抑止区分": "",
    "世帯人数": "3",
}
HEADER, ROW = list(PLAIN), list(PLAIN.values())
DATES = ["昭和25年1月2日", "S25.13.1", "1950/1/2", "1950-00-00", "19500102", "1850-01-01"]
NUMBERS = [
    "000000012345678",
    "123456789018",
    "1234-5678-9018",
    "１２３４５６７８９０１８",
    "１２３",
]
OTHERS = ["", " ", "0", "1", "9", "男", "719-1192", "30000円", "0168", "普通", "　氏 名 "]
LONG = ["x" * 21, "名" * 101, "長" * 1_001]
STRANGE = ["a\nb", 'a"b', "\x07", "\x85", "\u2028", "\ufffd", "①", "髙", "〜", "−", "\x80"]
OFTEN = st.sampled_from([*DATES, *NUMBERS, *OTHERS, *LONG, *STRANGE])
CELLS = OFTEN | st.text(max_size=5) | st.text("0123456789-", max_size=16)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Plain rows, of which some cells are not, and some rows too long, too short or blank."""
    rows = [list(ROW) for _ in range(draw(st.integers(1, 5)))]
    for row in rows:
        for place in draw(st.lists(st.integers(0, len(ROW) - 1), max_size=3)):
            row[place] = draw(CELLS)
    if draw(st.booleans()):
        rows.insert(draw(st.integers(0, len(rows))), draw(st.lists(CELLS, max_size=3)))
    return rows


Reader = Callable[[Head, Block, Tally], Iterator[RosterRow | Problem]]


def found(read: Reader, data: bytes, required: frozenset[Column]) -> object:
    """Return all that a reader says of a file, also where it refuses it."""
    cutter = Cutter()
    (block,) = [*cutter.feed(data), *cutter.end()]
    tally = Tally()
    try:
        head = head_of(cutter, block, required=required)
        rows = list(read(head, block, tally))
    except Refusal as refusal:
        return refusal.reason, str(refusal), refusal.metadata
    return rows, +tally.found, +tally.valid, tally.first


@given(
    table=tables(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp932"]),
    required=st.sets(st.sampled_from(list(Column))).map(frozenset),
    broken=st.none() | st.integers(0, 10_000),
)
def test_columns_read_as_cells_do(
    table: list[list[str]], encoding: str, required: frozenset[Column], broken: int | None
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *table])
    data = bytearray(text.getvalue().encode(encoding, "replace"))
    if broken is not None:
        data[broken % len(data)] = 0x80 + broken % 0x80
    assert found(read_block, bytes(data), required) == found(read_cells, bytes(data), required)


def test_rows_as_most_are_go_by_columns() -> None:
    rows = [[f"{number:015}", *ROW[1:]] for number in range(300)]
    data = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADER, *rows])
    for encoding in ("utf-8", "cp932"):
        cutter = Cutter()
        (block,) = [*cutter.feed(data.encode(encoding)), *cutter.end()]
        columns = columns_of(head_of(cutter, block), block)
        assert columns is not None
        assert Counter(map(len, columns[1])) == {300: len(HEADER)}
