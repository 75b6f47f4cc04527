"""A QR code drawn with half blocks, two rows of it a line; black on white whatever the theme."""

import segno
from textual.content import Content

QUIET = 4
"""Light cells around the code, without which cameras do not find it."""

LARGE, LESS_QUIET = 30, 2
"""A code of more cells has less around it: a screen of 24 lines holds no more."""

BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr(text: str) -> Content:
    """Draw the code of the text; errors are corrected as far as its size allows."""
    made = segno.make(text, micro=False)
    quiet = QUIET if len(made.matrix) < LARGE else LESS_QUIET
    rows = [[bool(cell) for cell in row] for row in made.matrix_iter(border=quiet)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines = (
        "".join(BLOCKS[pair] for pair in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
    return Content("\n").join(Content.styled(line, "black on white") for line in lines)
