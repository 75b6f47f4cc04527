"""Draws the pictures of the menus anew: `python -m channels.line.drawing FONT [INDEX]`.

The pictures ship, because a machine that runs the adapter need have no Japanese font.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from channels.line.menu_faces import FACES, SIZE, Face

KEY_BLUE = "#0017c1"
TEXT = "#1a1a1a"
PALE = "#f2f2f2"
LINE = "#b3b3b3"
LETTERS = 56
MARGIN = 10


def draw(face: Face, font: Path, index: int = 0) -> bytes:
    """Draw a menu: its buttons side by side, the one that is waited for standing out."""
    width, height = SIZE
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    words = face.words()
    part = width // len(words)
    for place, word in enumerate(words):
        stands_out = place == 0
        left = place * part + MARGIN
        box = (left, MARGIN, left + part - 2 * MARGIN, height - MARGIN)
        pen.rounded_rectangle(
            box, radius=24, fill=KEY_BLUE if stands_out else PALE, outline=LINE, width=2
        )
        letters, lines = _fitting(word, font, index, part - 5 * MARGIN)
        center = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        color = "white" if stands_out else TEXT
        pen.multiline_text(
            center, lines, font=letters, fill=color, anchor="mm", align="center", spacing=16
        )
    drawn = BytesIO()
    image.quantize(64).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _fitting(word: str, font: Path, index: int, most: int) -> tuple[ImageFont.FreeTypeFont, str]:
    """Return the largest letters in which no part is wider than `most`, and the lines."""
    size = LETTERS
    while True:
        letters = ImageFont.truetype(font, size, index=index)
        lines: list[str] = []
        for part in word.split():
            longer = f"{lines[-1]} {part}" if lines else part
            if lines and letters.getlength(longer) <= most:
                lines[-1] = longer
            else:
                lines.append(part)
        if max(map(letters.getlength, lines)) <= most:
            return letters, "\n".join(lines)
        size -= 1


if __name__ == "__main__":
    for each in FACES:
        each.path().write_bytes(draw(each, Path(sys.argv[1]), *map(int, sys.argv[2:])))
