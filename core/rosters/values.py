"""Reads single values of a roster, in the ways that municipal systems write them.

The texts are not empty. Each function raises `ValueError` for what it cannot read.
"""

import re
import unicodedata
from datetime import date
from enum import StrEnum

MOST_YEN = 9_999_999_999  # What one transfer can carry.

_WESTERN = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])\.?"
    r"(?:([0-9]{1,2}|元)[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2})([0-9]{2}))",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"\s+0?0:00(:00)?$")  # Spreadsheets add it to dates.
# Each era's first and last day; the last day of one is the first of the next, and is both.
_ERAS: dict[str, tuple[date, date]] = {
    "M": (date(1868, 10, 23), date(1912, 7, 30)),
    "T": (date(1912, 7, 30), date(1926, 12, 25)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date.max),
}
_ERA_LETTERS = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}

_YEN = re.compile(r"¥?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)円?")
_POSTCODE = re.compile(r"〒?([0-9]{3})-?([0-9]{4})")
_PEOPLE = re.compile(r"([0-9]{1,2})(?:人|名)?")
_NOT_SUPPRESSED = frozenset({"無", "無し", "なし", "非該当", "対象外", "-", "N", "NO", "FALSE"})
_ACCOUNT_TYPES = {
    **dict.fromkeys(("1", "普通", "普通預金", "普", "総合"), "1"),
    **dict.fromkeys(("2", "当座", "当座預金", "当"), "2"),
    **dict.fromkeys(("4", "貯蓄", "貯蓄預金", "貯"), "4"),
    **dict.fromkeys(("9", "その他"), "9"),
}


class Sex(StrEnum):
    """Sex as the register holds it, by its code there."""

    MALE = "1"
    FEMALE = "2"
    OTHER = "9"


_SEXES = {
    **dict.fromkeys(("男", "男性", "1", "M"), Sex.MALE),
    **dict.fromkeys(("女", "女性", "2", "F"), Sex.FEMALE),
    # A register may hold neither; that person is as entitled as any other.
    **dict.fromkeys(("0", "3", "9", "不明", "その他"), Sex.OTHER),
}


def plain(text: str) -> str:
    """Return the text in half-width forms without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def birth_date(text: str) -> date:
    """Read 1950-01-02, 1950/1/2, 19500102, 昭和25年1月2日, S25.1.2, S250102 or 令和元年5月1日."""
    compact = text
    western = _WESTERN.fullmatch(text)  # As most are, and then nothing is to be made plain.
    if not western:
        compact = re.sub(r"\s", "", _MIDNIGHT.sub("", plain(text)))
        western = _WESTERN.fullmatch(compact)
    if western:
        year, month, day = (int(part) for part in western.groups() if part)
        found = date(year, month, day)
        if found < _ERAS["M"][0]:
            raise ValueError("is before 1868")
        return found
    if era := _ERA.fullmatch(compact):
        name, *parts = (part for part in era.groups() if part)
        first, last = _ERAS[_ERA_LETTERS.get(name, name.upper())]
        year, month, day = (1 if part == "元" else int(part) for part in parts)
        found = date(first.year + year - 1, month, day)
        if not year or not first <= found <= last:
            raise ValueError("is outside of its era")
        return found
    raise ValueError("is no date")


def sex(text: str) -> Sex:
    """Read 男, 女, 1, 2, M or F, and what registers write for neither."""
    known = plain(text).upper()
    if known not in _SEXES:
        raise ValueError("is no sex")
    return _SEXES[known]


def yen(text: str) -> int:
    """Read an amount in yen, also 10,000円."""
    amount = _YEN.fullmatch(plain(text))
    if not amount or not 1 <= (value := int(amount[1].replace(",", ""))) <= MOST_YEN:
        raise ValueError("is no amount")
    return value


def postcode(text: str) -> str:
    """Read 719-1192 as 7191192."""
    parts = _POSTCODE.fullmatch(re.sub("[‐‑‒–—―−ー]", "-", plain(text)))
    if not parts:
        raise ValueError("is no postcode")
    return parts[1] + parts[2]


def household_size(text: str) -> int:
    """Read how many people a household has, also 3人."""
    number = _PEOPLE.fullmatch(plain(text))
    if not number or not int(number[1]):
        raise ValueError("is no number of people")
    return int(number[1])


def suppressed(text: str) -> bool:
    """Tell whether a suppression flag is set: whatever is not plainly a no protects the person."""
    mark = plain(text).upper()
    return mark not in _NOT_SUPPRESSED and not re.fullmatch("0+", mark)


def bank_code(text: str) -> str:
    """Read a bank's code, with the zeros in front that spreadsheets drop."""
    return _code(text, 4)


def branch_code(text: str) -> str:
    """Read a branch's code, with the zeros in front that spreadsheets drop."""
    return _code(text, 3)


def account_number(text: str) -> str:
    """Read an account number, with the zeros in front that spreadsheets drop."""
    return _code(text, 7)


def account_type(text: str) -> str:
    """Read 普通, 当座, 貯蓄 or その他, or their code, as the code."""
    if plain(text) not in _ACCOUNT_TYPES:
        raise ValueError("is no account type")
    return _ACCOUNT_TYPES[plain(text)]


def _code(text: str, width: int) -> str:
    digits = plain(text)
    if not re.fullmatch(f"[0-9]{{1,{width}}}", digits):
        raise ValueError("is no code")
    return digits.zfill(width)
