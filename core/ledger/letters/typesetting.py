"""Letters as one PDF: the same letters give the same bytes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.letters.typesetting import Format, day_of, drawn_code, set_sheet, words_in

_HERE = Path(__file__).parent
_PLAIN = {"document", "english", "phone", "qr_alt", "body_alt"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the city and its office. `link` is where the code leads."""

    city: str
    office: str
    phone: str
    link: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom one letter goes to, and its number."""

    number: str
    postal_code: str
    address: str
    name: str


def link_of(page: str, code: str) -> str:
    """Return where a letter's code leads: a page for everybody, with the program's code at most."""
    if not code:
        return page
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'program': code})}"


def as_pdf(
    letters: Sequence[Letter], sender: Sender, *, title: str, time: datetime, format: Format = "pdf"
) -> bytes:
    """Return A4 pages, one a letter, tagged and with the font in it.

    Setting 10,000 of them takes long: not to be called where somebody waits.
    """
    shared = {
        "words": _words(),
        "city": sender.city,
        "office": sender.office,
        "phone": sender.phone,
        "link": sender.link,
        "title": title,
        "date": day_of(time),
        "qr": drawn_code(sender.link),
    }
    body = list(set_sheet(_HERE / "body.typ", shared, time))
    each = [{**asdict(one), "postal_code": _postal(one.postal_code)} for one in letters]
    return set_sheet(_HERE / "letters.typ", {**shared, "each": each, "body": body}, time, format)


def _postal(code: str) -> str:
    digits = code.replace("-", "")
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else code


@cache
def _words() -> dict[str, Any]:
    return words_in(_HERE / "words" / "ja.toml", _PLAIN)
