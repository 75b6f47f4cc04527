"""Importing a roster: look at what is wrong row by row, then take all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, ProgressBar, Static

from todoke.client import CoreError
from todoke.v1.eligibility_pb2 import Program
from todoke.v1.rosters_pb2 import ImportedRoster, RosterHeader, RosterProblem
from tui import formats
from tui.desk import Desk, request_id
from tui.files import FileTrouble, roster_parts, size_of, written_path
from tui.widgets.live_table import Column, LiveTable
from tui.wording import Words


class RosterDialog(ModalScreen[ImportedRoster | None]):
    """Ends with the frozen roster, or None where nothing was imported."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    AUTO_FOCUS = "#path"

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._program = program
        self._request_id = request_id()
        self._busy = False

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog -wide"):
            title = words("roster.title", title=self._program.title)
            yield Label(title, classes="dialog-title", markup=False)
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.path"))
                yield Input(placeholder=words("roster.path_hint"), id="path", compact=True)
            yield ProgressBar(id="progress", show_eta=False)
            yield Static(words("roster.begin"), id="found", markup=False)
            yield LiveTable[RosterProblem](
                [
                    Column(words("column.row"), 7, right=True),
                    Column(words("column.column"), 14),
                    Column(words("column.problem"), 30, grow=1),
                ],
                key=_key,
                cells=self._cells,
                empty="",
                id="problems",
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("roster.leave"), id="safe", compact=True)
                yield Button(words("roster.look"), id="look", compact=True, variant="primary")
                yield Button(words("roster.take"), id="take", compact=True, disabled=True)
            yield Static(words("ask.keys"), classes="dialog-keys")

    def action_leave(self) -> None:
        if not self._busy:
            self.dismiss(None)

    @on(Button.Pressed, "#safe")
    def leave(self) -> None:
        self.action_leave()

    @on(Input.Changed, "#path")
    def forget_the_look(self) -> None:
        self.query_one("#take", Button).disabled = True

    @on(Input.Submitted, "#path")
    @on(Button.Pressed, "#look")
    def look(self) -> None:
        self._send(preview=True)

    @on(Button.Pressed, "#take")
    def take(self) -> None:
        self._send(preview=False)

    def _send(self, *, preview: bool) -> None:
        if not self._busy:
            self._busy = True
            self.send(written_path(self.query_one("#path", Input).value), preview=preview)

    @work(exclusive=True, group="send")
    async def send(self, path: Path, *, preview: bool) -> None:
        """Send the file, to look or to take; what stands in the way is said and nothing changes."""
        core, bar = self._desk.core, self.query_one(ProgressBar)
        header = RosterHeader(
            program_id=self._program.program_id,
            file_name=path.name[:255],
            preview=preview,
            request_id=request_id() if preview else self._request_id,
        )
        try:
            header.file_size = size_of(path)
            bar.update(total=header.file_size, progress=0)
            self._say(self._words("roster.looking" if preview else "roster.taking"))
            result, problems = ImportedRoster(), list[RosterProblem]()
            parts = roster_parts(path, header)
            async for told in core.converse(core.rosters.ImportRoster, parts):
                match told.WhichOneof("part"):
                    case "progress":
                        bar.update(progress=told.progress.bytes)
                    case "problems":
                        problems += told.problems.problems
                    case _:
                        result = told.result
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
        else:
            if not preview:
                self.dismiss(result)
                return
            self._show(result, problems)
        finally:
            self._busy = False

    def _show(self, result: ImportedRoster, problems: Sequence[RosterProblem]) -> None:
        self._say(_found(self._words, result, len(problems)), problems)
        clean = not result.problem_count
        take = self.query_one("#take", Button)
        take.disabled = not clean
        if clean:
            take.focus()

    def _say(self, text: str, problems: Sequence[RosterProblem] = ()) -> None:
        self.query_one("#found", Static).update(text)
        table = self.query_one(LiveTable)
        table.display = bool(problems)
        table.show(problems, complete=True)

    def _cells(self, problem: RosterProblem) -> Sequence[str]:
        refusal = self._words.reason(problem.reason.reason, problem.reason.metadata)
        return (str(problem.row), problem.column, f"{refusal.what} {refusal.remedy}")


def _key(problem: RosterProblem) -> str:
    return f"{problem.row}:{problem.column}:{problem.reason.reason}"


def _found(words: Words, result: ImportedRoster, listed: int) -> str:
    roster, problems = result.roster, result.problem_count
    return words(
        "roster.problems" if problems else "roster.clean",
        rows=formats.count(roster.rows),
        total=formats.count(roster.total),
        encoding=roster.encoding,
        problems=formats.count(problems),
        listed=formats.count(listed),
        hash=roster.content_hash[:16],
    )
