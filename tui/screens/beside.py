"""A list that is changed by keys, with what comes of it beside."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui.dialogs.ask import Ask
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.leaving import ask_leave

Row = TypeVar("Row")


class Beside(Acting, Leaf[Row]):
    """Whoever leaves it with something `unsaved` is asked first, by the dialog `LEAVES`."""

    LEAVES: ClassVar[str]

    @property
    def unsaved(self) -> bool:
        """Whether something was changed that is not kept."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        yield Static(id="heading", markup=False)
        yield Input(placeholder=self.words("filter.hint"), id="filter", compact=True)
        with Horizontal(id="beside"):
            table = self.table()
            table.loading = True
            yield table
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="preview-text", markup=False)
        yield Static(id="panel")

    def show_beside(self, text: str | Content) -> None:
        self.query_one("#preview-text", Static).update(text)

    def ask_before_leaving(self) -> Ask | None:
        return ask_leave(self.desk, self.LEAVES) if self.unsaved else None
