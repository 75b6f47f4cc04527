"""The facts a resident had: each period against the one before it, letter by letter."""

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from todoke.v1 import residents_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.listing import Page
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.resident_facts import name_of
from tui.widgets.letter_diff import SAME, letter_diff
from tui.widgets.live_table import Cell, Column, LiveTable
from tui.wording import Words


class HistoryScreen(Leaf[pb.FactPeriod]):
    """Read once: the core writes the look into the audit log."""

    SUBJECT = "history"
    KINDS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, desk: Desk, resident: pb.Resident) -> None:
        super().__init__(desk)
        self._resident = resident

    def table(self) -> LiveTable[pb.FactPeriod]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.from"), 10),
                Column(words("column.until"), 10),
                Column(words("column.name"), 14, grow=1),
                Column(words("column.assurance"), 12),
                Column(words("column.cause"), 14),
            ],
            key=lambda period: f"{period.begin_time.seconds}.{period.begin_time.nanos}",
            cells=self._cells,
            empty=words("empty.history"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.FactPeriod]:
        core = self.desk.core
        request = pb.ListResidentHistoryRequest(
            resident_id=self._resident.resident_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.residents.ListResidentHistory, request)
        return Page(answer.periods, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.history", name=name_of(self._resident.basic_four))

    def panel(self, row: pb.FactPeriod) -> Content:
        words = self.words
        parts = [
            self.facts(
                ("fact.assurance", words(f"assurance.{pb.Assurance.Name(row.assurance)}")),
                ("fact.revocation", words(f"revocation.{pb.Revocation.Name(row.revocation)}")),
            ),
            self.facts(
                (
                    "fact.document",
                    words(f"document.{pb.IdentityDocument.Name(row.document)}")
                    if row.document
                    else "",
                ),
                ("fact.consent_version", row.consent_version.removeprefix("v")),
            ),
        ]
        before = self._before(row)
        if before is None:
            parts.append(Content(words("history.first")))
            before = row
        above, below = _values(words, row.basic_four), _values(words, before.basic_four)
        sides = words("side.this_time"), words("side.before")
        for label, value in above.items():
            parts.append(
                Content.assemble((f"{SAME} {label}", "bold"), " ", value)
                if value == below[label]
                else letter_diff(label, (sides[0], value), (sides[1], below[label]))
            )
        return Content("\n").join(part for part in parts if part)

    def _before(self, period: pb.FactPeriod) -> pb.FactPeriod | None:
        """Return the period before this one, as far as the list is here."""
        rows = self.listing.rows
        at = rows.index(period) + 1
        return rows[at] if at < len(rows) else None

    def _cells(self, period: pb.FactPeriod) -> Sequence[Cell]:
        words = self.words
        return (
            formats.day(period.begin_time),
            formats.day(period.end_time) or words("history.now"),
            name_of(period.basic_four),
            words(f"assurance_short.{pb.Assurance.Name(period.assurance)}"),
            words.find(f"history_cause.{period.cause}") or period.cause,
        )


def _values(words: Words, four: pb.BasicFour) -> dict[str, str]:
    return {
        words("fact.name"): name_of(four),
        words("fact.birth_date"): four.birth_date or words("date.unknown"),
        words("fact.sex"): words(f"sex.{pb.Sex.Name(four.sex)}"),
        words("fact.address"): formats.plain(four.address),
    }
