"""Dates as people write them: the forms that are read, and what is no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tui.dates import ERAS, Mistyped, birth, read_date
from tui.wording import LANGUAGES, Words

WORDS = Words("ja")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "written",
    [
        "1950-04-12",
        "1950/4/12",
        "1950.4.12",
        "19500412",
        "1950年4月12日",
        "S25.4.12",
        "s25-4-12",
        "S.25.4.12",
        "昭和25年4月12日",
        "昭25.4.12",
        "昭和２５年 ４月１２日",
        " 1950-04-12 ",
    ],
)
def test_every_usual_form_is_the_same_day(language: str, written: str) -> None:
    assert read_date(Words(language), written, "birth_date") == "1950-04-12"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("昭和元年12月25日", "1926-12-25"),
        ("S64.1.7", "1989-01-07"),
        ("平成元年1月8日", "1989-01-08"),
        ("R1.5.1", "2019-05-01"),
        ("大正15年12月24日", "1926-12-24"),
        ("明治45年7月29日", "1912-07-29"),
    ],
)
def test_eras_begin_and_end_on_their_days(written: str, day: str) -> None:
    assert read_date(WORDS, written, "birth_date") == day


@pytest.mark.parametrize(
    "written",
    ["S64.1.8", "H1.1.7", "S25.2.30", "S25", "X25.4.12", "1950-13-01", "0025-04-12", "きのう"],
)
def test_what_is_no_date_is_mistyped_and_names_its_field(written: str) -> None:
    with pytest.raises(Mistyped) as mistyped:
        read_date(WORDS, written, "birth_date")
    assert mistyped.value.field == "birth_date"


def test_nothing_is_no_date_and_no_mistake() -> None:
    assert read_date(WORDS, "  ", "birth_date") == ""


@given(some.dates(min_value=date(1873, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_the_same_in_its_era_as_by_its_year(day: date) -> None:
    letter, first = max((pair for pair in ERAS.items() if pair[1] <= day), key=lambda e: e[1])
    year = day.year - first.year + 1
    era = f"{letter}{year}.{day.month}.{day.day}"
    named = f"{WORDS(f'date.era.{letter}')}{year}年{day.month}月{day.day}日"
    read = {read_date(WORDS, text, "date") for text in (day.isoformat(), era, named)}
    assert read == {day.isoformat()}


@given(some.text(max_size=20))
def test_whatever_is_typed_is_a_date_nothing_or_mistyped(text: str) -> None:
    try:
        read = read_date(WORDS, text, "date")
    except Mistyped:
        return
    assert read == "" or date.fromisoformat(read) >= ERAS["M"].replace(month=1, day=1)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1950-04-12", "1950-04-12(昭和25年4月12日)"),
        ("1989-01-07", "1989-01-07(昭和64年1月7日)"),
        ("1989-01-08", "1989-01-08(平成元年1月8日)"),
        ("1860-01-01", "1860-01-01"),
        ("", "不明"),
    ],
)
def test_a_birth_date_is_shown_both_ways_as_papers_have_it(written: str, shown: str) -> None:
    assert birth(WORDS, written) == shown
