"""The fake core's matching: found, decided, confirmed, taken back, kept as rules."""

from tests.tui.fake_core.city import Refused, new_id
from tests.tui.fake_core.claims import at
from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import matching_pb2 as pb
from todoke.v1 import matching_pb2_grpc


class MatchingServicer(Servicer, matching_pb2_grpc.MatchingServiceServicer):
    @answered
    def MatchRoster(self, request):
        counts = self.city.programs[request.program_id].counts
        counts.matched, counts.unmatched = 284, 716
        self.city.record("roster.matched", request.program_id)
        return pb.MatchRosterResponse(accepted=284, to_review=6, counts=counts)

    @answered
    def ListMatches(self, request):
        found = [
            match
            for match in self.city.matches.values()
            if match.program_id == request.program_id and request.decision in {0, match.decision}
        ]
        start = int(request.page_token or 0)
        end = start + (request.page_size or 50)
        return pb.ListMatchesResponse(
            matches=found[start:end], next_page_token=str(end) if end < len(found) else ""
        )

    @answered
    def DecideMatch(self, request):
        match = self.current(request)
        if self.city.second_eyes:
            match.proposed, match.decision = request.decision, pb.MATCH_DECISION_TO_CONFIRM
        else:
            match.decision = request.decision
        match.decided_by, match.reason = self.city.who, request.reason
        self.moved(match, -1, "decided")
        return pb.DecideMatchResponse(match=match)

    @answered
    def ConfirmMatch(self, request):
        match = self.current(request)
        if match.decided_by == self.city.who:
            raise Refused("SAME_PERSON")
        if request.confirmed:
            match.decision, match.confirmed_by = match.proposed, self.city.who
            match.ClearField("proposed")
            self.moved(match, 0, "confirmed")
        else:
            self.put_back(match)
        return pb.ConfirmMatchResponse(match=match)

    @answered
    def ReopenMatch(self, request):
        match = self.current(request)
        self.put_back(match)
        return pb.ReopenMatchResponse(match=match)

    @answered
    def KeepMatchRule(self, request):
        match = self.city.matches[request.match_id]
        rule = pb.MatchRule(
            rule_id=new_id(),
            difference=match.difference,
            decision=match.decision,
            reason=request.reason,
            author=self.city.who,
            create_time=at(),
        )
        self.city.rules[rule.rule_id] = rule
        self.city.record("match.rule_kept", rule.rule_id)
        return pb.KeepMatchRuleResponse(rule=rule)

    @answered
    def EndMatchRule(self, request):
        rule = self.city.rules.pop(request.rule_id)
        self.city.record("match.rule_ended", rule.rule_id)
        return pb.EndMatchRuleResponse(rule=rule)

    @answered
    def ListMatchRules(self, request):
        return pb.ListMatchRulesResponse(rules=self.city.rules.values())

    def current(self, request):
        match = self.city.matches[request.match_id]
        if request.etag != match.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": match.etag})
        match.etag += "+"
        return match

    def put_back(self, match):
        match.decision = pb.MATCH_DECISION_TO_REVIEW
        for name in ("proposed", "decided_by", "confirmed_by", "reason"):
            match.ClearField(name)
        self.moved(match, 1, "reopened")

    def moved(self, match, to_review, verb):
        self.city.programs[match.program_id].counts.to_review += to_review
        self.city.record(f"match.{verb}", match.match_id)
