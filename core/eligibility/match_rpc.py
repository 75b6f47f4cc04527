"""MatchingService: which resident is which entitlement's."""

import asyncio
from functools import partial

from sqlalchemy.orm import Session

from core.db import Database
from core.eligibility import kept_rules, match_actions, match_rows, populations, rows
from core.eligibility.convert import (
    FROM_DECISION,
    CountApplications,
    counts_to_pb,
    match_to_pb,
    rule_to_pb,
)
from core.matching import Decision
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation
from core.wire.once_only import OnceOnly
from todoke.v1 import matching_pb2 as pb

MATCH = "MatchingService.MatchRoster"


class MatchingService:
    """Answers MatchingService."""

    def __init__(
        self,
        db: Database,
        count_applications: CountApplications,
        reopened: match_actions.Reopened,
    ) -> None:
        self.db = db
        self._count_applications = count_applications
        self._reopened = reopened

    async def MatchRoster(
        self, request: pb.MatchRosterRequest, call: Call
    ) -> pb.MatchRosterResponse:
        municipality, program_id = call.caller.municipality, request.program_id
        asked = OnceOnly(self.db, call, MATCH, request, pb.MatchRosterResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        population = await self.db.read(lambda s: populations.whole(s, municipality, program_id))
        pairs = await asyncio.to_thread(population.pairs)

        def change(session: Session) -> pb.MatchRosterResponse:
            # Locked first: from now on, who registers is put beside it, too.
            rows.get_program(session, municipality, program_id, lock=True)
            populations.put_beside(session, municipality, population, call.now)
            found = match_actions.keep_matches(
                session,
                call.caller,
                program_id=program_id,
                roster_id=population.roster_id,
                pairs=pairs,
                now=call.now,
            )
            counts = counts_to_pb(session, municipality, program_id, self._count_applications)
            return pb.MatchRosterResponse(
                accepted=found[Decision.ACCEPTED],
                to_review=found[Decision.TO_REVIEW],
                counts=counts,
            )

        return await asked.make(change)

    async def ListMatches(
        self, request: pb.ListMatchesRequest, call: Call
    ) -> pb.ListMatchesResponse:
        municipality, program_id = call.caller.municipality, request.program_id
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListMatchesResponse:
            rows.get_program(session, municipality, program_id)
            page = match_rows.page(
                session,
                municipality,
                program_id,
                decision=FROM_DECISION.get(request.decision),
                after=after,
                limit=limit + 1,
            )
            shown, token = paging.split(page, limit, lambda sides: (sides[0].id,))
            matches = [match_to_pb(*sides) for sides in shown]
            return pb.ListMatchesResponse(matches=matches, next_page_token=token)

        answer = await self.db.read(found)
        if answer.matches:
            await self.db.write(
                partial(
                    match_actions.look_at_matches,
                    by=call.caller,
                    program_id=program_id,
                    shown=len(answer.matches),
                    now=call.now,
                )
            )
        return answer

    @mutation
    def DecideMatch(
        self, session: Session, request: pb.DecideMatchRequest, call: Call
    ) -> pb.DecideMatchResponse:
        row = match_actions.decide_match(
            session,
            call.caller,
            id=request.match_id,
            decision=FROM_DECISION[request.decision],
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.DecideMatchResponse(match=self._shown(session, row))

    @mutation
    def ConfirmMatch(
        self, session: Session, request: pb.ConfirmMatchRequest, call: Call
    ) -> pb.ConfirmMatchResponse:
        row = match_actions.confirm_match(
            session,
            call.caller,
            id=request.match_id,
            confirmed=request.confirmed,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.ConfirmMatchResponse(match=self._shown(session, row))

    @mutation
    def ReopenMatch(
        self, session: Session, request: pb.ReopenMatchRequest, call: Call
    ) -> pb.ReopenMatchResponse:
        row = match_actions.reopen_match(
            session,
            call.caller,
            id=request.match_id,
            reason=request.reason,
            etag=request.etag,
            reopened=self._reopened,
            now=call.now,
        )
        return pb.ReopenMatchResponse(match=self._shown(session, row))

    @mutation
    def KeepMatchRule(
        self, session: Session, request: pb.KeepMatchRuleRequest, call: Call
    ) -> pb.KeepMatchRuleResponse:
        rule = kept_rules.keep(
            session, call.caller, match_id=request.match_id, reason=request.reason, now=call.now
        )
        decided = kept_rules.count(session, rule.municipality, [rule.id])
        return pb.KeepMatchRuleResponse(rule=rule_to_pb(rule, decided.get(rule.id, 0)))

    @mutation
    def EndMatchRule(
        self, session: Session, request: pb.EndMatchRuleRequest, call: Call
    ) -> pb.EndMatchRuleResponse:
        rule = kept_rules.end(
            session, call.caller, id=request.rule_id, reason=request.reason, now=call.now
        )
        decided = kept_rules.count(session, rule.municipality, [rule.id])
        return pb.EndMatchRuleResponse(rule=rule_to_pb(rule, decided.get(rule.id, 0)))

    async def ListMatchRules(
        self, request: pb.ListMatchRulesRequest, call: Call
    ) -> pb.ListMatchRulesResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListMatchRulesResponse:
            page = kept_rules.page(
                session, call.caller.municipality, before=before, limit=limit + 1
            )
            shown, token = paging.split(page, limit, lambda one: (one[0].id,))
            return pb.ListMatchRulesResponse(
                rules=[rule_to_pb(*one) for one in shown], next_page_token=token
            )

        return await self.db.read(found)

    def _shown(self, session: Session, row: rows.Match) -> pb.Match:
        about(session, row.resident_id)
        return match_to_pb(row, *match_rows.sides_of(session, row))
