"""Who got a campaign's message, when, and why not: the official record, one by one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens.list_screen import PAGE
from tui.screens.resident import ResidentScreen
from tui.screens.still import Still
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    pb.DELIVERY_STATE_SENT: "good",
    pb.DELIVERY_STATE_FAILED: "bad",
    pb.DELIVERY_STATE_UNKNOWN: "bad",
    pb.DELIVERY_STATE_DROPPED: "quiet",
    pb.DELIVERY_STATE_LEFT_OUT: "quiet",
}
ANY = pb.DELIVERY_STATE_UNSPECIFIED


class DeliveriesScreen(Still[pb.Delivery]):
    """Every reading is a look that the audit log records."""

    SUBJECT = "deliveries"
    KINDS: ClassVar[tuple[str, ...]] = ("campaign.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"resident": roles.PEOPLE}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "resident", "key.open_resident"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(
        self, desk: Desk, campaign: pb.Campaign, only: pb.DeliveryState.ValueType = ANY
    ) -> None:
        super().__init__(desk)
        self._campaign = campaign
        self._only = only

    def table(self) -> LiveTable[pb.Delivery]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.name"), 14, grow=1),
                Column(words("column.channel"), 6),
                Column(words("column.state"), 10),
                Column(words("column.why_not_told"), 12),
                Column(words("column.told_at"), 11),
                Column(words("column.opened_at"), 11),
                Column(words("column.answered"), 8),
            ],
            key=lambda one: one.delivery_id,
            cells=self._cells,
            empty=words("empty.deliveries"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Delivery]:
        core = self.desk.core
        request = pb.ListDeliveriesRequest(
            campaign_id=self._campaign.campaign_id,
            state=self._only,
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.campaigns.ListDeliveries, request)
        return Page(answer.deliveries, answer.next_page_token)

    def heading(self) -> str:
        state = self.words(f"delivery.{pb.DeliveryState.Name(self._only)}") if self._only else ""
        title = formats.plain(self._campaign.title)
        if not state:
            return self.words("heading.deliveries_all", title=title)
        return self.words("heading.deliveries", title=title, state=state)

    def panel(self, row: pb.Delivery) -> Content:
        return self.facts(
            ("fact.sent_at", formats.moment(row.send_time)),
            ("fact.opened_at", formats.moment(row.open_time)),
            ("fact.answered_at", formats.moment(row.answer_time)),
            ("fact.letter_at", formats.moment(row.letter_time)),
            ("fact.why_not_told", self._why_not(row)),
        )

    def why_not(self, action: str) -> str | None:
        if action == "resident" and self.row is None:
            return self.words("why.no_row")
        return super().why_not(action)

    def action_resident(self) -> None:
        if self.row is not None:
            self.app.push_screen(ResidentScreen(self.desk, self.row.resident_id))

    def action_scope(self) -> None:
        """Go to the next state; after the last, all of them again."""
        states = pb.DeliveryState.values()
        self._only = states[(states.index(self._only) + 1) % len(states)]
        self.touch()

    def _why_not(self, one: pb.Delivery) -> str:
        return (self.words.find(f"not_told.{one.reason}") or one.reason) if one.reason else ""

    def _cells(self, one: pb.Delivery) -> Sequence[Cell]:
        state = self.words(f"delivery.{pb.DeliveryState.Name(one.state)}")
        return (
            one.name,
            self.words.channel(one.channel),
            Toned(state, TONES.get(one.state, "")),
            self._why_not(one),
            formats.moment(one.send_time),
            formats.moment(one.open_time),
            formats.moment(one.answer_time)[:5],
        )
