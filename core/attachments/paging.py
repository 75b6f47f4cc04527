"""Makes a picture of each page, in a phone's width, of a file that was made anew.

It runs in a process of its own (`page_worker`), as making anew does.
"""

import io
import os
import time
from dataclasses import dataclass, field

import pikepdf
import typst
from PIL import Image

from core.attachments.cleaning import JPEG, PDF, PNG
from core.attachments.texts import text_of

WIDTH = 1080
"""In pixels: as wide as a phone's screen is."""

TALLEST = 4
"""A page is shown no taller than so many times its width."""

SECONDS = 10.0
"""After so long the pages that are left get no picture: the file itself shows them."""

LARGE_PNG = 400_000
QUALITY = 80


@dataclass(slots=True)
class Pages:
    """How many pages a file has, its text, and pictures of its first pages, or of all."""

    count: int = 1
    text: str = ""
    pictures: list[tuple[str, bytes]] = field(default_factory=list)


def pages_of(media_type: str, content: bytes) -> Pages:
    """Return the pages of a file that was made anew."""
    if media_type != PDF:
        return Pages(pictures=[_of_image(media_type, content)])
    with pikepdf.open(io.BytesIO(content)) as document:
        found = Pages(len(document.pages), text_of(document))
        ratios = [_ratio(page) for page in document.pages]
    begun = time.monotonic()
    held = os.memfd_create("file")
    try:
        os.write(held, content)
        for number, ratio in enumerate(ratios, 1):
            if time.monotonic() - begun > SECONDS:
                break
            try:
                found.pictures.append(_of_page(held, number, ratio))
            except RuntimeError:  # As typst tells that it cannot draw the file.
                break
    finally:
        os.close(held)
    return found


def _ratio(page: pikepdf.Page) -> float:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    wide, tall = abs(right - left) or 1.0, abs(top - bottom) or 1.0
    if int(page.obj.get("/Rotate", 0)) % 180:
        wide, tall = tall, wide
    return tall / wide


def _of_page(held: int, number: int, ratio: float) -> tuple[str, bytes]:
    width = WIDTH / 2
    height = width * min(ratio, TALLEST)
    source = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)\n"
        f'#image("/{held}", format: "pdf", page: {number}, width: 100%, height: 100%,'
        ' fit: "contain")'
    )
    # What is set is bytes, and where it looks for files a path: its types allow one of them.
    drawn: bytes = typst.compile(  # type: ignore[call-overload]
        source.encode(), root="/proc/self/fd", format="png", ppi=144, ignore_system_fonts=True
    )
    if len(drawn) <= LARGE_PNG:
        return PNG, drawn
    with Image.open(io.BytesIO(drawn), formats=["PNG"]) as image:
        return JPEG, _jpeg(image.convert("RGB"))


def _of_image(media_type: str, content: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
        image.thumbnail((WIDTH, WIDTH * TALLEST))
        if media_type == PNG:
            saved = io.BytesIO()
            image.save(saved, "PNG", optimize=True)
            return PNG, saved.getvalue()
        return JPEG, _jpeg(image.convert("RGB"))


def _jpeg(image: Image.Image) -> bytes:
    saved = io.BytesIO()
    image.save(saved, "JPEG", quality=QUALITY, optimize=True)
    return saved.getvalue()
