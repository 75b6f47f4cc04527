"""The overview: counts that move by themselves, the programs, and the last events in words."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from todoke.v1.activity_pb2 import GetOverviewResponse
from todoke.v1.eligibility_pb2 import Program
from tui import formats
from tui.messages import Counted
from tui.screens.subject import SubjectScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

EVENTS_SHOWN = 50
BAR_CELLS = 8
DECIDED = ("approved", "in_payment", "paid", "payment_failed")


class DashboardScreen(SubjectScreen):
    """The first screen after signing in."""

    SUBJECT = "dashboard"

    def compose_body(self) -> ComposeResult:
        words = self.words
        with Horizontal(id="cards"):
            for name in ("residents", "waiting", "queued", "unknown"):
                yield Static(words(f"card.{name}.empty"), id=f"card-{name}", classes="card")
        yield Static(id="people", markup=False)
        table = LiveTable[Program](
            [
                Column(words("column.program"), 14, grow=1),
                Column(words("column.entitled"), 7, right=True),
                Column(words("column.matched"), 7, right=True),
                Column(words("column.to_review"), 6, right=True),
                Column(words("column.submitted"), 6, right=True),
                Column(words("column.decided"), 6, right=True),
                Column(words("column.progress"), BAR_CELLS + 5),
            ],
            key=lambda program: program.program_id,
            cells=self._cells,
            empty=words("empty.programs"),
            id="programs",
        )
        table.loading = True
        yield table
        yield Static(words("dashboard.events"), id="events-title")
        with VerticalScroll(id="events-box", can_focus=False):
            yield Static(words("empty.events"), id="events")

    def on_mount(self) -> None:
        super().on_mount()
        self.show_recent()

    @on(Counted)
    def show_counts(self, message: Counted) -> None:
        overview, words = message.overview, self.words
        waiting = sum(p.counts.applications.get("submitted", 0) for p in overview.programs)
        figures = {
            "residents": overview.residents,
            "waiting": waiting,
            "queued": overview.dispatches.get("queued", 0) + overview.dispatches.get("leased", 0),
            "unknown": overview.dispatches.get("unknown", 0),
        }
        for name, figure in figures.items():
            card = self.query_one(f"#card-{name}", Static)
            label = words(f"card.{name}.label")
            sent = formats.count(overview.dispatches.get("sent", 0))
            contacts = formats.count(overview.contacts)
            more = words(f"card.{name}.more", contacts=contacts, sent=sent)
            card.update(
                Content.assemble((formats.count(figure), "bold"), f" {label}\n", (more, "dim"))
            )
            card.set_class(name == "unknown" and figure > 0, "-bad")
        people = words(
            "dashboard.people",
            stale=formats.count(overview.stale_residents),
            registrations=formats.count(overview.registrations_to_decide),
        )
        self.query_one("#people", Static).update(people)
        self._show_programs(overview)

    @on(LiveTable.Opened)
    def open_programs(self) -> None:
        self.action_open_subject("programs")

    def _show_programs(self, overview: GetOverviewResponse) -> None:
        table = self.query_one(LiveTable)
        table.loading = False
        table.show(list(overview.programs), complete=True)
        if self.focused is None:
            table.focus()

    def show_recent(self) -> None:
        recent = list(self.desk.recent.events)[-EVENTS_SHOWN:]
        if recent:
            lines = [
                Content.assemble(
                    (f"{formats.second(event.time)}  ", "dim"),
                    formats.plain(self.words.event(event)),
                )
                for event in reversed(recent)
            ]
            self.query_one("#events", Static).update(Content("\n").join(lines))

    def _cells(self, program: Program) -> Sequence[Cell]:
        counts = program.counts
        decided = sum(counts.applications.get(state, 0) for state in DECIDED)
        share = decided * 100 // counts.entitled if counts.entitled else 0
        review, submitted = counts.to_review, counts.applications.get("submitted", 0)
        return (
            program.title,
            formats.count(counts.entitled),
            formats.count(counts.matched),
            Toned(formats.count(review), "warn" if review else "quiet"),
            Toned(formats.count(submitted), "warn" if submitted else "quiet"),
            formats.count(decided),
            f"{formats.bar(decided, counts.entitled, BAR_CELLS)} {share:3d}%",
        )
