"""What nobody can know whether it was sent: a person asks, and decides, one by one."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2
from todoke.v1 import dispatches_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.deliveries import DeliveriesScreen
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.resident import ResidentScreen
from tui.widgets.live_table import Cell, Column, LiveTable

CANCELLED = campaigns_pb2.CAMPAIGN_STATE_CANCELLED
REASON = 500
RESOLVED = "resolved"
"""What reasons are remembered under: one call to the provider settles many."""

NAMES = {
    pb.RESOLUTION_SENT: "resolve_sent",
    pb.RESOLUTION_NOT_SENT: "resolve_not_sent",
    pb.RESOLUTION_SEND_AGAIN: "resolve_again",
}


class UnknownScreen(Acting, Leaf[pb.DispatchSummary]):
    SUBJECT = "unknown"
    KINDS: ClassVar[tuple[str, ...]] = ("dispatch.", "campaign.", "resident.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("sent", "not_sent", "again"), roles.MESSENGERS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "sent", "key.resolve_sent"),
        Binding("x", "not_sent", "key.resolve_not_sent"),
        Binding("n", "again", "key.resolve_again"),
        Binding("d", "whom", "key.whom"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._campaigns: dict[str, campaigns_pb2.Campaign] = {}

    def table(self) -> LiveTable[pb.DispatchSummary]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.first_attempt"), 11),
                Column(words("column.attempts"), 5, right=True),
                Column(words("column.channel"), 7),
                Column(words("column.carries"), 18, grow=1),
                Column(words("column.lane"), 9),
                Column(words("column.recipients"), 6, right=True),
                Column(words("column.provider"), 14, grow=1),
            ],
            key=lambda dispatch: dispatch.dispatch_id,
            cells=self._cells,
            empty=words("empty.unknown"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.DispatchSummary]:
        core = self.desk.core
        request = pb.ListDispatchesRequest(
            state=pb.DISPATCH_STATE_UNKNOWN, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.dispatches.ListDispatches, request)
        if not self._not_allowed(roles.CAMPAIGNS):
            for id in {one.campaign_id for one in answer.dispatches} - {"", *self._campaigns}:
                asked = campaigns_pb2.GetCampaignRequest(campaign_id=id)
                found = await core.ask(core.campaigns.GetCampaign, asked)
                self._campaigns[id] = found.campaign
        return Page(answer.dispatches, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.unknown", count=formats.count(len(self.listing.rows)))

    def panel(self, row: pb.DispatchSummary) -> Content:
        words = self.words
        lines = [
            Content(
                words(
                    "unknown.what",
                    first=formats.moment(row.first_attempt_time),
                    channel=self.words.channel(row.channel),
                    carries=self._carries(row),
                    count=formats.count(row.recipients),
                    attempts=row.attempts,
                )
            ),
            self.facts(
                ("fact.provider", formats.plain(row.provider_message)),
                ("fact.given_up_at", formats.moment(row.finish_time)),
            ),
            Content(words("unknown.ask")),
        ]
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        if action not in {"sent", "not_sent", "again", "whom"}:
            return super().why_not(action)
        row = self.row
        if row is None:
            return self.words("why.no_row")
        if action == "whom":
            return self._against_whom(row)
        if action == "again" and self._is_cancelled(row):
            return self.words("why.cancelled_again")
        return None

    def _against_whom(self, row: pb.DispatchSummary) -> str | None:
        if row.resident_id:
            return self._not_allowed(roles.PEOPLE)
        if row.campaign_id:
            return self._not_allowed(roles.DELIVERIES & roles.CAMPAIGNS)
        return self.words("why.nobody_known")

    def _is_cancelled(self, row: pb.DispatchSummary) -> bool:
        """Whether it is of a campaign that was cancelled, as far as is known."""
        campaign = self._campaigns.get(row.campaign_id)
        return campaign is not None and campaign.state == CANCELLED

    @work(group="act", exclusive=True)
    async def action_sent(self) -> None:
        await self._resolve(pb.RESOLUTION_SENT)

    @work(group="act", exclusive=True)
    async def action_not_sent(self) -> None:
        await self._resolve(pb.RESOLUTION_NOT_SENT)

    @work(group="act", exclusive=True)
    async def action_again(self) -> None:
        await self._resolve(pb.RESOLUTION_SEND_AGAIN)

    @work(group="act", exclusive=True)
    async def action_whom(self) -> None:
        """Open the resident whom it went to, or those of the campaign of whom it is unknown."""
        row = self.row
        if row is None:
            return
        if row.resident_id:
            self.app.push_screen(ResidentScreen(self.desk, row.resident_id))
        elif campaign := self._campaigns.get(row.campaign_id):
            only = campaigns_pb2.DELIVERY_STATE_UNKNOWN
            self.app.push_screen(DeliveriesScreen(self.desk, campaign, only))

    async def _resolve(self, resolution: pb.Resolution.ValueType) -> None:
        if self.row is not None:
            dialog = self._ask(self.row, resolution)
            await self.ask_for(dialog, f"dispatch.{NAMES[resolution]}")

    def _ask(self, row: pb.DispatchSummary, resolution: pb.Resolution.ValueType) -> Ask:
        desk, name = self.desk, NAMES[resolution]

        async def resolve(answers: Answers, request_id: str) -> None:
            reason = str(answers["reason"])
            request = pb.ResolveDispatchRequest(
                dispatch_id=row.dispatch_id,
                resolution=resolution,
                reason=reason,
                request_id=request_id,
            )
            await desk.core.ask(desk.core.dispatches.ResolveDispatch, request)
            desk.reasons.add(RESOLVED, reason)

        about = self.words(
            f"ask.{name}.about",
            carries=self._carries(row),
            channel=self.words.channel(row.channel),
            count=formats.count(row.recipients),
        )
        field = Field("reason", limit=REASON, before=desk.reasons.of(RESOLVED))
        grave = resolution == pb.RESOLUTION_SEND_AGAIN
        return Ask(self.words, name, resolve, about=about, fields=(field,), grave=grave)

    def _carries(self, row: pb.DispatchSummary) -> str:
        """Say what it tells: the campaign's title, or what kind of thing."""
        campaign = self._campaigns.get(row.campaign_id)
        if campaign is not None:
            return self.words("carries_campaign", title=formats.plain(campaign.title))
        return self.words(f"carries.{row.carries or 'erased'}")

    def _cells(self, row: pb.DispatchSummary) -> Sequence[Cell]:
        return (
            formats.moment(row.first_attempt_time),
            str(row.attempts),
            self.words.channel(row.channel),
            self._carries(row),
            self.words(f"lane.{pb.Lane.Name(row.lane)}"),
            formats.count(row.recipients),
            row.provider_message,
        )
