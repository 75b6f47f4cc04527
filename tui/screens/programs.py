"""Programs: lay one down, import its roster, match it, review what is doubtful, invite."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
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
from tui.dialogs.rehearsal import RehearsalDialog
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.crossings import CrossingsScreen
from tui.screens.ledger import LedgerScreen
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.program_dialogs import ask_close, ask_create, ask_invite, ask_match
from tui.screens.review import ReviewScreen
from tui.screens.rosters import RostersScreen, take_roster
from tui.screens.versions import VersionsScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

ON_A_ROW = frozenset(
    {
        *("terms", "close_it", "import_roster", "rosters", "match", "review", "invite"),
        *("ledger", "rehearse", "crossings"),
    }
)
WHILE_OPEN = frozenset({"close_it", "import_roster", "match", "invite", "rehearse"})


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
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"crossings": roles.CROSSINGS} | dict.fromkeys(
        (
            *("create", "close_it", "import_roster", "rosters", "match", "review", "invite"),
            *("ledger", "rehearse"),
        ),
        roles.ELIGIBILITY,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "key.create"),
        Binding("d", "terms", "key.terms"),
        Binding("i", "import_roster", "key.import"),
        Binding("l", "rosters", "key.rosters"),
        Binding("m", "match", "key.match"),
        Binding("v", "review", "key.review"),
        Binding("p", "invite", "key.invite"),
        Binding("o", "ledger", "key.ledger"),
        Binding("e", "rehearse", "key.rehearse"),
        Binding("c", "crossings", "key.crossings"),
        Binding("z", "close_it", "key.close_program"),
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
        if action not in ON_A_ROW:
            return None
        program = self.row
        if program is None:
            return self.words("why.no_row")
        imported = program.HasField("roster")
        closed = program.state != PROGRAM_STATE_OPEN
        against = {
            "program_closed": closed and action in WHILE_OPEN,
            "roster_missing": not imported and action in {"match", "review", "invite", "ledger"},
            "nobody_matched": action == "invite" and not program.counts.matched,
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    @work(group="act", exclusive=True)
    async def action_create(self) -> None:
        try:
            ask = await ask_create(self.desk)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        await self.ask_for(ask, "program.created")

    @work(group="act", exclusive=True)
    async def action_close_it(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_close(self.desk, self.row), "program.closed")

    @work(group="act", exclusive=True)
    async def action_import_roster(self) -> None:
        if self.row is not None:
            await take_roster(self, self.row)

    @work(group="act", exclusive=True)
    async def action_rehearse(self) -> None:
        if self.row is not None:
            await self.app.push_screen_wait(RehearsalDialog(self.desk, self.row))

    def action_terms(self) -> None:
        if self.row is not None:
            self.app.push_screen(VersionsScreen(self.desk, self.row))

    def action_rosters(self) -> None:
        if self.row is not None:
            self.app.push_screen(RostersScreen(self.desk, self.row))

    def action_ledger(self) -> None:
        if self.row is not None:
            self.app.push_screen(LedgerScreen(self.desk, self.row))

    def action_crossings(self) -> None:
        if self.row is not None:
            self.app.push_screen(CrossingsScreen(self.desk, self.row))

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
