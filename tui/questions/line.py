"""A labelled line to type into, from which enter goes on to the next one."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label


class Line(Horizontal):
    """`field` is the part of the answer; label, hint and the unit behind it come worded."""

    def __init__(
        self,
        field: str,
        label: str,
        value: str = "",
        *,
        hint: str = "",
        limit: int = 0,
        unit: str = "",
    ) -> None:
        super().__init__(classes="dialog-field")
        self.field = field
        self._label = label
        self._value = value
        self._hint = hint
        self._limit = limit
        self._unit = unit

    def compose(self) -> ComposeResult:
        if self._label:
            yield Label(self._label, markup=False)
        yield Input(
            self._value,
            placeholder=self._hint,
            id=f"part-{self.field}",
            classes="part",
            compact=True,
            max_length=self._limit,
            select_on_focus=False,
        )
        if self._unit:
            yield Label(self._unit, classes="unit", markup=False)

    @property
    def input(self) -> Input:
        return self.query_one(Input)

    @property
    def value(self) -> str:
        return self.input.value.strip()
