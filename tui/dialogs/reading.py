"""A text that a resident is read, or signs on paper, before anything about them is typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from todoke.v1.residents_pb2 import ConsentText
from tui.wording import Words


class ReadingDialog(ModalScreen[bool]):
    """Ends with whether the resident agreed to the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#reading"

    def __init__(self, words: Words, text: ConsentText) -> None:
        super().__init__()
        self._words = words
        self._text = text

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog -wide"):
            title = words("reading.title", version=self._text.version)
            yield Label(title, classes="dialog-title", markup=False)
            yield Static(words("reading.about"), classes="dialog-about", markup=False)
            with VerticalScroll(id="reading"):
                yield Static(self._text.text, id="reading-text", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("reading.safe"), id="safe", compact=True)
                yield Button(words("reading.act"), id="act", compact=True, variant="primary")
            yield Static(words("reading.keys"), classes="dialog-keys")

    @on(Button.Pressed, "#safe")
    def action_leave(self) -> None:
        self.dismiss(result=False)

    @on(Button.Pressed, "#act")
    def agreed(self) -> None:
        self.dismiss(result=True)
