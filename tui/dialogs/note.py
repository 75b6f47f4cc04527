"""The dialog that only shows: a result, a history, the help."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from tui.wording import Words


class Note(ModalScreen[None]):
    """A title and what is to be read; closed by escape or enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", show=False),
        Binding("up", "turn('up')", show=False),
        Binding("down", "turn('down')", show=False),
        Binding("pageup", "turn('page_up')", show=False),
        Binding("pagedown", "turn('page_down')", show=False),
        Binding("home", "turn('home')", show=False),
        Binding("end", "turn('end')", show=False),
    ]
    AUTO_FOCUS = "#close"

    def __init__(self, words: Words, title: str, text: str | Content) -> None:
        super().__init__()
        self._words = words
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._title, classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body"):
                yield Static(self._text, id="note", markup=False)
            yield Button(self._words("close"), id="close", compact=True, variant="primary")

    def action_turn(self, where: str) -> None:
        """Scroll what is longer than the dialog, though the button is in focus."""
        turn = getattr(self.query_one(VerticalScroll), f"scroll_{where}")
        turn(animate=False)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        self.dismiss(None)
