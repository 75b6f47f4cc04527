"""Both writings of a fact under one another, and under what differs a sign, never colour alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui.formats import fit
from tui.letters import Letter, Pair, letters, pairs
from tui.widgets.letter_diff import DIFFERENT, SAME

NOTHING = "·"
"""Where one side has no character."""

UNDER_DIFFERENT = "^"
UNDER_STAND_IN = "*"
LABEL_CELLS = 15
DIFFERS = "reverse underline"


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two writings are called, and what is said where they agree."""

    ours: str
    theirs: str
    both: str

    @property
    def cells(self) -> int:
        return max(cell_len(side) for side in (self.ours, self.theirs, self.both))


def side_by_side(
    label: str, sides: Sides, ours: str, theirs: str, *, width: int, flags: str = ""
) -> Content:
    """Draw a fact in one line where both agree, else in three: ours, theirs, and the signs."""
    together = pairs(letters(ours), letters(theirs, flags))
    head = fit(f"{SAME if ours == theirs else DIFFERENT} {label}", LABEL_CELLS)
    indent = LABEL_CELLS + sides.cells + 1
    plain = ours == theirs and not any(pair.stands_in for pair in together)
    lines = []
    for part in _parts(together, width - indent):
        our_line, their_line = _drawn(part, ours=True), _drawn(part, ours=False)
        if plain:
            lines.append(_line(head, sides.both, sides.cells, our_line))
        else:
            lines.append(_line(head, sides.ours, sides.cells, our_line))
            lines.append(_line("", sides.theirs, sides.cells, their_line))
        signs = "".join(_under(pair) * pair.cells for pair in part).rstrip()
        if signs:
            lines.append(Content(" " * indent + signs))
        head = ""
    return Content("\n").join(lines)


def code_points(ours: str, theirs: str) -> list[str]:
    """Tell each pair of characters that differ by its code points, blanks after what is seen."""
    apart = [
        (pair.ours, pair.theirs)
        for pair in pairs(letters(ours), letters(theirs))
        if pair.ours is not None and pair.theirs is not None and not pair.same
    ]
    apart.sort(key=lambda both: both[0].text.isspace() or both[1].text.isspace())
    return [f"{a.drawn} {a.points} {DIFFERENT} {b.drawn} {b.points}" for a, b in apart]


def _parts(together: Sequence[Pair], width: int) -> Iterator[Sequence[Pair]]:
    """Break the pairs into lines of at most `width` cells; one line even where there are none."""
    start, cells = 0, 0
    for at, pair in enumerate(together):
        if cells + pair.cells > width:
            yield together[start:at]
            start, cells = at, 0
        cells += pair.cells
    yield together[start:]


def _line(head: str, side: str, side_cells: int, text: Content) -> Content:
    return Content.assemble(
        (fit(head, LABEL_CELLS), "bold"), (fit(side, side_cells + 1), "dim"), text
    )


def _drawn(part: Sequence[Pair], *, ours: bool) -> Content:
    shown = []
    for pair in part:
        letter: Letter | None = pair.ours if ours else pair.theirs
        cells = NOTHING * pair.cells if letter is None else fit(letter.drawn, pair.cells)
        shown.append(Content(cells) if pair.same else Content.styled(cells, DIFFERS))
    return Content("").join(shown)


def _under(pair: Pair) -> str:
    if not pair.same:
        return UNDER_DIFFERENT
    return UNDER_STAND_IN if pair.stands_in else " "
