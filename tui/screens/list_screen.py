"""A screen with one long list: pages as needed, a filter, four states, a panel below."""

from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from todoke.client import CoreError
from tui.desk import Desk
from tui.listing import Listing, Page
from tui.messages import ReadRefused, RowsRead
from tui.screens.subject import SubjectScreen
from tui.widgets.live_table import LiveTable

Row = TypeVar("Row")

PAGE = 200
REFUSED = frozenset({"CALLER_NOT_ALLOWED", "RESIDENT_UNKNOWN", "TOO_MANY_ATTEMPTS"})
"""Reasons that trying again by itself does not mend: the table says them."""

LOOKS = ("viewed", "listed", "downloaded", "searched", "resident.found")
"""Endings of the kinds of events that only tell of a look, and change nothing."""


class ListScreen(SubjectScreen, Generic[Row]):
    """Subclasses give the table, `fetch` a page, and say in the panel what the row is."""

    KINDS: ClassVar[tuple[str, ...]] = ()
    """Beginnings of the kinds of events that change the list."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "filter", "key.filter")]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.listing: Listing[Row] = Listing(self.fetch)
        self._fresh = False

    def table(self) -> LiveTable[Row]:
        """Make the table."""
        raise NotImplementedError

    async def fetch(self, token: str) -> Page[Row]:
        """Read one page; raise CoreError."""
        raise NotImplementedError

    def panel(self, row: Row) -> Content:
        """Say what stands in the panel for the row under the cursor."""
        raise NotImplementedError

    def heading(self) -> str:
        """Say what the list holds, in one line above it."""
        return ""

    def compose_body(self) -> ComposeResult:
        yield Static(id="heading", markup=False)
        yield Input(placeholder=self.words("filter.hint"), id="filter", compact=True)
        table = self.table()
        table.loading = True
        yield table
        yield Static(id="panel")

    @property
    def live(self) -> LiveTable[Row]:
        return self.query_one(LiveTable)

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None where there is none, or the screen is not drawn yet."""
        table = self.query_one_optional(LiveTable)
        return None if table is None else table.selected

    @property
    def wanted(self) -> int:
        """How many rows the table asks for: one page while the screen is not drawn yet."""
        table = self.query_one_optional(LiveTable)
        return 1 if table is None else table.wanted

    def concerns(self, kind: str) -> bool:
        return kind.startswith(self.KINDS) and not kind.endswith(LOOKS)

    def touch(self) -> None:
        self._fresh = True
        super().touch()

    async def read(self) -> None:
        fresh, self._fresh = self._fresh, False
        try:
            if fresh:
                await self.listing.again(self.wanted)
            else:
                await self.listing.reach(self.wanted)
        except CoreError as error:
            self._fresh = fresh or self._fresh
            if error.reason not in REFUSED:
                raise
            self.post_message(ReadRefused(error))
            return
        self.post_message(RowsRead())
        await super().read()

    @on(RowsRead)
    def show_rows(self) -> None:
        self.live.loading = False
        if self.focused is None:
            self.live.focus()
        self.live.show(self.listing.rows, complete=self.listing.ended)
        self.show_heading()

    def show_heading(self) -> None:
        self.query_one("#heading", Static).update(self.heading())

    @on(ReadRefused)
    def show_refused(self, message: ReadRefused) -> None:
        self.live.loading = False
        self.live.say(self.words.refusal(message.error).what)

    @on(LiveTable.Wanted)
    def fetch_more(self) -> None:
        self._stale.set()

    @on(LiveTable.Highlighted)
    def show_panel(self) -> None:
        row = self.row
        panel = self.query_one("#panel", Static)
        panel.display = row is not None
        panel.update("" if row is None else self.panel(row))
        self.refresh_bindings()

    @on(LiveTable.Opened)
    async def open_row(self) -> None:
        await self.action_press("d")

    def action_filter(self) -> None:
        box = self.query_one("#filter", Input)
        box.display = True
        box.focus()

    @on(Input.Changed, "#filter")
    def narrow(self, event: Input.Changed) -> None:
        self.live.filter(event.value)

    @on(Input.Submitted, "#filter")
    def keep_filter(self) -> None:
        self.live.focus()

    def action_back(self) -> None:
        box = self.query_one("#filter", Input)
        if box.display:
            box.value = ""
            box.display = False
            self.live.focus()
        else:
            super().action_back()

    def facts(self, *pairs: tuple[str, Any]) -> Content:
        """Lay out labelled facts, one after another; labels are keys of the catalogue."""
        parts = [
            Content.assemble((self.words(key), "dim"), " ", str(value))
            for key, value in pairs
            if value not in {"", None}
        ]
        return Content("   ").join(parts)
