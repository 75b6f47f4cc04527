"""One question that staff answer in an application that was filed, with the same boxes."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from todoke.client import CoreError
from todoke.v1.procedures_pb2 import Answer, Prompt
from tui.desk import Desk, request_id
from tui.dialogs.ask import Ended
from tui.dialogs.overtaken import OVERTAKEN
from tui.questions import problems
from tui.questions.box import Box, Unfit
from tui.questions.boxes import box_of


class QuestionScreen(ModalScreen[Ended | None]):
    """`answer(given, request_id)` gives it to the core; None means backed out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("pagedown", "go_on", show=False, priority=True),
        Binding("ctrl+o", "skip", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self, desk: Desk, prompt: Prompt, answer: Callable[[Answer, str], Awaitable[None]]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._prompt = prompt
        self._answer = answer
        self._request_id = request_id()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._words("walk.for_staff"), classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(self._prompt.text, id="walk-text", markup=False)
                if self._prompt.help:
                    yield Static(self._prompt.help, classes="quiet", markup=False)
                yield box_of(self._desk, self._prompt)
            yield Static(classes="dialog-error", markup=False)
            yield Static(self._words("walk.question_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Box).begin()

    @on(Box.Done)
    def action_go_on(self) -> None:
        try:
            self._give(self.query_one(Box).given())
        except Unfit as unfit:
            self._say(problems.of_typing(self._words, unfit), unfit.field)

    def action_skip(self) -> None:
        if self._prompt.optional:
            self._give(Answer(skipped=True))
        else:
            self._say(self._words("walk.not_optional"), "")

    def action_leave(self) -> None:
        self.dismiss(None)

    @work(exclusive=True, group="give")
    async def _give(self, given: Answer) -> None:
        try:
            await self._answer(given, self._request_id)
        except CoreError as error:
            if error.reason in OVERTAKEN:
                self.dismiss(Ended(refused=error))
            else:
                self._request_id = request_id()
                self._say(*problems.of_refusal(self._words, error))
        else:
            self.dismiss(Ended(answer=given))

    def _say(self, text: str, field: str) -> None:
        self.query_one(".dialog-error", Static).update(text)
        self.query_one(Box).show_wrong(field)
