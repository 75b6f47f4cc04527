"""Finds My Numbers (個人番号) in text, so that none is ever stored or logged.

A number counts as one when its twelve digits carry a valid check digit; one in ten other numbers
of twelve digits does so too, and the law (番号法 20条) makes refusing those the lesser harm.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from core.errors import BadRequest

REDACTED = "[MY_NUMBER]"

# Groups of digits that hang together: `1234-5678-9018`, `1234 5678 9018`, `1234 - 5678 - 9018`.
_DASHES = "\\-‐‑‒–—―−ー"
_CHAIN = re.compile(rf"[0-9]+(?:[ {_DASHES}]{{1,3}}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")

# What any number has at the least; it spares most texts the walk over their characters.
_TWELVE = re.compile(r"\d(?:(?:[^\w\n]|ー)*\d){11}")

# Our own ids and digests are hexadecimal and would now and then hold twelve digits in a row.
_IDENTIFIER = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})(?![0-9a-z])",
    re.IGNORECASE,
)


def check_digit(digits: str) -> int:
    """Return the twelfth digit that belongs to the first eleven.

    The rule is 番号法の総務省令 5条: 11 − (Σ P_n·Q_n mod 11), a remainder of 0 or 1 giving 0, where
    P_n is the n-th digit from the lowest and Q_n is n+1 up to the sixth, n−5 from the seventh.
    """
    if len(digits) != 11 or not _GROUP.fullmatch(digits):
        raise ValueError("the check digit is made from exactly 11 ASCII digits")
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(digits), 1)
    )
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


def contains_my_number(text: str) -> bool:
    """Tell whether twelve digits with a valid check digit stand in the text.

    Digits of any width and script count; spaces and hyphens may stand between groups of them. A
    longer unbroken run of digits is another kind of number and does not count.
    """
    return next(_spans(text), None) is not None


def has_room_for_one(text: str) -> bool:
    """Tell whether twelve digits stand in the text as a My Number does, whichever they are.

    Texts of one shape, all digits alike, answer alike: a million numbers are asked about once.
    """
    return next(_spans(text, valid=lambda _: True), None) is not None


def redact(text: str) -> str:
    """Return the text with each My Number replaced by `REDACTED`, the rest untouched."""
    parts: list[str] = []
    end = 0
    for first, last in _spans(text):
        if first >= end:
            parts += [text[end:first], REDACTED]
        end = max(end, last)
    parts.append(text[end:])
    return "".join(parts)


def _is_valid(digits: str) -> bool:
    return check_digit(digits[:11]) == int(digits[11])


def _spans(text: str, valid: Callable[[str], bool] = _is_valid) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each My Number in the text, by start; they may overlap."""
    if not _TWELVE.search(unicodedata.normalize("NFKC", text)):
        return
    plain, origin = _plain(text)
    identifiers = [match.span() for match in _IDENTIFIER.finditer(plain)]
    for chain in _CHAIN.finditer(plain):
        if any(start < chain.end() and chain.start() < end for start, end in identifiers):
            continue
        abroad = chain.group().startswith("81") and plain[: chain.start()].endswith("+")
        for first, last in _numbers(chain, valid):
            # +81 90 1234 5678 is a telephone number, and also has twelve digits.
            if not (abroad and first == chain.start()):
                yield origin[first], origin[last - 1] + 1


def _numbers(chain: re.Match[str], valid: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield the spans of whole neighbouring groups that make a My Number together."""
    groups = list(_GROUP.finditer(chain.string, chain.start(), chain.end()))
    for index, first in enumerate(groups):
        digits = ""
        for last in groups[index:]:
            digits += last.group()
            if len(digits) >= 12:
                break
        if len(digits) == 12 and valid(digits):
            yield first.start(), last.end()


def _plain(text: str) -> tuple[str, range | list[int]]:
    """Return the text with plain digits, and for each of its characters the index it came from."""
    if text.isascii():
        return text, range(len(text))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for folded in unicodedata.normalize("NFKC", character):
            if unicodedata.category(folded) == "Cf":
                continue  # A zero-width character must not hide a number.
            digit = unicodedata.decimal(folded, None)
            characters.append(folded if digit is None else str(digit))
            origin.append(index)
    return "".join(characters), origin


class MyNumberRefused(BadRequest):
    """What a person wrote holds a My Number; it is never stored, and never told."""

    reason = "MY_NUMBER_REFUSED"


def refuse_my_number(text: str, *, field: str) -> None:
    """Raise MyNumberRefused where a field's text holds a My Number (番号法 20条)."""
    if contains_my_number(text):
        raise MyNumberRefused(
            f"{field} holds a My Number (個人番号), which is never stored: write it without",
            field=field,
        )
