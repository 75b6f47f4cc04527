"""The fake core's matching: found, decided, confirmed, taken back, kept as rules."""

from tests.tui.fake_core.city import Refused
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
    def ListMatchRules(self, request):
        return pb.ListMatchRulesResponse(rules=self.city.rules.values())

    def current(self, request):
        match = self.city.matches[request.match_id]
        if request.etag != match.etag:
            raise Refused("CHANGED_MEANWHILE", metadata={"etag": match.etag})
        match.etag += "+"
        return match

    def moved(self, match, to_review, verb):
        self.city.programs[match.program_id].counts.to_review += to_review
        self.city.record(f"match.{verb}", match.match_id)
