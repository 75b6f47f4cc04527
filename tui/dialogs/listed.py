"""A list that staff bring as a file, in a dialog: what is wrong with it, row by row."""

from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from todoke.v1.rosters_pb2 import RosterProblem
from tui.desk import Desk
from tui.dialogs.problems import ask_save, problem_cells
from tui.files import written_path
from tui.widgets.live_table import LiveTable

Result = TypeVar("Result")


class ListDialog(ModalScreen[Result]):
    """Subclasses compose a `#path`, the table of problems, and where there is room a `#problem`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("s", "save", show=False),
    ]
    AUTO_FOCUS = "#path"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self.problems = list[RosterProblem]()
        """What was found to be wrong with the list."""

    @property
    def path(self) -> Path:
        """The file, as it is typed."""
        return written_path(self.query_one("#path", Input).value)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Save the problems as a file that a spreadsheet reads."""
        if self.problems:
            await self.app.push_screen_wait(ask_save(self._words, self.problems))

    @on(LiveTable.Highlighted)
    def show_whole(self) -> None:
        """Say the whole of what the row under the cursor has no room for."""
        room = self.query_one_optional("#problem", Static)
        table: LiveTable[RosterProblem] = self.query_one(LiveTable)
        if room is not None:
            chosen = table.selected
            room.update(problem_cells(self._words, chosen)[-1] if chosen is not None else "")
