"""A program's rosters, newest first, and what became of whom between two of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.eligibility_pb2 import PROGRAM_STATE_OPEN, Program, Roster
from todoke.v1.rosters_pb2 import ListRostersRequest
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.roster import RosterDialog
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.roster_differences import DifferencesScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


async def take_roster(screen: Acting, program: Program) -> None:
    """Import the program's roster, or put one in its place; say what was taken."""
    read = await screen.app.push_screen_wait(RosterDialog(screen.desk, program))
    if read is not None:
        done = "replaced" if program.HasField("roster") else "imported"
        rows, total = formats.count(read.roster.rows), formats.count(read.roster.total)
        screen.tell(screen.words(f"done.roster.{done}", rows=rows, total=total))
        screen.touch()


class RostersScreen(Acting, Leaf[Roster]):
    SUBJECT = "rosters"
    KINDS: ClassVar[tuple[str, ...]] = ("roster.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("import_roster", "differences"), roles.ELIGIBILITY
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "import_roster", "key.import"),
        Binding("d", "differences", "key.differences"),
    ]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program

    def table(self) -> LiveTable[Roster]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.version"), 4, right=True),
                Column(words("column.file_name"), 16, grow=1),
                Column(words("column.rows"), 8, right=True),
                Column(words("column.total"), 16, right=True),
                Column(words("column.imported_at"), 11),
                Column(words("column.state"), 12),
            ],
            key=lambda roster: roster.roster_id,
            cells=self._cells,
            empty=words("empty.rosters"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Roster]:
        core = self.desk.core
        request = ListRostersRequest(
            program_id=self._program.program_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.rosters.ListRosters, request)
        if not token and answer.rosters:
            self._program.roster.CopyFrom(answer.rosters[0])
        return Page(answer.rosters, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.rosters", title=self._program.title)

    def panel(self, row: Roster) -> Content:
        return Content("\n").join(
            [
                self.facts(("fact.roster", formats.plain(row.file_name))),
                self.facts(
                    ("fact.encoding", row.encoding),
                    ("fact.replaced_at", formats.moment(row.replace_time)),
                ),
                self.facts(("fact.hash", row.content_hash)),
            ]
        )

    def why_not(self, action: str) -> str | None:
        if action == "import_roster" and self._program.state != PROGRAM_STATE_OPEN:
            return self.words("why.program_closed")
        if action == "differences" and self._before is None:
            return self.words("why.no_roster_before")
        return None

    @work(group="act", exclusive=True)
    async def action_import_roster(self) -> None:
        await take_roster(self, self._program)

    def action_differences(self) -> None:
        if self.row is not None and self._before is not None:
            self.app.push_screen(DifferencesScreen(self.desk, self._before, self.row))

    @property
    def _before(self) -> Roster | None:
        """The roster in whose place the one under the cursor came."""
        rows = self.listing.rows
        at = next((i for i, row in enumerate(rows) if row is self.row), len(rows))
        return rows[at + 1] if at + 1 < len(rows) else None

    def _cells(self, roster: Roster) -> Sequence[Cell]:
        words, replaced = self.words, bool(roster.replace_time.seconds)
        state = words("roster_state.replaced" if replaced else "roster_state.in_force")
        return (
            str(roster.version or 1),
            roster.file_name,
            formats.count(roster.rows),
            words("yen", amount=formats.count(roster.total)),
            formats.moment(roster.import_time),
            Toned(state, "quiet" if replaced else "good"),
        )
