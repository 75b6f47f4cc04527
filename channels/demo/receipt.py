"""A receipt as a phone photographs it."""

import io

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont

SIZE, PAPER, INK = (720, 960), (247, 244, 236), (40, 40, 44)


def photograph(lines: list[str]) -> bytes:
    """Return a JPEG of these lines on paper."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(pylopdf_fonts_jp.sans_path()), 36)
    for number, line in enumerate(lines):
        draw.text((60, 80 + 70 * number), line, fill=INK, font=font)
    taken = io.BytesIO()
    image.save(taken, "JPEG", quality=80)
    return taken.getvalue()
