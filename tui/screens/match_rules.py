"""Kept rules: which difference decides what, why, and how many matches it decided."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1.matching_pb2 import ListMatchRulesRequest, MatchDecision, MatchRule
from tui import formats, roles
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.match_dialogs import ask_end_rule
from tui.screens.match_facts import differing
from tui.widgets.live_table import Cell, Column, LiveTable


class MatchRulesScreen(Acting, Leaf[MatchRule]):
    SUBJECT = "match_rules"
    KINDS: ClassVar[tuple[str, ...]] = ("match.", "match_rule.")
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"end_rule": roles.ELIGIBILITY}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "end_rule", "key.end_rule")]

    def table(self) -> LiveTable[MatchRule]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.difference"), 24, grow=1),
                Column(words("column.decision"), 10),
                Column(words("column.times_decided"), 8, right=True),
                Column(words("column.author"), 12),
                Column(words("column.kept_at"), 11),
            ],
            key=lambda rule: rule.rule_id,
            cells=self._cells,
            empty=words("empty.match_rules"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[MatchRule]:
        core = self.desk.core
        request = ListMatchRulesRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.matching.ListMatchRules, request)
        return Page(answer.rules, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.match_rules")

    def panel(self, row: MatchRule) -> Content:
        return Content("\n").join(
            [
                self.facts(("fact.difference", differing(self.words, row.difference))),
                self.facts(("fact.reason", formats.plain(row.reason))),
            ]
        )

    def why_not(self, action: str) -> str | None:
        return self.words("why.no_row") if action == "end_rule" and self.row is None else None

    @work(group="act", exclusive=True)
    async def action_end_rule(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_end_rule(self.desk, self.row), "match.rule_ended")

    def _cells(self, rule: MatchRule) -> Sequence[Cell]:
        return (
            differing(self.words, rule.difference),
            self.words(f"state.{MatchDecision.Name(rule.decision)}"),
            formats.count(rule.decided),
            rule.author,
            formats.moment(rule.create_time),
        )
