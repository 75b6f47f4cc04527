"""A list that is opened from another screen, to which escape goes back."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType

from tui.screens.list_screen import ListScreen

Row = TypeVar("Row")


class Leaf(ListScreen[Row]):
    """Lies on the screen it was opened from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "key.back")]

    def action_back(self) -> None:
        if self.query_one("#filter").display:
            super().action_back()
        else:
            self.dismiss()
