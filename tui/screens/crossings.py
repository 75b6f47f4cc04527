"""Files between the networks: who asked, who approved, how many rows, which hash."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import crossings_pb2 as pb
from todoke.v1.eligibility_pb2 import PROGRAM_STATE_OPEN, Program
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import crossing_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

PROPOSED, APPROVED = pb.CROSSING_STATE_PROPOSED, pb.CROSSING_STATE_APPROVED
STATES_FOR = {
    "approve": {PROPOSED},
    "cancel": {PROPOSED, APPROVED},
    "export": {APPROVED, pb.CROSSING_STATE_DONE},
    "import_links": {pb.CROSSING_STATE_DONE},
}
ONLY_EXPORTS = frozenset({"export", "import_links"})
TONES = {PROPOSED: "warn", APPROVED: "good", pb.CROSSING_STATE_DONE: "good"}


class CrossingsScreen(Acting, Leaf[pb.Crossing]):
    SUBJECT = "crossings"
    KINDS: ClassVar[tuple[str, ...]] = ("crossing.", "sealing_key.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        "sealing_key": roles.ADMINISTRATION,
        **dict.fromkeys(
            ("propose", "approve", "cancel", "export", "import_links"), roles.ELIGIBILITY
        ),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "propose", "key.propose_crossing"),
        Binding("a", "approve", "key.approve"),
        Binding("x", "cancel", "key.cancel"),
        Binding("e", "export", "key.export_crossing"),
        Binding("i", "import_links", "key.import_links"),
        Binding("o", "sealing_key", "key.sealing_key"),
    ]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program

    def table(self) -> LiveTable[pb.Crossing]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.proposed_at"), 11),
                Column(words("column.direction"), 10),
                Column(words("column.rows"), 8, right=True),
                Column(words("column.asked_by"), 10, grow=1),
                Column(words("column.approver"), 10, grow=1),
                Column(words("column.done_at"), 11),
                Column(words("column.state"), 10),
            ],
            key=lambda crossing: crossing.crossing_id,
            cells=self._cells,
            empty=words("empty.crossings"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Crossing]:
        core = self.desk.core
        request = pb.ListCrossingsRequest(
            program_id=self._program.program_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.crossings.ListCrossings, request)
        return Page(answer.crossings, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.crossings", title=self._program.title)

    def panel(self, row: pb.Crossing) -> Content:
        state = pb.CrossingState.Name(row.state)
        about = self.words.find(f"about.{state}_{_what(row)}")
        return Content("\n").join(
            [
                Content(about or ""),
                self.facts(
                    ("fact.asked_by", row.proposer),
                    ("fact.approver", row.approver or self.words("none")),
                ),
                Content.assemble((self.words("fact.hash"), "dim")),
                Content(dialogs.aloud(row.content_hash)),
            ]
        )

    def why_not(self, action: str) -> str | None:
        if action == "propose" and self._program.state != PROGRAM_STATE_OPEN:
            return self.words("why.program_closed")
        if action not in STATES_FOR:
            return None
        return self.words("why.no_row") if self.row is None else self._against(action, self.row)

    def _against(self, action: str, row: pb.Crossing) -> str | None:
        words = self.words
        if action in ONLY_EXPORTS and row.direction != pb.CROSSING_DIRECTION_EXPORT:
            return words("why.no_export")
        if row.state not in STATES_FOR[action]:
            state = words(f"state.{pb.CrossingState.Name(row.state)}")
            return words(f"why.crossing_{action}", state=state)
        me = self.desk.person.staff.name if self.desk.person else ""
        same = action == "approve" and row.proposer == me
        return str(words.reason("SAME_PERSON", {})) if same else None

    @work(group="act", exclusive=True)
    async def action_propose(self) -> None:
        await self.ask_for(dialogs.ask_propose(self.desk, self._program), "crossing.proposed")

    @work(group="act", exclusive=True)
    async def action_approve(self) -> None:
        if self.row is not None:
            await self.ask_for(dialogs.ask_approve(self.desk, self.row), "crossing.approved")

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self.row is not None:
            await self.ask_for(dialogs.ask_cancel(self.desk, self.row), "crossing.cancelled")

    @work(group="act", exclusive=True)
    async def action_export(self) -> None:
        if self.row is not None:
            await self._noted(dialogs.ask_export(self.desk, self.row), "exported_crossing")

    @work(group="act", exclusive=True)
    async def action_import_links(self) -> None:
        if self.row is not None:
            await self._noted(dialogs.ask_import(self.desk, self.row), "imported_links")

    @work(group="act", exclusive=True)
    async def action_sealing_key(self) -> None:
        await self._noted(dialogs.ask_sealing_key(self.desk), "sealing_key")

    async def _noted(self, dialog: Ask, name: str) -> None:
        text = await self.ask_for(dialog)
        if text is not None:
            self.app.push_screen(Note(self.words, self.words(f"note.{name}"), text))

    def _cells(self, crossing: pb.Crossing) -> Sequence[Cell]:
        words = self.words
        state = words(f"state.{pb.CrossingState.Name(crossing.state)}")
        return (
            formats.moment(crossing.propose_time),
            words(f"direction.{_what(crossing)}"),
            formats.count(crossing.rows),
            crossing.proposer,
            crossing.approver,
            formats.moment(crossing.done_time),
            Toned(state, TONES.get(crossing.state, "quiet")),
        )


def _what(crossing: pb.Crossing) -> str:
    """Name which way it goes, or that it carries decisions."""
    if crossing.parcel == pb.CROSSING_PARCEL_DECISIONS:
        return pb.CrossingParcel.Name(crossing.parcel)
    return pb.CrossingDirection.Name(crossing.direction)
