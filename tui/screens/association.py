"""One association: its offices, who asks to join, its groups and households, and what is done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from tui import associations, formats
from tui.desk import Desk
from tui.dialogs.invitation import InvitationDialog
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import association_dialogs as dialogs
from tui.screens import office_dialogs as offices
from tui.screens.acting import Acting
from tui.screens.association_lines import Line, Whole, beginning, of_households, office_named
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.offices import OfficesScreen
from tui.screens.rounds import RoundsScreen
from tui.screens.terms import term
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

KINDS = ("association", "group.", "household.", "membership.", "join.", "office")


class AssociationScreen(Acting, Leaf[Line]):
    SUBJECT = "association"
    KINDS: ClassVar[tuple[str, ...]] = KINDS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "key.details"),
        Binding("a", "confirm", "key.let_in"),
        Binding("x", "end", "key.end"),
        Binding("o", "appoint", "key.appoint"),
        Binding("h", "hand_over", "key.hand_over"),
        Binding("l", "invite", "key.invitation"),
        Binding("n", "add_household", "key.add_household"),
        Binding("b", "add_group", "key.add_group"),
        Binding("e", "mend", "key.mend"),
        Binding("v", "rounds", "key.rounds"),
        Binding("p", "past_offices", "key.past_offices"),
    ]

    def __init__(self, desk: Desk, association_id: str) -> None:
        super().__init__(desk)
        self._association_id = association_id
        self._whole = Whole()

    def table(self) -> LiveTable[Line]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.office_or_household"), 22, grow=1),
                Column(words("column.person_or_address"), 24, grow=2),
                Column(words("column.from_day"), 10),
                Column(words("column.to_day_or_joined"), 14),
            ],
            key=lambda line: line.key,
            cells=self._cells,
            empty=words("empty.association"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Line]:
        core = self.desk.core
        begun = list[Line]()
        if not token:
            self._whole = await dialogs.read_whole(core, self._association_id)
            begun = list(beginning(self.words, self._whole))
        request = pb.ListHouseholdsRequest(
            association_id=self._association_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.circulars.ListHouseholds, request)
        ended = not answer.next_page_token
        rows = of_households(self.words, self._whole, answer.households, ended=ended)
        return Page([*begun, *rows], answer.next_page_token)

    def heading(self) -> str:
        told, words = self._whole.told.association, self.words
        return words(
            "heading.association",
            name=formats.plain(told.association.name),
            number=told.association.number,
            households=formats.count(told.households),
            joined=formats.count(told.joined),
        )

    def panel(self, row: Line) -> Content:
        words = self.words
        if row.household is not None:
            one = row.household.household
            lines = [
                self.facts(
                    ("fact.household", formats.plain(one.name)),
                    ("fact.group", formats.plain(self._whole.group_named(one.group_id))),
                    ("fact.order", one.round_order),
                ),
                self.facts(("fact.address", formats.plain(one.address))),
            ]
            return Content("\n").join(lines)
        kinds = ("vacant", "request", "office", "group")
        kind = next((name for name in kinds if getattr(row, name) is not None), "head")
        return Content(words(f"about.line_{kind}"))

    def why_not(self, action: str) -> str | None:
        row, words = self.row, self.words
        if action == "confirm" and (row is None or row.request is None):
            return words("why.no_request")
        if action == "end" and (row is None or not (row.office or row.request or row.household)):
            return words("why.nothing_to_end")
        if action == "mend" and (row is None or not (row.household or row.group)):
            return words("why.nothing_to_mend")
        return None

    @work(group="act", exclusive=True)
    async def action_details(self) -> None:
        """Do what is next for the row: let in, appoint, or say who of a household joined."""
        row = self.row
        if row is None:
            return
        if row.request is not None:
            await self._ask(dialogs.ask_confirm, row.request, done="join.confirmed")
        elif row.vacant is not None:
            await self._ask(offices.ask_appoint, row.vacant, done="office.given")
        elif row.household is not None:
            await self._show_members(row.household.household)

    @work(group="act", exclusive=True)
    async def action_confirm(self) -> None:
        if self.row is not None and self.row.request is not None:
            await self._ask(dialogs.ask_confirm, self.row.request, done="join.confirmed")

    @work(group="act", exclusive=True)
    async def action_end(self) -> None:
        """End the office, refuse the request, or take the household out."""
        row = self.row
        if row is not None and row.office is not None:
            await self._ask(offices.ask_end, row.office, done="office.ended")
        elif row is not None and row.request is not None:
            await self._ask(dialogs.ask_refuse, row.request, done="join.refused")
        elif row is not None and row.household is not None:
            await self._ask(dialogs.ask_end, row.household.household, done="household.ended")

    @work(group="act", exclusive=True)
    async def action_appoint(self) -> None:
        vacant = self.row.vacant if self.row is not None else None
        await self._ask(offices.ask_appoint, vacant or pb.NewOffice(), done="office.given")

    @work(group="act", exclusive=True)
    async def action_hand_over(self) -> None:
        await self._ask(offices.ask_hand_over, None, done="office.handed_over")

    @work(group="act", exclusive=True)
    async def action_add_household(self) -> None:
        household = pb.Household(group_id=self._group_id)
        await self._ask(dialogs.ask_household, household, done="household.saved")

    @work(group="act", exclusive=True)
    async def action_add_group(self) -> None:
        await self._ask(dialogs.ask_group, pb.Group(), done="group.saved")

    @work(group="act", exclusive=True)
    async def action_mend(self) -> None:
        row = self.row
        if row is not None and row.household is not None:
            await self._ask(dialogs.ask_household, row.household.household, done="household.saved")
        elif row is not None and row.group is not None:
            await self._ask(dialogs.ask_group, row.group, done="group.saved")

    @work(group="act", exclusive=True)
    async def action_invite(self) -> None:
        """Make a code for the household or group under the cursor, else for the association."""
        row = self.row
        household = row.household.household if row is not None and row.household else None
        whom = formats.plain(self._whole.association.name)
        request = pb.CreateInvitationRequest(association_id=self._association_id)
        if household is not None:
            request.household_id = household.household_id
            whom = self.words("invitation_for", name=whom, whom=formats.plain(household.name))
        elif row is not None and row.group is not None:
            request.group_id = row.group.group_id
            whom = self.words("invitation_for", name=whom, whom=formats.plain(row.group.name))
        ended = await self.ended(dialogs.ask_invitation(self.desk, whom, request))
        if ended is not None and isinstance(ended.answer, pb.CreateInvitationResponse):
            await self.app.push_screen_wait(InvitationDialog(self.words, whom, ended.answer))

    def action_past_offices(self) -> None:
        self.app.push_screen(OfficesScreen(self.desk, self._whole))

    def action_rounds(self) -> None:
        self.app.push_screen(RoundsScreen(self.desk, self._whole.association))

    @property
    def _group_id(self) -> str:
        """The group of the row under the cursor, or empty."""
        row = self.row
        if row is not None and row.household is not None:
            return row.household.household.group_id
        return row.group.group_id if row is not None and row.group is not None else ""

    async def _ask(self, make: Any, about: object, *, done: str) -> None:
        """Make a dialog, which may ask the core first, and run it."""
        try:
            dialog = await make(self.desk, self._whole, about)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        if isinstance(dialog, str):
            self.tell(dialog, severity="warning")
            return
        await self.ask_for(dialog, done)

    async def _show_members(self, household: pb.Household) -> None:
        try:
            members = await associations.members(
                self.desk.core, household_id=household.household_id
            )
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return
        lines = [
            self.words(
                "member_line",
                name=formats.plain(one.display_name),
                channel=self.words.channel(one.channel),
                time=formats.day(one.join_time),
            )
            for one in members
        ]
        title = self.words("note.members", name=formats.plain(household.name))
        text = "\n".join(lines) or self.words("empty.members")
        await self.app.push_screen_wait(Note(self.words, title, text))

    def _cells(self, line: Line) -> Sequence[Cell]:
        words = self.words
        if line.is_head:
            return (Toned(line.label, "head"), "", "", "")
        if line.vacant is not None:
            name = office_named(words, self._whole, line.vacant)
            return (Toned(name, "bad"), Toned(words("vacant"), "bad"), "", "")
        if line.office is not None:
            return self._office_cells(line.office)
        if line.request is not None:
            asks = Toned(words("asks_to_join"), "warn")
            time = formats.day(line.request.create_time)
            return (asks, formats.plain(line.request.display_name), time, "")
        if line.household is None:
            return ("", "", "", "")
        one, members = line.household.household, line.household.members
        joined = words("people", count=members) if members else Toned(words("nobody"), "quiet")
        paper = words("on_paper") if one.paper else ""
        return (f"  {one.name}", one.address, paper, joined)

    def _office_cells(self, office: pb.Office) -> Sequence[Cell]:
        name = office_named(self.words, self._whole, office)
        if office.begin_date > datetime.now(formats.TOKYO).date().isoformat():
            quiet = (name, office.display_name, office.begin_date, office.end_date)
            return tuple(Toned(text, "quiet") for text in quiet)
        return (name, office.display_name, office.begin_date, term(self.words, office.end_date))
