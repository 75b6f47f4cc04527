"""What a campaign brought: how many got, opened and answered it, by town and age, as it goes on."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import delivery_lines
from tui.screens.acting import Acting
from tui.screens.campaign_facts import counts
from tui.screens.campaign_letters import ask_campaign_letters
from tui.screens.deliveries import DeliveriesScreen
from tui.screens.follow_up import MESSAGE, ask_follow_up
from tui.screens.leaf import Leaf
from tui.screens.moving import Moving
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

BAR_CELLS = 30
FAILED = ("failed", "unknown", "dropped")
REST = 10
"""Counting by town and age reads every recipient: it rests ten times as long as it took."""


class ResultsScreen(Acting, Moving, Leaf[pb.CampaignResultRow]):
    SUBJECT = "campaign_results"
    KINDS: ClassVar[tuple[str, ...]] = ("campaign.", "dispatch.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        "deliveries": roles.DELIVERIES,
        "follow_up": roles.MESSENGERS,
        "letters": roles.MESSENGERS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "deliveries", "key.deliveries"),
        Binding("n", "follow_up", "key.follow_up"),
        Binding("e", "letters", "key.letters"),
    ]

    def __init__(self, desk: Desk, campaign: pb.Campaign) -> None:
        super().__init__(desk)
        self._campaign = campaign
        self._results = pb.GetCampaignResultsResponse()
        self._rested_at = 0.0

    def compose_body(self) -> ComposeResult:
        heading, *rest = super().compose_body()
        yield heading
        yield Static(id="totals")
        yield from rest

    def table(self) -> LiveTable[pb.CampaignResultRow]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.area"), 12, grow=1),
                Column(words("column.ages"), 9),
                Column(words("column.recipients"), 8, right=True),
                Column(words("column.told"), 8, right=True),
                Column(words("column.inbox"), 7, right=True),
                Column(words("column.not_told"), 7, right=True),
                Column(words("column.opened"), 8, right=True),
                Column(words("column.answered"), 8, right=True),
            ],
            key=lambda row: f"{row.area}:{row.from_age}:{row.to_age}",
            cells=self._cells,
            empty=words("empty.campaign_results"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.CampaignResultRow]:
        del token  # There is one page: a town has few areas.
        core, id, now = self.desk.core, self._campaign.campaign_id, asyncio.get_running_loop().time
        request = pb.GetCampaignRequest(campaign_id=id)
        self._campaign = (await core.ask(core.campaigns.GetCampaign, request)).campaign
        began = now()
        if began >= self._rested_at:
            asked = pb.GetCampaignResultsRequest(campaign_id=id)
            self._results = await core.ask(core.campaigns.GetCampaignResults, asked)
            self._rested_at = now() + REST * (now() - began)
        return Page(self._results.rows, "")

    def heading(self) -> str:
        one = self._campaign
        return self.words(
            "heading.campaign_results",
            title=formats.plain(one.title),
            state=self.words(f"state.{pb.CampaignState.Name(one.state)}"),
            start=formats.moment(one.start_time) or formats.moment(one.create_time),
        )

    def show_heading(self) -> None:
        super().show_heading()
        self.query_one("#totals", Static).update(self._totals())

    def panel(self, row: pb.CampaignResultRow) -> Content:
        words = self.words
        states = [
            words("state_count", state=words(f"delivery.{state}"), count=formats.count(number))
            for state, number in sorted(row.deliveries.items())
        ]
        return self.facts(("fact.deliveries", words("comma").join(states)))

    def why_not(self, action: str) -> str | None:
        if action in {"follow_up", "letters"} and self._campaign.kind != MESSAGE:
            return self.words("why.not_composed")
        return super().why_not(action)

    def action_deliveries(self) -> None:
        self.app.push_screen(DeliveriesScreen(self.desk, self._campaign))

    @work(group="act", exclusive=True)
    async def action_follow_up(self) -> None:
        try:
            dialog = await ask_follow_up(self.desk, self._campaign)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if dialog is None:
            self.tell(self.words("follow.nobody"), severity="warning")
        else:
            await self.ask_for(dialog, "campaign.followed_up")

    @work(group="act", exclusive=True)
    async def action_letters(self) -> None:
        text = await self.ask_for(ask_campaign_letters(self.desk, self._campaign))
        if text:
            self.app.push_screen(Note(self.words, self.words("note.letters"), text))

    def _totals(self) -> Content:
        words, one, rows = self.words, self._campaign, self._results.rows
        done, everybody = delivery_lines.done(one), delivery_lines.total(one)
        told = one.deliveries.get("sent", 0) + one.deliveries.get("inbox", 0)
        reasons = [
            words(
                "state_count",
                state=words.find(f"not_told.{reason}") or reason,
                count=formats.count(number),
            )
            for reason, number in sorted(self._results.reasons.items())
        ]
        lines: list[str | Content] = [
            words(
                "results.laying_out" if one.laying_out else "results.done",
                bar=formats.bar(done, everybody, BAR_CELLS),
                done=formats.count(done),
                all=formats.count(everybody),
            ),
            self.facts(("fact.deliveries", counts(words, one))),
            words(
                "results.engaged",
                opened=_of(sum(row.opened for row in rows), told),
                answered=_of(sum(row.answered for row in rows), told),
                letters=formats.count(sum(row.letters for row in rows)),
            ),
            self.facts(("fact.why_not_told", words("comma").join(reasons))),
        ]
        return Content("\n").join(line for line in lines if line)

    def _cells(self, row: pb.CampaignResultRow) -> Sequence[Cell]:
        words, of = self.words, row.deliveries
        failed = sum(of.get(state, 0) for state in FAILED)
        return (
            row.area or words("no_area"),
            words.ages(row.from_age, row.to_age) if row.to_age else words("no_age"),
            formats.count(sum(of.values())),
            formats.count(of.get("sent", 0)),
            formats.count(of.get("inbox", 0)),
            Toned(formats.count(failed), "bad" if failed else "quiet"),
            formats.count(row.opened),
            formats.count(row.answered),
        )


def _of(part: int, whole: int) -> str:
    """Write a number with its share."""
    return f"{formats.count(part)} ({part * 100 // whole}%)" if whole else formats.count(part)
