"""How delivery goes now, moving by itself; the campaigns under way are held and ended here."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens import delivery_lines
from tui.screens.campaign_deeds import CampaignDeeds
from tui.screens.campaign_facts import TONES, CampaignPanel
from tui.screens.campaign_results import ResultsScreen
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.moving import Moving
from tui.screens.unknown import UnknownScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

BAR_CELLS = 10


class LiveScreen(CampaignDeeds, Moving, CampaignPanel, Leaf[pb.Campaign]):
    SUBJECT = "live"
    KINDS: ClassVar[tuple[str, ...]] = ("dispatch.", "campaign.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {**CampaignDeeds.NEEDS, "results": roles.CAMPAIGNS}
    BINDINGS: ClassVar[list[BindingType]] = [
        *CampaignDeeds.DEEDS,
        Binding("d", "results", "key.campaign_results"),
        Binding("o", "unknown", "key.unknown"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._status = dispatches_pb2.GetDeliveryStatusResponse()
        self._quotas: Sequence[dispatches_pb2.Quota] = ()
        self._paces: dict[str, dispatches_pb2.CampaignPace] = {}

    def compose_body(self) -> ComposeResult:
        heading, *rest = super().compose_body()
        yield heading
        with VerticalScroll(id="delivery-box"):  # In focus, the arrows scroll it.
            yield Static(id="delivery")
        yield from rest

    def table(self) -> LiveTable[pb.Campaign]:
        words, hidden = self.words, self._not_allowed(roles.CAMPAIGNS)
        return LiveTable(
            [
                Column(words("column.campaign"), 14, grow=1),
                Column(words("column.state"), 8),
                Column(words("column.progress"), BAR_CELLS + 5),
                Column(words("column.of_all"), 17, right=True),
                Column(words("column.pace"), 6, right=True),
                Column(words("column.ends_at"), 11, right=True),
            ],
            key=lambda campaign: campaign.campaign_id,
            cells=self._cells,
            empty=words("empty.under_way_hidden" if hidden else "empty.under_way"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Campaign]:
        core, pb_of = self.desk.core, dispatches_pb2
        self._status, quotas = await asyncio.gather(
            core.ask(core.dispatches.GetDeliveryStatus, pb_of.GetDeliveryStatusRequest()),
            core.ask(core.dispatches.ListQuotas, pb_of.ListQuotasRequest()),
        )
        self._quotas = quotas.quotas
        self._paces = {one.campaign_id: one for one in self._status.paces}
        if self._not_allowed(roles.CAMPAIGNS):
            return Page((), "")
        request = pb.ListCampaignsRequest(page_size=PAGE, page_token=token, under_way=True)
        answer = await core.ask(core.campaigns.ListCampaigns, request)
        return Page(answer.campaigns, answer.next_page_token)

    def heading(self) -> str:
        words, unknown = self.words, self._status.unknown
        doubt = words("unknown_waits", count=formats.count(unknown)) if unknown else ""
        return words("heading.live", time=formats.second(self._status.time), unknown=doubt)

    def show_heading(self) -> None:
        super().show_heading()
        told = delivery_lines.lines(self.words, self._status, self._quotas)
        self.query_one("#delivery", Static).update(told)

    def action_results(self) -> None:
        if self.row is not None:
            self.app.push_screen(ResultsScreen(self.desk, self.row))

    def action_unknown(self) -> None:
        self.app.push_screen(UnknownScreen(self.desk))

    def _cells(self, campaign: pb.Campaign) -> Sequence[Cell]:
        words, pace = self.words, self._paces.get(campaign.campaign_id)
        done, all_of_it = delivery_lines.done(campaign), delivery_lines.total(campaign)
        share = done * 100 // all_of_it if all_of_it else 0
        now = self._status.time.ToDatetime(tzinfo=UTC)
        state = words(f"state.{pb.CampaignState.Name(campaign.state)}")
        awaiting = delivery_lines.waiting_for_allowance(self._status)
        return (
            campaign.title,
            Toned(state, TONES.get(campaign.state, "")),
            f"{formats.bar(done, all_of_it, BAR_CELLS)} {share:>3}%",
            f"{formats.count(done)}/{formats.count(all_of_it)}",
            delivery_lines.a_second(pace.sent_last_minute) if pace else "0",
            _end(delivery_lines.estimate(campaign, pace, now, awaiting), now),
        )


def _end(end: datetime | None, now: datetime) -> str:
    """Write the hour of a moment, and its day where it is another."""
    if end is None:
        return ""
    there, here = end.astimezone(formats.TOKYO), now.astimezone(formats.TOKYO)
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%m/%d %H:%M}"
