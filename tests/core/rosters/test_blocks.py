"""Any table of cells is read back as it was written, whatever wrote it; and cut wherever it is."""

import csv
import io
from itertools import chain

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.rosters.blocks import Block, Cutter
from core.rosters.text import Encoding, decoded
from core.rosters.workbook import WorkbookUnreadable, text_of

CELL = st.text(st.sampled_from("総社髙﨑ソ表能ー～ ,\t\"'\n;=019A"), max_size=12)
TABLE = st.integers(min_value=1, max_value=5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=20)
)
WAYS = {
    "every cell quoted": csv.QUOTE_ALL,
    "what must be quoted": csv.QUOTE_MINIMAL,
}


def read(blocks: list[Block], cutter: Cutter, encoding: Encoding) -> dict[int, list[str]]:
    return {
        number: [decoded(cell, encoding) for cell in row]
        for number, row in chain.from_iterable(one.rows(cutter.delimiter) for one in blocks)
    }


def cut(data: bytes, *, chunk: int, size: int, delimiter: str = "") -> tuple[list[Block], Cutter]:
    cutter = Cutter(size, delimiter=delimiter)
    blocks: list[Block] = []
    for start in range(0, len(data), chunk):
        blocks += cutter.feed(data[start : start + chunk])
    blocks += cutter.end()
    return blocks, cutter


@given(
    TABLE,
    st.sampled_from([Encoding.UTF_8, Encoding.UTF_8_BOM, Encoding.CP932]),
    st.tuples(
        st.sampled_from(sorted(WAYS)),
        st.sampled_from([",", "\t"]),
        st.sampled_from(["\r\n", "\n", "\r"]),
    ),
    st.integers(min_value=1, max_value=90),
)
def test_any_table_written_as_text_reads_back_the_same(
    table: list[list[str]], encoding: Encoding, form: tuple[str, str, str], chunk: int
) -> None:
    way, delimiter, end = form
    header = [f"列{number}" for number in range(max(len(table[0]), 2))]
    # Python's writer leaves a lone LF in a cell bare where rows end in CR.
    quoting = csv.QUOTE_ALL if end == "\r" else WAYS[way]
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(header)
    writer.writerows(table)
    data = written.getvalue().encode(encoding.value)

    blocks, cutter = cut(data, chunk=chunk, size=400)

    assert cutter.delimiter == delimiter
    assert read(blocks, cutter, encoding) == dict(enumerate([header, *table], 1))


@given(TABLE)
def test_any_table_written_as_a_workbook_reads_back_the_same(table: list[list[str]]) -> None:
    # A cell of blanks alone is an empty one.
    table = [[cell if cell.strip() else "" for cell in row] for row in table]
    book = openpyxl.Workbook()
    sheet = book.active
    for row, cells in enumerate(table, 1):
        for column, text in enumerate(cells, 1):
            cell = sheet.cell(row, column)
            cell.value = text or None
            if text:
                cell.data_type = "s"
    kept = io.BytesIO()
    book.save(kept)
    expected = {number: row for number, row in enumerate(table, 1) if any(row)}
    if not expected:
        with pytest.raises(Refusal):
            list(text_of(kept.getvalue()))
        return

    blocks, cutter = cut(b"".join(text_of(kept.getvalue())), chunk=50, size=400, delimiter=",")

    width = max(len(row) for row in read(blocks, cutter, Encoding.WORKBOOK).values())
    assert read(blocks, cutter, Encoding.WORKBOOK) == {
        number: row[:width] for number, row in expected.items()
    }


def test_a_workbook_larger_than_can_be_held_is_refused_before_it_is_opened() -> None:
    book = openpyxl.Workbook()
    book.active.cell(1_000_000, 1_000, "far away")
    kept = io.BytesIO()
    book.save(kept)

    with pytest.raises(WorkbookUnreadable) as refused:
        list(text_of(kept.getvalue()))

    assert refused.value.metadata == {"problem": "TOO_LARGE"}
