"""Codes as they are shown: large, letter by letter, and as a picture to scan."""

import io
from dataclasses import dataclass

import segno
from google.protobuf.timestamp_pb2 import Timestamp
from markupsafe import Markup

GROUP = 5


@dataclass(frozen=True, slots=True)
class Code:
    """A code that is good until `until`."""

    code: str
    until: Timestamp

    @property
    def groups(self) -> list[str]:
        return [self.code[at : at + GROUP] for at in range(0, len(self.code), GROUP)]


def picture(text: str) -> Markup:
    """Draw a QR code as SVG that stands in the page, and needs no style of its own."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, scale=6, xmldecl=False, svgns=False, light="#fff", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us; the text is in no markup.
