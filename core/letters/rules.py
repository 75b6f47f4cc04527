"""Why no letter is printed, the number of one that is, and what its envelope shows of it."""

from dataclasses import dataclass

from core.errors import NotNow

SLACK = 235 - 210, 120 - 99
"""By how many mm A4 folded in three slides in an envelope 長形3号, across and down."""


class NothingToPrint(NotNow):
    reason = "NOTHING_TO_PRINT"


@dataclass(frozen=True, slots=True)
class Window:
    """The window of envelopes 長形3号 (235 × 120 mm), in mm from their left and top.

    The contract keeps it clear of the text of a letter, and large enough for an address.
    """

    left: int = 20
    top: int = 12
    width: int = 90
    height: int = 45

    @property
    def always_shown(self) -> dict[str, int]:
        """What it shows of a sheet wherever that slides to, in mm from the sheet's left and top."""
        across, down = SLACK
        return {
            "left": self.left,
            "top": self.top,
            "width": self.width - across,
            "height": self.height - down,
        }


USUAL_WINDOW = Window()


def number_of(print_id: str, position: int, *, code: str = "") -> str:
    """Return what stands on a letter: its printing and its place there, after a program's code."""
    number = f"{print_id[:6]}-{position:05d}"
    return (f"{code}-{number}" if code else number).upper()
