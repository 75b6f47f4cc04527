"""ApplicationService: many decisions at once."""

from sqlalchemy.orm import Session

from core.applications import bulk
from core.applications.bulk import Phase, Verb
from core.applications.convert import FROM_STATE
from core.applications.desk_rows import BulkDecision
from core.db import Database
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import mutation
from todoke.v1 import applications_pb2 as pb

TO_VERB = {verb: pb.BulkVerb.Value(f"BULK_VERB_{verb.name}") for verb in Verb}
FROM_VERB = {value: verb for verb, value in TO_VERB.items()}
TO_PHASE = {
    phase: pb.BulkDecisionState.Value(f"BULK_DECISION_STATE_{phase.name}") for phase in Phase
}


class Bulk:
    """Begins bulk decisions, which a job goes on with, and tells how far they are."""

    db: Database

    @mutation
    def BeginBulkDecision(
        self, session: Session, request: pb.BeginBulkDecisionRequest, call: Call
    ) -> pb.BeginBulkDecisionResponse:
        verb = FROM_VERB[request.verb]
        if verb is Verb.REJECT and not request.reason.strip():
            raise FieldInvalid("nobody is rejected without a reason", field="reason")
        begun = bulk.begin(
            session,
            call.caller,
            program_id=request.program_id,
            states={FROM_STATE[state] for state in request.states},
            ids=set(request.application_ids),
            verb=verb,
            reason=request.reason,
            expected=request.expected_count,
            now=call.now,
        )
        return pb.BeginBulkDecisionResponse(bulk_decision=_to_pb(begun))

    async def GetBulkDecision(
        self, request: pb.GetBulkDecisionRequest, call: Call
    ) -> pb.GetBulkDecisionResponse:
        found = await self.db.read(
            lambda s: bulk.get(s, call.caller.municipality, request.bulk_decision_id)
        )
        return pb.GetBulkDecisionResponse(bulk_decision=_to_pb(found))

    async def ListBulkDecisions(
        self, request: pb.ListBulkDecisionsRequest, call: Call
    ) -> pb.ListBulkDecisionsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))
        page = await self.db.read(
            lambda s: bulk.page(
                s,
                call.caller.municipality,
                program_id=request.program_id,
                before=before,
                limit=limit + 1,
            )
        )
        shown, token = paging.split(page, limit, lambda one: (one.id,))
        return pb.ListBulkDecisionsResponse(
            bulk_decisions=[_to_pb(one) for one in shown], next_page_token=token
        )

    @mutation
    def CancelBulkDecision(
        self, session: Session, request: pb.CancelBulkDecisionRequest, call: Call
    ) -> pb.CancelBulkDecisionResponse:
        ended = bulk.cancel(
            session,
            call.caller,
            id=request.bulk_decision_id,
            reason=request.reason,
            now=call.now,
        )
        return pb.CancelBulkDecisionResponse(bulk_decision=_to_pb(ended))


def _to_pb(one: BulkDecision) -> pb.BulkDecision:
    return pb.BulkDecision(
        bulk_decision_id=one.id,
        program_id=one.program_id,
        verb=TO_VERB[Verb(one.verb)],
        state=TO_PHASE[Phase(one.state)],
        author=one.author,
        total=one.total,
        decided=one.decided,
        refused=one.refused,
        create_time=to_timestamp(one.create_time),
        finish_time=to_timestamp(one.finish_time),
    )
