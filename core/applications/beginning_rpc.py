"""ApplicationService: what residents begin themselves, and links by which they go on elsewhere."""

from sqlalchemy.orm import Session

from core.applications import handing_over, starting
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import applications_pb2 as pb


class Beginning:
    """Begins conversations, and lets them go on, on another channel."""

    db: Database
    procedures: Catalogue

    @mutation
    def StartApplication(
        self, session: Session, request: pb.StartApplicationRequest, call: Call
    ) -> pb.StartApplicationResponse:
        turn, application_id = starting.start(
            session,
            call.caller,
            external_id=request.speaker.external_id,
            for_resident_id=request.speaker.for_resident_id,
            procedure=request.procedure,
            program_id=request.program_id,
            known=self.procedures,
            now=call.now,
        )
        about(session, application_id)
        return pb.StartApplicationResponse(turn=pb.Turn(**turn))

    @mutation
    def BeginHandover(
        self, session: Session, request: pb.BeginHandoverRequest, call: Call
    ) -> pb.BeginHandoverResponse:
        token, expire_time = handing_over.begin(
            session,
            call.caller,
            external_id=request.speaker.external_id,
            for_resident_id=request.speaker.for_resident_id,
            id=request.application_id,
            now=call.now,
        )
        about(session, request.application_id)
        return pb.BeginHandoverResponse(token=token, expire_time=to_timestamp(expire_time))

    @mutation
    def TakeHandover(
        self, session: Session, request: pb.TakeHandoverRequest, call: Call
    ) -> pb.TakeHandoverResponse:
        turn, expire_time = handing_over.take(
            session,
            call.caller,
            external_id=request.external_id,
            token=request.token,
            known=self.procedures,
            now=call.now,
        )
        (said,) = turn.values()
        about(session, said["application_id"])
        return pb.TakeHandoverResponse(turn=pb.Turn(**turn), expire_time=to_timestamp(expire_time))
