"""Doubtful matches of a program: both sides letter by letter; a person accepts or refuses."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.eligibility_pb2 import GetProgramRequest, Program
from todoke.v1.matching_pb2 import (
    MATCH_DECISION_ACCEPTED,
    MATCH_DECISION_REFUSED,
    MATCH_DECISION_TO_CONFIRM,
    MATCH_DECISION_TO_REVIEW,
    MATCH_DECISION_UNSPECIFIED,
    ListMatchesRequest,
    Match,
    MatchClass,
    MatchDecision,
)
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens import match_dialogs as dialogs
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.match_facts import compared, told
from tui.screens.match_rules import MatchRulesScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

SCOPES = (
    MATCH_DECISION_TO_REVIEW,
    MATCH_DECISION_TO_CONFIRM,
    MATCH_DECISION_UNSPECIFIED,
)
"""What is listed, in turn: to review, to confirm, all."""

SETTLED = frozenset({MATCH_DECISION_ACCEPTED, MATCH_DECISION_REFUSED})
TONES = {
    MATCH_DECISION_TO_REVIEW: "warn",
    MATCH_DECISION_TO_CONFIRM: "warn",
    MATCH_DECISION_ACCEPTED: "good",
}


class ReviewScreen(Acting, Leaf[Match]):
    SUBJECT = "review"
    KINDS: ClassVar[tuple[str, ...]] = ("match.", "roster.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("accept", "refuse", "confirm", "take_back", "keep_rule", "rules"), roles.ELIGIBILITY
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "key.accept"),
        Binding("x", "refuse", "key.refuse"),
        Binding("b", "take_back", "key.take_back"),
        Binding("c", "confirm", "key.confirm_match"),
        Binding("n", "keep_rule", "key.keep_rule"),
        Binding("d", "details", "key.details"),
        Binding("l", "rules", "key.rules"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program
        self._scope = MATCH_DECISION_TO_REVIEW
        self._last: Match | None = None

    def table(self) -> LiveTable[Match]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.reference"), 10),
                Column(words("column.roster_name"), 14, grow=1),
                Column(words("column.resident_name"), 14, grow=1),
                Column(words("column.match_class"), 18),
                Column(words("column.decision"), 10),
            ],
            key=lambda match: match.match_id,
            cells=self._cells,
            empty=words("empty.matches"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Match]:
        core = self.desk.core
        program_id = self._program.program_id
        if not token:
            answer = await core.ask(
                core.eligibility.GetProgram, GetProgramRequest(program_id=program_id)
            )
            self._program = answer.program
        request = ListMatchesRequest(
            program_id=program_id, decision=self._scope, page_size=PAGE, page_token=token
        )
        page = await core.ask(core.matching.ListMatches, request)
        return Page(page.matches, page.next_page_token)

    def heading(self) -> str:
        here, counts = formats.count(len(self.listing.rows)), self._program.counts
        return self.words(
            f"heading.matches.{MatchDecision.Name(self._scope)}",
            title=self._program.title,
            left=formats.count(counts.to_review - counts.to_confirm),
            here=here if self.listing.ended else self.words("at_least", count=here),
        )

    def panel(self, row: Match) -> Content:
        width = self.size.width - 2
        lines = [*compared(self.words, row, width=width), told(self.words, row, self.facts)]
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        why = {
            "accept": self._why_not_decide,
            "refuse": self._why_not_decide,
            "confirm": self._why_not_confirm,
            "take_back": self._why_not_take_back,
            "keep_rule": self._why_not_keep,
            "details": self._why_no_row,
        }.get(action)
        return why() if why else None

    @work(group="act", exclusive=True)
    async def action_accept(self) -> None:
        if self.row is not None:
            dialog = dialogs.ask_decide(self.desk, self.row, "accept", MATCH_DECISION_ACCEPTED)
            await self._move(dialog, "accept")

    @work(group="act", exclusive=True)
    async def action_refuse(self) -> None:
        if self.row is not None:
            dialog = dialogs.ask_decide(self.desk, self.row, "refuse", MATCH_DECISION_REFUSED)
            await self._move(dialog, "refuse")

    @work(group="act", exclusive=True)
    async def action_confirm(self) -> None:
        if self.row is not None:
            dialog = dialogs.ask_confirm(self.desk, self.row, confirmed=True)
            await self._move(dialog, "confirmed")

    @work(group="act", exclusive=True)
    async def action_take_back(self) -> None:
        """Put a decision back to review: another's that waits for our word, or any that is made."""
        match = self._decided
        if match is None:
            return
        if match.decision == MATCH_DECISION_TO_CONFIRM and match.decided_by != self._me:
            dialog = dialogs.ask_confirm(self.desk, match, confirmed=False)
        else:
            dialog = dialogs.ask_reopen(self.desk, match)
        await self._move(dialog, "reopened")

    @work(group="act", exclusive=True)
    async def action_keep_rule(self) -> None:
        if self._settled is not None:
            dialog = dialogs.ask_keep_rule(self.desk, self._settled)
            await self.ask_for(dialog, "match.rule_kept")

    def action_details(self) -> None:
        if self.row is not None:
            parts = [
                *compared(self.words, self.row, width=self.size.width - 16, whole=True),
                Content(""),
                told(self.words, self.row, self.facts),
            ]
            text = Content("\n").join(parts)
            self.app.push_screen(Note(self.words, self.words("note.match"), text))

    def action_rules(self) -> None:
        self.app.push_screen(MatchRulesScreen(self.desk))

    def action_scope(self) -> None:
        self._scope = SCOPES[(SCOPES.index(self._scope) + 1) % len(SCOPES)]
        self.touch()

    @property
    def _me(self) -> str:
        return self.desk.person.staff.name if self.desk.person else ""

    @property
    def _decided(self) -> Match | None:
        """The decided match that is meant: under the cursor, else the last decided here."""
        row = self.row
        if row is not None and row.decision != MATCH_DECISION_TO_REVIEW:
            return row
        return self._last

    @property
    def _settled(self) -> Match | None:
        """The match whose decision stands that is meant: under the cursor, else the last one."""
        return next((m for m in (self.row, self._last) if m and m.decision in SETTLED), None)

    async def _move(self, dialog: Ask, done: str) -> None:
        """Run a dialog about a match; show what became of it, and go to what waits next."""
        ended = await self.ended(dialog)
        if ended is None or not isinstance(ended.answer, Match):
            return
        match = ended.answer
        waiting = match.decision == MATCH_DECISION_TO_CONFIRM
        self.tell(self.words(f"done.match.{'to_confirm' if waiting else done}"))
        self._last = None if match.decision == MATCH_DECISION_TO_REVIEW else match
        stays = self._scope in {MATCH_DECISION_UNSPECIFIED, match.decision}
        rows = [match if row.match_id == match.match_id else row for row in self.listing.rows]
        if not stays:
            rows = [row for row in rows if row.match_id != match.match_id]
        self.listing.rows = rows
        self.show_rows()
        if stays:
            self._go_on(match)

    def _go_on(self, match: Match) -> None:
        """Put the cursor on the next match to review below the one decided."""
        shown = self.live.shown
        at = next((i for i, row in enumerate(shown) if row.match_id == match.match_id), len(shown))
        after = range(at + 1, len(shown))
        following = (i for i in after if shown[i].decision == MATCH_DECISION_TO_REVIEW)
        self.live.choose(next(following, at))

    def _why_no_row(self) -> str | None:
        return self.words("why.no_row") if self.row is None else None

    def _why_not_decide(self) -> str | None:
        if self.row is not None and self.row.decision != MATCH_DECISION_TO_REVIEW:
            return self.words("why.match_decided")
        return self._why_no_row()

    def _why_not_confirm(self) -> str | None:
        row = self.row
        if row is None or row.decision != MATCH_DECISION_TO_CONFIRM:
            return self.words("why.nothing_to_confirm")
        return str(self.words.reason("SAME_PERSON", {})) if row.decided_by == self._me else None

    def _why_not_take_back(self) -> str | None:
        return self.words("why.nothing_decided") if self._decided is None else None

    def _why_not_keep(self) -> str | None:
        match = self._settled
        if match is None:
            return self.words("why.no_reason_yet")
        if match.rule_id:
            return self.words("why.rule_kept")
        return None if match.difference else self.words("why.no_difference")

    def _cells(self, match: Match) -> Sequence[Cell]:
        words = self.words
        state = words(f"state.{MatchDecision.Name(match.decision)}")
        return (
            match.entitlement.reference,
            match.entitlement.name,
            match.resident_name,
            words(f"match_class.{MatchClass.Name(match.match_class)}"),
            Toned(state, TONES.get(match.decision, "quiet")),
        )
