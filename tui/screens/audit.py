"""The audit log, newest first, and the walk that proves its chain unbroken."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1.activity_pb2 import Event, ListEventsRequest, VerifyAuditRequest
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.list_screen import PAGE, ListScreen
from tui.widgets.live_table import Cell, Column, LiveTable

WALK_SECONDS = 600.0


class AuditScreen(ListScreen[Event]):
    SUBJECT = "audit"
    KINDS: ClassVar[tuple[str, ...]] = ("",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(("verify", "scope"), roles.AUDIT)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "verify", "key.verify"),
        Binding("s", "scope", "key.subject"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._subject = ""

    def table(self) -> LiveTable[Event]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.seq"), 7, right=True),
                Column(words("column.time"), 11),
                Column(words("column.actor"), 14),
                Column(words("column.event"), 30, grow=1),
            ],
            key=lambda event: str(event.seq),
            cells=self._cells,
            empty=words("empty.audit"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Event]:
        core = self.desk.core
        request = ListEventsRequest(subject=self._subject, page_size=PAGE, page_token=token)
        answer = await core.ask(core.activity.ListEvents, request)
        return Page(answer.events, answer.next_page_token)

    def heading(self) -> str:
        if self._subject:
            return self.words("heading.audit_subject", subject=self._subject)
        return self.words("heading.audit")

    def panel(self, row: Event) -> Content:
        details = [f"{key}={value}" for key, value in sorted(row.details.items())]
        lines = [
            self.facts(("fact.kind", row.kind), ("fact.actor", row.actor), ("fact.seq", row.seq)),
            self.facts(("fact.subject", row.subject), ("fact.on_behalf_of", row.on_behalf_of)),
            self.facts(("fact.details", formats.plain("  ".join(details)))),
            self.facts(("fact.reason", formats.plain(row.reason))),
        ]
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        if action == "scope" and not self._subject and (self.row is None or not self.row.subject):
            return self.words("why.no_subject")
        return None

    def action_scope(self) -> None:
        """Show only what happened to this row's thing, or everything again."""
        self._subject = "" if self._subject or self.row is None else self.row.subject
        self.touch()

    @work(group="act", exclusive=True)
    async def action_verify(self) -> None:
        core, words = self.desk.core, self.words
        self.tell(words("audit.walking"))
        try:
            walk = await core.ask(
                core.activity.VerifyAudit, VerifyAuditRequest(), seconds=WALK_SECONDS
            )
        except CoreError as error:
            self.tell(str(words.refusal(error)), severity="error")
            return
        name = "broken" if walk.broken_at else "whole"
        text = words(
            f"audit.{name}",
            events=formats.count(walk.events),
            head=walk.head,
            seq=formats.count(walk.broken_at),
        )
        await self.app.push_screen_wait(Note(words, words(f"audit.{name}_title"), text))

    def _cells(self, event: Event) -> Sequence[Cell]:
        return (
            str(event.seq),
            formats.moment(event.time),
            self.words.actor(event.actor),
            self.words.deed(event.kind),
        )
