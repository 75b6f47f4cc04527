"""The nobody-left ledger: each entitlement until somebody is reached, and by which way."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import ledger_pb2 as pb
from todoke.v1.eligibility_pb2 import PROGRAM_STATE_OPEN, Program
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.application import ApplicationScreen
from tui.screens.entry import enter
from tui.screens.ledger_dialogs import ask_contact, ask_letters
from tui.screens.list_screen import PAGE
from tui.screens.progress import ProgressScreen
from tui.screens.resident import ResidentScreen
from tui.screens.still import Still
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    pb.LEDGER_STATE_UNMATCHED: "warn",
    pb.LEDGER_STATE_UNREACHABLE: "bad",
    pb.LEDGER_STATE_SILENT: "warn",
    pb.LEDGER_STATE_SETTLED: "quiet",
    pb.LEDGER_STATE_PROTECTED: "bad",
}


class LedgerScreen(Acting, Still[pb.LedgerEntry]):
    SUBJECT = "ledger"
    KINDS: ClassVar[tuple[str, ...]] = (
        *("match.", "application.", "ledger.contacted", "roster.", "letter", "dispatch."),
        *("batch.", "campaign.", "contact.", "resident."),
    )
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        "contact": roles.ELIGIBILITY,
        "letters": roles.ELIGIBILITY,
        "resident": roles.PEOPLE,
        "enter": roles.COUNTER,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "contact", "key.record_contact"),
        Binding("e", "letters", "key.letters"),
        Binding("v", "progress", "key.progress"),
        Binding("d", "resident", "key.open_resident"),
        Binding("i", "enter", "key.enter"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program
        self._only = pb.LEDGER_STATE_UNSPECIFIED
        self._counts: Counter[str] | None = None

    def table(self) -> LiveTable[pb.LedgerEntry]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.reference"), 10),
                Column(words("column.name"), 14, grow=1),
                Column(words("column.state"), 14),
                Column(words("column.best_way"), 12),
                Column(words("column.last_contact"), 22),
            ],
            key=lambda entry: entry.entitlement.entitlement_id,
            cells=self._cells,
            empty=words("empty.ledger"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.LedgerEntry]:
        core, program_id = self.desk.core, self._program.program_id
        if self._counts is None:
            got = await core.ask(
                core.ledger.GetProgress, pb.GetProgressRequest(program_id=program_id)
            )
            counts = Counter[str]()
            for row in got.rows:
                counts.update(dict(row.states))
            self._counts = counts
        request = pb.ListLedgerRequest(
            program_id=program_id,
            states=[self._only] if self._only else [],
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.ledger.ListLedger, request)
        return Page(answer.entries, answer.next_page_token, answer.total_size)

    def heading(self) -> str:
        state = self.words(f"ledger_state.{pb.LedgerState.Name(self._only)}")
        total = formats.count(self.listing.total or 0)
        title = self._program.title
        return self.words("heading.ledger", title=title, state=state, total=total)

    def panel(self, row: pb.LedgerEntry) -> Content:
        words, entitled, counted = self.words, row.entitlement, self._counts or Counter()
        counts = [
            words(
                "state_count",
                state=words(f"ledger_state.{name}"),
                count=formats.count(counted[short(name)]),
            )
            for name in pb.LedgerState.keys()[1:]
        ]
        uninvited = row.state == pb.LEDGER_STATE_SILENT and not row.last_way
        about = "not_invited" if uninvited else pb.LedgerState.Name(row.state)
        return Content("\n").join(
            [
                Content(words(f"about.{about}")),
                self.facts(
                    ("fact.name", formats.plain(entitled.name)),
                    ("fact.birth_date", entitled.birth_date),
                    ("fact.amount", words("yen", amount=formats.count(entitled.amount))),
                ),
                self.facts(("fact.address", formats.plain(entitled.address))),
                self.facts(("fact.counts", words("comma").join(counts))),
            ]
        )

    def why_not(self, action: str) -> str | None:
        if action in {"letters", "enter"} and self._program.state != PROGRAM_STATE_OPEN:
            return self.words("why.program_closed")
        if action in {"contact", "resident", "enter"} and self.row is None:
            return self.words("why.no_row")
        if action == "resident" and self.row is not None and not self.row.resident_id:
            return self.words("why.not_matched")
        return None

    @work(group="act", exclusive=True)
    async def action_contact(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_contact(self.desk, self.row), "contact.recorded")

    @work(group="act", exclusive=True)
    async def action_enter(self) -> None:
        """Enter what came in for this entitlement."""
        row = self.row
        if row is None:
            return
        about = self.words(
            "entry.entitled", name=row.entitlement.name, reference=row.entitlement.reference
        )
        _, there = await enter(
            self,
            about=about,
            resident_id=row.resident_id,
            entitlement_id=row.entitlement.entitlement_id,
        )
        if there:
            self.app.push_screen(ApplicationScreen(self.desk, there))

    @work(group="act", exclusive=True)
    async def action_letters(self) -> None:
        text = await self.ask_for(ask_letters(self.desk, self._program))
        if text is not None:
            self.app.push_screen(Note(self.words, self.words("note.letters"), text))

    def action_progress(self) -> None:
        self.app.push_screen(ProgressScreen(self.desk, self._program))

    def action_resident(self) -> None:
        if self.row is not None and self.row.resident_id:
            self.app.push_screen(ResidentScreen(self.desk, self.row.resident_id))

    def action_read_again(self) -> None:
        """Count anew, too: that is done only where it is asked for."""
        self._counts = None
        super().action_read_again()

    def action_scope(self) -> None:
        """Go to the next state; after the last, all of them again."""
        states = pb.LedgerState.values()
        self._only = states[(states.index(self._only) + 1) % len(states)]
        self.touch()

    def _cells(self, entry: pb.LedgerEntry) -> Sequence[Cell]:
        words = self.words
        way = words(f"contact_way.{pb.ContactWay.Name(entry.best_way)}")
        last = words(f"contact_way.{pb.ContactWay.Name(entry.last_way)}")
        state = words(f"ledger_state.{pb.LedgerState.Name(entry.state)}")
        return (
            entry.entitlement.reference,
            entry.entitlement.name,
            Toned(state, TONES.get(entry.state, "good")),
            words.channel(entry.channel) or way,
            f"{formats.moment(entry.last_time)} {last}" if entry.last_way else words("none"),
        )


def short(name: str) -> str:
    """Name a state as the progress does."""
    return name.removeprefix("LEDGER_STATE_").lower()
