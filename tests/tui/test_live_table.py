"""The one table: a million rows, keyed updates, wide characters, what a terminal would obey."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import App, ComposeResult

from tui import formats
from tui.widgets.live_table import Column, LiveTable

MANY = range(1_000_000)


class TableApp(App[None]):
    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__()
        self.rows = rows
        self.drawn = 0

    def compose(self) -> ComposeResult:
        yield LiveTable[int](
            [Column("番号", 10, right=True), Column("名", 10, grow=1)],
            key=str,
            cells=self.cells,
            empty="まだありません。",
        )

    def on_mount(self) -> None:
        self.query_one(LiveTable).show(self.rows, complete=True)

    def cells(self, row: int) -> tuple[str, str]:
        self.drawn += 1
        return str(row), f"名{row}"


async def test_only_what_is_seen_is_drawn() -> None:
    app = TableApp(MANY)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert app.query_one(LiveTable).selected == 999_999
        assert app.drawn < 1_000


async def test_the_row_keeps_its_place_when_rows_come_above() -> None:
    app = TableApp(range(100, 200))
    async with app.run_test(size=(40, 10)) as pilot:
        table = app.query_one(LiveTable)
        for _ in range(20):
            await pilot.press("down")
        top = table.scroll_y
        table.show(range(90, 200), complete=True)
        await pilot.pause()
        assert table.selected == 120
        assert table.scroll_y == top + 10


async def test_the_nearest_row_is_chosen_when_the_chosen_one_goes() -> None:
    app = TableApp(range(3))
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        table = app.query_one(LiveTable)
        table.show(range(2), complete=True)
        assert table.selected == 1
        table.show((), complete=True)
        assert table.selected is None


def test_text_is_fitted_by_cells_and_never_splits_a_wide_character() -> None:
    for width in range(12):
        assert cell_len(formats.fit("𠮷田ハルabc", width)) == width
    assert formats.fit("𠮷田ハル", 5) == "𠮷田…"


def test_what_a_terminal_would_obey_is_not_passed_on() -> None:
    assert "\x1b" not in formats.fit("山田\x1b[2J花子", 20)
