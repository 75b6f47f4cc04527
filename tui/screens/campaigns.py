"""Campaigns: compose one, see whom it finds and what it costs, approve, send, hold and end it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.residents_pb2 import ListTopicsRequest
from tui import formats, roles
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import campaign_dialogs
from tui.screens.campaign_deeds import CampaignDeeds
from tui.screens.campaign_facts import TONES, CampaignPanel
from tui.screens.campaign_plan import plan_text
from tui.screens.campaign_results import ResultsScreen
from tui.screens.composing import ComposingScreen
from tui.screens.deleting import ask_delete_draft
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.segments import SegmentsScreen
from tui.screens.templates import TemplatesScreen
from tui.screens.topics import TopicsScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

DRAFT = pb.CAMPAIGN_STATE_DRAFT
OF_DRAFTS = frozenset({"revise", "approve", "return", "send", "delete"})
MESSAGE, TEST = "message", "test"


class CampaignsScreen(CampaignDeeds, CampaignPanel, Leaf[pb.Campaign]):
    SUBJECT = "campaigns"
    KINDS: ClassVar[tuple[str, ...]] = ("campaign.", "dispatch.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        **CampaignDeeds.NEEDS,
        **dict.fromkeys(("compose", "revise", "send", "delete"), roles.MESSENGERS),
        **dict.fromkeys(("approve", "return"), roles.MESSAGE_APPROVERS),
        "segments": roles.MESSENGERS,
        "templates": roles.MESSENGERS,
        "topics": roles.MESSENGERS,
        "preview": roles.MESSENGERS | roles.MESSAGE_APPROVERS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "compose", "key.create"),
        Binding("d", "revise", "key.revise_campaign"),
        Binding("v", "preview", "key.preview_campaign"),
        Binding("a", "approve", "key.approve"),
        Binding("b", "return", "key.return_campaign"),
        Binding("s", "send", "key.send_campaign"),
        *CampaignDeeds.DEEDS,
        Binding("delete", "delete", "key.delete"),
        Binding("o", "results", "key.campaign_results"),
        Binding("w", "segments", "key.segments"),
        Binding("m", "templates", "key.templates"),
        Binding("l", "topics", "key.topics"),
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

    def why_not(self, action: str) -> str | None:
        campaign, words = self.row, self.words
        if action not in {*OF_DRAFTS, "preview", "results"}:
            return super().why_not(action)
        if campaign is None:
            return words("why.no_row")
        if action == "results":
            return words("why.not_sent_yet") if campaign.state == DRAFT else None
        if campaign.kind != MESSAGE:
            return words("why.not_composed")
        if action in OF_DRAFTS and campaign.state != DRAFT:
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
    async def action_return(self) -> None:
        if (plan := await self._plan()) is not None:
            dialog = campaign_dialogs.ask_return(self.desk, plan)
            await self.ask_for(dialog, "campaign.returned")

    @work(group="act", exclusive=True)
    async def action_send(self) -> None:
        if (plan := await self._plan()) is not None:
            dialog = campaign_dialogs.ask_send(self.desk, plan)
            await self.ask_for(dialog, "campaign.scheduled")

    @work(group="act", exclusive=True)
    async def action_delete(self) -> None:
        if (plan := await self._plan()) is not None:
            await self.ask_for(ask_delete_draft(self.desk, plan), "campaign.deleted")

    def action_results(self) -> None:
        if self.row is not None:
            self.app.push_screen(ResultsScreen(self.desk, self.row))

    def action_segments(self) -> None:
        self.app.push_screen(SegmentsScreen(self.desk))

    def action_templates(self) -> None:
        self.app.push_screen(TemplatesScreen(self.desk, pb.TEMPLATE_USE_MESSAGE))

    def action_topics(self) -> None:
        self.app.push_screen(TopicsScreen(self.desk))

    def _cells(self, campaign: pb.Campaign) -> Sequence[Cell]:
        counts = campaign.deliveries
        return (
            formats.moment(campaign.create_time),
            self._title(campaign),
            self._state(campaign),
            formats.count(campaign.recipients or sum(counts.values())),
            formats.count(counts.get("sent", 0)),
            formats.count(counts.get("queued", 0)),
        )

    def _title(self, campaign: pb.Campaign) -> str:
        """Name it, a test so that nobody takes it for what it tries out."""
        is_test = campaign.kind == TEST
        return self.words("campaign.test", title=campaign.title) if is_test else campaign.title

    def _state(self, campaign: pb.Campaign) -> Toned:
        """Say where it is; of a draft also that it was sent back, or approved."""
        if campaign.state == DRAFT and campaign.remark:
            return Toned(self.words("campaign.back"), "warn")
        if campaign.state == DRAFT and campaign.approver:
            return Toned(self.words("campaign.approved"), "good")
        state = self.words(f"state.{pb.CampaignState.Name(campaign.state)}")
        return Toned(state, TONES.get(campaign.state, ""))
