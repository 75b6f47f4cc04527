"""A field that completes what is typed, from what the core knows: banks, branches, addresses."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from todoke.client import CoreError
from todoke.v1.procedures_pb2 import (
    SUGGESTION_KIND_BRANCH,
    SuggestAnswersRequest,
    Suggestion,
    SuggestionKind,
)
from tui.desk import Desk
from tui.questions.line import Line

MOST = 8
LONGEST = 60


class Suggested(Vertical):
    """The list stands under the field: up and down go through it, enter takes one of it.

    `bank` tells within which bank a branch is looked for. `value` is what was taken; empty while
    what is typed was not taken from the list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
    ]

    class Taken(Message):
        """One of the list was taken, or enter was pressed where there is none."""

        def __init__(self, field: str, suggestion: Suggestion | None) -> None:
            super().__init__()
            self.field = field
            self.suggestion = suggestion

    def __init__(
        self,
        desk: Desk,
        field: str,
        kind: "SuggestionKind.ValueType",
        label: str,
        *,
        value: str = "",
        written: str = "",
        hint: str = "",
        bank: Callable[[], str] = str,
    ) -> None:
        super().__init__(classes="suggested")
        self._desk = desk
        self._field = field
        self._kind = kind
        self._label = label
        self._hint = hint
        self._bank = bank
        self._first = written or value
        self._taken_as = self._first if value else ""
        self._offered: Sequence[Suggestion] = ()
        self.value = value

    def compose(self) -> ComposeResult:
        yield Line(self._field, self._label, self._first, hint=self._hint, limit=LONGEST)
        options = OptionList(compact=True, markup=False)
        # Typing goes on in the field; tab goes past the list, also while nothing is offered yet.
        options.can_focus = options.display = False
        yield options

    @property
    def written(self) -> str:
        return self.query_one(Line).value

    def clear(self) -> None:
        """Forget what was typed and taken."""
        self.value = self._taken_as = ""
        self.query_one(Input).value = ""

    def show(self, written: str, value: str) -> None:
        """Show what was taken elsewhere, without looking for it."""
        self.value, self._taken_as = value, written
        self.query_one(Input).value = written
        self._offer(())

    @on(Input.Changed)
    def look(self, event: Input.Changed) -> None:
        event.stop()
        written = event.value.strip()
        if written and written == self._taken_as:
            return
        self.value = ""
        self.find(written)

    @work(exclusive=True, group="suggest")
    async def find(self, written: str) -> None:
        """Ask for what begins so; what the core refuses offers nothing."""
        needs_bank = self._kind == SUGGESTION_KIND_BRANCH
        bank = self._bank() if needs_bank else ""
        if not written or (needs_bank and not bank):
            self._offer(())
            return
        core = self._desk.core
        request = SuggestAnswersRequest(kind=self._kind, words=written, bank=bank, most=MOST)
        try:
            self._offer((await core.ask(core.procedures.SuggestAnswers, request)).suggestions)
        except CoreError:
            self._offer(())

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        self._take(self._offered[at] if self._offered and at is not None else None)

    @on(OptionList.OptionSelected)
    def take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(self._offered[event.option_index])

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        if not self._offered:
            (self.screen.focus_next if by > 0 else self.screen.focus_previous)()
        elif options.highlighted is not None:
            options.highlighted = (options.highlighted + by) % len(self._offered)

    def _take(self, suggestion: Suggestion | None) -> None:
        if suggestion is not None:
            self.show(suggestion.label, suggestion.value)
        self.post_message(self.Taken(self._field, suggestion))

    def _offer(self, offered: Sequence[Suggestion]) -> None:
        self._offered = offered
        options = self.query_one_optional(OptionList)
        if options is None:  # The question was gone on from while the core was asked.
            return
        options.clear_options()
        options.add_options([Option(one.label) for one in offered])
        options.display = bool(offered)
        if offered:
            options.highlighted = 0
