"""Doubtful matches of a program: both sides letter by letter; a person accepts or refuses."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.eligibility_pb2 import Program
from todoke.v1.matching_pb2 import (
    MATCH_DECISION_ACCEPTED,
    MATCH_DECISION_REFUSED,
    MATCH_DECISION_TO_REVIEW,
    DecideMatchRequest,
    ListMatchesRequest,
    Match,
    MatchClass,
    MatchDecision,
)
from tui import roles
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.widgets.letter_diff import letter_diff
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class ReviewScreen(Acting, Leaf[Match]):
    SUBJECT = "review"
    KINDS: ClassVar[tuple[str, ...]] = ("match.", "roster.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(("accept", "refuse"), roles.ELIGIBILITY)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "key.accept"),
        Binding("x", "refuse", "key.refuse"),
        Binding("s", "scope", "key.scope"),
    ]

    def __init__(self, desk: Desk, program: Program) -> None:
        super().__init__(desk)
        self._program = program
        self._only_waiting = True

    def table(self) -> LiveTable[Match]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.reference"), 10),
                Column(words("column.roster_name"), 14, grow=1),
                Column(words("column.resident_name"), 14, grow=1),
                Column(words("column.match_class"), 18),
                Column(words("column.decision"), 8),
            ],
            key=lambda match: match.match_id,
            cells=self._cells,
            empty=words("empty.matches"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Match]:
        core = self.desk.core
        request = ListMatchesRequest(
            program_id=self._program.program_id, page_size=PAGE, page_token=token
        )
        if self._only_waiting:
            request.decision = MATCH_DECISION_TO_REVIEW
        answer = await core.ask(core.matching.ListMatches, request)
        return Page(answer.matches, answer.next_page_token)

    def heading(self) -> str:
        scope = "waiting" if self._only_waiting else "all"
        return self.words(f"heading.matches_{scope}", title=self._program.title)

    def panel(self, row: Match) -> Content:
        words, entitled = self.words, row.entitlement
        ours, theirs = words("side.roster"), words("side.resident")
        pairs = (
            ("name", entitled.name, row.resident_name),
            ("birth_date", entitled.birth_date, row.resident_birth_date),
            ("address", entitled.address, row.resident_address),
        )
        parts = [
            letter_diff(words(f"fact.{name}"), (ours, above), (theirs, below))
            for name, above, below in pairs
        ]
        rule = words.find(f"rule_name.{row.rule}") or row.rule
        parts.append(self.facts(("fact.rule", rule)))
        return Content("\n").join(parts)

    def why_not(self, action: str) -> str | None:
        if action not in {"accept", "refuse"}:
            return None
        if self.row is None:
            return self.words("why.no_row")
        if self.row.decision != MATCH_DECISION_TO_REVIEW:
            return self.words("why.match_decided")
        return None

    @work(group="act", exclusive=True)
    async def action_accept(self) -> None:
        await self._decide("accept", MATCH_DECISION_ACCEPTED)

    @work(group="act", exclusive=True)
    async def action_refuse(self) -> None:
        await self._decide("refuse", MATCH_DECISION_REFUSED)

    def action_scope(self) -> None:
        self._only_waiting = not self._only_waiting
        self.touch()

    async def _decide(self, name: str, decision: "MatchDecision.ValueType") -> None:
        core, match = self.desk.core, self.row
        if match is None:
            return

        async def decide(answers: Answers, request_id: str) -> None:
            request = DecideMatchRequest(
                match_id=match.match_id,
                decision=decision,
                reason=str(answers["reason"]),
                etag=match.etag,
                request_id=request_id,
            )
            await core.ask(core.matching.DecideMatch, request)

        about = self.words(
            f"ask.{name}.about",
            name=match.resident_name,
            roster_name=match.entitlement.name,
            reference=match.entitlement.reference,
        )
        dialog = Ask(self.words, name, decide, about=about, fields=(Field("reason"),), grave=True)
        await self.ask_for(dialog, f"match.{name}")

    def _cells(self, match: Match) -> Sequence[Cell]:
        words = self.words
        waiting = match.decision == MATCH_DECISION_TO_REVIEW
        return (
            match.entitlement.reference,
            match.entitlement.name,
            match.resident_name,
            words(f"match_class.{MatchClass.Name(match.match_class)}"),
            Toned(
                words(f"state.{MatchDecision.Name(match.decision)}"), "warn" if waiting else "quiet"
            ),
        )
