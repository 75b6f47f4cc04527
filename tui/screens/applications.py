"""The queue of applications: those waiting longest first; approve, send back, reject."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from tui import formats, roles
from tui.desk import Queue
from tui.listing import Page
from tui.screens.application import ApplicationScreen
from tui.screens.application_deeds import ApplicationDeeds
from tui.screens.application_states import shown_state
from tui.screens.bulk import BulkScreen
from tui.screens.bulk_dialogs import begin_bulk
from tui.screens.entry import enter
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.queue_filter import SCOPES, ask_filter, narrowed, request_of
from tui.widgets.live_table import Cell, Column, LiveTable


class ApplicationsScreen(ApplicationDeeds, ListScreen[pb.Application]):
    SUBJECT = "applications"
    KINDS: ClassVar[tuple[str, ...]] = ("application.", "batch.", "campaign.", "resident.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = ApplicationDeeds.NEEDS | {
        "bulk": roles.REVIEW,
        "bulks": roles.REVIEW,
        "enter": roles.COUNTER,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        *ApplicationDeeds.DEEDS,
        Binding("d", "details", "key.details"),
        Binding("s", "scope", "key.scope"),
        Binding("f", "narrow", "key.narrow"),
        Binding("v", "bulk", "key.bulk"),
        Binding("l", "bulks", "key.bulks"),
        Binding("n", "enter", "key.enter"),
    ]

    @property
    def chosen(self) -> pb.Application | None:
        return self.row

    @property
    def queue(self) -> Queue:
        return self.desk.queue

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
            empty=words(f"empty.applications_{self.queue.scope}"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Application]:
        core = self.desk.core
        request = request_of(self.desk, self.queue)
        request.page_size, request.page_token = PAGE, token
        answer = await core.ask(core.applications.ListApplications, request)
        return Page(answer.applications, answer.next_page_token, answer.total_size)

    def heading(self) -> str:
        total = formats.count(self.listing.total or 0)
        told = self.words(f"heading.applications_{self.queue.scope}", total=total)
        return f"{told} {self.words('heading.narrowed')}" if narrowed(self.queue) else told

    def panel(self, row: pb.Application) -> Content:
        words = self.words
        answers = [
            f"{words.find(f'step.{step}') or step}: {words.find(f'answer.{answer}') or answer}"
            for step, answer in row.answers.items()
        ]
        amount = words("yen", amount=formats.count(row.amount)) if row.amount else ""
        lines = [
            self.facts(
                ("fact.name", formats.plain(row.resident_name)),
                ("fact.reference", row.reference),
                ("fact.source", words(f"source.{pb.EntrySource.Name(row.source)}")
                 if row.source else ""),
            ),
            self.facts(("fact.amount", amount), ("fact.account", row.masked_account)),
            self.facts(("fact.answers", words("comma").join(answers) or words("none"))),
            self.facts(
                ("fact.invited_at", formats.moment(row.invite_time)),
                ("fact.submitted_at", formats.moment(row.submit_time)),
                ("fact.decided_at", formats.moment(row.decide_time)),
            ),
            self.facts(
                ("fact.assignee", row.assignee_name or words("none")),
                ("fact.approvers", words("comma").join(row.approvers)),
            ),
        ]  # fmt: skip
        if row.left_version:
            key = "KEPT" if row.kept_by else "LEFT"
            told = words(f"state.APPLICATION_{key}", version=row.left_version, by=row.kept_by)
            lines.insert(1, self.facts(("fact.roster_left", told)))
        return Content("\n").join(line for line in lines if line)

    def action_details(self) -> None:
        """Open it whole; the core writes the look into the audit log, so only when asked."""
        if self.row is not None:
            self.app.push_screen(ApplicationScreen(self.desk, self.row.application_id))

    def action_scope(self) -> None:
        names = list(SCOPES)
        scope = names[(names.index(self.queue.scope) + 1) % len(names)]
        self._narrow(replace(self.queue, scope=scope))

    @work(group="act", exclusive=True)
    async def action_narrow(self) -> None:
        try:
            ask = await ask_filter(self.desk, self.queue)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        ended = await self.ended(ask)
        if ended is not None and isinstance(ended.answer, Queue):
            self._narrow(ended.answer)

    @work(group="act", exclusive=True)
    async def action_bulk(self) -> None:
        if await begin_bulk(self):
            self.app.push_screen(BulkScreen(self.desk))

    def action_bulks(self) -> None:
        self.app.push_screen(BulkScreen(self.desk))

    @work(group="act", exclusive=True)
    async def action_enter(self) -> None:
        """Enter what somebody filed who is not registered; residents are found at 7."""
        _, there = await enter(self, about=self.words("unregistered"))
        if there:
            self.app.push_screen(ApplicationScreen(self.desk, there))

    def _narrow(self, queue: Queue) -> None:
        self.desk.queue = queue
        self.live.say(self.words(f"empty.applications_{queue.scope}"))
        self.touch()

    def _cells(self, application: pb.Application) -> Sequence[Cell]:
        amount = self.words("yen", amount=formats.count(application.amount))
        return (
            formats.moment(application.submit_time) or formats.moment(application.invite_time),
            application.reference,
            application.resident_name or self.words("unregistered"),
            application.program_title or application.procedure_title,
            amount if application.amount else "",
            shown_state(self.words, application),
        )
