"""Bulk decisions: how far each is, and what could not be decided, by reason."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.eligibility_pb2 import ListProgramsRequest
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.refusals import RefusalsDialog
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.bulk_dialogs import ask_cancel_bulk, pause_bulk, refused_lines, resume_bulk
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

LOOK_SECONDS = 1.0
"""While one is running, which tells nobody how far it is."""

BAR_CELLS = 10
TONES = {
    pb.BULK_DECISION_STATE_RUNNING: "warn",
    pb.BULK_DECISION_STATE_PAUSED: "quiet",
    pb.BULK_DECISION_STATE_FINISHED: "good",
    pb.BULK_DECISION_STATE_CANCELLED: "quiet",
}

UNDER_WAY = frozenset({pb.BULK_DECISION_STATE_RUNNING, pb.BULK_DECISION_STATE_PAUSED})


class BulkScreen(Acting, Leaf[pb.BulkDecision]):
    SUBJECT = "bulk"
    KINDS: ClassVar[tuple[str, ...]] = ("bulk", "application.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"cancel": roles.REVIEW, "pause": roles.REVIEW}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "refusals", "key.bulk_refusals"),
        Binding("p", "pause", "key.pause_bulk"),
        Binding("x", "cancel", "key.cancel_bulk"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._titles: dict[str, str] = {}

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(LOOK_SECONDS, self._look)

    def table(self) -> LiveTable[pb.BulkDecision]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.begun_at"), 11),
                Column(words("column.program"), 14, grow=1),
                Column(words("column.bulk_verb"), 6),
                Column(words("column.progress"), BAR_CELLS + 12),
                Column(words("column.not_decided"), 8, right=True),
                Column(words("column.state"), 10),
            ],
            key=lambda bulk: bulk.bulk_decision_id,
            cells=self._cells,
            empty=words("empty.bulk"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.BulkDecision]:
        core = self.desk.core
        if not self._titles:
            programs = await core.ask(
                core.eligibility.ListPrograms, ListProgramsRequest(page_size=PAGE)
            )
            self._titles = {one.program_id: one.title for one in programs.programs}
        request = pb.ListBulkDecisionsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.applications.ListBulkDecisions, request)
        return Page(answer.bulk_decisions, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.bulk")

    def panel(self, row: pb.BulkDecision) -> Content:
        lines = [
            self.facts(
                ("fact.begun_by", row.author),
                ("fact.ended_at", formats.moment(row.finish_time)),
                ("fact.decided_of", f"{formats.count(row.decided)} / {formats.count(row.total)}"),
            )
        ]
        lines += [Content(told) for told in refused_lines(self.words, row.refused)]
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action not in {"cancel", "pause", "refusals"}:
            return None
        if self.row is None:
            return self.words("why.no_row")
        if action == "refusals":
            return None if self.row.refused else self.words("why.bulk_all_decided")
        return None if self.row.state in UNDER_WAY else self.words("why.bulk_ended")

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_cancel_bulk(self.desk, self.row), "bulk.cancelled")

    @work(group="act", exclusive=True)
    async def action_pause(self) -> None:
        """Let it rest, or go on with it: nothing is lost by either, so nobody is asked."""
        if self.row is None:
            return
        rests = self.row.state == pb.BULK_DECISION_STATE_PAUSED
        try:
            await (resume_bulk if rests else pause_bulk)(self.desk, self.row)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
        else:
            self.tell(self.words("done.bulk.resumed" if rests else "done.bulk.paused"))
        self.touch()

    def action_refusals(self) -> None:
        if self.row is not None:
            self.app.push_screen(RefusalsDialog(self.desk, self.row))

    def _look(self) -> None:
        rows = self.listing.rows
        if any(one.state == pb.BULK_DECISION_STATE_RUNNING for one in rows):
            self.touch()

    def _cells(self, bulk: pb.BulkDecision) -> Sequence[Cell]:
        refused = sum(bulk.refused.values())
        bar = formats.bar(bulk.decided + refused, bulk.total, BAR_CELLS)
        state = self.words(f"state.{pb.BulkDecisionState.Name(bulk.state)}")
        return (
            formats.moment(bulk.create_time),
            self._titles.get(bulk.program_id, ""),
            self.words(f"bulk_verb.{pb.BulkVerb.Name(bulk.verb)}"),
            f"{bar} {formats.count(bulk.decided)}/{formats.count(bulk.total)}",
            Toned(formats.count(refused), "warn" if refused else "quiet"),
            Toned(state, TONES.get(bulk.state, "")),
        )
