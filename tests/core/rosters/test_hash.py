"""A roster's hash knows what is said of people, and nothing of how the file says it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rosters.file import open_roster
from core.rosters.rows import Contents, RosterRow
from core.rosters.text import Encoding
from core.rosters.values import Sex
from tests.core.rosters.files import HANA, HEADER, ROW, SMALL, TARO, TEXT, contents, read


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
