"""A single-use code as it is handed over: large, in groups, as a QR code, with its end."""

from typing import ClassVar

from google.protobuf.timestamp_pb2 import Timestamp
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from tui import formats
from tui.widgets.qr import qr
from tui.wording import Words

GROUP = 5
TO_WIDE = 0xFEE0
"""From a letter or digit to the same, twice as wide."""


class CodeDialog(ModalScreen[None]):
    """`what` names the texts: the title, and what the code is for.

    The QR code holds the link where there is one, else the code.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", show=False)]
    AUTO_FOCUS = "#close"

    def __init__(
        self, words: Words, what: str, *, name: str, code: str, end: Timestamp, link: str = ""
    ) -> None:
        super().__init__()
        self._words = words
        self._what = what
        self._name = name
        self._code = code
        self._drawn = link or code
        self._end = end

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog"):
            title = words(f"code.{self._what}.title", name=self._name)
            yield Label(title, classes="dialog-title", markup=False)
            with Horizontal(id="code-body"):
                yield Static(qr(self._drawn), id="code-qr")
                with Vertical(id="code-words"):
                    yield Static(_large(self._code), id="code-large")
                    yield Static(grouped(self._code), id="code-grouped", markup=False)
                    time = formats.moment(self._end)
                    end = words.find(f"code.{self._what}.end", time=time)
                    yield Static(end or words("code.end", time=time), id="code-end", markup=False)
                    yield Static(words(f"code.{self._what}.how"), markup=False)
            yield Button(words("close"), id="close", compact=True, variant="primary")

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        self.dismiss(None)


def grouped(code: str) -> str:
    """Write the code in groups, as it is read aloud."""
    return " - ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _large(code: str) -> Content:
    wide = "".join(chr(ord(c) + TO_WIDE) if "!" <= c <= "~" else c for c in code)
    lines = (" ".join(wide[at : at + GROUP]) for at in range(0, len(wide), GROUP))
    return Content("\n\n").join(Content.styled(line, "bold") for line in lines)
