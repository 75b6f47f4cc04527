"""A program's terms, version by version: what holds from which day on, and who laid it down."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.eligibility_pb2 import (
    PROGRAM_STATE_OPEN,
    GetProgramRequest,
    ListProgramVersionsRequest,
    Program,
    ProgramVersion,
)
from todoke.v1.residents_pb2 import Assurance
from tui import formats, roles
from tui.desk import Desk
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.program_dialogs import ask_revise
from tui.screens.program_terms import amount_text, rails_text, ranges_text
from tui.widgets.live_table import Cell, Column, LiveTable


class VersionsScreen(Acting, Leaf[ProgramVersion]):
    SUBJECT = "versions"
    KINDS: ClassVar[tuple[str, ...]] = ("program.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"revise": roles.ELIGIBILITY}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("n", "revise", "key.revise")]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program

    def table(self) -> LiveTable[ProgramVersion]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.version"), 4, right=True),
                Column(words("column.effective"), 10),
                Column(words("column.amount_rule"), 26, grow=1),
                Column(words("column.filing"), 21),
                Column(words("column.laid_down_by"), 10),
            ],
            key=lambda version: str(version.version),
            cells=self._cells,
            empty=words("empty.versions"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[ProgramVersion]:
        core, program_id = self.desk.core, self._program.program_id
        if not token:
            got = await core.ask(
                core.eligibility.GetProgram, GetProgramRequest(program_id=program_id)
            )
            self._program = got.program
        request = ListProgramVersionsRequest(
            program_id=program_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.eligibility.ListProgramVersions, request)
        return Page(answer.versions, answer.next_page_token)

    def heading(self) -> str:
        title, version = self._program.title, self._program.version
        return self.words("heading.versions", title=title, version=version)

    def panel(self, row: ProgramVersion) -> Content:
        words, terms = self.words, row.terms
        texts = terms.title.by_language, terms.description.by_language
        lines = [
            self.facts(
                *(("fact.title", formats.plain(text)) for _, text in sorted(texts[0].items()))
            ),
            *(
                Content(formats.plain(text)).stylize("dim")
                for _, text in sorted(texts[1].items(), reverse=True)
            ),
            self.facts(("fact.amount", amount_text(words, terms.amount))),
            self.facts(
                ("fact.budget", words("yen", amount=formats.count(terms.budget))),
                ("fact.rails", rails_text(words, terms)),
            ),
            self.facts(
                (
                    "fact.required_assurance",
                    words(f"assurance_short.{Assurance.Name(terms.required_assurance)}"),
                ),
                ("fact.approvals", terms.approvals),
                ("fact.second_eyes", words("yes" if terms.second_eyes else "no")),
            ),
            self.facts(("fact.deciders", words("comma").join(terms.deciders) or words("anybody"))),
            self.facts(("fact.freezes", ranges_text(terms.freezes) or words("none"))),
            self.facts(("fact.laid_down", formats.moment(row.create_time))),
        ]
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        closed = self._program.state != PROGRAM_STATE_OPEN
        return self.words("why.program_closed") if action == "revise" and closed else None

    @work(group="act", exclusive=True)
    async def action_revise(self) -> None:
        await self.ask_for(ask_revise(self.desk, self._program), "program.revised")

    def _cells(self, version: ProgramVersion) -> Sequence[Cell]:
        terms = version.terms
        return (
            str(version.version),
            terms.effective_date,
            amount_text(self.words, terms.amount),
            f"{terms.filing.begin_date}~{terms.filing.end_date[2:]}",
            version.author,
        )
