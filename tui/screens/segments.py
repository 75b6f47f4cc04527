"""The kept segments: by name, with what they ask, to be opened and made."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from tui import formats, roles
from tui.conditions.known import Known, read_known, read_named
from tui.conditions.wording import tree_lines
from tui.desk import Desk
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.deleting import ask_delete_segment
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.segment import SegmentScreen
from tui.widgets.live_table import Cell, Column, LiveTable

SHOWN = 10
"""Lines of a tree in the panel."""


class SegmentsScreen(Acting, Leaf[pb.Segment]):
    SUBJECT = "segments"
    KINDS: ClassVar[tuple[str, ...]] = ("segment.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("create", "open", "delete"), roles.MESSENGERS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "key.create"),
        Binding("d", "open", "key.change"),
        Binding("delete", "delete", "key.delete"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._known: Known | None = None

    def table(self) -> LiveTable[pb.Segment]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.segment"), 24, grow=1),
                Column(words("column.conditions"), 6, right=True),
                Column(words("column.condition"), 36, grow=2),
            ],
            key=lambda one: one.segment_id,
            cells=self._cells,
            empty=words("empty.segments"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Segment]:
        core = self.desk.core
        if not token:
            self._known = await read_known(self.desk)
        request = pb.ListSegmentsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.campaigns.ListSegments, request)
        if self._known is not None:
            for one in answer.segments:
                await read_named(self.desk, self._known, one.condition)
        return Page(answer.segments, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.segments")

    def panel(self, row: pb.Segment) -> Content:
        return Content("\n".join(self._lines(row)[:SHOWN]))

    def why_not(self, action: str) -> str | None:
        needs_row = action in {"open", "delete"}
        return self.words("why.no_row") if needs_row and self.row is None else None

    def action_create(self) -> None:
        self.app.push_screen(SegmentScreen(self.desk))

    def action_open(self) -> None:
        if self.row is not None:
            self.app.push_screen(SegmentScreen(self.desk, segment=self.row))

    @work(group="act", exclusive=True)
    async def action_delete(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_delete_segment(self.desk, self.row), "segment.deleted")

    def _cells(self, one: pb.Segment) -> Sequence[Cell]:
        lines = [line.strip() for line in self._lines(one)]
        return one.name, formats.count(len(lines)), " / ".join(lines)

    def _lines(self, one: pb.Segment) -> list[str]:
        if self._known is None:
            return []
        return tree_lines(self.words, self._known, one.condition)
