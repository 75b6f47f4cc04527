"""Which column of a file holds what: guessed by the core, mended by a person, kept under a name."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
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
from tui import formats, mappings
from tui.desk import Desk, request_id
from tui.dialogs.choose import Choose
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

NEEDED = (
    pb.ROSTER_COLUMN_REFERENCE,
    pb.ROSTER_COLUMN_NAME,
    pb.ROSTER_COLUMN_BIRTH_DATE,
    pb.ROSTER_COLUMN_ADDRESS,
)
"""What no roster goes without."""

SEVERAL = frozenset({pb.ROSTER_COLUMN_UNSPECIFIED, pb.ROSTER_COLUMN_ADDRESS})
"""What more than one column may hold: nothing, and parts of an address."""


class MappingDialog(ModalScreen[pb.ColumnMapping | None]):
    """Ends with a kept mapping, or None where none was chosen.

    A kept one that fits is begun with; as long as nothing in it is changed it is used as it is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    AUTO_FOCUS = "LiveTable"

    def __init__(
        self,
        desk: Desk,
        path: Path,
        found: pb.InspectRosterFileResponse,
        kept: Sequence[pb.ColumnMapping],
    ) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._found = found
        self._all = kept
        self._columns = list(found.columns)
        self._samples = {
            column.name: sample or pb.ColumnSample()
            for column, sample in zip_longest(found.columns, found.samples)
            if column is not None
        }
        self._kept: pb.ColumnMapping | None = None
        self._called = path.stem[:64]
        self._request_id = request_id()
        if kept and kept[0].mapping_id in found.mapping_ids:
            self._take(kept[0])

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
                    Column(words("column.column"), 14, grow=1),
                    Column(words("column.examples"), 28, grow=2),
                    Column(words("column.value_kind"), 6),
                    Column(words("column.holds"), 14),
                ],
                key=lambda column: column.name,
                cells=self._cells,
                empty=words("mapping.no_columns"),
            )
            yield Static(id="mapping-lacks", markup=False)
            with Horizontal(classes="dialog-field"):
                yield Label(words("field.mapping_name"))
                yield Input(self._called, id="mapping-name", compact=True, max_length=64)
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
        at = next(i for i, one in enumerate(self._columns) if one.name == column.name)
        choices = [(self._choice(holds, column), holds) for holds in list(pb.RosterColumn.keys())]
        title = self._words(
            "mapping.choose",
            name=formats.plain(column.name),
            examples=self._examples(column) or self._words("none"),
        )
        now = pb.RosterColumn.Name(column.holds)
        chosen = await self.app.push_screen_wait(Choose(title, choices, chosen=now))
        if chosen is not None and chosen != now:
            self._columns[at] = pb.Column(name=column.name, holds=pb.RosterColumn.Value(chosen))
            self._kept = None
            self._show()

    @on(Button.Pressed, "#kept")
    @work(group="choose", exclusive=True)
    async def use_kept(self) -> None:
        """Offer the kept mappings, those that fit first."""
        if not self._all:
            self._say(self._words("mapping.none_kept"))
            return
        fit = self._found.mapping_ids
        choices = [
            (
                self._words(
                    "mapping.fits" if m.mapping_id in fit else "mapping.other", name=m.name
                ),
                m.mapping_id,
            )
            for m in self._all
        ]
        chosen = await self.app.push_screen_wait(Choose(self._words("mapping.kept"), choices))
        mapping = next((m for m in self._all if m.mapping_id == chosen), None)
        if mapping is not None:
            self._take(mapping)
            self.query_one("#mapping-name", Input).value = mapping.name
            self._show()

    @on(Button.Pressed, "#safe")
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    def to_the_button(self) -> None:
        self.query_one("#act").focus()

    @on(Input.Changed, "#mapping-name")
    def rename(self, event: Input.Changed) -> None:
        self._called = event.value.strip()
        self._show()

    @on(Button.Pressed, "#act")
    @work(group="save", exclusive=True)
    async def use(self) -> None:
        """Use the kept mapping as it is, or keep this one first: over the one of its name."""
        if self._as_kept is not None:
            self.dismiss(self._as_kept)
            return
        core, before = self._desk.core, self._of_that_name or pb.ColumnMapping()
        mapping = pb.ColumnMapping(
            mapping_id=before.mapping_id, name=self._called, columns=self._columns, etag=before.etag
        )
        request = pb.SaveColumnMappingRequest(mapping=mapping, request_id=self._request_id)
        try:
            answer = await core.ask(core.rosters.SaveColumnMapping, request)
        except CoreError as error:
            self._request_id = request_id()  # What is sent next is another mapping.
            self._say(str(self._words.refusal(error)))
        else:
            self.dismiss(answer.mapping)

    @property
    def _as_kept(self) -> pb.ColumnMapping | None:
        """The kept mapping that this one still is."""
        return self._kept if self._kept is not None and self._kept.name == self._called else None

    @property
    def _of_that_name(self) -> pb.ColumnMapping | None:
        return next((m for m in self._all if m.name == self._called), None)

    def _take(self, mapping: pb.ColumnMapping) -> None:
        self._kept, self._called = mapping, mapping.name
        self._columns = mappings.holdings(self._columns, mapping)

    def _show(self) -> None:
        words = self._words
        self.query_one(LiveTable).show(list(self._columns), complete=True)
        texts = [self._lacks(), *([words("mapping.over")] if self._is_over else [])]
        self.query_one("#mapping-lacks", Static).update("\n".join(texts))
        self.query_one("#act", Button).label = words(
            "mapping.use" if self._as_kept is not None else "mapping.act"
        )
        self._say("")

    @property
    def _is_over(self) -> bool:
        return self._as_kept is None and self._of_that_name is not None

    def _lacks(self) -> str:
        """Say what is still needed, or chosen twice."""
        words, held = self._words, Counter(column.holds for column in self._columns)
        twice = [holds for holds, times in held.items() if times > 1 and holds not in SEVERAL]
        if twice:
            return words("mapping.twice", columns=self._named(twice))
        lacking = [holds for holds in NEEDED if holds not in held]
        if lacking:
            return words("mapping.lacking", columns=self._named(lacking))
        return words("mapping.whole")

    def _named(self, columns: Sequence[pb.RosterColumn.ValueType]) -> str:
        names = (self._words(f"holds.{pb.RosterColumn.Name(one)}") for one in columns)
        return self._words("comma").join(names)

    def _choice(self, holds: str, column: pb.Column) -> str:
        """Name what a column can hold, and which other one is said to hold it."""
        text, value = self._words(f"holds.{holds}"), pb.RosterColumn.Value(holds)
        others = [c.name for c in self._columns if c.holds == value and c.name != column.name]
        if not others or value == pb.ROSTER_COLUMN_UNSPECIFIED:
            return text
        return self._words("mapping.taken", holds=text, column=formats.plain(others[0]))

    def _say(self, text: str) -> None:
        self.query_one(".dialog-error", Static).update(text)

    def _examples(self, column: pb.Column) -> str:
        return self._words("comma").join(map(formats.plain, self._samples[column.name].values))

    def _cells(self, column: pb.Column) -> Sequence[Cell]:
        words = self._words
        holds = words(f"holds.{pb.RosterColumn.Name(column.holds)}")
        kind = words(f"value_kind.{pb.ValueKind.Name(self._samples[column.name].kind)}")
        return (
            column.name,
            self._examples(column),
            Toned(kind, "quiet"),
            holds if column.holds else Toned(holds, "quiet"),
        )
