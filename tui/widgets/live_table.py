"""The one table of all screens: draws only the rows that are seen, however many there are.

Rows are known by key: when they change, the cursor stays on its row and the view does not jump.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.formats import fit

Row = TypeVar("Row")

GAP = 1
AHEAD = 50
"""Rows are asked for when fewer than this many are left under the view."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column at least `width` cells wide; what is left over goes to the columns that grow."""

    label: str
    width: int
    grow: int = 0
    right: bool = False


class Toned(NamedTuple):
    """A cell with a tone: good, warn, bad or quiet. The text alone says as much."""

    text: str
    tone: str


Cell = str | Toned


class LiveTable(ScrollView, Generic[Row], can_focus=True):
    """Rows of `key(row)` drawn by `cells(row)`, with one cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(-1)", show=False),
        Binding("enter", "open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "live-table--header",
        "live-table--cursor",
        "live-table--good",
        "live-table--warn",
        "live-table--bad",
        "live-table--quiet",
        "live-table--head",
    }

    class Highlighted(Message):
        """The cursor came to another row, or its row changed."""

        def __init__(self, table: "LiveTable[Any]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "LiveTable[Any]":
            return self.table

    class Opened(Highlighted):
        """The row under the cursor was chosen, by enter or a double click."""

    class Wanted(Highlighted):
        """The view comes near the end of what is here; `table.wanted` rows are asked for."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Row], str],
        cells: Callable[[Row], Sequence[Cell]],
        empty: str,
        nothing_found: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._key = key
        self._cells = cells
        self._empty = empty
        self._nothing_found = nothing_found
        self._rows: Sequence[Row] = ()
        self._shown: Sequence[Row] = ()
        self._complete = True
        self._needle = ""
        self._cursor = 0

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that pass the filter."""
        return self._shown

    @property
    def selected(self) -> Row | None:
        """The row under the cursor, or None where there is no row."""
        return self._shown[self._cursor] if self._shown else None

    @property
    def wanted(self) -> int:
        """How many rows the view asks for; a filter asks for ever more, until it has its fill."""
        reach = round(self.scroll_y) + self.size.height + AHEAD
        missing = reach - len(self._shown)
        return len(self._rows) + missing if self._needle and missing > 0 else reach

    def show(self, rows: Sequence[Row], *, complete: bool) -> None:
        """Take the rows as they are now; `complete` where there are no more to fetch."""
        self._complete = complete
        self._rows = rows
        self._arrange()

    def say(self, empty: str) -> None:
        """Say this where there are no rows."""
        self._empty = empty
        self.refresh()

    def filter(self, needle: str) -> None:
        """Show only rows in which the words stand; width and case of letters do not matter."""
        self._needle = _folded(needle)
        self._arrange()

    def choose(self, index: int) -> None:
        """Put the cursor on the row of this index, or the nearest there is."""
        self._cursor = max(0, min(index, len(self._shown) - 1))
        self._reveal()
        self.refresh()
        self.post_message(self.Highlighted(self))
        self._ask_for_more()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view: the header, a row, or the sentence of an empty table."""
        width = self.size.width
        if y == 0:
            labels = [column.label for column in self._columns]
            return self._line(labels, self.get_component_rich_style("live-table--header"), width)
        index = round(self.scroll_y) + y - 1
        if index < len(self._shown):
            chosen = index == self._cursor
            style = self._cursor_style if chosen else self.rich_style
            return self._line(self._cells(self._shown[index]), style, width, tones=not chosen)
        text = "" if self._shown or y != 2 else self._sentence
        return Strip([Segment(fit(f"  {text}", width), self.rich_style)], width)

    def action_move(self, by: int) -> None:
        self.choose(self._cursor + by)

    def action_page(self, by: int) -> None:
        self.choose(self._cursor + by * max(1, self.size.height - 2))

    def action_edge(self, index: int) -> None:
        self.choose(index if index >= 0 else len(self._shown))

    def action_open(self) -> None:
        if self._shown:
            self.post_message(self.Opened(self))

    def on_click(self, event: events.Click) -> None:
        index = round(self.scroll_y) + event.y - 1
        if event.y > 0 and index < len(self._shown):
            self.choose(index)
            if event.chain == 2:
                self.action_open()

    def on_resize(self) -> None:
        self._size_view()
        self._ask_for_more()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ask_for_more()

    @property
    def _sentence(self) -> str:
        return self._nothing_found if self._needle and self._rows else self._empty

    @property
    def _cursor_style(self) -> Style:
        return self.get_component_rich_style("live-table--cursor")

    def _arrange(self) -> None:
        before = self._key(self._shown[self._cursor]) if self._shown else ""
        at = self._cursor
        if self._needle:
            self._shown = [row for row in self._rows if self._needle in self._written(row)]
        else:
            self._shown = self._rows
        same = (i for i, row in enumerate(self._shown) if self._key(row) == before)
        self._cursor = next(same, min(at, max(0, len(self._shown) - 1)))
        self._size_view()
        if self._cursor != at:
            # Rows came or went above: the row keeps its place on the screen.
            self.scroll_to(y=self.scroll_y + self._cursor - at, animate=False, immediate=True)
        self._reveal()
        self.refresh()
        self.post_message(self.Highlighted(self))
        self._ask_for_more()

    def _written(self, row: Row) -> str:
        return _folded(" ".join(c if isinstance(c, str) else c.text for c in self._cells(row)))

    def _size_view(self) -> None:
        self.virtual_size = Size(0, len(self._shown) + 1)

    def _reveal(self) -> None:
        rows_seen = max(1, self.size.height - 1)
        top = round(self.scroll_y)
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif self._cursor >= top + rows_seen:
            self.scroll_to(y=self._cursor - rows_seen + 1, animate=False, immediate=True)

    def _ask_for_more(self) -> None:
        if not self._complete and self.wanted > len(self._rows):
            self.post_message(self.Wanted(self))

    def _line(
        self, cells: Sequence[Cell], style: Style, width: int, *, tones: bool = False
    ) -> Strip:
        segments = [Segment(" ", style)]
        for column, cell, cells_wide in zip(self._columns, cells, self._widths(width), strict=True):
            text, tone = (cell, "") if isinstance(cell, str) else cell
            own = style
            if tones and tone:
                own = style + self.get_component_rich_style(f"live-table--{tone}", partial=True)
            segments.append(Segment(fit(text, cells_wide, right=column.right), own))
            segments.append(Segment(" " * GAP, style))
        return Strip(segments).adjust_cell_length(width, style)

    def _widths(self, width: int) -> list[int]:
        fixed = sum(column.width for column in self._columns) + GAP * len(self._columns) + 1
        grow = sum(column.grow for column in self._columns)
        spare = max(0, width - fixed)
        return [c.width + (spare * c.grow // grow if grow else 0) for c in self._columns]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
