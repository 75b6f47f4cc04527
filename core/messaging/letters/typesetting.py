"""A campaign's letters as one PDF, set part by part: the same letters give the same bytes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.letters.printing import Office
from core.letters.typesetting import Format, day_of, dotted_code, forget, set_sheet, words_in
from core.postal_codes import postal_code_of

PART = 100
"""Letters set at once: so many take less than a second, and little memory."""

WIDTH = 1_200
"""Pixels of the image: two hundred an inch, as wide as the text."""

_HERE = Path(__file__).parent
_PLAIN = {"document", "english", "phone", "qr_alt"}


@dataclass(frozen=True, slots=True)
class Text:
    """What a letter says in one language."""

    language: str
    title: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Addressed:
    """One letter: its number, whom it goes to, and what it says."""

    number: str
    name: str
    address: str
    texts: tuple[Text, ...]


def link_of(page: str, code: str) -> str:
    """Return where the official code is checked, on the page that letters lead to."""
    return f"{page.rstrip('/')}/check?{urlencode({'code': code})}"


def as_pdf(
    letters: Sequence[Addressed],
    office: Office,
    *,
    city: str,
    code: str,
    time: datetime,
    image: bytes = b"",
    format: Format = "pdf",
) -> bytes:
    """Return A4 pages, each letter from a page of its own on, under the campaign's image."""
    link = link_of(office.page, code)
    told: dict[str, Any] = {
        "words": _words(),
        "city": city,
        "office": office.name,
        "phone": office.phone,
        "date": day_of(time),
        "link": link,
        "code": f"{code[:4]}-{code[4:]}",
        "qr": dotted_code(link),
        "image": list(image),
        "each": [{**asdict(one), "postal_code": _postal(one.address)} for one in letters],
    }
    made = set_sheet(_HERE / "letters.typ", told, time, format)
    forget()
    return made


def _postal(address: str) -> str:
    """Return the postal code of an address's town: of a resident's facts, none tells it."""
    code = postal_code_of(address)
    return code and f"{code[:3]}-{code[3:]}"


@cache
def _words() -> dict[str, Any]:
    return words_in(_HERE / "words" / "ja.toml", _PLAIN)
