"""All offices of an association, of all times, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.content import Content

from todoke.v1 import circulars_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.listing import Page
from tui.screens.association_lines import Whole, office_named
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class OfficesScreen(Leaf[pb.Office]):
    SUBJECT = "offices"
    KINDS: ClassVar[tuple[str, ...]] = ("office", "membership.", "household.")

    def __init__(self, desk: Desk, whole: Whole) -> None:
        super().__init__(desk)
        self._whole = whole

    def table(self) -> LiveTable[pb.Office]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.office"), 18, grow=1),
                Column(words("column.holder"), 18, grow=1),
                Column(words("column.from_day"), 10),
                Column(words("column.to_day"), 10),
                Column(words("column.state"), 12),
            ],
            key=lambda office: office.office_id,
            cells=self._cells,
            empty=words("empty.offices"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Office]:
        core = self.desk.core
        request = pb.ListOfficesRequest(
            association_id=self._whole.association.association_id,
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.circulars.ListOffices, request)
        return Page(answer.offices, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.offices", name=formats.plain(self._whole.association.name))

    def panel(self, row: pb.Office) -> Content:
        return Content(self.words(f"about.office_{self._standing(row)}"))

    def _standing(self, office: pb.Office) -> str:
        today = datetime.now(formats.TOKYO).date().isoformat()
        held = {one.office_id for one in self._whole.told.offices}
        if office.end_date < office.begin_date:
            return "taken_back"
        if office.office_id in held:
            return "held"
        return "to_come" if office.begin_date > today else "over"

    def _cells(self, office: pb.Office) -> Sequence[Cell]:
        standing = self._standing(office)
        tone = {"held": "good", "to_come": "warn"}.get(standing, "quiet")
        return (
            office_named(self.words, self._whole, office),
            office.display_name or self.words("left"),
            office.begin_date,
            office.end_date if standing != "taken_back" else "",
            Toned(self.words(f"office_standing.{standing}"), tone),
        )
