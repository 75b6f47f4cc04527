"""Going through a procedure question by question; nothing is kept before it is filed."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from todoke.client import CoreError
from todoke.v1.applications_pb2 import Application
from todoke.v1.procedures_pb2 import Answer, Prompt, Review, ReviewLine
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.questions import problems
from tui.questions.attaching import Attacher
from tui.questions.box import Box, Unfit
from tui.questions.boxes import box_of
from tui.questions.path import closed
from tui.questions.walk import ENDING, ON_PAPER, Next, Walk, Walked
from tui.screens.looking import lines_of, review_panel, review_table
from tui.widgets.live_table import LiveTable

TURNING = frozenset({"go_on", "back", "skip", "look"})  # What leads to another page.


class WalkScreen(ModalScreen[Walked | None]):
    """`about` is whose matter it is and how it came in. A `rehearsal` files nothing, ever."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("pageup", "back", show=False, priority=True),
        Binding("pagedown", "go_on", show=False, priority=True),
        Binding("ctrl+o", "skip", show=False, priority=True),
        Binding("ctrl+r", "look", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        walk: Walk,
        *,
        about: str,
        files: Attacher | None = None,
        rehearsal: bool = False,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._walk = walk
        self._about = about
        self._files = files
        self._rehearsal = rehearsal
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -wide"):
            yield Static(id="walk-title", classes="dialog-title", markup=False)
            yield Static(formats.plain(self._about), id="walk-about", markup=False)
            with VerticalScroll(id="walk-body", can_focus=False):
                yield Static(classes="dialog-error", markup=False)
            yield Static(self._words("walk.keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no key that leads on while a page is on its way: it was not meant for that one."""
        del parameters
        return not (action in TURNING and self._turns)

    @property
    def _turns(self) -> bool:
        mine = (one for one in self.workers if one.node is self and one.group == "walk")
        return not all(one.is_finished for one in mine)

    @property
    def _error(self) -> Static:
        return self.query_one(".dialog-error", Static)

    @work(exclusive=True, group="walk")
    async def begin(self) -> None:
        try:
            await self._show(await self._walk.begin())
        except CoreError as error:
            self.dismiss(Walked(self._walk.answers, refused=error))

    @on(Box.Done)
    def action_go_on(self) -> None:
        """Answer what is asked; at the end, go to what files it."""
        if self._turns:  # Enter in a box leads on as well.
            return
        boxes = self.query(Box)
        if boxes:
            try:
                self._give(boxes.first().given())
            except Unfit as unfit:
                self._say(problems.of_typing(self._words, unfit), unfit.field)
        elif self.query("#file"):
            self.query_one("#file").focus()

    @on(Box.Wrong)
    def say_wrong(self, message: Box.Wrong) -> None:
        self._say(message.text, message.field)

    @on(Box.Refused)
    def say_refused(self, message: Box.Refused) -> None:
        if message.error.reason in ENDING:
            self._refuse(message.error)
        else:
            self._say(problems.of_refusal(self._words, message.error)[0], message.field)

    @on(Box.Mended)
    def say_nothing(self) -> None:
        self._error.update("")
        self.query_one(Box).unmark()

    def action_skip(self) -> None:
        told = self._walk.told
        if not isinstance(told, Prompt) or not self.query(Box):
            return
        if told.optional:
            self._give(Answer(skipped=True))
        else:
            self._say(self._words("walk.not_optional"), "")

    @work(exclusive=True, group="walk")
    async def action_back(self) -> None:
        try:
            told = await self._walk.back()
        except CoreError as error:
            self._refuse(error)
            return
        if told is None:
            self._say(self._words("walk.first"), "")
        else:
            await self._show(told)

    @work(exclusive=True, group="walk")
    async def action_look(self) -> None:
        """Show the answers so far, to jump to one of them."""
        told = self._walk.told
        if isinstance(told, Prompt):
            lines = lines_of(self._words, self._walk)
            if lines:
                await self._show_lines(Review(title=told.title, lines=lines), filed=False)

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Ask first where something would be lost."""
        if closed(self):
            return
        if self.query("#looked") and isinstance(self._walk.told, Prompt):
            await self._show(self._walk.told)
            return
        if self._rehearsal or not self._walk.answers:
            self.dismiss(Walked(self._walk.answers) if self._rehearsal else None)
            return

        async def leave(_: object, __: str) -> None:
            """Nothing is to be done: nothing was kept."""

        about = self._words("ask.leave_walk.about", count=len(self._walk.answers))
        if self._files is not None and self._files.held:
            about = f"{about}\n{self._words('walk.files_left', count=len(self._files.held))}"
        ask = Ask(self._words, "leave_walk", leave, about=about, grave=True)
        if await self.app.push_screen_wait(ask) is not None:
            self.dismiss(None)

    @on(LiveTable.Opened)
    def change(self, message: LiveTable.Opened) -> None:
        line = message.table.selected
        if isinstance(line, ReviewLine) and not self._turns:
            self._change(line.step)

    @on(LiveTable.Highlighted)
    def show_line(self, message: LiveTable.Highlighted) -> None:
        line = message.table.selected
        panels = self.query("#walk-line")
        if panels and isinstance(line, ReviewLine):
            panels.first(Static).update(review_panel(line))

    @on(Button.Pressed, "#file")
    def file(self, event: Button.Pressed) -> None:
        event.stop()
        if self._rehearsal:
            self.dismiss(Walked(self._walk.answers))
        elif not self._busy:
            self._file()

    @work(exclusive=True, group="walk")
    async def _file(self) -> None:
        self._busy = True
        self._error.update(self._words("ask.running"))
        try:
            told = await self._walk.file()
        except CoreError as error:
            self._refuse(error)
        else:
            await self._show(told)
        finally:
            self._busy = False

    @work(exclusive=True, group="walk")
    async def _change(self, step: str) -> None:
        try:
            await self._show(await self._walk.change(step))
        except CoreError as error:
            self._refuse(error)

    @work(exclusive=True, group="walk")
    async def _give(self, answer: Answer) -> None:
        told = self._walk.told
        if not isinstance(told, Prompt):
            return
        self._error.update(self._words("ask.running"))
        try:
            await self._show(await self._walk.answer(told.step, answer))
        except CoreError as error:
            self._refuse(error)

    def _refuse(self, error: CoreError) -> None:
        if error.reason in ENDING:
            self.dismiss(Walked(self._walk.answers, refused=error))
            return
        self._say(*problems.of_refusal(self._words, error))

    def _say(self, text: str, field: str) -> None:
        self._error.update(text)
        if text:
            self._error.scroll_visible(animate=False)
        boxes = self.query(Box)
        if boxes and text:
            boxes.first().show_wrong(field)

    async def _show(self, told: Next) -> None:
        if isinstance(told, Application):
            self.dismiss(Walked(self._walk.answers, application=told))
        elif isinstance(told, Prompt):
            await self._show_prompt(told)
        elif isinstance(told, Review):
            await self._show_lines(told, filed=True)
        else:
            await self._show_closing(told)

    async def _show_prompt(self, prompt: Prompt) -> None:
        words = self._words
        number = words("walk.number", number=prompt.number, total=prompt.total)
        self._head(prompt.title, number)
        facts = "\n".join(f"{fact.label}  {fact.value}" for fact in prompt.facts)
        box = box_of(self._desk, prompt, self._files, pretends=self._rehearsal)
        kept = self._files is not None and prompt.input.WhichOneof("kind") in ON_PAPER
        optional = words("walk.on_paper" if kept else "walk.optional") if prompt.optional else ""
        await self._fill(
            Static(prompt.text, id="walk-text", markup=False),
            *([Static(facts, id="walk-facts", markup=False)] if facts else []),
            *([Static(prompt.help, classes="quiet", markup=False)] if prompt.help else []),
            *([Static(optional, classes="quiet", markup=False)] if optional else []),
            box,
        )
        box.begin()
        wrong = [problems.of_core(words, one) for one in prompt.problems]
        self._say("\n".join(wrong), prompt.problems[0].field if wrong else "")

    async def _show_lines(self, review: Review, *, filed: bool) -> None:
        self._head(review.title, self._words("walk.review" if filed else "walk.so_far"))
        table = review_table(self._words)
        parts: list[Widget] = [table, Static(id="walk-line", markup=False)]
        if filed:
            name = "walk.end_rehearsal" if self._rehearsal else "walk.file"
            button = Button(self._words(name), id="file", compact=True, variant="primary")
            parts.append(Horizontal(button, classes="dialog-buttons"))
        await self._fill(*parts)
        table.show(review.lines, complete=True)
        table.focus()

    async def _show_closing(self, text: str) -> None:
        self._head(self._words("walk.closing"), "")
        button = Button(self._words("walk.end_rehearsal"), id="file", compact=True)
        await self._fill(Static(text, markup=False), Horizontal(button, classes="dialog-buttons"))
        self.query_one("#file").focus()

    async def _fill(self, *parts: Widget) -> None:
        body = self.query_one("#walk-body", VerticalScroll)
        await body.remove_children()
        # What is wrong stands under what is answered, not at the foot of an empty screen.
        await body.mount(*parts, Static(classes="dialog-error", markup=False))
        body.scroll_home(animate=False)

    def _head(self, title: str, place: str) -> None:
        self.query_one("#walk-title", Static).update(
            "  ".join(filter(None, (formats.plain(title), place)))
        )
