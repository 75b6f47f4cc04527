"""A book's codes as they are given out: a table for a printer's shop, and sheets to cut."""

import csv
import io
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_jp
import segno
import typst

from core.coupon_codes import printed

MOST = 1000
"""Codes on the sheets of one book; a printer's shop sets more."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Printing:
    """What stands beside each code."""

    city: str
    name: str
    uses: int
    first: str
    last: str


def as_csv(codes: Sequence[str], printing: Printing) -> bytes:
    """Return one code a line, in UTF-8 with a mark, as spreadsheets read it."""
    words = _words()
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow([words[one] for one in ("code", "name", "uses", "first", "last")])
    for code in codes:
        writer.writerow(
            [printed(code), printing.name, printing.uses, printing.first, printing.last]
        )
    return told.getvalue().encode("utf-8-sig")


def as_pdf(codes: Sequence[str], printing: Printing) -> bytes:
    """Return A4 pages of ten codes to cut, each with a square that holds it."""
    told = {
        "words": _words(),
        **asdict(printing),
        "codes": [{"code": printed(one), "square": _square(printed(one))} for one in codes],
    }
    made: bytes = typst.compile(
        str(_HERE / "sheet.typ"),
        root=str(_HERE),
        font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": json.dumps(told, ensure_ascii=False)},
    )
    return made


def _square(code: str) -> str:
    """Return a QR code as SVG: the code alone, which a camera copies and no log keeps."""
    drawn = io.BytesIO()
    segno.make(code, error="q", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()


@cache
def _words() -> dict[str, str]:
    return tomllib.loads((_HERE / "words" / "ja.toml").read_text(encoding="utf-8"))
