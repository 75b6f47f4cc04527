"""A circular of the city in the associations: whether leaders read it, and how it went round."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import circulars_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens import circular_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.association import AssociationScreen
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.rounds import unread
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class ForwardsScreen(Acting, Leaf[pb.Forward]):
    SUBJECT = "forwards"
    KINDS: ClassVar[tuple[str, ...]] = ("circular.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("remind", "details"), roles.ASSOCIATIONS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "key.details"),
        Binding("m", "remind", "key.remind"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk, circular: pb.Circular) -> None:
        super().__init__(desk)
        self._circular = circular
        self._waiting = False

    def table(self) -> LiveTable[pb.Forward]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.number"), 8),
                Column(words("column.association"), 14, grow=1),
                Column(words("column.leader_read"), 10),
                Column(words("column.reminded_at"), 11),
                Column(words("column.passed_on_at"), 11),
                Column(words("column.households"), 5, right=True),
                Column(words("column.read"), 5, right=True),
                Column(words("column.unread_share"), 5, right=True),
            ],
            key=lambda one: one.association.association_id,
            cells=self._cells,
            empty=words("empty.forwards"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Forward]:
        core = self.desk.core
        request = pb.ListForwardsRequest(
            circular_id=self._circular.circular_id,
            waiting=self._waiting,
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.circulars.ListForwards, request)
        return Page(answer.forwards, answer.next_page_token)

    def heading(self) -> str:
        scope = "waiting" if self._waiting else "all"
        title = formats.plain(self._circular.content.title)
        return self.words(f"heading.forwards_{scope}", title=title)

    def panel(self, row: pb.Forward) -> Content:
        if self._circular.targets.leaders_only:
            return Content(self.words("about.leaders_only"))
        return Content(self.words("about.forwarded" if row.HasField("round") else "about.waiting"))

    def why_not(self, action: str) -> str | None:
        if action == "details" and self.row is None:
            return self.words("why.no_row")
        if action == "scope" and self._circular.targets.leaders_only:
            return self.words("about.leaders_only")
        if action == "remind" and self._circular.state != pb.CIRCULAR_STATE_PUBLISHED:
            state = self.words(f"state.{pb.CircularState.Name(self._circular.state)}")
            return self.words("why.batch_state", state=state)
        return None

    def action_details(self) -> None:
        if self.row is not None:
            id = self.row.association.association_id
            self.app.push_screen(AssociationScreen(self.desk, id))

    def action_scope(self) -> None:
        """Turn from all to those that have not passed it on, and back."""
        self._waiting = not self._waiting
        self.touch()

    @work(group="act", exclusive=True)
    async def action_remind(self) -> None:
        said = await self.ask_for(dialogs.ask_remind(self.desk, self._circular))
        if said:
            self.tell(said)

    def _cells(self, one: pb.Forward) -> Sequence[Cell]:
        words, passed = self.words, one.HasField("round")
        read = Toned(words("leader_read"), "good") if one.read else words("leader_unread")
        return (
            one.association.number,
            one.association.name,
            read,
            formats.moment(one.remind_time),
            self._passed_on(one),
            formats.count(one.round.households) if passed else "",
            formats.count(one.round.read) if passed else "",
            unread(one.round),
        )

    def _passed_on(self, one: pb.Forward) -> Cell:
        if self._circular.targets.leaders_only:
            return self.words("never_passed_on")
        if one.HasField("round"):
            return formats.moment(one.round.publish_time)
        return Toned(self.words("not_passed_on"), "warn")
