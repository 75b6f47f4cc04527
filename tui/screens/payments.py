"""Payments: the city's account, batches proposed by one and approved by another, the bank file."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import payments_pb2 as pb
from tui import formats, roles
from tui.dialogs.lines import LinesDialog
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import payment_dialogs
from tui.screens.acting import Acting
from tui.screens.list_screen import PAGE, ListScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

TONES = {
    pb.TRANSFER_BATCH_STATE_PROPOSED: "warn",
    pb.TRANSFER_BATCH_STATE_APPROVED: "good",
    pb.TRANSFER_BATCH_STATE_EXPORTED: "good",
    pb.TRANSFER_BATCH_STATE_CANCELLED: "quiet",
}

STATES_FOR = {
    "approve": (pb.TRANSFER_BATCH_STATE_PROPOSED,),
    "override": (pb.TRANSFER_BATCH_STATE_PROPOSED,),
    "cancel": (pb.TRANSFER_BATCH_STATE_PROPOSED, pb.TRANSFER_BATCH_STATE_APPROVED),
    "export": (pb.TRANSFER_BATCH_STATE_APPROVED, pb.TRANSFER_BATCH_STATE_EXPORTED),
}
"""Where a batch must be for an action to make sense; the core has the last word."""


class PaymentsScreen(Acting, ListScreen[pb.TransferBatch]):
    SUBJECT = "payments"
    KINDS: ClassVar[tuple[str, ...]] = ("batch.", "transfer_batch.", "transfer.", "payment.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        "originator": roles.PROPOSE,
        "propose": roles.PROPOSE,
        "approve": roles.RELEASE,
        "override": roles.PAYMENTS,
        "cancel": roles.PAYMENTS,
        "export": roles.PAYMENTS,
        "details": roles.PAYMENTS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "propose", "key.propose"),
        Binding("o", "originator", "key.originator"),
        Binding("a", "approve", "key.release"),
        Binding("v", "override", "key.override"),
        Binding("x", "cancel", "key.cancel"),
        Binding("e", "export", "key.export"),
        Binding("d", "details", "key.lines"),
    ]

    def table(self) -> LiveTable[pb.TransferBatch]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.proposed_at"), 11),
                Column(words("column.program"), 12, grow=1),
                Column(words("column.lines"), 7, right=True),
                Column(words("column.total"), 14, right=True),
                Column(words("column.transfer_date"), 10),
                Column(words("column.state"), 12),
            ],
            key=lambda batch: batch.batch_id,
            cells=self._cells,
            empty=words("empty.batches"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.TransferBatch]:
        core = self.desk.core
        request = pb.ListTransferBatchesRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.payments.ListTransferBatches, request)
        return Page(answer.batches, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.batches")

    def panel(self, row: pb.TransferBatch) -> Content:
        words = self.words
        lines = [
            self.facts(
                ("fact.proposer", row.proposer),
                ("fact.approver", row.approver or words("none")),
                ("fact.exported_at", formats.moment(row.export_time)),
            ),
            self.facts(("fact.fingerprint", row.fingerprint[:32])),
        ]
        for finding in row.findings:
            text = formats.plain(payment_dialogs.finding_text(words, finding))
            lines.append(Content.assemble(("! ", "bold"), text))
        for override in row.overrides:
            text = words("override_line", name=override.staff_name, reason=override.reason)
            lines.append(Content(formats.plain(text)))
        if not row.findings:
            lines.append(Content(words("findings.none")))
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action not in {*STATES_FOR, "details"}:
            return None
        batch, words = self.row, self.words
        if batch is None:
            return words("why.no_row")
        if action in STATES_FOR and batch.state not in STATES_FOR[action]:
            state = words(f"state.{pb.TransferBatchState.Name(batch.state)}")
            return words("why.batch_state", state=state)
        name = self.desk.person.staff.name if self.desk.person else ""
        if action == "approve" and batch.proposer == name:
            return str(words.reason("PROPOSER_CANNOT_APPROVE", {}))
        if action == "override" and not batch.findings:
            return words("why.no_findings")
        return None

    @work(group="act", exclusive=True)
    async def action_originator(self) -> None:
        await self.ask_for(payment_dialogs.ask_originator(self.desk), "originator.set")

    @work(group="act", exclusive=True)
    async def action_propose(self) -> None:
        dialog = await payment_dialogs.ask_propose(self.desk)
        if isinstance(dialog, str):
            self.tell(dialog, severity="warning")
        else:
            await self.ask_for(dialog, "batch.proposed")

    @work(group="act", exclusive=True)
    async def action_approve(self) -> None:
        if self.row is not None:
            dialog = payment_dialogs.ask_release(self.desk, self.row)
            await self.ask_for(dialog, "batch.approved")

    @work(group="act", exclusive=True)
    async def action_override(self) -> None:
        if self.row is not None:
            dialog = payment_dialogs.ask_override(self.desk, self.row)
            await self.ask_for(dialog, "batch.overridden")

    @work(group="act", exclusive=True)
    async def action_cancel(self) -> None:
        if self.row is not None:
            dialog = payment_dialogs.ask_cancel(self.desk, self.row)
            await self.ask_for(dialog, "batch.cancelled")

    @work(group="act", exclusive=True)
    async def action_export(self) -> None:
        if self.row is None:
            return
        text = await self.ask_for(payment_dialogs.ask_export(self.desk, self.row))
        if text:
            await self.app.push_screen_wait(Note(self.words, self.words("note.exported"), text))

    def action_details(self) -> None:
        if self.row is not None:
            self.app.push_screen(LinesDialog(self.desk, self.row))

    def _cells(self, batch: pb.TransferBatch) -> Sequence[Cell]:
        words = self.words
        state = words(f"state.{pb.TransferBatchState.Name(batch.state)}")
        stopped = batch.findings and batch.state == pb.TRANSFER_BATCH_STATE_PROPOSED
        return (
            formats.moment(batch.propose_time),
            batch.program_title,
            formats.count(batch.lines),
            words("yen", amount=formats.count(batch.total)),
            batch.transfer_date,
            Toned(f"! {state}", "bad") if stopped else Toned(state, TONES.get(batch.state, "")),
        )
