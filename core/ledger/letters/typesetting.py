"""Letters as one PDF: the same letters give the same bytes."""

import io
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

import pylopdf_fonts_jp
import segno
import typst

from core.japan import JST

Format: TypeAlias = Literal["pdf", "png"]

_HERE = Path(__file__).parent
_READ = re.compile(r"\{([^|{}]+)\|([^|{}]+)\}|([^{}]+)")
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
    day = time.astimezone(JST)
    shared = {
        "words": _words(),
        "city": sender.city,
        "office": sender.office,
        "phone": sender.phone,
        "link": sender.link,
        "title": title,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "qr": _code(sender.link),
    }
    body = list(_set("body.typ", shared, time))
    each = [{**asdict(one), "postal_code": _postal(one.postal_code)} for one in letters]
    return _set("letters.typ", {**shared, "each": each, "body": body}, time, format)


def _set(sheet: str, told: dict[str, Any], time: datetime, format: Format = "pdf") -> bytes:
    made: bytes = typst.compile(
        str(_HERE / sheet),
        root=str(_HERE),
        font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
        ignore_system_fonts=True,
        format=format,
        sys_inputs={"letters": json.dumps(told, ensure_ascii=False)},
        timestamp=int(time.timestamp()),
        pdf_tags=False,
    )
    return made


def _code(link: str) -> str:
    """Return a QR code as SVG, which stays readable where a quarter of it is smudged."""
    drawn = io.BytesIO()
    segno.make(link, error="q", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def _postal(code: str) -> str:
    digits = code.replace("-", "")
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else code


@cache
def _words() -> dict[str, Any]:
    """Return the words, those with readings as parts: [text] or [kanji, kana]."""
    kept = tomllib.loads((_HERE / "words" / "ja.toml").read_text(encoding="utf-8"))
    return {key: text if key in _PLAIN else _parts(text) for key, text in kept.items()}


def _parts(text: str) -> list[list[str]]:
    return [[found[1], found[2]] if found[1] else [found[3]] for found in _READ.finditer(text)]
