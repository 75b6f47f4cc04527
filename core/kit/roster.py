"""Reads a roster as a municipal system writes it, whole."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import polars as pl

from core.banks.account import WORDS, AccountType, masked_number
from core.kit import tables
from core.kit.columns import Places, Reading, Side
from core.rosters import births, values
from core.rosters.columns import ACCOUNT, Column, guess
from core.rosters.fields import MOST_CHARACTERS
from core.rosters.rows import Reason

TITLES = MappingProxyType(
    {
        "addressee_number": Column.REFERENCE,
        "name_kanji": Column.NAME,
        "name_kana": Column.NAME_KANA,
        "birth_date": Column.BIRTH_DATE,
        "sex": Column.SEX,
        "postal_code": Column.POSTCODE,
        "address": Column.ADDRESS,
        "household_number": Column.HOUSEHOLD,
        "amount": Column.AMOUNT,
        "suppressed": Column.SUPPRESSION,
    }
)
"""The titles of an audit's plain file, beside those that municipal systems write."""
_ACCOUNT_IN_ONE = "bank_account"


def read(path: Path) -> Side:
    """Read the file. Raises what `tables.read` and `guess` raise."""
    table = tables.read(path)
    places = guess(table.header, names=TITLES)
    reading = Reading("roster", table)

    def text(column: Column, *, least: int = 1) -> pl.Series:
        where = places.get(column, ())
        cells = reading.cells(where)
        reading.check_text(cells, where, most=MOST_CHARACTERS[column], least=least)
        return cells

    def value(column: Column, read: Callable[[str], str], reason: str, wrong: str) -> pl.Series:
        return reading.values(places.get(column, ()), read, reason, wrong)

    return reading.side(
        {
            "id": reading.id(places[Column.REFERENCE], most=MOST_CHARACTERS[Column.REFERENCE]),
            "name": text(Column.NAME),
            "kana": text(Column.NAME_KANA, least=0),
            "birth_date": value(
                Column.BIRTH_DATE,
                births.read,
                Reason.DATE_INVALID,
                "must be a date such as 1950-01-02, 1950/1/2, 19500102, 昭和25年1月2日 or S25.1.2",
            ),
            "sex": value(
                Column.SEX, values.sex, Reason.SEX_INVALID, "must be 男, 女, 1, 2, M, F or empty"
            ),
            "address": text(Column.ADDRESS, least=0),
            "amount": value(
                Column.AMOUNT,
                lambda cell: str(values.yen(cell)),
                Reason.AMOUNT_INVALID,
                "must be whole yen from 1, or empty",
            ),
            "suppressed": value(
                Column.SUPPRESSION, lambda cell: str(int(values.suppressed(cell))), "", ""
            )
            == "1",
            "account": _accounts(reading, table.header, places),
        }
    )


def _accounts(
    reading: Reading, header: Sequence[str], places: Mapping[Column, Places]
) -> pl.Series:
    """Return the account of each as it may leave the closed network: 0168 101 普通 ****567."""
    if not places.keys() & ACCOUNT:
        in_one = [index for index, title in enumerate(header) if title.strip() == _ACCOUNT_IN_ONE]
        digits = reading.cells(tuple(in_one)).str.normalize("NFKC").str.replace_all(r"\D", "")
        return _shown(digits.to_frame("account"), pl.lit("****") + pl.col("account").str.slice(-3))
    parts = pl.DataFrame(
        {
            column.value: reading.values(places[column], read, Reason.ACCOUNT_INVALID, wrong)
            for column, read, wrong in (
                (Column.BANK_CODE, values.bank_code, "must be at most 4 digits"),
                (Column.BRANCH_CODE, values.branch_code, "must be at most 3 digits"),
                (Column.ACCOUNT_TYPE, _type_in_words, "must be 1 (普通), 2 (当座), 4 (貯蓄) or 9"),
                (Column.ACCOUNT_NUMBER, _masked, "must be at most 7 digits"),
            )
        }
    )
    return _shown(parts, pl.concat_str(pl.all(), separator=" "))


def _shown(parts: pl.DataFrame, masked: pl.Expr) -> pl.Series:
    whole = pl.when(pl.all_horizontal(pl.all() != "")).then(masked).otherwise(pl.lit(""))
    return parts.select(whole.alias("account")).to_series()


def _type_in_words(text: str) -> str:
    return WORDS[AccountType(values.account_type(text))]


def _masked(text: str) -> str:
    return masked_number(values.account_number(text))
