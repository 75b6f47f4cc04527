"""A campaign's letters as a PDF: the same letters give the same bytes."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import PIL.Image

from core.letters.printing import Office
from core.letters.rules import USUAL_WINDOW, Window
from core.letters.typesetting import (
    Format,
    day_of,
    dotted_code,
    hyphened,
    set_sheet,
    words_in,
)
from core.postal_codes import postal_code_of

WIDTH = 1_200
"""Pixels of the image: two hundred an inch, as wide as the text."""

DENSITY = 150
"""Pixels an inch that an image has at least."""

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
    window: Window = USUAL_WINDOW,
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
        "seen": window.always_shown,
        "link": link,
        "code": f"{code[:4]}-{code[4:]}",
        "qr": dotted_code(link),
        "image": list(image),
        "image_width": _inches(image),
        "each": [{**asdict(one), "postal_code": _postal(one.address)} for one in letters],
    }
    return set_sheet(_HERE / "letters.typ", told, time, format)


def _inches(image: bytes) -> float:
    """Return how wide an image is at most, for what is drawn larger than it is looks coarse."""
    if not image:
        return 0
    with PIL.Image.open(io.BytesIO(image)) as opened:
        return opened.width / DENSITY


def _postal(address: str) -> str:
    """Return the postal code of an address's town: of a resident's facts, none tells it."""
    return hyphened(postal_code_of(address))


@cache
def _words() -> dict[str, Any]:
    return words_in(_HERE / "words" / "ja.toml", _PLAIN)
