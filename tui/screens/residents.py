"""Residents, found by what is known of them: nobody is listed before somebody is looked for."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import residents_pb2 as pb
from tui import formats, roles
from tui.dates import birth
from tui.desk import Desk
from tui.listing import Listing, Page
from tui.screens.acting import Acting
from tui.screens.inquiries import InquiriesScreen
from tui.screens.list_screen import ListScreen
from tui.screens.resident import ResidentScreen
from tui.screens.resident_facts import name_of, summary_state
from tui.screens.search_dialog import Found, ask_find
from tui.screens.stale import StaleScreen
from tui.screens.subject import SubjectScreen
from tui.widgets.live_table import Cell, Column, LiveTable


class ResidentsScreen(Acting, ListScreen[pb.ResidentSummary]):
    """A search is not made again by itself: the core writes each into the audit log."""

    SUBJECT = "residents"
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("find", "details", "stale"), roles.PEOPLE
    ) | {"inquiries": roles.INQUIRIES}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "find", "key.find"),
        Binding("d", "details", "key.details"),
        Binding("v", "stale", "key.stale"),
        Binding("i", "inquiries", "key.inquiries"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: Found | None = None

    def on_mount(self) -> None:
        super().on_mount()
        # Whoever does no more than answer residents comes for what they wrote.
        if self.desk.person is None or self.desk.person.holds(roles.PEOPLE - roles.INQUIRIES):
            self.action_find()

    def table(self) -> LiveTable[pb.ResidentSummary]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.name"), 16, grow=1),
                Column(words("column.birth_date"), 10),
                Column(words("column.address"), 20, grow=2),
                Column(words("column.assurance"), 10),
                Column(words("column.state"), 11),
            ],
            key=lambda resident: resident.resident_id,
            cells=self._cells,
            empty=words("empty.residents"),
            nothing_found=words("filter.nothing"),
        )

    def touch(self) -> None:
        """Read on where the list ends; what was found stays as it was found."""
        SubjectScreen.touch(self)

    async def fetch(self, token: str) -> Page[pb.ResidentSummary]:
        if self._found is None:
            return Page((), "")
        answer = self._found.answer
        if token:
            core, request = self.desk.core, pb.SearchResidentsRequest(page_token=token)
            request.MergeFrom(self._found.question)
            answer = await core.ask(core.residents.SearchResidents, request)
        return Page(answer.residents, answer.next_page_token)

    def heading(self) -> str:
        if self._found is None:
            return self.words("heading.residents")
        question = self._found.question
        given = [
            f"{self.words(label)} {formats.plain(value)}"
            for label, value in (
                ("fact.name", question.name),
                ("fact.birth_date", question.birth_date),
                ("fact.reference", question.reference),
                ("fact.contact", question.external_id),
            )
            if value
        ]
        return self.words("heading.residents_found", given=self.words("comma").join(given))

    def panel(self, row: pb.ResidentSummary) -> Content:
        words = self.words
        return Content("\n").join(
            [
                self.facts(
                    ("fact.name", name_of(row)),
                    ("fact.birth_date", birth(words, row.birth_date)),
                ),
                self.facts(("fact.address", formats.plain(row.address))),
                self.facts(
                    ("fact.assurance", words(f"assurance.{pb.Assurance.Name(row.assurance)}")),
                    ("fact.state", summary_state(words, row).text),
                ),
            ]
        )

    def why_not(self, action: str) -> str | None:
        return self.words("why.no_row") if action == "details" and self.row is None else None

    @work(group="act", exclusive=True)
    async def action_find(self) -> None:
        before = self._found.question if self._found else pb.SearchResidentsRequest()
        ended = await self.app.push_screen_wait(ask_find(self.desk, before))
        if ended is None or not isinstance(ended.answer, Found):
            return
        self._found = ended.answer
        self.listing = Listing(self.fetch)
        self.live.say(self.words("empty.residents_found"))
        self.touch()

    @work(group="act", exclusive=True)
    async def action_details(self) -> None:
        row = self.row
        if row is None:
            return
        detail = ResidentScreen(self.desk, row.resident_id)
        await self.app.push_screen_wait(detail)
        if detail.gone:
            self.listing.rows.remove(row)
        elif detail.resident is not None:
            row.suppressed = detail.resident.suppressed
            row.closed = bool(detail.resident.closing_cause)
        self.show_rows()

    def action_stale(self) -> None:
        self.app.push_screen(StaleScreen(self.desk))

    def action_inquiries(self) -> None:
        self.app.push_screen(InquiriesScreen(self.desk))

    def _cells(self, resident: pb.ResidentSummary) -> Sequence[Cell]:
        words = self.words
        return (
            name_of(resident),
            resident.birth_date or words("date.unknown"),
            resident.address,
            words(f"assurance_short.{pb.Assurance.Name(resident.assurance)}"),
            summary_state(words, resident),
        )
