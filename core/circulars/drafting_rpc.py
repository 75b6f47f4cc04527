"""The part of CircularService that keeps drafts and counts whom they would reach."""

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import drafting, previewing
from core.circulars.convert import draft_of, for_officers
from core.circulars.queries import Counts
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import circulars_pb2 as pb


class Drafting:
    """Answers what is done with a draft."""

    db: Database

    @mutation
    def SaveCircular(
        self, session: Session, request: pb.SaveCircularRequest, call: Call
    ) -> pb.SaveCircularResponse:
        circular = drafting.save(
            session,
            call.caller,
            draft_of(request),
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            association_id=request.association_id,
            etag=request.etag,
            now=call.now,
        )
        session.flush()
        return pb.SaveCircularResponse(circular=for_officers(session, circular, Counts(), call.now))

    async def GetAskedDraft(
        self, request: pb.GetAskedDraftRequest, call: Call
    ) -> pb.GetAskedDraftResponse:
        def read(session: Session) -> pb.GetAskedDraftResponse:
            circular = drafting.asked(
                session, call.caller, external_id=in_person(request.speaker), now=call.now
            )
            if circular is None:
                return pb.GetAskedDraftResponse()
            shown = for_officers(session, circular, Counts(), call.now)
            return pb.GetAskedDraftResponse(circular=shown)

        return await self.db.read(read)

    async def PreviewCircular(
        self, request: pb.PreviewCircularRequest, call: Call
    ) -> pb.PreviewCircularResponse:
        def read(session: Session) -> pb.PreviewCircularResponse:
            found = previewing.preview(
                session,
                call.caller,
                external_id=in_person(request.speaker),
                circular_id=request.circular_id,
                now=call.now,
            )
            return pb.PreviewCircularResponse(
                households=found.households, by_channel=found.by_channel, paper=found.paper
            )

        return await self.db.read(read)
