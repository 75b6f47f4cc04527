"""A box to tick, which shows by its sign and not by its colour alone whether it is ticked."""

from textual.widgets import Checkbox

TICKED, EMPTY = "X", " "


class Tick(Checkbox):
    """A Checkbox whose box is empty until it is ticked."""

    BUTTON_INNER = EMPTY

    def on_mount(self) -> None:
        self.BUTTON_INNER = TICKED if self.value else EMPTY

    def watch_value(self) -> None:
        self.BUTTON_INNER = TICKED if self.value else EMPTY
        super().watch_value()
