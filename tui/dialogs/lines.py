"""The lines of a transfer batch, in the order of the file, fetched as they are looked at."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Button, Label

from todoke.v1.payments_pb2 import ListTransferLinesRequest, TransferBatch, TransferLine
from tui import formats
from tui.desk import Desk
from tui.dialogs.fetched import PAGE, FetchedDialog
from tui.listing import Page
from tui.widgets.live_table import Cell, Column, LiveTable


class LinesDialog(FetchedDialog[TransferLine]):
    def __init__(self, desk: Desk, batch: TransferBatch) -> None:
        super().__init__(desk)
        self._batch = batch

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog -wide"):
            title = words("lines.title", title=self._batch.program_title)
            yield Label(title, classes="dialog-title", markup=False)
            yield LiveTable[TransferLine](
                [
                    Column("#", 6, right=True),
                    Column(words("column.payee"), 16, grow=1),
                    Column(words("column.account"), 16, grow=1),
                    Column(words("column.amount"), 12, right=True),
                ],
                key=lambda line: str(line.number),
                cells=self._cells,
                empty=words("lines.reading"),
            )
            yield Button(words("close"), id="close", compact=True, variant="primary")

    async def _fetch(self, token: str) -> Page[TransferLine]:
        core = self._desk.core
        request = ListTransferLinesRequest(
            batch_id=self._batch.batch_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.payments.ListTransferLines, request)
        return Page(answer.lines, answer.next_page_token)

    def _cells(self, line: TransferLine) -> Sequence[Cell]:
        amount = self._words("yen", amount=formats.count(line.amount))
        return (str(line.number), line.payee_name, line.masked_account, amount)
