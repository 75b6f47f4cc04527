"""What a bulk decision could not decide, fetched as it is looked at, and saved as a file."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Label, Static

from todoke.v1 import applications_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.fetched import PAGE, FetchedDialog
from tui.dialogs.problems import BYTE_ORDER_MARK
from tui.files import keep_own, written_path
from tui.listing import Page
from tui.widgets.live_table import Cell, Column, LiveTable

COLUMNS = ("application_id", "reason_code", "why_not")


class RefusalsDialog(FetchedDialog[pb.BulkRefusal]):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "save", show=False)]

    def __init__(self, desk: Desk, bulk: pb.BulkDecision) -> None:
        super().__init__(desk)
        self._bulk = bulk

    def compose(self) -> ComposeResult:
        words = self._words
        count = formats.count(sum(self._bulk.refused.values()))
        with Vertical(classes="dialog -wide"):
            yield Label(words("refusals.title", count=count), classes="dialog-title", markup=False)
            yield LiveTable[pb.BulkRefusal](
                [
                    Column(words("column.application_id"), 36),
                    Column(words("column.why_not"), 24, grow=1),
                ],
                key=lambda refusal: refusal.application_id,
                cells=self._cells,
                empty=words("refusals.none"),
            )
            yield Button(words("close"), id="close", compact=True, variant="primary")
            yield Static(words("refusals.keys"), classes="dialog-keys")

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        ended = await self.app.push_screen_wait(self._ask_save())
        if ended is not None:
            self.app.notify(self._words("refusals.saved", path=ended.answer))

    def _ask_save(self) -> Ask:
        """Ask where to; the file is readable by its owner alone and never over another."""
        words = self._words

        async def save(answers: Answers, _: str) -> Path:
            where = written_path(str(answers["path"]) or ".")
            content = self._csv(await self._all()).encode()
            return await keep_own(where, words("refusals.file_name"), content)

        count = formats.count(sum(self._bulk.refused.values()))
        about = words("ask.save_refusals.about", count=count)
        field = Field("path", value=".", hint="hint.export_path")
        return Ask(words, "save_refusals", save, about=about, fields=(field,))

    async def _all(self) -> list[pb.BulkRefusal]:
        found: list[pb.BulkRefusal] = []
        token = ""
        while True:
            page = await self._fetch(token)
            found += page.rows
            token = page.next_token
            if not token:
                return found

    def _csv(self, refusals: Sequence[pb.BulkRefusal]) -> str:
        """Write each with its reason, as spreadsheets read them."""
        lines = io.StringIO()
        writer = csv.writer(lines)
        writer.writerow([self._words(f"column.{name}") for name in COLUMNS])
        writer.writerows((one.application_id, one.reason, self._why(one)) for one in refusals)
        return BYTE_ORDER_MARK + lines.getvalue()

    async def _fetch(self, token: str) -> Page[pb.BulkRefusal]:
        core = self._desk.core
        request = pb.ListBulkRefusalsRequest(
            bulk_decision_id=self._bulk.bulk_decision_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.applications.ListBulkRefusals, request)
        return Page(answer.refusals, answer.next_page_token)

    def _cells(self, refusal: pb.BulkRefusal) -> Sequence[Cell]:
        return refusal.application_id, self._why(refusal)

    def _why(self, refusal: pb.BulkRefusal) -> str:
        return self._words.reason(refusal.reason, {}).what
