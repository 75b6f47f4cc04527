"""The fake core's bulk decisions."""

import uuid

from tests.tui.fake_core.city import Refused
from tests.tui.fake_core.claims import at
from tests.tui.fake_core.door import Servicer, answered
from todoke.v1 import applications_pb2 as pb


class Bulks(Servicer):
    """Each decides one application a look, and refuses the last."""

    @answered
    def BeginBulkDecision(self, request):
        found = [
            one
            for one in self.city.applications.values()
            if one.program_id == request.program_id and one.state in request.states
        ]
        if len(found) != request.expected_count:
            raise Refused("COUNT_CHANGED", metadata={"count": str(len(found))})
        bulk = pb.BulkDecision(
            bulk_decision_id=str(uuid.uuid4()),
            program_id=request.program_id,
            verb=request.verb,
            state=pb.BULK_DECISION_STATE_RUNNING,
            author=self.city.who,
            total=len(found),
            create_time=at(),
        )
        self.city.bulks.insert(0, bulk)
        return pb.BeginBulkDecisionResponse(bulk_decision=bulk)

    @answered
    def ListBulkDecisions(self, request):
        del request
        for bulk in self.city.bulks:
            if bulk.state == pb.BULK_DECISION_STATE_RUNNING and bulk.decided < bulk.total - 1:
                bulk.decided += 1
        return pb.ListBulkDecisionsResponse(bulk_decisions=self.city.bulks)

    @answered
    def RehearseBulkDecision(self, request):
        found = [
            one
            for one in self.city.applications.values()
            if one.program_id == request.program_id and one.state in request.states
        ]
        return pb.RehearseBulkDecisionResponse(
            looked_at=len(found), ready=len(found) - 1, refused={"CHECKLIST_INCOMPLETE": 1}
        )

    @answered
    def CancelBulkDecision(self, request):
        (bulk,) = self.city.bulks
        assert request.bulk_decision_id == bulk.bulk_decision_id
        bulk.state = pb.BULK_DECISION_STATE_CANCELLED
        bulk.refused["CHECKLIST_INCOMPLETE"] = 1
        return pb.CancelBulkDecisionResponse(bulk_decision=bulk)
