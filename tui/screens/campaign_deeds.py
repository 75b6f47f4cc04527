"""The keys that hold a campaign, let it go on and end it, wherever its row stands."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from tui import roles
from tui.desk import request_id
from tui.screens import campaign_dialogs
from tui.screens.acting import Acting
from tui.screens.list_screen import ListScreen

RUNNING, PAUSED = pb.CAMPAIGN_STATE_RUNNING, pb.CAMPAIGN_STATE_PAUSED
STATES_FOR = {
    "pause": (RUNNING,),
    "resume": (PAUSED,),
    "cancel": (pb.CAMPAIGN_STATE_DRAFT, pb.CAMPAIGN_STATE_SCHEDULED, RUNNING, PAUSED),
}
"""Where a campaign must be for an action to make sense; the core has the last word."""


class CampaignDeeds(Acting, ListScreen[pb.Campaign]):
    """For lists of campaigns."""

    DEEDS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "key.pause_campaign"),
        Binding("r", "resume", "key.resume_campaign"),
        Binding("x", "cancel", "key.cancel"),
    ]
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(STATES_FOR, roles.MESSENGERS)

    def why_not(self, action: str) -> str | None:
        if action not in STATES_FOR:
            return None
        if self.row is None:
            return self.words("why.no_row")
        if self.row.state not in STATES_FOR[action]:
            state = self.words(f"state.{pb.CampaignState.Name(self.row.state)}")
            return self.words("why.batch_state", state=state)
        return None

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
        """Let it go on at once, as it is now."""
        if (plan := await self._plan()) is None:
            return
        core = self.desk.core
        request = pb.ResumeCampaignRequest(
            campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=request_id()
        )
        try:
            await core.ask(core.campaigns.ResumeCampaign, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            self.tell(self.words("done.campaign.resumed"))
        self.touch()

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self.row is not None:
            dialog = campaign_dialogs.ask_cancel(self.desk, self.row)
            await self.ask_for(dialog, "campaign.cancelled")

    async def _plan(self) -> pb.CampaignPlan | None:
        """Read what the campaign that is meant says; say so where that is refused."""
        if self.row is None:
            return None
        core = self.desk.core
        request = pb.GetCampaignPlanRequest(campaign_id=self.row.campaign_id)
        try:
            return (await core.ask(core.campaigns.GetCampaignPlan, request)).plan
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None
