"""Sheets set in type: the same letters give the same bytes."""

import io
import json
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pylopdf_fonts_jp
import segno
import typst

from core.japan import JST

Format: TypeAlias = Literal["pdf", "png"]

_ROOT = Path(__file__).parents[1]
"""Sheets may take from each other what lies under it, such as `/letters/window.typ`."""

_AGED = 12
"""What the typesetter set this many sheets ago it remembers no more."""

_READ = re.compile(r"\{([^|{}]+)\|([^|{}]+)\}|([^{}]+)")


def set_sheet(
    sheet: Path, told: Mapping[str, Any], time: datetime, format: Format = "pdf"
) -> bytes:
    """Return a sheet that is told what it says as JSON, with the font in it."""
    made: bytes = typst.compile(
        str(sheet),
        root=str(_ROOT),
        font_paths=_fonts(),
        format=format,
        sys_inputs={"letters": json.dumps(told, ensure_ascii=False)},
        timestamp=int(time.timestamp()),
        pdf_tags=False,
    )
    return made


def forget() -> None:
    """Let the typesetter forget what it set, which it keeps to set the like of it again.

    It grows by what a sheet of a hundred letters takes, some 40 MB, with each of ten sheets.
    """
    for _ in range(_AGED):
        typst.compile(b"", font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    path = str(pylopdf_fonts_jp.sans_path().parent)
    return typst.Fonts(include_system_fonts=False, font_paths=[path])


def drawn_code(link: str) -> str:
    """Return a QR code as SVG, which stays readable where a quarter of it is smudged."""
    drawn = io.BytesIO()
    segno.make(link, error="q", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


def dotted_code(link: str) -> list[int]:
    """Return such a code as a PNG's bytes: a file holds it once, on however many pages it is."""
    dotted = io.BytesIO()
    segno.make(link, error="q", micro=False).save(dotted, kind="png", border=2, scale=8)
    return list(dotted.getvalue())


def hyphened(postal_code: str) -> str:
    """Return a postal code as it is written, whether or not it was kept so."""
    digits = postal_code.replace("-", "")
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else postal_code


def day_of(time: datetime) -> str:
    """Return a day as letters name it."""
    day = time.astimezone(JST)
    return f"{day.year}年{day.month}月{day.day}日"


def words_in(path: Path, plain: Collection[str]) -> dict[str, Any]:
    """Return the words of a file, but for plain ones as parts: [text] or [kanji, kana]."""
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    return {key: text if key in plain else _parts(text) for key, text in kept.items()}


def _parts(text: str) -> list[list[str]]:
    return [[found[1], found[2]] if found[1] else [found[3]] for found in _READ.finditer(text)]
