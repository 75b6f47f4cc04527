"""Campaigns: compose one, see whom it finds and what it costs, approve, send, hold and end it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import Lane
from todoke.v1.residents_pb2 import ListTopicsRequest
from tui import formats, roles
from tui.desk import request_id
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import campaign_dialogs
from tui.screens.acting import Acting
from tui.screens.campaign_plan import plan_text
from tui.screens.composing import ComposingScreen
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.segments import SegmentsScreen
from tui.screens.templates import TemplatesScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.wording import Words

DRAFT, RUNNING, PAUSED = (
    pb.CAMPAIGN_STATE_DRAFT,
    pb.CAMPAIGN_STATE_RUNNING,
    pb.CAMPAIGN_STATE_PAUSED,
)
TONES = {
    DRAFT: "quiet",
    PAUSED: "warn",
    pb.CAMPAIGN_STATE_CANCELLED: "quiet",
    pb.CAMPAIGN_STATE_FINISHED: "good",
}
STATES_FOR = {
    "revise": (DRAFT,),
    "approve": (DRAFT,),
    "send": (DRAFT,),
    "pause": (RUNNING,),
    "resume": (PAUSED,),
    "cancel": (DRAFT, pb.CAMPAIGN_STATE_SCHEDULED, RUNNING, PAUSED),
}
"""Where a campaign must be for an action to make sense; the core has the last word."""

MESSAGE = "message"


class CampaignsScreen(Acting, Leaf[pb.Campaign]):
    SUBJECT = "campaigns"
    KINDS: ClassVar[tuple[str, ...]] = ("campaign.", "dispatch.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        **dict.fromkeys(
            ("compose", "revise", "send", "pause", "resume", "cancel"), roles.MESSENGERS
        ),
        "approve": roles.MESSAGE_APPROVERS,
        "segments": roles.MESSENGERS,
        "templates": roles.MESSENGERS,
        "preview": roles.MESSENGERS | roles.MESSAGE_APPROVERS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "compose", "key.create"),
        Binding("d", "revise", "key.revise_campaign"),
        Binding("v", "preview", "key.preview_campaign"),
        Binding("a", "approve", "key.approve"),
        Binding("s", "send", "key.send_campaign"),
        Binding("p", "pause", "key.pause_campaign"),
        Binding("r", "resume", "key.resume_campaign"),
        Binding("x", "cancel", "key.cancel"),
        Binding("w", "segments", "key.segments"),
        Binding("m", "templates", "key.templates"),
    ]

    def table(self) -> LiveTable[pb.Campaign]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.made_at"), 11),
                Column(words("column.campaign"), 16, grow=1),
                Column(words("column.state"), 10),
                Column(words("column.recipients"), 8, right=True),
                Column(words("column.told"), 8, right=True),
                Column(words("column.waiting"), 8, right=True),
            ],
            key=lambda campaign: campaign.campaign_id,
            cells=self._cells,
            empty=words("empty.campaigns"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Campaign]:
        core = self.desk.core
        request = pb.ListCampaignsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.campaigns.ListCampaigns, request)
        return Page(answer.campaigns, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.campaigns")

    def panel(self, row: pb.Campaign) -> Content:
        words = self.words
        counts = [
            f"{words(f'delivery.{state}')} {formats.count(number)}"
            for state, number in sorted(row.deliveries.items())
        ]
        lines = [
            self.facts(
                ("fact.kind", words(f"campaign_kind.{row.kind}")),
                ("fact.lane", words(f"lane.{Lane.Name(row.lane)}")),
                ("fact.starts_at", formats.moment(row.start_time)),
                ("fact.author", formats.plain(row.author)),
            ),
            self.facts(("fact.deliveries", words("comma").join(counts) or words("none"))),
            self.facts(("fact.remark", remark(words, row.remark))),
        ]
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        if action not in {*STATES_FOR, "preview"}:
            return None
        campaign, words = self.row, self.words
        if campaign is None:
            return words("why.no_row")
        if campaign.kind != MESSAGE and action not in {"pause", "resume", "cancel"}:
            return words("why.not_composed")
        if action in STATES_FOR and campaign.state not in STATES_FOR[action]:
            state = words(f"state.{pb.CampaignState.Name(campaign.state)}")
            return words("why.batch_state", state=state)
        return None

    @work(group="act", exclusive=True)
    async def action_compose(self) -> None:
        await self._write(None)

    @work(group="act", exclusive=True)
    async def action_revise(self) -> None:
        if (plan := await self._plan()) is not None:
            await self._write(plan)

    async def _write(self, before: pb.CampaignPlan | None) -> None:
        """Go to the composer; without a topic nothing can be composed."""
        core = self.desk.core
        try:
            listed = await core.ask(core.residents.ListTopics, ListTopicsRequest(page_size=1))
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if not listed.topics:
            self.tell(self.words("why.no_topic"), severity="warning")
            return
        await self.app.push_screen_wait(ComposingScreen(self.desk, before))
        self.touch()

    @work(group="act", exclusive=True)
    async def action_preview(self) -> None:
        if (plan := await self._plan()) is not None:
            await self._show_preview(plan)

    async def _show_preview(self, plan: pb.CampaignPlan) -> None:
        try:
            text = await plan_text(self.desk, plan)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        title = self.words("note.campaign_plan", title=formats.plain(plan.draft.title))
        await self.app.push_screen_wait(Note(self.words, title, text))

    @work(group="act", exclusive=True)
    async def action_approve(self) -> None:
        if (plan := await self._plan()) is not None:
            dialog = campaign_dialogs.ask_approve(self.desk, plan)
            await self.ask_for(dialog, "campaign.approved")

    @work(group="act", exclusive=True)
    async def action_send(self) -> None:
        if (plan := await self._plan()) is not None:
            dialog = campaign_dialogs.ask_send(self.desk, plan)
            await self.ask_for(dialog, "campaign.scheduled")

    @work(group="act", exclusive=True)
    async def action_pause(self) -> None:
        """Hold it at once: a wrong message is not the time for a question."""
        if self.row is None:
            return
        core = self.desk.core
        request = pb.PauseCampaignRequest(campaign_id=self.row.campaign_id, request_id=request_id())
        try:
            await core.ask(core.campaigns.PauseCampaign, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            self.tell(self.words("done.campaign.paused"))
        self.touch()

    @work(group="act", exclusive=True)
    async def action_resume(self) -> None:
        if (plan := await self._plan()) is not None:
            dialog = campaign_dialogs.ask_resume(self.desk, plan)
            await self.ask_for(dialog, "campaign.resumed")

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self.row is not None:
            dialog = campaign_dialogs.ask_cancel(self.desk, self.row)
            await self.ask_for(dialog, "campaign.cancelled")

    def action_segments(self) -> None:
        self.app.push_screen(SegmentsScreen(self.desk))

    def action_templates(self) -> None:
        self.app.push_screen(TemplatesScreen(self.desk, pb.TEMPLATE_USE_MESSAGE))

    async def _plan(self) -> pb.CampaignPlan | None:
        """Read what the campaign under the cursor says; say so where that is refused."""
        if self.row is None:
            return None
        core = self.desk.core
        request = pb.GetCampaignPlanRequest(campaign_id=self.row.campaign_id)
        try:
            return (await core.ask(core.campaigns.GetCampaignPlan, request)).plan
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    def _cells(self, campaign: pb.Campaign) -> Sequence[Cell]:
        counts = campaign.deliveries
        state = self.words(f"state.{pb.CampaignState.Name(campaign.state)}")
        return (
            formats.moment(campaign.create_time),
            campaign.title,
            Toned(state, TONES.get(campaign.state, "")),
            formats.count(campaign.recipients or sum(counts.values())),
            formats.count(counts.get("sent", 0)),
            formats.count(counts.get("queued", 0)),
        )


def remark(words: Words, text: str) -> str:
    """Word why a campaign is held or was taken back; staff's own words are told as they are."""
    known = words.find(f"campaign_remark.{text}") or words.find(f"reason.{text}.what")
    return known or formats.plain(text)
