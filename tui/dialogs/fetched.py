"""A dialog over a long list that is fetched as it is looked at."""

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Button

from todoke.client import CoreError
from tui.desk import Desk
from tui.listing import Listing, Page
from tui.widgets.live_table import LiveTable

PAGE = 200

Row = TypeVar("Row")


class FetchedDialog(ModalScreen[None], Generic[Row]):
    """Subclasses compose a `LiveTable` and a button `close`, and fetch a page of rows."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", show=False)]
    AUTO_FOCUS = "LiveTable"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = desk.words
        self._listing: Listing[Row] = Listing(self._fetch)

    @abstractmethod
    async def _fetch(self, token: str) -> Page[Row]:
        """Return the rows behind a page token."""

    def on_mount(self) -> None:
        self.reach()

    @on(LiveTable.Wanted)
    @work(group="reach")
    async def reach(self) -> None:
        """Fetch as far as the table is looked at."""
        table = self.query_one(LiveTable)
        try:
            await self._listing.reach(table.wanted)
        except CoreError as error:
            table.say(str(self._words.refusal(error).what))
            return
        table.show(self._listing.rows, complete=self._listing.ended)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        self.dismiss(None)
