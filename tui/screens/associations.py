"""Neighbourhood associations: who leads them and until when, how they read; to each one's own."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import circulars_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.associations import ImportDialog
from tui.listing import Page
from tui.screens import association_dialogs
from tui.screens.acting import Acting
from tui.screens.association import AssociationScreen
from tui.screens.city_circulars import CityCircularsScreen
from tui.screens.list_screen import PAGE, ListScreen
from tui.screens.rounds import RoundsScreen, unread
from tui.screens.terms import term
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.wording import Words

KINDS = ("association", "group.", "household.", "membership.", "join.", "office", "circular.")


class AssociationsScreen(Acting, ListScreen[pb.AssociationSummary]):
    SUBJECT = "associations"
    KINDS: ClassVar[tuple[str, ...]] = KINDS
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("details", "create", "revise", "import_list", "rounds", "circulars"), roles.ASSOCIATIONS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "details", "key.details"),
        Binding("n", "create", "key.create"),
        Binding("e", "revise", "key.mend"),
        Binding("i", "import_list", "key.import_list"),
        Binding("v", "rounds", "key.rounds"),
        Binding("c", "circulars", "key.city_circulars"),
        Binding("s", "order", "key.order"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._by_term = True

    def table(self) -> LiveTable[pb.AssociationSummary]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.number"), 8),
                Column(words("column.association"), 14, grow=1),
                Column(words("column.households"), 5, right=True),
                Column(words("column.joined"), 5, right=True),
                Column(words("column.offices"), 4, right=True),
                Column(words("column.asking"), 4, right=True),
                Column(words("column.chair_until"), 12),
                Column(words("column.last_round"), 11),
                Column(words("column.unread_share"), 5, right=True),
            ],
            key=lambda one: one.association.association_id,
            cells=self._cells,
            empty=words("empty.associations"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.AssociationSummary]:
        core = self.desk.core
        request = pb.ListAssociationsRequest(
            by_term=self._by_term, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.circulars.ListAssociations, request)
        return Page(answer.associations, answer.next_page_token)

    def heading(self) -> str:
        order = "term" if self._by_term else "name"
        return self.words(f"heading.associations_{order}")

    def panel(self, row: pb.AssociationSummary) -> Content:
        words, last = self.words, row.last_round
        lines = [
            self.facts(
                ("fact.district", formats.plain(row.association.area)),
                ("fact.groups", formats.count(row.groups)),
                ("fact.headless", formats.count(row.headless_groups)),
                ("fact.join_requests", formats.count(row.join_requests)),
            ),
            self.facts(
                ("fact.last_round", words(f"circular_kind.{pb.CircularKind.Name(last.kind)}")),
                ("fact.read_by", read_by(words, last)),
            )
            if row.HasField("last_round")
            else Content(
                words("about.no_round"),
            ),
        ]
        if row.leaderless:
            lines.insert(0, Content(words("about.leaderless")))
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str | None:
        if action in {"details", "revise", "rounds"} and self.row is None:
            return self.words("why.no_row")
        return None

    def action_details(self) -> None:
        if self.row is not None:
            association = self.row.association
            self.app.push_screen(AssociationScreen(self.desk, association.association_id))

    def action_rounds(self) -> None:
        if self.row is not None:
            self.app.push_screen(RoundsScreen(self.desk, self.row.association))

    def action_circulars(self) -> None:
        self.app.push_screen(CityCircularsScreen(self.desk))

    def action_order(self) -> None:
        """Turn from those that need a leader to the order of names, and back."""
        self._by_term = not self._by_term
        self.touch()

    @work(group="act", exclusive=True)
    async def action_create(self) -> None:
        await self.ask_for(
            association_dialogs.ask_association(self.desk, None), "association.saved"
        )

    @work(group="act", exclusive=True)
    async def action_revise(self) -> None:
        if self.row is not None:
            dialog = association_dialogs.ask_association(self.desk, self.row.association)
            await self.ask_for(dialog, "association.saved")

    @work(group="act", exclusive=True)
    async def action_import_list(self) -> None:
        taken = await self.app.push_screen_wait(ImportDialog(self.desk))
        if taken is not None:
            self.tell(
                self.words(
                    "done.association.imported",
                    associations=formats.count(taken.associations),
                    groups=formats.count(taken.groups),
                    households=formats.count(taken.households),
                )
            )
            self.touch()

    def _cells(self, one: pb.AssociationSummary) -> Sequence[Cell]:
        last = one.last_round
        return (
            one.association.number,
            one.association.name,
            formats.count(one.households),
            formats.count(one.joined),
            formats.count(one.offices),
            Toned(formats.count(one.join_requests), "warn") if one.join_requests else "",
            term(self.words, one.chair_until),
            formats.moment(last.publish_time),
            unread(last),
        )


def read_by(words: Words, one: pb.Round) -> str:
    return words("read_by", read=formats.count(one.read), households=formats.count(one.households))
