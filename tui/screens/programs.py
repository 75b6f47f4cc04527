"""Programs: lay one down, import its roster, match it, review what is doubtful, invite."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.eligibility_pb2 import (
    PROGRAM_STATE_OPEN,
    EntitledUnit,
    ListProgramsRequest,
    Program,
    ProgramState,
)
from todoke.v1.residents_pb2 import Assurance
from tui import formats, roles
from tui.dialogs.note import Note
from tui.dialogs.roster import RosterDialog
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.program_dialogs import ask_create, ask_invite, ask_match
from tui.screens.review import ReviewScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class ProgramsScreen(Acting, ListScreen[Program]):
    SUBJECT = "programs"
    KINDS: ClassVar[tuple[str, ...]] = (
        "program.",
        "roster.",
        "match.",
        "application.",
        "resident.",
        "batch.",
        "campaign.",
    )
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("create", "import_roster", "match", "review", "invite"), roles.ELIGIBILITY
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "key.create"),
        Binding("i", "import_roster", "key.import"),
        Binding("m", "match", "key.match"),
        Binding("v", "review", "key.review"),
        Binding("p", "invite", "key.invite"),
    ]

    def table(self) -> LiveTable[Program]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.code"), 12),
                Column(words("column.title"), 16, grow=1),
                Column(words("column.state"), 8),
                Column(words("column.entitled"), 7, right=True),
                Column(words("column.matched"), 7, right=True),
                Column(words("column.to_review"), 6, right=True),
                Column(words("column.filed"), 6, right=True),
            ],
            key=lambda program: program.program_id,
            cells=self._cells,
            empty=words("empty.programs"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Program]:
        core = self.desk.core
        request = ListProgramsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.eligibility.ListPrograms, request)
        return Page(answer.programs, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.programs")

    def panel(self, row: Program) -> Content:
        words, counts = self.words, row.counts
        filed = [
            f"{words(f'value.{state}')} {formats.count(number)}"
            for state, number in counts.applications.items()
            if number
        ]
        lines = [
            self.facts(
                ("fact.amount", words("yen", amount=formats.count(row.amount))),
                ("fact.budget", words("yen", amount=formats.count(row.budget))),
                ("fact.unit", words(f"unit.{EntitledUnit.Name(row.unit)}")),
                (
                    "fact.required_assurance",
                    words(f"assurance_short.{Assurance.Name(row.required_assurance)}"),
                ),
            ),
            self._roster(row),
            self.facts(
                ("fact.unmatched", formats.count(counts.unmatched)),
                ("fact.suppressed", formats.count(counts.suppressed)),
                ("fact.hash", row.roster.content_hash[:16]),
            ),
            self.facts(("fact.applications", words("comma").join(filed) or words("none"))),
        ]
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action not in {"import_roster", "match", "review", "invite"}:
            return None
        program = self.row
        if program is None:
            return self.words("why.no_row")
        imported = program.HasField("roster")
        against = {
            "program_closed": program.state != PROGRAM_STATE_OPEN and action != "review",
            "roster_there": imported and action == "import_roster",
            "roster_missing": not imported and action != "import_roster",
            "nobody_matched": action == "invite" and not program.counts.matched,
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    @work(group="act", exclusive=True)
    async def action_create(self) -> None:
        await self.ask_for(ask_create(self.desk), "program.created")

    @work(group="act", exclusive=True)
    async def action_import_roster(self) -> None:
        program = self.row
        if program is None:
            return
        answer = await self.app.push_screen_wait(RosterDialog(self.desk, program))
        if answer is not None:
            rows, total = formats.count(answer.roster.rows), formats.count(answer.roster.total)
            self.tell(self.words("done.roster.imported", rows=rows, total=total))
            self.touch()

    @work(group="act", exclusive=True)
    async def action_match(self) -> None:
        if self.row is None:
            return
        ended = await self.ask_for(ask_match(self.desk, self.row))
        if ended is not None:
            self._note("matched", ended)

    @work(group="act", exclusive=True)
    async def action_invite(self) -> None:
        if self.row is None:
            return
        ended = await self.ask_for(ask_invite(self.desk, self.row))
        if ended is not None:
            self._note("invited", ended)

    def action_review(self) -> None:
        if self.row is not None:
            self.app.push_screen(ReviewScreen(self.desk, self.row))

    def _note(self, name: str, text: str) -> None:
        self.app.push_screen(Note(self.words, self.words(f"note.{name}"), text))

    def _roster(self, program: Program) -> Content:
        if not program.HasField("roster"):
            return self.facts(("fact.roster", self.words("none")))
        roster = program.roster
        return self.facts(
            ("fact.roster", roster.file_name),
            ("fact.rows", formats.count(roster.rows)),
            ("fact.total", self.words("yen", amount=formats.count(roster.total))),
        )

    def _cells(self, program: Program) -> Sequence[Cell]:
        counts, words = program.counts, self.words
        state = ProgramState.Name(program.state)
        return (
            program.code,
            program.title,
            Toned(
                words(f"state.{state}"), "good" if program.state == PROGRAM_STATE_OPEN else "quiet"
            ),
            formats.count(counts.entitled),
            formats.count(counts.matched),
            Toned(formats.count(counts.to_review), "warn" if counts.to_review else "quiet"),
            formats.count(sum(counts.applications.values())),
        )
