"""Which column of a file holds what: guessed by the core, mended by a person, kept under a name."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static

from todoke.client import CoreError
from todoke.v1 import rosters_pb2 as pb
from tui import formats
from tui.desk import Desk, request_id
from tui.dialogs.choose import Choose
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

MOST_MAPPINGS = 200


class MappingDialog(ModalScreen[pb.ColumnMapping | None]):
    """Ends with a kept mapping, or None where none was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    AUTO_FOCUS = "LiveTable"

    def __init__(self, desk: Desk, path: Path, found: pb.InspectRosterFileResponse) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._found = found
        self._columns = [pb.Column(name=c.name, holds=c.holds) for c in found.columns]
        self._kept: pb.ColumnMapping | None = None
        self._name = path.stem[:64]
        self._request_id = request_id()

    def compose(self) -> ComposeResult:
        words, found = self._words, self._found
        with Vertical(classes="dialog -wide"):
            yield Label(words("mapping.title"), classes="dialog-title", markup=False)
            text = words(
                "mapping.about",
                encoding=found.encoding,
                columns=len(found.columns),
                rows=formats.count(found.rows),
            )
            yield Static(text, id="mapping-about", markup=False)
            yield LiveTable[pb.Column](
                [
                    Column(words("column.column"), 24, grow=1),
                    Column(words("column.holds"), 24, grow=1),
                ],
                key=lambda column: column.name,
                cells=self._cells,
                empty=words("mapping.no_columns"),
            )
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.mapping_name"))
                yield Input(self._name, id="mapping-name", compact=True, max_length=64)
            yield Static(classes="dialog-error", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(words("mapping.safe"), id="safe", compact=True)
                yield Button(words("mapping.kept"), id="kept", compact=True)
                yield Button(words("mapping.act"), id="act", compact=True, variant="primary")
            yield Static(words("mapping.keys"), classes="dialog-keys")

    def on_mount(self) -> None:
        self._show()

    @on(LiveTable.Opened)
    @work(group="choose", exclusive=True)
    async def change(self) -> None:
        """Ask what the column under the cursor holds."""
        table: LiveTable[pb.Column] = self.query_one(LiveTable)
        column = table.selected
        if column is None:
            return
        choices = [(self._words(f"holds.{name}"), name) for name in list(pb.RosterColumn.keys())]
        title = self._words("mapping.choose", name=formats.plain(column.name))
        now = pb.RosterColumn.Name(column.holds)
        chosen = await self.app.push_screen_wait(Choose(title, choices, chosen=now))
        if chosen is not None and chosen != now:
            column.holds = pb.RosterColumn.Value(chosen)
            self._kept = None
            self._show()

    @on(Button.Pressed, "#kept")
    @work(group="choose", exclusive=True)
    async def use_kept(self) -> None:
        """Offer the kept mappings, those that fit first."""
        core = self._desk.core
        try:
            request = pb.ListColumnMappingsRequest(page_size=MOST_MAPPINGS)
            answer = await core.ask(core.rosters.ListColumnMappings, request)
        except CoreError as error:
            self._say(str(self._words.refusal(error)))
            return
        fit = list(self._found.mapping_ids)
        kept = sorted(
            answer.mappings,
            key=lambda m: fit.index(m.mapping_id) if m.mapping_id in fit else len(fit),
        )
        if not kept:
            self._say(self._words("mapping.none_kept"))
            return
        choices = [
            (
                self._words(
                    "mapping.fits" if m.mapping_id in fit else "mapping.other", name=m.name
                ),
                m.mapping_id,
            )
            for m in kept
        ]
        chosen = await self.app.push_screen_wait(Choose(self._words("mapping.kept"), choices))
        self._kept = next((m for m in kept if m.mapping_id == chosen), None)
        if self._kept is not None:
            holds = {column.name: column.holds for column in self._kept.columns}
            for column in self._columns:
                column.holds = holds.get(column.name, pb.ROSTER_COLUMN_UNSPECIFIED)
            self.query_one("#mapping-name", Input).value = self._kept.name
            self._show()

    @on(Button.Pressed, "#safe")
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def to_the_button(self) -> None:
        self.query_one("#act").focus()

    @on(Button.Pressed, "#act")
    @work(group="save", exclusive=True)
    async def use(self) -> None:
        """Use the kept mapping as it is, or keep this one first."""
        if self._kept is not None:
            self.dismiss(self._kept)
            return
        core, name = self._desk.core, self.query_one("#mapping-name", Input).value.strip()
        request = pb.SaveColumnMappingRequest(
            mapping=pb.ColumnMapping(name=name, columns=self._columns), request_id=self._request_id
        )
        try:
            answer = await core.ask(core.rosters.SaveColumnMapping, request)
        except CoreError as error:
            self._request_id = request_id()  # What is sent next is another mapping.
            self._say(str(self._words.refusal(error)))
        else:
            self.dismiss(answer.mapping)

    def _show(self) -> None:
        self.query_one(LiveTable).show(list(self._columns), complete=True)

    def _say(self, text: str) -> None:
        self.query_one(".dialog-error", Static).update(text)

    def _cells(self, column: pb.Column) -> Sequence[Cell]:
        holds = self._words(f"holds.{pb.RosterColumn.Name(column.holds)}")
        return (column.name, holds if column.holds else Toned(holds, "quiet"))
