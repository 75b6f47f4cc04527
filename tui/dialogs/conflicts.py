"""What two towns changed both: one place after another, and whose text is to stand there."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList, Static

from todoke.v1.procedures_pb2 import SourceConflict
from tui.wording import Words

SIDES = ("before", "ours", "theirs")


class DecideConflicts(ModalScreen[list[str] | None]):
    """Ends with the places at which theirs is to stand; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("left,backspace", "back", show=False),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    AUTO_FOCUS = "OptionList"

    def __init__(self, words: Words, conflicts: Sequence[SourceConflict]) -> None:
        super().__init__()
        self._words = words
        self._conflicts = conflicts
        self._at = 0
        self._decided: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(id="sides")
            yield OptionList(
                *(self._words(f"conflict.take_{side}") for side in SIDES[1:]),
                compact=True,
                markup=False,
            )
            yield Label(self._words("conflict.keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self._show()

    @on(OptionList.OptionSelected)
    def decide(self, event: OptionList.OptionSelected) -> None:
        self._decided[self._conflicts[self._at].path] = SIDES[1:][event.option_index]
        if self._at + 1 < len(self._conflicts):
            self._at += 1
            self._show()
        else:
            theirs = [path for path, side in self._decided.items() if side == "theirs"]
            self.dismiss(theirs)

    def action_back(self) -> None:
        if self._at:
            self._at -= 1
            self._show()

    def action_page(self, direction: int) -> None:
        body = self.query_one(VerticalScroll)
        body.scroll_relative(y=direction * max(body.size.height - 1, 1), animate=False)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _show(self) -> None:
        conflict = self._conflicts[self._at]
        title = self._words(
            "conflict.title", number=self._at + 1, count=len(self._conflicts), path=conflict.path
        )
        self.query_one(".dialog-title", Label).update(title)
        self.query_one("#sides", Static).update(sides_of(self._words, conflict))
        self.query_one(VerticalScroll).scroll_home(animate=False)
        decided = self._decided.get(conflict.path, "ours")
        self.query_one(OptionList).highlighted = SIDES[1:].index(decided)


def sides_of(words: Words, conflict: SourceConflict) -> Content:
    """Return the three texts of a place under one another, each by whose it is."""
    lines = []
    for side in SIDES:
        text = str(getattr(conflict, side)).strip() or words("none")
        lines.append(Content.assemble((f"  {words(f'conflict.{side}')} ", "dim"), text))
    return Content("\n").join(lines)
