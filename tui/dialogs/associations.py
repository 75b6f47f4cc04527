"""Taking associations from a list: look at every bad row first, then all of it or nothing."""

from collections.abc import Sequence
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from todoke.client import CoreError
from todoke.v1.circulars_pb2 import (
    ImportAssociationsHeader,
    ImportAssociationsResponse,
    ImportProblem,
)
from todoke.v1.rosters_pb2 import ErrorReasonDetail, RosterProblem
from tui import formats, sending
from tui.desk import Desk, request_id
from tui.dialogs.listed import ListDialog
from tui.dialogs.problems import problems_table
from tui.files import FileTrouble, size_of
from tui.widgets.live_table import LiveTable


class ImportDialog(ListDialog[ImportAssociationsResponse | None]):
    """Ends with what was taken, or None where nothing was."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._request_id = request_id()
        self._busy = False

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog -wide"):
            yield Label(words("associations.title"), classes="dialog-title")
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.path"))
                hint = words("associations.path_hint")
                yield Input(placeholder=hint, id="path", compact=True)
            yield Static(words("associations.begin"), id="found", markup=False)
            yield problems_table(words)
            yield Static(id="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("roster.leave"), id="safe", compact=True)
                yield Button(words("roster.look"), id="look", compact=True, variant="primary")
                yield Button(words("roster.import"), id="take", compact=True, disabled=True)
            yield Static(words("roster.keys"), classes="dialog-keys")

    @on(Button.Pressed, "#safe")
    def action_leave(self) -> None:
        if not self._busy:
            self.dismiss(None)

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
            self.send(self.path, preview=preview)

    @work(exclusive=True, group="send")
    async def send(self, path: Path, *, preview: bool) -> None:
        """Send the list, to look or to take; what stands in the way is said and nothing changes."""
        try:
            size_of(path)
            self._say(self._words("roster.looking" if preview else "roster.taking"))
            header = ImportAssociationsHeader(
                file_name=path.name[:255],
                preview=preview,
                request_id=request_id() if preview else self._request_id,
            )
            told = await sending.take_associations(self._desk.core, path, header)
        except FileTrouble as trouble:
            self._say(self._words(trouble.key, **trouble.values))
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
        else:
            if not preview:
                self.dismiss(told)
                return
            self._show(told)
        finally:
            self._busy = False

    def _show(self, told: ImportAssociationsResponse) -> None:
        problems = [_as_listed(one) for one in told.problems]
        text = self._words(
            "associations.problems" if problems else "associations.clean",
            associations=formats.count(told.associations),
            groups=formats.count(told.groups),
            households=formats.count(told.households),
            problems=formats.count(told.problem_count),
            listed=formats.count(len(problems)),
        )
        self._say(text, problems)
        take = self.query_one("#take", Button)
        take.disabled = bool(told.problem_count)
        self.query_one(LiveTable if problems else "#take").focus()

    def _say(self, text: str, problems: Sequence[RosterProblem] = ()) -> None:
        self.problems = list(problems)
        self.query_one("#found", Static).update(text)
        table = self.query_one(LiveTable)
        table.display = bool(problems)
        keys = "roster.keys_problems" if problems else "roster.keys"
        self.query_one(".dialog-keys", Static).update(self._words(keys))
        table.show(problems, complete=True)


def _as_listed(problem: ImportProblem) -> RosterProblem:
    """Return a problem as the table and the file of problems take it."""
    reason = ErrorReasonDetail(reason=problem.reason, metadata=problem.metadata)
    return RosterProblem(row=problem.row, column=problem.column, reason=reason)
