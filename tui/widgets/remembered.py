"""A field that offers what was written into it before: up and down go through it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class Remembered(Input):
    """`before` is what was written, the last first; it begins with that, ready to be sent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "recall(1)", show=False),
        Binding("down", "recall(-1)", show=False),
    ]

    def __init__(self, before: Sequence[str], *, id: str, placeholder: str) -> None:
        first = before[0] if before else ""
        super().__init__(first, id=id, placeholder=placeholder, compact=True)
        self._before = before
        self._at = 0

    def action_recall(self, by: int) -> None:
        if self._before:
            self._at = (self._at + by) % len(self._before)
            self.value = self._before[self._at]
            self.cursor_position = len(self.value)
