"""Where the pieces of a PDF's text stand, to tell a line that goes on from the next one.

PDF 32000-1:2008, 8.3 (coordinate systems) and 9.4 (text objects). Programs write a line in many
pieces, one for each font; how wide a piece is only its font knows, so that is estimated.
"""

import unicodedata
from collections.abc import Sequence
from math import hypot

Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
DEEPEST = 64
"""Graphics states that are kept; who nests more is not read in lines."""

PLACING = {"cm", "Tm", "Tf", "TL", "Td", "TD"}
NEXT_LINE = 0.5
"""So far beside the line, in heights of a letter, a piece begins another."""

SPACE, DOUBT = 0.8, 0.15
"""So far behind the last piece a space is between: in heights, and of the piece's own length."""


class Lines:
    """Follows the operators of a content stream."""

    def __init__(self) -> None:
        self._page = self._line = IDENTITY
        self._kept: list[Matrix] = []
        self._size = 0.0
        self._leading = 0.0
        self._last: tuple[float, float] | None = None
        self._length = 0.0

    def take(self, operator: str, operands: Sequence[object]) -> None:
        """Take an operator that moves something; one with other operands moves nothing."""
        if operator == "q" and len(self._kept) < DEEPEST:
            self._kept.append(self._page)
        elif operator == "Q" and self._kept:
            self._page = self._kept.pop()
        elif operator == "BT":
            self._line = IDENTITY
        elif operator in {"T*", "'", '"'}:
            self._move(0, -self._leading)
        elif operator in PLACING:
            self._place(operator, _numbers(operands))

    def _place(self, operator: str, numbers: Sequence[float]) -> None:
        match operator, numbers:
            case "cm", [a, b, c, d, e, f]:
                self._page = _times((a, b, c, d, e, f), self._page)
            case "Tm", [a, b, c, d, e, f]:
                self._line = (a, b, c, d, e, f)
            case "Tf", [size]:
                self._size = size
            case "TL", [leading]:
                self._leading = leading
            case "Td", [right, up]:
                self._move(right, up)
            case "TD", [right, up]:
                self._leading = -up
                self._move(right, up)

    def _move(self, right: float, up: float) -> None:
        self._line = _times((1, 0, 0, 1, right, up), self._line)

    def before(self, shown: str) -> str:
        """Return what parts a piece from the one before it: nothing, a space or a line's end."""
        a, b, c, d, *place = _times(self._line, self._page)
        height, scale = abs(self._size) * hypot(c, d), hypot(a, b) or 1.0
        last, length = self._last, self._length
        right, up = place
        self._last, self._length = (right, up), _width(shown) * height
        if last is None or not height:
            return ""
        across, along = right - last[0], up - last[1]
        beside = abs(across * b - along * a) / scale
        behind = (across * a + along * b) / scale
        if beside == behind == 0:
            # Shown without moving: it stands behind what was shown there before.
            self._length += length
            return ""
        if beside > NEXT_LINE * height or behind < 0:
            return "\n"
        return " " if behind - length > max(SPACE * height, DOUBT * length) else ""


def _numbers(operands: Sequence[object]) -> list[float]:
    found = []
    for one in operands:
        try:
            found.append(float(str(one)))
        except ValueError:
            continue
    return found


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _width(shown: str) -> float:
    """Estimate how long a piece is, in heights: a letter of Japanese is as wide as it is high."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in shown)
