"""What is being sent: queued, leased, sent, failed, and what nobody can know."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1.dispatches_pb2 import (
    DISPATCH_STATE_FAILED,
    DISPATCH_STATE_SENT,
    DISPATCH_STATE_UNKNOWN,
    DISPATCH_STATE_UNSPECIFIED,
    DispatchState,
    DispatchSummary,
    GetDeliveryStatusRequest,
    ListDispatchesRequest,
)
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.campaigns import CampaignsScreen
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.live import LiveScreen
from tui.screens.rules_dialog import ask_rules
from tui.screens.unknown import UnknownScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    DISPATCH_STATE_SENT: "good",
    DISPATCH_STATE_FAILED: "bad",
    DISPATCH_STATE_UNKNOWN: "bad",
}


class DispatchesScreen(Acting, ListScreen[DispatchSummary]):
    SUBJECT = "dispatches"
    KINDS: ClassVar[tuple[str, ...]] = ("dispatch.", "campaign.", "application.", "resident.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        "campaigns": roles.CAMPAIGNS,
        "sending_rules": roles.ADMINISTRATION,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "live", "key.live"),
        Binding("o", "unknown", "key.unknown"),
        Binding("c", "campaigns", "key.campaigns"),
        Binding("s", "scope", "key.scope"),
        Binding("r", "sending_rules", "key.sending_rules"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._only = DISPATCH_STATE_UNSPECIFIED
        self._unknown = 0

    def table(self) -> LiveTable[DispatchSummary]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.queued_at"), 11),
                Column(words("column.channel"), 8),
                Column(words("column.state"), 12),
                Column(words("column.attempts"), 5, right=True),
                Column(words("column.recipients"), 6, right=True),
                Column(words("column.provider"), 20, grow=1),
            ],
            key=lambda dispatch: dispatch.dispatch_id,
            cells=self._cells,
            empty=words("empty.dispatches"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[DispatchSummary]:
        core = self.desk.core
        request = ListDispatchesRequest(state=self._only, page_size=PAGE, page_token=token)
        answer = await core.ask(core.dispatches.ListDispatches, request)
        if not token:
            status = core.dispatches.GetDeliveryStatus
            self._unknown = (await core.ask(status, GetDeliveryStatusRequest())).unknown
        return Page(answer.dispatches, answer.next_page_token)

    def heading(self) -> str:
        words = self.words
        heading = words("heading.dispatches_all")
        if self._only != DISPATCH_STATE_UNSPECIFIED:
            state = words(f"state.{DispatchState.Name(self._only)}")
            heading = words("heading.dispatches", state=state)
        if not self._unknown:
            return heading
        waits = words("unknown_waits", count=formats.count(self._unknown))
        return words("heading.with_unknown", heading=heading, unknown=waits)

    def panel(self, row: DispatchSummary) -> Content:
        lines = [
            Content(self._about(row)),
            self.facts(
                ("fact.queued_at", formats.moment(row.create_time)),
                ("fact.first_attempt", formats.moment(row.first_attempt_time)),
                ("fact.finished_at", formats.moment(row.finish_time)),
            ),
            self.facts(("fact.provider", formats.plain(row.provider_message))),
            self.facts(("fact.dispatch", row.dispatch_id)),
        ]
        return Content("\n").join(line for line in lines if line)

    def _about(self, row: DispatchSummary) -> str:
        if row.due_time.seconds:
            name = "tried_again" if row.provider_message else "goes_out_later"
            return self.words(f"about.{name}", time=formats.moment(row.due_time))
        return self.words(f"about.{DispatchState.Name(row.state)}")

    def action_campaigns(self) -> None:
        self.app.push_screen(CampaignsScreen(self.desk))

    def action_live(self) -> None:
        self.app.push_screen(LiveScreen(self.desk))

    def action_unknown(self) -> None:
        self.app.push_screen(UnknownScreen(self.desk))

    @work(group="act", exclusive=True)
    async def action_sending_rules(self) -> None:
        try:
            dialog = await ask_rules(self.desk)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            await self.ask_for(dialog, "sending.rules_set")

    def action_scope(self) -> None:
        """Go to the next state; after the last, all of them again."""
        states = DispatchState.values()
        self._only = states[(states.index(self._only) + 1) % len(states)]
        self.touch()

    def _cells(self, dispatch: DispatchSummary) -> Sequence[Cell]:
        state = self.words(f"state.{DispatchState.Name(dispatch.state)}")
        return (
            formats.moment(dispatch.create_time),
            self.words.channel(dispatch.channel),
            Toned(state, TONES.get(dispatch.state, "")),
            str(dispatch.attempts),
            formats.count(dispatch.recipients),
            dispatch.provider_message,
        )
