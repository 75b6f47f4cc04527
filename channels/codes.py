"""Codes as they are kept, in a session and in no address, and shown: large, and to be scanned."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import segno
from google.protobuf.timestamp_pb2 import Timestamp
from markupsafe import Markup

GROUP = 5

Kept: TypeAlias = dict[str, list[str]]
"""A session's codes by what they open: each with its end, and what it is about."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is good until `until`, and what it is about, such as the household it is for."""

    code: str
    until: Timestamp
    about: str = ""

    @property
    def groups(self) -> list[str]:
        return [self.code[at : at + GROUP] for at in range(0, len(self.code), GROUP)]


def keep(kept: Kept, what: str, code: str, until: Timestamp, about: str = "") -> None:
    kept[what] = [code, until.ToJsonString(), about]


def good(kept: Kept, what: str, now: float) -> Code | None:
    """Find the code that is still good; one that is not is forgotten."""
    if what not in kept:
        return None
    code, iso, about = kept[what]
    until = Timestamp()
    until.FromJsonString(iso)
    if until.ToDatetime(UTC) <= datetime.fromtimestamp(now, UTC):
        del kept[what]
        return None
    return Code(code, until, about)


def picture(text: str) -> Markup:
    """Draw a QR code as SVG that stands in the page, and needs no style of its own."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, scale=6, xmldecl=False, svgns=False, light="#fff", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us; the text is in no markup.
