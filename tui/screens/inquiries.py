"""What residents wrote: those waiting longest first; answer, take, give back, close."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens.inquiry import InquiryScreen
from tui.screens.inquiry_deeds import InquiryDeeds
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.wording import Words

WAITING = pb.INQUIRY_STATE_WAITING
SCOPES: dict[str, pb.ListInquiriesRequest] = {
    "waiting": pb.ListInquiriesRequest(state=WAITING),
    "mine": pb.ListInquiriesRequest(mine=True),
    "all": pb.ListInquiriesRequest(),
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE, TOO_LATE = 4 * HOUR, DAY
"""After how long of waiting its age is a warning, and after how long it is bad."""


class InquiriesScreen(InquiryDeeds, Leaf[pb.Inquiry]):
    SUBJECT = "inquiries"
    KINDS: ClassVar[tuple[str, ...]] = ("inquiry.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = InquiryDeeds.NEEDS | {"details": roles.INQUIRIES}
    BINDINGS: ClassVar[list[BindingType]] = [
        *InquiryDeeds.DEEDS,
        Binding("d", "details", "key.details"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._scope = "waiting"

    @property
    def chosen(self) -> pb.Inquiry | None:
        return self.row

    def table(self) -> LiveTable[pb.Inquiry]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.waits"), 8, right=True),
                Column(words("column.channel"), 6),
                Column(words("column.message"), 24, grow=2),
                Column(words("column.assignee"), 10, grow=1),
                Column(words("column.state"), 10),
            ],
            key=lambda inquiry: inquiry.inquiry_id,
            cells=self._cells,
            empty=words(f"empty.inquiries_{self._scope}"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Inquiry]:
        core = self.desk.core
        request = pb.ListInquiriesRequest(page_size=PAGE, page_token=token)
        request.MergeFrom(SCOPES[self._scope])
        answer = await core.ask(core.campaigns.ListInquiries, request)
        return Page(answer.inquiries, answer.next_page_token)

    def heading(self) -> str:
        return self.words(f"heading.inquiries_{self._scope}")

    def panel(self, row: pb.Inquiry) -> Content:
        words = self.words
        return Content("\n").join(
            [
                Content(formats.plain(row.last_text)),
                self.facts(
                    ("fact.since", formats.moment(row.wait_time)),
                    ("fact.assignee", row.assignee or words("none")),
                    ("fact.resident", words("linked" if row.resident_id else "unregistered")),
                ),
            ]
        )

    def action_details(self) -> None:
        """Open it whole; the core writes the look into the audit log, so only when asked."""
        if self.row is not None:
            self.app.push_screen(InquiryScreen(self.desk, self.row.inquiry_id))

    def action_scope(self) -> None:
        names = list(SCOPES)
        self._scope = names[(names.index(self._scope) + 1) % len(names)]
        self.live.say(self.words(f"empty.inquiries_{self._scope}"))
        self.touch()

    def _cells(self, inquiry: pb.Inquiry) -> Sequence[Cell]:
        return (
            waiting(self.words, inquiry),
            self.words.channel(inquiry.channel),
            formats.plain(inquiry.last_text),
            inquiry.assignee,
            self.words(f"state.{pb.InquiryState.Name(inquiry.state)}"),
        )


def waiting(words: Words, inquiry: pb.Inquiry) -> Cell:
    """Say how long it waits for the city, in the tone of that; nothing where it does not."""
    if inquiry.state != WAITING:
        return ""
    age = datetime.now(UTC) - inquiry.wait_time.ToDatetime(UTC)
    tone = "good" if age < LATE else "warn" if age < TOO_LATE else "bad"
    if age < HOUR:
        return Toned(words("age.minutes", count=max(0, age // timedelta(minutes=1))), tone)
    if age < DAY:
        return Toned(words("age.hours", count=age // HOUR), tone)
    return Toned(words("age.days", count=age // DAY), tone)
