"""Round sheets that an association handed in, entered household by household, without a look.

What households have read or answered before is not shown: who enters a sheet reads only the sheet.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import circulars_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.listing import Page
from tui.screens import paper_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.paper_dialogs import Sheets
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class PaperScreen(Acting, Leaf[pb.HouseholdSummary]):
    SUBJECT = "paper"
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("enter", "take_back"), roles.ASSOCIATIONS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "enter", "key.enter_line"),
        Binding("x", "take_back", "key.take_back_line"),
    ]

    def __init__(self, desk: Desk, sheets: Sheets) -> None:
        super().__init__(desk)
        self._sheets = sheets
        self._groups: dict[str, str] = {}
        self._entered: dict[str, str] = {}
        """What was done here, in words, by household."""

    def table(self) -> LiveTable[pb.HouseholdSummary]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.group"), 10),
                Column(words("column.household"), 16),
                Column(words("column.address"), 16, grow=1),
                Column(words("column.entered"), 24),
            ],
            key=lambda one: one.household.household_id,
            cells=self._cells,
            empty=words("empty.paper"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.HouseholdSummary]:
        core, id = self.desk.core, self._sheets.association.association_id
        if not token:
            asked = pb.GetAssociationRequest(association_id=id)
            told = await core.ask(core.circulars.GetAssociation, asked)
            self._groups = {one.group_id: one.name for one in told.groups}
        request = pb.ListHouseholdsRequest(association_id=id, page_size=PAGE, page_token=token)
        answer = await core.ask(core.circulars.ListHouseholds, request)
        return Page(answer.households, answer.next_page_token)

    def heading(self) -> str:
        sheets = self._sheets
        return self.words(
            "heading.paper",
            name=formats.plain(sheets.association.name),
            time=formats.moment(sheets.round.publish_time),
            count=formats.count(len(self._entered)),
        )

    def panel(self, row: pb.HouseholdSummary) -> Content:
        name = formats.plain(row.household.name)
        about = "about.paper_read" if not dialogs.takes_answers(self._sheets) else "about.paper"
        return Content("\n").join(
            [self.facts(("fact.household", name)), Content(self.words(about))]
        )

    def why_not(self, action: str) -> str | None:
        is_of_row = action in {"enter", "take_back"}
        return self.words("why.no_row") if is_of_row and self.row is None else None

    @work(group="act", exclusive=True)
    async def action_enter(self) -> None:
        """Enter what the sheet says of the household under the cursor."""
        if self.row is not None:
            await self._ask(dialogs.ask_line(self.desk, self._sheets, self.row.household))

    @work(group="act", exclusive=True)
    async def action_take_back(self) -> None:
        """Take back what was entered of it from paper."""
        if self.row is not None:
            await self._ask(dialogs.ask_take_back(self.desk, self._sheets, self.row.household))

    async def _ask(self, dialog: Ask) -> None:
        row = self.row
        done = await self.ask_for(dialog)
        if done and row is not None:
            self._entered[row.household.household_id] = done
            self.live.refresh()
            self.show_heading()

    def _cells(self, one: pb.HouseholdSummary) -> Sequence[Cell]:
        home = one.household
        done = self._entered.get(home.household_id, "")
        return (
            formats.plain(self._groups.get(home.group_id, "")),
            formats.plain(home.name),
            formats.plain(home.address),
            Toned(done, "good") if done else "",
        )
