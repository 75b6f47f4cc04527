"""A list that is opened from another screen, to which escape goes back."""

from typing import ClassVar, TypeVar

from textual import work
from textual.binding import Binding, BindingType

from tui.dialogs.ask import Ask
from tui.screens.list_screen import ListScreen

Row = TypeVar("Row")


class Leaf(ListScreen[Row]):
    """Lies on the screen it was opened from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "key.back")]

    def action_back(self) -> None:
        if self.query_one("#filter").display:
            super().action_back()
        elif (ask := self.ask_before_leaving()) is not None:
            self.leave_here(ask)
        else:
            self.dismiss()

    @work(group="leave", exclusive=True)
    async def leave_here(self, ask: Ask) -> None:
        if await self.app.push_screen_wait(ask) is not None:
            self.dismiss()
