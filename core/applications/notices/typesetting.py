"""A notice as a PDF: the same notice gives the same bytes."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

import pylopdf_fonts_jp
import segno
import typst

from core.applications.notices.issuing import printed
from core.applications.notices.letterhead import Letterhead
from core.japan import JST

Format: TypeAlias = Literal["pdf", "png"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice as it was issued."""

    facts: Mapping[str, Any]
    code: str
    day: date


def as_pdf(issued: Issued, letterhead: Letterhead, *, format: Format = "pdf") -> bytes:
    """Return one A4 page, tagged, with the font in it. It takes a second: not where one waits."""
    midnight = datetime.combine(issued.day, time(), JST)
    made: bytes = typst.compile(
        str(_HERE / "notice.typ"),
        root=str(_HERE),
        font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
        ignore_system_fonts=True,
        format=format,
        sys_inputs={"notice": json.dumps(_told(issued, letterhead), ensure_ascii=False)},
        pdf_standards=["ua-1"] if format == "pdf" else [],
        timestamp=int(midnight.timestamp()),
    )
    return made


def _told(issued: Issued, letterhead: Letterhead) -> dict[str, Any]:
    """Return what the sheet says, by the places in it."""
    facts, words = issued.facts, letterhead.words
    city = facts["city"]
    signer = words["signer"].format(city=city)
    of_kind = words[facts["kind"]]
    filled = {"title": facts["title"], "filed": facts["filed"], "city": city, "signer": signer}
    link = f"{facts['page']}?{urlencode({'code': issued.code})}"
    return {
        "title": f"{facts['title']} {of_kind['heading']}",
        "about": facts["title"],
        "heading": of_kind["heading"],
        "body": of_kind["body"].format(**filled),
        "number": facts["number"],
        "date": facts["date"],
        "city": city,
        "signer": signer,
        "recipient": f"{facts['recipient'] or words['nobody']}　{words['honorific']}",
        "seal": _seal(letterhead.seals.images.get(facts["seal"])),
        "rows": _rows(facts, words),
        "appeal": words["appeal"].get(facts["kind"], "").strip().format(**filled),
        "verify": words["verify"].format(**filled),
        "code": printed(issued.code),
        "page": facts["page"],
        "qr": _code(link),
        "office": " ".join(part for part in (facts["office"], facts["phone"]) if part),
        "words": {name: word for name, word in words.items() if isinstance(word, str)},
    }


def _rows(facts: Mapping[str, Any], words: Mapping[str, Any]) -> list[list[str]]:
    """Return the lines of the table, each with its label; what there is none of is left out."""
    said = {
        "title": facts["title"],
        "decision": words[facts["kind"]]["decision"],
        "amount": f"{facts['amount']:,}円" if facts["amount"] else "",
        "account": facts["account"],
        "reason": facts["reason"],
    }
    return [[words[f"{name}_label"], value] for name, value in said.items() if value]


def _seal(image: bytes | None) -> str:
    """Return a seal's image within an SVG, as which it goes along with the text; empty for none."""
    if image is None:
        return ""
    content = base64.b64encode(image).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image href="data:image/png;base64,{content}" width="100" height="100"/></svg>'
    )


def _code(link: str) -> str:
    """Return a QR code as SVG, which stays readable where a quarter of it is smudged."""
    drawn = io.BytesIO()
    segno.make(link, error="q", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
