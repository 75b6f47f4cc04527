"""How far a program has come by area and age, as figures and bars."""

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from todoke.v1 import ledger_pb2 as pb
from todoke.v1.eligibility_pb2 import Program
from tui import formats
from tui.desk import Desk
from tui.listing import Page
from tui.screens.still import Still
from tui.widgets.live_table import Cell, Column, LiveTable, Toned
from tui.wording import OLDEST

BAR_CELLS = 20
ANSWERED = ("declined", "filed", "settled")
NOT_REACHED = ("unmatched", "unreachable")
PROTECTED = "protected"


class ProgressScreen(Still[pb.ProgressRow]):
    SUBJECT = "progress"
    KINDS: ClassVar[tuple[str, ...]] = ("match.", "application.", "roster.", "batch.")

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program

    def table(self) -> LiveTable[pb.ProgressRow]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.area"), 14, grow=1),
                Column(words("column.ages"), 9),
                Column(words("column.entitled"), 8, right=True),
                Column(words("column.answered"), 8, right=True),
                Column(words("column.progress"), BAR_CELLS + 5),
                Column(words("column.not_reached"), 8, right=True),
            ],
            key=lambda row: f"{row.area}:{row.from_age}:{row.to_age}",
            cells=self._cells,
            empty=words("empty.progress"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.ProgressRow]:
        del token  # There is one page: a town has few areas.
        core = self.desk.core
        request = pb.GetProgressRequest(program_id=self._program.program_id)
        answer = await core.ask(core.ledger.GetProgress, request)
        return Page(answer.rows, "")

    def heading(self) -> str:
        rows = self.listing.rows
        return self.words(
            "heading.progress",
            title=self._program.title,
            entitled=formats.count(sum(row.entitled for row in rows)),
            answered=formats.count(sum(_sum(row, ANSWERED) for row in rows)),
        )

    def panel(self, row: pb.ProgressRow) -> Content:
        names = (name for name in pb.LedgerState.keys()[1:])
        counts = [
            self.words(
                "state_count",
                state=self.words(f"ledger_state.{name}"),
                count=formats.count(row.states.get(name.removeprefix("LEDGER_STATE_").lower(), 0)),
            )
            for name in names
        ]
        return self.facts(("fact.counts", self.words("comma").join(counts)))

    def _cells(self, row: pb.ProgressRow) -> Sequence[Cell]:
        words, answered, missed = self.words, _sum(row, ANSWERED), _sum(row, NOT_REACHED)
        everybody = row.from_age == 0 and row.to_age >= OLDEST
        share = round(100 * answered / row.entitled) if row.entitled else 0
        return (
            row.area or words("protected_area" if set(row.states) == {PROTECTED} else "no_area"),
            words("every_age") if everybody else words.ages(row.from_age, row.to_age),
            formats.count(row.entitled),
            formats.count(answered),
            f"{formats.bar(answered, row.entitled, BAR_CELLS)} {share:>3}%",
            Toned(formats.count(missed), "warn" if missed else "quiet"),
        )


def _sum(row: pb.ProgressRow, states: Sequence[str]) -> int:
    return sum(row.states.get(state, 0) for state in states)
