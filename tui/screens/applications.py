"""The queue of applications: those waiting longest first; approve, send back, reject."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.application_dialogs import (
    ask_approve,
    ask_keep,
    ask_reject,
    ask_send_back,
    history,
)
from tui.screens.list_screen import PAGE, ListScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

SCOPES: dict[str, "tuple[pb.ApplicationState.ValueType, ...]"] = {
    "waiting": (pb.APPLICATION_STATE_SUBMITTED,),
    "resident": (
        pb.APPLICATION_STATE_INVITED,
        pb.APPLICATION_STATE_STARTED,
        pb.APPLICATION_STATE_RETURNED,
    ),
    "held": (),
    "all": (),
}
"""What the list holds: what waits for staff, for residents, what left the roster, everything."""

TONES = {
    pb.APPLICATION_STATE_SUBMITTED: "warn",
    pb.APPLICATION_STATE_APPROVED: "good",
    pb.APPLICATION_STATE_PAID: "good",
    pb.APPLICATION_STATE_REJECTED: "bad",
    pb.APPLICATION_STATE_PAYMENT_FAILED: "bad",
}


OVER = {
    pb.APPLICATION_STATE_REJECTED,
    pb.APPLICATION_STATE_WITHDRAWN,
    pb.APPLICATION_STATE_EXPIRED,
}


def is_held(application: pb.Application) -> bool:
    """Whether its row left the roster, and nobody has decided what becomes of it."""
    undecided = bool(application.left_version) and not application.kept_by
    return undecided and application.state not in OVER


class ApplicationsScreen(Acting, ListScreen[pb.Application]):
    SUBJECT = "applications"
    KINDS: ClassVar[tuple[str, ...]] = ("application.", "batch.", "campaign.", "resident.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("approve", "send_back", "reject", "keep"), roles.REVIEW
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "key.approve"),
        Binding("b", "send_back", "key.send_back"),
        Binding("x", "reject", "key.reject"),
        Binding("o", "keep", "key.keep"),
        Binding("d", "details", "key.details"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._scope = "waiting"

    def table(self) -> LiveTable[pb.Application]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.submitted_at"), 11),
                Column(words("column.reference"), 10),
                Column(words("column.name"), 14, grow=1),
                Column(words("column.program"), 10, grow=1),
                Column(words("column.amount"), 11, right=True),
                Column(words("column.state"), 10),
            ],
            key=lambda application: application.application_id,
            cells=self._cells,
            empty=words("empty.applications"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Application]:
        core = self.desk.core
        request = pb.ListApplicationsRequest(
            states=SCOPES[self._scope],
            held=self._scope == "held",
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.applications.ListApplications, request)
        return Page(answer.applications, answer.next_page_token, answer.total_size)

    def heading(self) -> str:
        total = self.listing.total or 0
        return self.words(f"heading.applications_{self._scope}", total=formats.count(total))

    def panel(self, row: pb.Application) -> Content:
        words = self.words
        answers = [
            f"{words.find(f'step.{step}') or step}: {words.find(f'answer.{answer}') or answer}"
            for step, answer in row.answers.items()
        ]
        lines = [
            self.facts(("fact.name", row.resident_name), ("fact.reference", row.reference)),
            self.facts(
                ("fact.amount", words("yen", amount=formats.count(row.amount))),
                ("fact.account", row.masked_account),
            ),
            self.facts(("fact.answers", words("comma").join(answers) or words("none"))),
            self.facts(
                ("fact.invited_at", formats.moment(row.invite_time)),
                ("fact.submitted_at", formats.moment(row.submit_time)),
                ("fact.decided_at", formats.moment(row.decide_time)),
            ),
        ]
        if row.left_version:
            key = "KEPT" if row.kept_by else "LEFT"
            told = words(f"state.APPLICATION_{key}", version=row.left_version, by=row.kept_by)
            lines.insert(1, self.facts(("fact.roster_left", told)))
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action not in {"approve", "send_back", "reject", "keep", "details"}:
            return None
        application = self.row
        if application is None:
            return self.words("why.no_row")
        state = self.words(f"state.{pb.ApplicationState.Name(application.state)}")
        held = is_held(application)
        if action == "keep" and not held:
            return self.words("why.not_held", state=state)
        if action == "approve" and held and application.state == pb.APPLICATION_STATE_SUBMITTED:
            return self.words("why.held")
        revokes = action == "reject" and held and application.state == pb.APPLICATION_STATE_APPROVED
        decides = action in {"approve", "send_back", "reject"} and not revokes
        if decides and application.state != pb.APPLICATION_STATE_SUBMITTED:
            return self.words("why.not_submitted", state=state)
        return None

    @work(group="act", exclusive=True)
    async def action_approve(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_approve(self.desk, self.row), "application.approved")

    @work(group="act", exclusive=True)
    async def action_send_back(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_send_back(self.desk, self.row), "application.returned")

    @work(group="act", exclusive=True)
    async def action_reject(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_reject(self.desk, self.row), "application.rejected")

    @work(group="act", exclusive=True)
    async def action_keep(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_keep(self.desk, self.row), "application.kept")

    @work(group="act", exclusive=True)
    async def action_details(self) -> None:
        """Show the history; the core writes the look into the audit log, so only when asked."""
        if self.row is None:
            return
        core = self.desk.core
        request = pb.GetApplicationRequest(application_id=self.row.application_id)
        try:
            answer = await core.ask(core.applications.GetApplication, request)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        title = self.words("note.history", name=answer.application.resident_name)
        panel = self.panel(answer.application)
        text = Content("\n\n").join([panel, history(self.words, answer.history)])
        await self.app.push_screen_wait(Note(self.words, title, text))

    def action_scope(self) -> None:
        names = list(SCOPES)
        self._scope = names[(names.index(self._scope) + 1) % len(names)]
        self.live.say(self.words(f"empty.applications_{self._scope}"))
        self.touch()

    def _cells(self, application: pb.Application) -> Sequence[Cell]:
        state = Toned(
            self.words(f"state.{pb.ApplicationState.Name(application.state)}"),
            TONES.get(application.state, ""),
        )
        if is_held(application):
            state = Toned(self.words("state.APPLICATION_HELD"), "bad")
        return (
            formats.moment(application.submit_time) or formats.moment(application.invite_time),
            application.reference,
            application.resident_name,
            application.program_title,
            self.words("yen", amount=formats.count(application.amount)),
            state,
        )
