"""Links on their way out: re-saving the file keeps the seal, changing it breaks the seal."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing.links import Link, read_links
from core.sealing.refusals import SealBroken
from core.sealing.sheets import Digest, canonical, lines_of, written
from tests.core.sealing.makers import ANSWER, EXPORT_ID, LINKS, SECRET, answered

# What a cell can hold that a CSV file can: no bare NUL, no half of a pair.
CELLS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff"), max_size=12
)
SHEETS = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6)


def problem_of(file: bytes, export_id: str = EXPORT_ID, secret: bytes = SECRET) -> str:
    with pytest.raises(SealBroken) as wrong:
        read_links(io.BytesIO(file), export_id=export_id, secret=secret)
    return wrong.value.metadata["problem"]


def hash_of(lines: list[list[str]]) -> str:
    digest = Digest()
    for line in lines:
        if canonical(line):
            digest.add(line)
    return digest.hexdigest()


def test_an_answer_is_read_as_it_was_written() -> None:
    found = read_links(io.BytesIO(answered()), export_id=EXPORT_ID, secret=SECRET)

    assert (found.answer, found.count, found.total) == (ANSWER, 3, 30000)
    assert tuple(found.rows) == LINKS


def test_an_answer_without_links_is_one_too() -> None:
    found = read_links(io.BytesIO(answered(())), export_id=EXPORT_ID, secret=SECRET)

    assert (found.count, found.total, list(found.rows)) == (0, 0, [])


@given(
    SHEETS,
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.integers(0, 3),
)
def test_the_hash_is_of_what_a_sheet_says_and_not_of_how_it_is_saved(
    lines: list[list[str]], mark: str, line_end: str, quoting: int, wider: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting)
    writer.writerows([*line, *[""] * wider] for line in lines)
    saved = mark + text.getvalue() + "\n" * wider

    found = list(lines_of(io.BytesIO(saved.encode())))

    assert hash_of(found) == hash_of(lines)
    assert hash_of(list(lines_of(io.BytesIO(b"".join(written(lines)))))) == hash_of(lines)


@given(SHEETS.filter(lambda lines: any(map(canonical, lines))), st.data())
def test_any_other_content_has_another_hash(lines: list[list[str]], data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([i for i, line in enumerate(lines) if canonical(line)]))
    place = data.draw(st.integers(0, len(canonical(lines[number])) - 1))
    cell = data.draw(CELLS.filter(lambda other: other != lines[number][place]))
    other = [list(line) for line in lines]
    other[number][place] = cell

    assert hash_of(other) != hash_of(lines)


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text.rstrip(),
        lambda text: text + "\r\n,,,\r\n",
        lambda text: text.replace("\r\n", ",,\r\n"),
        lambda text: "".join(
            ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in text.splitlines()
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_the_seal_survives_whoever_saves_the_file_anew(saved, encoding: str) -> None:
    text = saved(answered().decode())
    if encoding == "cp932":
        text = text.removeprefix("\ufeff")

    found = read_links(io.BytesIO(text.encode(encoding)), export_id=EXPORT_ID, secret=SECRET)

    assert tuple(found.rows) == LINKS


LINES = answered().decode().split("\r\n")[:-1]


@pytest.mark.parametrize("number", range(len(LINES)))
def test_no_line_can_be_dropped_doubled_or_changed(number: int) -> None:
    line = LINES[number]
    cells = line.split(",")
    changed = [
        [],
        [line, line],
        *([",".join([*cells[:i], f"{cells[i]}1", *cells[i + 1 :]])] for i in range(len(cells))),
    ]
    for instead in changed:
        lines = [*LINES[:number], *instead, *LINES[number + 1 :]]
        assert problem_of("\r\n".join(lines).encode())


def test_rows_and_lines_cannot_change_places() -> None:
    for number in range(len(LINES) - 1):
        lines = [*LINES]
        lines[number], lines[number + 1] = lines[number + 1], lines[number]
        assert problem_of("\r\n".join(lines).encode())


@pytest.mark.parametrize(
    ("told", "instead", "problem"),
    [
        ("count,3", "count,2", "COUNT_WRONG"),
        ("total,30000", "total,30001", "TOTAL_WRONG"),
        ("sha256,", "sha256,0", "HASH_WRONG"),
        ("hmac_sha256,", "hmac_sha256,0", "SIGNATURE_WRONG"),
        ("00012", "00013", "LINKED_TWICE"),
        ("r-2", "r-3", "LINKED_TWICE"),
        ("20000", "2万", "ROW_BROKEN"),
        ("20000", "30000", "TOTAL_WRONG"),
        ("****567", "****568", "HASH_WRONG"),
        ("鈴木", "佐藤", "HASH_WRONG"),
        ("todoke-links,1", "todoke-links,2", "OTHER_VERSION"),
        ("todoke-links", "todoke-registrations", "OTHER_KIND"),
        ("operator", "owner", "HEADER_BROKEN"),
        ("row,r-1", '"row,r-1', "NOT_A_SHEET"),
    ],
)
def test_the_refusal_says_what_is_wrong(told: str, instead: str, problem: str) -> None:
    assert problem_of(answered().decode().replace(told, instead).encode()) == problem


def test_an_answer_that_hides_its_end_is_refused() -> None:
    assert problem_of("\r\n".join(LINES[:-4]).encode()) == "CUT_OFF"
    assert problem_of("\r\n".join(LINES[:-1]).encode()) == "CUT_OFF"
    assert problem_of("\r\n".join([*LINES, LINES[-5]]).encode()) == "CUT_OFF"


def test_only_the_secret_of_the_export_signs_its_answer() -> None:
    assert problem_of(answered(), secret=bytes(32)) == "SIGNATURE_WRONG"
    assert problem_of(answered(), export_id="another") == "OTHER_EXPORT"


@pytest.mark.parametrize("approver", ["山田　太郎", "山田 太郎", "山田太郎", "", "　"])
def test_one_person_cannot_be_both(approver: str) -> None:
    assert problem_of(answered(answer=replace(ANSWER, approver=approver))) == "SAME_PERSON"


def test_a_second_link_of_one_row_is_refused_even_when_signed() -> None:
    twice = [LINKS[0], Link("r-9", LINKS[0].reference, "", "", "exact", "exact")]

    assert problem_of(answered(twice)) == "LINKED_TWICE"
