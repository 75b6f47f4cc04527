"""What is asked before a match is decided, confirmed, taken back, or made a rule."""

from todoke.v1.matching_pb2 import (
    ConfirmMatchRequest,
    DecideMatchRequest,
    EndMatchRuleRequest,
    KeepMatchRuleRequest,
    Match,
    MatchDecision,
    MatchRule,
    ReopenMatchRequest,
)
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.match_facts import differing


def ask_decide(desk: Desk, match: Match, name: str, decision: "MatchDecision.ValueType") -> Ask:
    """Ask for the reason; nothing here is for good, so that enter leads to the deed."""
    core = desk.core

    async def decide(answers: Answers, request_id: str) -> Match:
        request = DecideMatchRequest(
            match_id=match.match_id,
            decision=decision,
            reason=str(answers["reason"]),
            etag=match.etag,
            request_id=request_id,
        )
        answer = await core.ask(core.matching.DecideMatch, request)
        desk.reasons.add(name, request.reason)
        return answer.match

    return Ask(desk.words, name, decide, about=_about(desk, name, match), fields=_why(desk, name))


def ask_confirm(desk: Desk, match: Match, *, confirmed: bool) -> Ask:
    core = desk.core
    name = "confirm_match" if confirmed else "doubt_match"

    async def confirm(answers: Answers, request_id: str) -> Match:
        request = ConfirmMatchRequest(
            match_id=match.match_id,
            confirmed=confirmed,
            reason=str(answers["reason"]),
            etag=match.etag,
            request_id=request_id,
        )
        answer = await core.ask(core.matching.ConfirmMatch, request)
        desk.reasons.add(name, request.reason)
        return answer.match

    return Ask(desk.words, name, confirm, about=_about(desk, name, match), fields=_why(desk, name))


def ask_reopen(desk: Desk, match: Match) -> Ask:
    core = desk.core

    async def reopen(answers: Answers, request_id: str) -> Match:
        request = ReopenMatchRequest(
            match_id=match.match_id,
            reason=str(answers["reason"]),
            etag=match.etag,
            request_id=request_id,
        )
        answer = await core.ask(core.matching.ReopenMatch, request)
        desk.reasons.add("reopen", request.reason)
        return answer.match

    about = _about(desk, "reopen", match)
    return Ask(desk.words, "reopen", reopen, about=about, fields=_why(desk, "reopen"), grave=True)


def ask_keep_rule(desk: Desk, match: Match) -> Ask:
    core = desk.core

    async def keep(answers: Answers, request_id: str) -> None:
        request = KeepMatchRuleRequest(
            match_id=match.match_id, reason=str(answers["reason"]), request_id=request_id
        )
        await core.ask(core.matching.KeepMatchRule, request)

    fields = (Field("reason", value=match.reason),)
    about = _about(desk, "keep_rule", match)
    return Ask(desk.words, "keep_rule", keep, about=about, fields=fields, grave=True)


def ask_end_rule(desk: Desk, rule: MatchRule) -> Ask:
    core = desk.core

    async def end(answers: Answers, request_id: str) -> None:
        request = EndMatchRuleRequest(
            rule_id=rule.rule_id, reason=str(answers["reason"]), request_id=request_id
        )
        await core.ask(core.matching.EndMatchRule, request)

    about = desk.words(
        "ask.end_rule.about",
        difference=differing(desk.words, rule.difference),
        decided=formats.count(rule.decided),
    )
    return Ask(desk.words, "end_rule", end, about=about, fields=(Field("reason"),), grave=True)


def decided_as(match: Match) -> "MatchDecision.ValueType":
    """Tell what was decided, whether or not a second person has looked yet."""
    return match.proposed or match.decision


def _why(desk: Desk, name: str) -> tuple[Field]:
    return (Field("reason", before=desk.reasons.of(name)),)


def _about(desk: Desk, name: str, match: Match) -> str:
    words = desk.words
    return words(
        f"ask.{name}.about",
        name=formats.plain(match.resident_name),
        roster_name=formats.plain(match.entitlement.name),
        reference=match.entitlement.reference,
        difference=differing(words, match.difference),
        decision=words(f"state.{MatchDecision.Name(decided_as(match))}"),
        decided_by=match.decided_by,
        reason=formats.plain(match.reason),
    )
