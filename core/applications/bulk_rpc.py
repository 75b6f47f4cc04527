"""ApplicationService: many decisions at once."""

from sqlalchemy.orm import Session

from core.applications import bulk, bulk_job
from core.applications.bulk import Phase, Verb
from core.applications.convert import FROM_STATE
from core.applications.desk_rows import BulkDecision
from core.applications.queue import Wanted
from core.db import Database
from core.procedures.catalogue import Catalogue
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
    procedures: Catalogue

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
            _wanted(request),
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

    async def ListBulkRefusals(
        self, request: pb.ListBulkRefusalsRequest, call: Call
    ) -> pb.ListBulkRefusalsResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        page = await self.db.read(
            lambda s: bulk.refusals(
                s,
                call.caller.municipality,
                request.bulk_decision_id,
                after=after,
                limit=limit + 1,
            )
        )
        shown, token = paging.split(page, limit, lambda one: (one.application_id,))
        refusals = [
            pb.BulkRefusal(application_id=one.application_id, reason=one.refused) for one in shown
        ]
        return pb.ListBulkRefusalsResponse(refusals=refusals, next_page_token=token)

    async def RehearseBulkDecision(
        self, request: pb.RehearseBulkDecisionRequest, call: Call
    ) -> pb.RehearseBulkDecisionResponse:
        after = "".join(paging.key_of(request.page_token))
        found = await self.db.read(
            lambda s: bulk_job.rehearse(
                s,
                call.caller,
                _wanted(request),
                FROM_VERB[request.verb],
                known=self.procedures,
                after=after,
                now=call.now,
            )
        )
        return pb.RehearseBulkDecisionResponse(
            looked_at=found.looked_at,
            ready=found.ready,
            refused=found.refused,
            next_page_token=paging.token_of(found.next) if found.next else "",
        )

    @mutation
    def PauseBulkDecision(
        self, session: Session, request: pb.PauseBulkDecisionRequest, call: Call
    ) -> pb.PauseBulkDecisionResponse:
        rests = bulk.pause(session, call.caller, id=request.bulk_decision_id, now=call.now)
        return pb.PauseBulkDecisionResponse(bulk_decision=_to_pb(rests))

    @mutation
    def ResumeBulkDecision(
        self, session: Session, request: pb.ResumeBulkDecisionRequest, call: Call
    ) -> pb.ResumeBulkDecisionResponse:
        runs = bulk.resume(session, call.caller, id=request.bulk_decision_id, now=call.now)
        return pb.ResumeBulkDecisionResponse(bulk_decision=_to_pb(runs))

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


def _wanted(request: pb.BeginBulkDecisionRequest | pb.RehearseBulkDecisionRequest) -> Wanted:
    return Wanted(
        program_id=request.program_id,
        states={FROM_STATE[state] for state in request.states},
        ids=set(request.application_ids),
    )


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
