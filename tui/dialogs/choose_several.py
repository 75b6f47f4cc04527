"""Some of a list, ticked with space; enter takes them. A long list is narrowed by typing."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, SelectionList, Static
from textual.widgets.selection_list import Selection

from tui.dialogs.choose import fits
from tui.widgets.tick import Ticks
from tui.wording import Words

LONG = 12
"""A list of more than this is narrowed by what is typed."""

NOTHING = ""
"""The value of the line that says that nothing fits; it cannot be ticked."""


class Ticked(Ticks):
    """Enter takes what is ticked; space ticks."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.take", show=False)]


class ChooseSeveral(ModalScreen[list[str] | None]):
    """`choices` as (label, value); ends with the values in the list's order, or None if left.

    Where there must be one, enter takes the row under the cursor if nothing is ticked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "to_list", show=False),
    ]

    def __init__(
        self,
        words: Words,
        title: str,
        choices: Sequence[tuple[str, str]],
        *,
        chosen: Sequence[str] = (),
        about: str = "",
        must: bool = False,
    ) -> None:
        super().__init__()
        self._words = words
        self._title = title
        self._choices = choices
        self._chosen = set(chosen)
        self._about = about
        self._must = must

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._title, classes="dialog-title", markup=False)
            yield Static(self._about, classes="dialog-about", markup=False)
            if len(self._choices) > LONG:
                hint = self._words("choose.narrow_several")
                yield Input(placeholder=hint, id="narrow", compact=True)
            yield Ticked(id="several", compact=True)
            yield Static(self._words("choose.several_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self._show("")
        self.query_one("#narrow" if len(self._choices) > LONG else Ticked).focus()

    @on(Input.Changed, "#narrow")
    def narrow(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted, "#narrow")
    def go_on(self) -> None:
        """Go to the list, but where nothing in it fits: then there is more to type."""
        ticked = self.query_one(Ticked)
        if ticked.highlighted is not None:
            ticked.focus()

    def action_to_list(self) -> None:
        """Go from the field to the row after the one that stands out while somebody types."""
        ticked = self.query_one(Ticked)
        if ticked.highlighted is not None:
            ticked.focus()
            ticked.action_cursor_down()

    @on(SelectionList.SelectionToggled)
    def tick(self, event: SelectionList.SelectionToggled[str]) -> None:
        self._chosen ^= {str(event.selection.value)}

    def action_take(self) -> None:
        ticked = self.query_one(Ticked)
        if self._must and not self._chosen and ticked.highlighted is not None:
            self._chosen.add(str(ticked.get_option_at_index(ticked.highlighted).value))
        self.dismiss([value for _, value in self._choices if value in self._chosen])

    def action_leave(self) -> None:
        self.dismiss(None)

    def _show(self, part: str) -> None:
        ticked = self.query_one(Ticked)
        ticked.clear_options()
        ticked.add_options(
            Selection(Content(label), value, value in self._chosen)
            for label, value in self._choices
            if fits(part, label)
        )
        if ticked.option_count:
            ticked.highlighted = 0
        else:
            said = self._words("choose.nothing")
            ticked.add_option(Selection(Content(said), NOTHING, disabled=True))
