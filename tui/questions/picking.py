"""Boxes in which one, several, or some of a thing are picked from a list."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.widgets.selection_list import Selection

from todoke.v1.procedures_pb2 import Answer, Choice, ChosenValues, GivenSlot
from tui.questions.box import Box, Unfit
from tui.questions.line import Line
from tui.widgets.tick import Ticks


class Options(OptionList):
    """A list whose first nine lines are chosen by their number too."""

    async def on_key(self, event: events.Key) -> None:
        if event.key.isdecimal() and 0 < int(event.key) <= self.option_count:
            event.stop()
            self.highlighted = int(event.key) - 1
            self.action_select()


class Several(Ticks):
    """A list to tick with space; enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "done", show=False)]

    def action_done(self) -> None:
        self.post_message(Box.Done())


class ChoiceBox(Box):
    """One of the choices: its number, or the arrows and enter."""

    def compose(self) -> ComposeResult:
        options = [
            Option(f"{number}  {self._label(one)}", id=one.value, disabled=one.full)
            for number, one in enumerate(self.prompt.choices, start=1)
        ]
        yield Options(*options, id="part-choice", classes="part", compact=True, markup=False)

    def on_mount(self) -> None:
        chosen = self.current.choice or self.current.slot.value
        values = [one.value for one in self.prompt.choices]
        at = values.index(chosen) if chosen in values else 0
        self.query_one(Options).highlighted = at

    def given(self) -> Answer:
        return Answer(choice=self._value())

    @on(OptionList.OptionSelected)
    def go_on(self) -> None:
        self.post_message(self.Done())

    def _value(self) -> str:
        options = self.query_one(Options)
        if options.highlighted is None:
            raise Unfit("required")
        return self.prompt.choices[options.highlighted].value

    def _label(self, choice: Choice) -> str:
        full = self.words("question.full") if choice.full else ""
        return "  ".join(filter(None, (choice.label, choice.help, full)))


class SlotBox(ChoiceBox):
    """One of the slots, and how many of it."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        most = self.prompt.input.slot.most
        if most > 1:
            hint = self.words("question.between", first=1, last=most)
            given = str(self.current.slot.quantity or 1)
            yield Line("quantity", self.words("question.quantity"), given, hint=hint)

    def given(self) -> Answer:
        lines = self.query(Line)
        written = lines.first().value if lines else "1"
        if not written.isdecimal() or int(written) > 100:
            raise Unfit("not_a_number", "quantity")
        return Answer(slot=GivenSlot(value=self._value(), quantity=int(written)))

    @on(OptionList.OptionSelected)
    def go_on(self) -> None:
        lines = self.query(Line)
        if lines:
            lines.first().input.focus()
        else:
            self.post_message(self.Done())

    @on(Input.Submitted)
    def counted(self) -> None:
        self.post_message(self.Done())


class ChoicesBox(Box):
    """Some of the choices, ticked with space."""

    def compose(self) -> ComposeResult:
        chosen = set(self.current.choices.values)
        yield Several(
            *(
                Selection("  ".join(filter(None, (one.label, one.help))), one.value,
                          one.value in chosen)
                for one in self.prompt.choices
            ),
            id="part-choices",
            classes="part",
            compact=True,
        )  # fmt: skip

    def given(self) -> Answer:
        wanted, chosen = self.prompt.input.choices, self.query_one(Several).selected
        if len(chosen) < wanted.least:
            raise Unfit("too_few", limit=str(wanted.least))
        if wanted.most and len(chosen) > wanted.most:
            raise Unfit("too_many", limit=str(wanted.most))
        ordered = [one.value for one in self.prompt.choices if one.value in chosen]
        return Answer(choices=ChosenValues(values=ordered))
