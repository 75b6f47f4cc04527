"""Birth dates of which a part is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rosters import births


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1950-01-02", "1950-01-02"),
        ("昭和２５年１月　２日", "1950-01-02"),
        ("1950-01-00", "1950-01-00"),
        ("1950/1/", "1950-01-00"),
        ("19500100", "1950-01-00"),
        ("昭和25年1月不詳", "1950-01-00"),
        ("S25.1.0", "1950-01-00"),
        ("昭和元年12月不詳日", "1926-12-00"),
        ("1950-00-00", "1950-00-00"),
        ("19500000", "1950-00-00"),
        ("1950年不詳", "1950-00-00"),
        ("S25.00.00", "1950-00-00"),
        ("S250000", "1950-00-00"),
        ("昭和64年不詳", "1989-00-00"),
        ("昭和元年不詳", "1926-00-00"),
        ("1950-99-99", "1950-00-00"),
        ("1950-01-99", "1950-01-00"),
        ("00000000", ""),
        ("0000-00-00", ""),
        ("99999999", ""),
        ("不詳", ""),
    ],
)
def test_what_is_unknown_of_a_date_is_noughts(written: str, meant: str) -> None:
    assert births.read(written) == meant


@pytest.mark.parametrize(
    "written", ["1950-02-30", "1950-13-00", "S99.0.0", "昭和65年不詳", "昨日", "1850-00-00", "25"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"is|month|day"):
        births.read(written)


@pytest.mark.parametrize(
    "written",
    ["1950-00-15", "19500015", "1950/0/15", "1950-99-15", "昭和25年不詳月15日", "S25.00.15"],
)
def test_a_known_day_of_an_unknown_month_is_a_mistake_not_a_date(written: str) -> None:
    with pytest.raises(ValueError, match=r"is|month|day"):
        births.read(written)


@given(st.text("0123456789-/.年月日SHR昭和不詳 ", max_size=12))
def test_whatever_is_written_is_read_as_a_date_or_refused(written: str) -> None:
    try:
        found = births.read(written)
    except ValueError:
        return
    assert found == "" or births.read(found) == found
