"""A procedure being written: its source, what is wrong with it, and what it asks, side by side."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb
from tui import formats, roles
from tui.desk import Desk, request_id
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.editing import NoEditor, edited
from tui.listing import Page
from tui.messages import RowsRead
from tui.questions.walk import Walk
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.leaving import ask_leave
from tui.screens.previewing import (
    AUTHOR_SECONDS,
    Preview,
    Previewer,
    ask_assumed,
    preview_text,
    previewed,
    with_conversation,
)
from tui.screens.procedure_dialogs import ask_publish
from tui.screens.walking import WalkScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

PAUSE_SECONDS = 0.4
"""After the last letter, before the source is looked at again."""


class AuthoringScreen(Acting, Leaf[pb.SourceProblem]):
    """Letters are keys while the list of faults is in focus; in the source they are written.

    No event has it read anew over what is being written; saving tells who was quicker.
    """

    SUBJECT = "authoring"
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("save", "edit", "try_out", "record", "publish", "assume"), roles.AUTHOR
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "write", "key.write"),
        Binding("e", "edit", "key.edit"),
        Binding("s", "save", "key.save_draft"),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("v", "try_out", "key.try_out"),
        Binding("a", "assume", "key.assume"),
        Binding("y", "record", "key.record_conversation"),
        Binding("p", "publish", "key.publish"),
        Binding("d", "jump", "key.jump"),
    ]

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk)
        self._key = key
        self._got: pb.GetProcedureResponse | None = None
        self._draft = pb.Draft(key=key)
        self._source = ""
        self._shown = False
        self._steps = self._replayed = 0
        self._assumed: dict[str, str] = {}
        self._preview = Preview()

    def compose_body(self) -> ComposeResult:
        yield Static(id="heading", markup=False)
        yield Input(placeholder=self.words("filter.hint"), id="filter", compact=True)
        with Horizontal(id="beside"):
            yield TextArea(id="source", show_line_numbers=True, compact=True, tab_behavior="focus")
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="preview-text")
        table = self.table()
        table.loading = True
        yield table
        yield Static(id="panel")

    def table(self) -> LiveTable[pb.SourceProblem]:
        words = self.words
        return LiveTable(
            [
                Column("", 1),
                Column(words("column.row"), 4, right=True),
                Column(words("column.column"), 3, right=True),
                Column(words("column.fault"), 40, grow=1),
            ],
            key=lambda one: f"{one.line}:{one.column}:{one.path}:{one.problem}",
            cells=self._cells,
            empty=words("empty.faults"),
            nothing_found=words("filter.nothing"),
        )

    @property
    def area(self) -> TextArea:
        return self.query_one("#source", TextArea)

    @property
    def unsaved(self) -> bool:
        return self._source != (self._draft.source or (self._got.source if self._got else ""))

    async def fetch(self, token: str) -> Page[pb.SourceProblem]:
        """Look at the source as it stands: its faults, and what it asks."""
        del token
        core = self.desk.core
        if self._got is None:
            self._got = await core.ask(
                core.procedures.GetProcedure, pb.GetProcedureRequest(key=self._key)
            )
            self._draft = self._got.draft
            self._source = self._draft.source or self._got.source
        source = self._source
        if not source.strip():
            return Page((), "")
        linted = await core.ask(
            core.procedures.LintProcedure,
            pb.LintProcedureRequest(source=source),
            seconds=AUTHOR_SECONDS,
        )
        self._steps, self._replayed = linted.steps, linted.replayed
        answers = self._preview.answers
        self._preview = await previewed(self.desk, source, self._assumed, answers)
        return Page(list(linted.problems), "")

    def heading(self) -> str:
        if self._got is None:
            return ""
        words, version = self.words, self._got.version.version
        in_force = words("heading.in_force", version=version) if version else words("none_yet")
        draft = words("heading.no_draft")
        if self._draft.HasField("save_time"):
            time = formats.moment(self._draft.save_time)
            draft = words("heading.draft", author=self._draft.author, time=time)
        faults = sum(one.severity == pb.PROBLEM_SEVERITY_ERROR for one in self.listing.rows)
        told = words("heading.linted", steps=self._steps, replayed=self._replayed, faults=faults)
        unsaved = words("heading.unsaved") if self.unsaved else ""
        return "  ".join(filter(None, (self._key, in_force, draft, unsaved, told)))

    def panel(self, row: pb.SourceProblem) -> Content:
        return Content(f"{row.path}: {row.problem}")

    @on(RowsRead)
    def show_source(self) -> None:
        if not self._shown and self._got is not None:
            self._shown = True
            self.area.load_text(self._source)
        text = preview_text(self.words, self._preview)
        self.query_one("#preview-text", Static).update(text)
        self.refresh_bindings()

    def why_not(self, action: str) -> str | None:
        if action in self.NEEDS and self._got is None:
            return self.words("why.not_read")
        if action == "jump" and self.row is None:
            return self.words("why.no_fault")
        faulty = any(one.severity == pb.PROBLEM_SEVERITY_ERROR for one in self.listing.rows)
        against = {
            "faulty": action in {"try_out", "publish", "record"} and faulty,
            "unsaved": action == "publish" and self.unsaved,
            "no_draft": action == "publish" and not self._draft.etag,
            "nothing_recorded": action == "record" and not self._preview.answers,
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    @on(TextArea.Changed, "#source")
    def look_soon(self) -> None:
        if self._shown and self.area.text != self._source:
            self._source = self.area.text
            self.show_heading()
            self.look_again()

    @work(exclusive=True, group="pause")
    async def look_again(self) -> None:
        """Wait for a pause in the typing."""
        await asyncio.sleep(PAUSE_SECONDS)
        self.touch()

    def action_write(self) -> None:
        self.area.focus()

    def action_jump(self) -> None:
        """Go to the fault in the source."""
        row = self.row
        if row is not None:
            self.area.move_cursor((max(row.line - 1, 0), max(row.column - 1, 0)), center=True)
            self.area.focus()

    def action_edit(self) -> None:
        """Lend the terminal to the person's editor; where there is none, write here."""
        line = self.row.line if self.row is not None else 1
        try:
            text = edited(self.app, self._source, line=line, name=self._key)
        except NoEditor as none:
            self.tell(self.words(none.key, **none.values), severity="warning")
            self.area.focus()
            return
        self._write(text)
        self.action_save()

    @work(group="act", exclusive=True)
    async def action_save(self) -> None:
        core = self.desk.core
        request = pb.SaveDraftRequest(
            key=self._key, source=self._source, etag=self._draft.etag, request_id=request_id()
        )
        try:
            saved = await core.ask(core.procedures.SaveDraft, request, seconds=AUTHOR_SECONDS)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        self._draft = saved.draft
        self.tell(self.words("done.procedure.draft_saved"))
        self.touch()

    @work(group="act", exclusive=True)
    async def action_try_out(self) -> None:
        """Walk through it as a resident would; the answers stay beside the source."""
        asker = Previewer(self.desk, self._source, self._assumed)
        walk = Walk(asker, self._preview.answers)
        screen = WalkScreen(self.desk, walk, about=self.words("preview.about"), rehearsal=True)
        walked = await self.app.push_screen_wait(screen)
        if walked is not None:
            if walked.refused is not None:
                self.tell(str(self.words.refusal(walked.refused)), severity="error")
            self._preview.answers = walked.answers
        self.touch()

    @work(group="act", exclusive=True)
    async def action_assume(self) -> None:
        ended = await self.ended(ask_assumed(self.desk, self._assumed))
        if ended is not None and isinstance(ended.answer, dict):
            self._assumed = ended.answer
            self.touch()

    @work(group="act", exclusive=True)
    async def action_record(self) -> None:
        """Put the conversation of the preview among those that are replayed."""
        recorded = self._preview.recorded

        async def record(_: object, __: str) -> str:
            return with_conversation(self._source, recorded)

        ask = Ask(self.words, "record_conversation", record, about=recorded)
        ended = await self.ended(ask)
        if ended is not None and isinstance(ended.answer, str):
            self._write(ended.answer)

    @work(group="act", exclusive=True)
    async def action_publish(self) -> None:
        ended = await self.ended(ask_publish(self.desk, self._draft))
        if ended is not None and isinstance(ended.answer, int):
            title = self.words("note.published")
            told = self.words("note.published_text", procedure=self._key, version=ended.answer)
            await self.app.push_screen_wait(Note(self.words, title, told))
            self.dismiss()

    def action_back(self) -> None:
        """Go from the source back to the keys; from there away, asked first if it is not saved."""
        if self.focused is self.area:
            self.live.focus()
        else:
            super().action_back()

    def ask_before_leaving(self) -> Ask | None:
        if not self.unsaved or self._got is None:
            return None
        return ask_leave(self.desk, "leave_draft", procedure=self._key)

    def _write(self, text: str) -> None:
        self._source = text
        self.area.load_text(text)
        self.show_heading()
        self.touch()

    def _cells(self, one: pb.SourceProblem) -> Sequence[Cell]:
        is_error = one.severity == pb.PROBLEM_SEVERITY_ERROR
        sign = Toned("×" if is_error else "!", "bad" if is_error else "warn")
        return sign, str(one.line), str(one.column), f"{one.path}: {one.problem}"
