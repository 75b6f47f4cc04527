"""Residents whose facts should be verified anew: why, since when, and how often they were asked."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import residents_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.resident import ResidentScreen
from tui.screens.resident_facts import causes_of, name_of, summary_state
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

CAUSES = pb.StaleCause.values()
"""In the order of the contract; the first stands for all of them."""


class StaleScreen(Leaf[pb.StaleResident]):
    SUBJECT = "stale"
    KINDS: ClassVar[tuple[str, ...]] = ("resident.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"details": roles.PEOPLE}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "key.details"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._cause = CAUSES[0]

    def table(self) -> LiveTable[pb.StaleResident]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.since"), 10),
                Column(words("column.name"), 14, grow=1),
                Column(words("column.stale_causes"), 22, grow=2),
                Column(words("column.asked"), 5, right=True),
                Column(words("column.last_asked"), 10),
            ],
            key=lambda stale: stale.resident.resident_id,
            cells=self._cells,
            empty=words("empty.stale"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.StaleResident]:
        core = self.desk.core
        request = pb.ListStaleResidentsRequest(cause=self._cause, page_size=PAGE, page_token=token)
        answer = await core.ask(core.residents.ListStaleResidents, request)
        return Page(answer.residents, answer.next_page_token)

    def heading(self) -> str:
        if self._cause == CAUSES[0]:
            return self.words("heading.stale_all")
        cause = self.words(f"stale_cause.{pb.StaleCause.Name(self._cause)}")
        return self.words("heading.stale", cause=cause)

    def panel(self, row: pb.StaleResident) -> Content:
        words, resident = self.words, row.resident
        return Content("\n").join(
            [
                self.facts(
                    ("fact.name", name_of(resident)),
                    ("fact.birth_date", resident.birth_date or words("date.unknown")),
                    ("fact.state", summary_state(words, resident).text),
                ),
                self.facts(("fact.address", formats.plain(resident.address))),
                self.facts(("fact.stale_causes", causes_of(words, row.causes))),
                self.facts(
                    ("fact.asked", words("times", count=formats.count(row.asked))),
                    ("fact.last_asked", formats.day(row.ask_time) or words("stale.never")),
                ),
            ]
        )

    def why_not(self, action: str) -> str | None:
        return self.words("why.no_row") if action == "details" and self.row is None else None

    def action_details(self) -> None:
        if self.row is not None:
            self.app.push_screen(ResidentScreen(self.desk, self.row.resident.resident_id))

    def action_scope(self) -> None:
        self._cause = CAUSES[(CAUSES.index(self._cause) + 1) % len(CAUSES)]
        self.touch()

    def _cells(self, stale: pb.StaleResident) -> Sequence[Cell]:
        words = self.words
        asked = formats.day(stale.ask_time)
        return (
            formats.day(stale.since_time),
            name_of(stale.resident),
            causes_of(words, stale.causes),
            formats.count(stale.asked),
            Toned(asked or words("stale.never"), "" if asked else "warn"),
        )
