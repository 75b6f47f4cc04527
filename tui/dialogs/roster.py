"""Taking a roster: look at what is wrong row by row and at what changes, then all or nothing."""

from collections.abc import Sequence
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, ProgressBar, Static

from todoke.client import CoreError
from todoke.v1.eligibility_pb2 import Program
from todoke.v1.rosters_pb2 import (
    ColumnMapping,
    ReplaceRosterHeader,
    RosterHeader,
    RosterProblem,
    RosterProgress,
)
from tui import formats, mappings, sending
from tui.desk import Desk, request_id
from tui.dialogs.listed import ListDialog
from tui.dialogs.mapping import MappingDialog
from tui.dialogs.problems import problems_table
from tui.dialogs.roster_words import found
from tui.files import FileTrouble, size_of
from tui.widgets.live_table import LiveTable


class RosterDialog(ListDialog[sending.Read | None]):
    """Ends with what was taken, or None where nothing was.

    Where the program has a roster the new one takes its place, after its difference was shown.
    """

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program
        self._replacing = program.HasField("roster")
        self._request_id = request_id()
        self._mapping: ColumnMapping | None = None
        self._read: sending.Read | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        words = self._words
        how = "replace" if self._replacing else "import"
        with Vertical(classes="dialog -wide"):
            title = words(f"roster.title_{how}", title=self._program.title)
            yield Label(title, classes="dialog-title", markup=False)
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.path"))
                yield Input(placeholder=words("roster.path_hint"), id="path", compact=True)
            with Horizontal(classes="dialog-field", id="reason-line"):
                yield Label(words("field.reason"))
                yield Input(placeholder=words("hint.reason"), id="reason", compact=True)
            yield ProgressBar(id="progress", show_eta=False)
            yield Static(words(f"roster.begin_{how}"), id="found", markup=False)
            yield problems_table(words)
            yield Static(id="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("roster.leave"), id="safe", compact=True)
                yield Button(words("roster.columns"), id="columns", compact=True)
                yield Button(words("roster.look"), id="look", compact=True, variant="primary")
                yield Button(words(f"roster.{how}"), id="take", compact=True, disabled=True)
            yield Static(words("roster.keys"), classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one("#reason-line").display = self._replacing

    def action_leave(self) -> None:
        if not self._busy:
            self.dismiss(None)

    @on(Button.Pressed, "#safe")
    def leave(self) -> None:
        self.action_leave()

    @on(Input.Changed, "#path")
    def forget_the_look(self) -> None:
        self.query_one("#take", Button).disabled = True
        self._mapping = self._read = None
        self.problems = []

    @on(Input.Submitted, "#path")
    @on(Button.Pressed, "#look")
    def look(self) -> None:
        self._send(preview=True)

    @on(Input.Submitted, "#reason")
    def to_the_button(self) -> None:
        self.query_one("#take").focus()

    @on(Button.Pressed, "#take")
    def take(self) -> None:
        self._send(preview=False)

    @on(Button.Pressed, "#columns")
    @work(exclusive=True, group="map")
    async def map_columns(self) -> None:
        """Show what each column holds; with the mapping that comes of it the file is looked at."""
        path = self.path
        try:
            size_of(path)
            answer = await sending.inspect(self._desk.core, path)
            kept = await mappings.kept(self._desk.core, answer)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
            return
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
            return
        mapping = await self.app.push_screen_wait(MappingDialog(self._desk, path, answer, kept))
        if mapping is not None:
            self._mapping = mapping
            self._send(preview=True)

    def _send(self, *, preview: bool) -> None:
        if not self._busy:
            self._busy = True
            self.send(self.path, preview=preview)

    @work(exclusive=True, group="send")
    async def send(self, path: Path, *, preview: bool) -> None:
        """Send the file, to look or to take; what stands in the way is said and nothing changes."""
        bar = self.query_one(ProgressBar)
        try:
            size = size_of(path)
            bar.update(total=size, progress=0)
            self._say(self._words("roster.looking" if preview else "roster.taking"))
            read = await self._mapped(path, size, preview=preview)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
            if not preview:
                self.query_one("#take", Button).disabled = error.reason in {
                    "ROSTER_DIFFERENCE_CHANGED",
                    "ROSTER_EXISTS",
                }
            if error.reason in mappings.COLUMNS_IN_THE_WAY:
                self.query_one("#columns").focus()
        else:
            if not preview:
                self.dismiss(read)
                return
            bar.update(progress=size)
            self._show(read)
        finally:
            self._busy = False

    async def _mapped(self, path: Path, size: int, *, preview: bool) -> sending.Read:
        """Send the file; where its columns are not understood, by the kept mapping that fits it."""
        try:
            return await self._sent(path, size, preview=preview)
        except CoreError as error:
            if self._mapping is not None or error.reason not in mappings.COLUMNS_IN_THE_WAY:
                raise
            self._mapping = await mappings.fitting(self._desk.core, path)
            if self._mapping is None:
                raise
        return await self._sent(path, size, preview=preview)

    async def _sent(self, path: Path, size: int, *, preview: bool) -> sending.Read:
        core, mapping = self._desk.core, self._mapping.mapping_id if self._mapping else ""
        id = request_id() if preview else self._request_id
        if not self._replacing:
            header = RosterHeader(
                program_id=self._program.program_id,
                file_name=path.name[:255],
                preview=preview,
                request_id=id,
                mapping_id=mapping,
                file_size=size,
            )
            return await sending.take(core, path, header, self._show_progress)
        looked = self._read.difference if self._read is not None and not preview else None
        replacing = ReplaceRosterHeader(
            program_id=self._program.program_id,
            file_name=path.name[:255],
            mapping_id=mapping,
            difference_hash=looked.difference_hash if looked else "",
            reason=self.query_one("#reason", Input).value.strip() if looked else "",
            request_id=id,
            file_size=size,
        )
        return await sending.replace(core, path, replacing, self._show_progress)

    def _show_progress(self, told: RosterProgress) -> None:
        self.query_one(ProgressBar).update(progress=told.bytes)
        rows = formats.count(told.rows)
        self.query_one("#found", Static).update(self._words("roster.reading", rows=rows))

    def _show(self, read: sending.Read) -> None:
        self._read, self.problems = read, read.problems
        name = formats.plain(self._mapping.name) if self._mapping is not None else ""
        by = [self._words("roster.by_mapping", name=name)] if name else []
        self._say("\n".join([found(self._words, read), *by]), read.problems)
        take = self.query_one("#take", Button)
        take.disabled = bool(read.problem_count)
        if read.problems:
            self.query_one(LiveTable).focus()
        elif self._replacing:
            self.query_one("#reason").focus()
        else:
            take.focus()

    def _say(self, text: str, problems: Sequence[RosterProblem] = ()) -> None:
        self.query_one("#found", Static).update(text)
        table = self.query_one(LiveTable)
        table.display = bool(problems)
        keys = "roster.keys_problems" if problems else "roster.keys"
        self.query_one(".dialog-keys", Static).update(self._words(keys))
        table.show(problems, complete=True)
