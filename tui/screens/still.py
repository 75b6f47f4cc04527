"""A list whose every look is written into the audit log: it is read again only when asked."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from todoke.v1.activity_pb2 import Event
from tui.desk import Desk
from tui.screens.leaf import Leaf

Row = TypeVar("Row")


class Still(Leaf[Row]):
    """What others change is said in the heading; the rows stay until `r` is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "read_again", "key.read_again")]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._behind = False

    async def read(self) -> None:
        if self._fresh:
            self._behind = False
        await super().read()

    def changed(self, events: Sequence[Event]) -> None:
        """Say that it is not as it was, unless it was us, who read anew at once."""
        me = f"staff:{self.desk.person.staff.name}" if self.desk.person else ""
        if any(event.actor != me for event in events):
            self._behind = True
            self.show_heading()

    def show_heading(self) -> None:
        behind = self.words("behind") if self._behind else ""
        self.query_one("#heading", Static).update(" ".join(filter(None, (self.heading(), behind))))

    def action_read_again(self) -> None:
        self.touch()
