"""Draws the pictures of the menus anew: `python -m channels.line.drawing FONT [INDEX]`.

The pictures ship, because a machine that runs the adapter need have no Japanese font.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from channels.line.rich_menus import BUTTONS, PICTURES, SIZE, State

KEY_BLUE = "#0017c1"
TEXT = "#1a1a1a"
PALE = "#f2f2f2"
LINE = "#b3b3b3"
LETTERS = 56
MARGIN = 10


def draw(state: State, font: Path, index: int = 0) -> bytes:
    """Draw a menu: its buttons side by side, the one that is waited for standing out."""
    width, height = SIZE
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    buttons = BUTTONS[state]
    part = width // len(buttons)
    for place, (_, word) in enumerate(buttons):
        stands_out = place == 0
        left = place * part + MARGIN
        box = (left, MARGIN, left + part - 2 * MARGIN, height - MARGIN)
        pen.rounded_rectangle(
            box, radius=24, fill=KEY_BLUE if stands_out else PALE, outline=LINE, width=2
        )
        size = min(LETTERS, (part - 5 * MARGIN) // len(word))
        letters = ImageFont.truetype(font, size, index=index)
        center = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        color = "white" if stands_out else TEXT
        pen.text(center, word, font=letters, fill=color, anchor="mm")
    drawn = BytesIO()
    image.quantize(64).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


if __name__ == "__main__":
    for each in State:
        (PICTURES / f"{each}.png").write_bytes(
            draw(each, Path(sys.argv[1]), *map(int, sys.argv[2:]))
        )
