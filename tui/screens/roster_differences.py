"""Who came, left or changed between two rosters of a program."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import rosters_pb2 as pb
from todoke.v1.eligibility_pb2 import Roster
from tui import formats
from tui.desk import Desk
from tui.listing import Page
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.widgets.side_by_side import Sides, side_by_side

TONES = {
    pb.DIFFERENCE_KIND_CAME: "good",
    pb.DIFFERENCE_KIND_LEFT: "bad",
    pb.DIFFERENCE_KIND_CHANGED: "warn",
}


class DifferencesScreen(Leaf[pb.RosterDifferenceRow]):
    """Two frozen rosters: nothing here changes by itself, so that no event is answered."""

    SUBJECT = "differences"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "scope", "key.scope")]

    def __init__(self, desk: Desk, before: Roster, after: Roster) -> None:
        super().__init__(desk)
        self._before = before
        self._after = after
        self._kind = pb.DIFFERENCE_KIND_UNSPECIFIED

    def concerns(self, kind: str) -> bool:
        del kind
        return False

    def table(self) -> LiveTable[pb.RosterDifferenceRow]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.difference_kind"), 10),
                Column(words("column.reference"), 12),
                Column(words("column.name"), 16, grow=1),
                Column(words("column.amount_before"), 12, right=True),
                Column(words("column.amount_after"), 12, right=True),
                Column(words("column.filed"), 6),
            ],
            key=lambda row: f"{row.before.reference}:{row.after.reference}",
            cells=self._cells,
            empty=words("empty.differences"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.RosterDifferenceRow]:
        core = self.desk.core
        request = pb.ListRosterDifferencesRequest(
            before_roster_id=self._before.roster_id,
            after_roster_id=self._after.roster_id,
            kind=self._kind,
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.rosters.ListRosterDifferences, request)
        return Page(answer.rows, answer.next_page_token)

    def heading(self) -> str:
        kind = self.words(f"difference_kind.{pb.DifferenceKind.Name(self._kind)}")
        return self.words(
            "heading.differences",
            before=self._before.version or 1,
            after=self._after.version,
            kind=kind,
        )

    def panel(self, row: pb.RosterDifferenceRow) -> Content:
        words, before, after = self.words, row.before, row.after
        if row.kind != pb.DIFFERENCE_KIND_CHANGED:
            one = after if row.kind == pb.DIFFERENCE_KIND_CAME else before
            return self.facts(
                ("fact.name", formats.plain(one.name)),
                ("fact.birth_date", one.birth_date),
                ("fact.address", formats.plain(one.address)),
            )
        sides = Sides(words("side.roster_before"), words("side.roster_after"), words("side.equal"))
        pairs = (
            ("name", before.name, after.name),
            ("birth_date", before.birth_date, after.birth_date),
            ("address", before.address, after.address),
            ("account", before.masked_account, after.masked_account),
        )
        return Content("\n").join(
            side_by_side(words(f"fact.{name}"), sides, ours, theirs, width=self.size.width - 2)
            for name, ours, theirs in pairs
        )

    def action_scope(self) -> None:
        """Go to the next kind; after the last, all of them again."""
        kinds = pb.DifferenceKind.values()
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self.touch()

    def _cells(self, row: pb.RosterDifferenceRow) -> Sequence[Cell]:
        words = self.words
        one = row.after if row.HasField("after") else row.before
        before = words("yen", amount=formats.count(row.before.amount))
        after = words("yen", amount=formats.count(row.after.amount))
        kind = words(f"difference_kind.{pb.DifferenceKind.Name(row.kind)}")
        return (
            Toned(kind, TONES.get(row.kind, "")),
            one.reference,
            one.name,
            before if row.HasField("before") else "",
            after if row.HasField("after") else "",
            words("yes") if row.application_id else "",
        )
