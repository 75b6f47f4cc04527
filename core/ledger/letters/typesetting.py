"""Letters to whom a benefit may be due, as a PDF: the same letters give the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.letters.printing import Office
from core.letters.rules import USUAL_WINDOW, Window
from core.letters.typesetting import (
    Format,
    day_of,
    drawn_code,
    hyphened,
    set_sheet,
    words_in,
)

_HERE = Path(__file__).parent
_PLAIN = {"document", "english", "phone", "qr_alt", "body_alt"}


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom one letter goes to, and its number."""

    number: str
    postal_code: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Body:
    """What all letters of a printing say, as a page that is set; `time` is that of the printing."""

    time: datetime
    told: Mapping[str, Any]


def link_of(page: str, code: str) -> str:
    """Return where a letter's code leads: a page for everybody, with the program's code at most."""
    if not code:
        return page
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'program': code})}"


def body_of(
    office: Office,
    *,
    city: str,
    title: str,
    code: str,
    time: datetime,
    window: Window = USUAL_WINDOW,
) -> Body:
    """Set once what all letters say of the program of this title and code.

    It takes a while: not to be called where somebody waits.
    """
    link = link_of(office.page, code)
    told = {
        "words": _words(),
        "city": city,
        "office": office.name,
        "phone": office.phone,
        "link": link,
        "title": title,
        "date": day_of(time),
        "qr": drawn_code(link),
    }
    page = set_sheet(_HERE / "body.typ", told, time)
    seen = window.always_shown
    return Body(time, {"words": _words(), "city": city, "seen": seen, "body": list(page)})


def as_pdf(letters: Sequence[Letter], body: Body, *, format: Format = "pdf") -> bytes:
    """Return A4 pages, one a letter: whom it goes to, over what all say."""
    each = [{**asdict(one), "postal_code": hyphened(one.postal_code)} for one in letters]
    return set_sheet(_HERE / "letters.typ", {**body.told, "each": each}, body.time, format)


@cache
def _words() -> dict[str, Any]:
    return words_in(_HERE / "words" / "ja.toml", _PLAIN)
