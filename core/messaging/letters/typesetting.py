"""A campaign's letters as one PDF, set part by part: the same letters give the same bytes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from core.letters.printing import Office
from core.letters.typesetting import Format, day_of, dotted_code, set_sheet, words_in

PART = 100
"""Letters set at once: so many take less than a second, and little memory."""

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
    format: Format = "pdf",
) -> bytes:
    """Return A4 pages, each letter from a page of its own on."""
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
        # Of a resident's facts, none tells the postal code.
        "each": [{**asdict(one), "postal_code": ""} for one in letters],
    }
    return set_sheet(_HERE / "letters.typ", told, time, format)


@cache
def _words() -> dict[str, Any]:
    return words_in(_HERE / "words" / "ja.toml", _PLAIN)
