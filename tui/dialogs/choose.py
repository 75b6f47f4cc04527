"""One of a list, chosen with the arrows and enter; a long list is narrowed by what is typed."""

import unicodedata
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option


class Choose(ModalScreen[str | None]):
    """`choices` as (label, value); ends with the value, or None where it was left.

    With a `hint` there is a field to type part of a label into; `nothing` is said where none fits,
    and the value `always` stays whatever is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        *,
        chosen: str = "",
        hint: str = "",
        nothing: str = "",
        always: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._shown = list(choices)
        self._chosen = chosen
        self._hint = hint
        self._nothing = nothing
        self._always = always

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(self._title, classes="dialog-title", markup=False)
            if self._hint:
                yield Input(placeholder=self._hint, id="narrow", compact=True)
            yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        self._show()
        self.query_one("#narrow" if self._hint else OptionList).focus()

    @on(Input.Changed, "#narrow")
    def narrow(self, event: Input.Changed) -> None:
        self._shown = [
            (label, value)
            for label, value in self._choices
            if fits(event.value, label) or (self._always and value == self._always)
        ]
        self._show()

    @on(Input.Submitted, "#narrow")
    def take(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._shown[at][1])

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index][1])

    def action_move(self, by: int) -> None:
        """Go through the list while somebody types above it."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            last = len(self._shown) - 1
            options.highlighted = max(0, min(last, options.highlighted + by))

    def action_leave(self) -> None:
        self.dismiss(None)

    def _show(self) -> None:
        options, values = self.query_one(OptionList), [value for _, value in self._shown]
        options.clear_options()
        options.add_options([Option(label, id=value or "none") for label, value in self._shown])
        if self._shown:
            options.highlighted = values.index(self._chosen) if self._chosen in values else 0
        elif self._nothing:
            options.add_option(Option(self._nothing, disabled=True))


def fits(part: str, label: str) -> bool:
    """Whether what is typed is part of a label, in any width and case and script of digits."""
    return _folded(part.strip()) in _folded(label)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(map(_as_digit, plain))


def _as_digit(character: str) -> str:
    """Return a numeral of Chinese as the digit: towns are written with either."""
    value = unicodedata.numeric(character, 0)
    return f"{value:.0f}" if value in range(1, 10) else character
