"""One inquiry whole: what the resident and the city wrote to each other, newest first."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.activity_pb2 import Event
from tui import formats
from tui.desk import Desk
from tui.listing import Page
from tui.screens.inquiry_deeds import InquiryDeeds
from tui.screens.list_screen import PAGE
from tui.screens.still import Still
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    pb.DELIVERY_STATE_SENT: "good",
    pb.DELIVERY_STATE_FAILED: "bad",
    pb.DELIVERY_STATE_UNKNOWN: "bad",
    pb.DELIVERY_STATE_DROPPED: "bad",
}


class InquiryScreen(InquiryDeeds, Still[pb.InquiryMessage]):
    """Every reading is a look that the audit log records."""

    SUBJECT = "inquiry"
    KINDS: ClassVar[tuple[str, ...]] = ("inquiry.", "dispatch.")
    BINDINGS: ClassVar[list[BindingType]] = [*InquiryDeeds.DEEDS]

    def __init__(self, desk: Desk, inquiry_id: str) -> None:
        super().__init__(desk)
        self._inquiry_id = inquiry_id
        self._inquiry: pb.Inquiry | None = None

    @property
    def chosen(self) -> pb.Inquiry | None:
        return self._inquiry

    def table(self) -> LiveTable[pb.InquiryMessage]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.time"), 11),
                Column(words("column.written_by"), 10, grow=1),
                Column(words("column.message"), 30, grow=3),
                Column(words("column.state"), 16),
            ],
            key=lambda one: f"{one.time.ToNanoseconds()}:{one.from_city}:{one.text}",
            cells=self._cells,
            empty=words("empty.inquiry"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.InquiryMessage]:
        core = self.desk.core
        request = pb.GetInquiryRequest(
            inquiry_id=self._inquiry_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.campaigns.GetInquiry, request)
        self._inquiry = answer.inquiry
        return Page(answer.messages, answer.next_page_token)

    def changed(self, events: Sequence[Event]) -> None:
        super().changed([one for one in events if one.subject == self._inquiry_id])

    def heading(self) -> str:
        one = self._inquiry
        if one is None:
            return ""
        words = self.words
        parts = (
            words("linked" if one.resident_id else "unregistered"),
            words.channel(one.channel),
            words(f"state.{pb.InquiryState.Name(one.state)}"),
            words("heading.assignee", name=one.assignee or words("none")),
        )
        return "  ".join(parts)

    def panel(self, row: pb.InquiryMessage) -> Content:
        return Content("\n").join(Content(formats.plain(line)) for line in row.text.splitlines())

    def _cells(self, one: pb.InquiryMessage) -> Sequence[Cell]:
        state = self._state(one) if one.from_city else ""
        return (
            formats.moment(one.time),
            one.author if one.from_city else self.words("wrote"),
            formats.plain(" ".join(one.text.split())),
            Toned(state, TONES.get(one.state, "quiet")) if state else "",
        )

    def _state(self, one: pb.InquiryMessage) -> str:
        if one.due_time.seconds:
            return self.words("goes_out", time=formats.moment(one.due_time))
        return self.words(f"delivery.{pb.DeliveryState.Name(one.state)}")
