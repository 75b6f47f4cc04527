"""The part of CircularService by which circulars go out, are corrected and taken back."""

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import correcting, forwarding, publishing, queries
from core.circulars.convert import for_officers, names_of
from core.circulars.queries import Counts
from core.circulars.rows import Circular
from core.circulars.targets import Targets
from core.db import Database
from core.wire.convert import from_timestamp
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import circulars_pb2 as pb


class Publishing:
    """Answers what is done with a circular once it goes out."""

    db: Database

    @mutation
    def PublishCircular(
        self, session: Session, request: pb.PublishCircularRequest, call: Call
    ) -> pb.PublishCircularResponse:
        at = from_timestamp(request.publish_time) if request.HasField("publish_time") else None
        circular = publishing.publish(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            publish_time=at,
            etag=request.etag,
            now=call.now,
        )
        return pb.PublishCircularResponse(circular=_told(session, circular, call))

    @mutation
    def ForwardCircular(
        self, session: Session, request: pb.ForwardCircularRequest, call: Call
    ) -> pb.ForwardCircularResponse:
        circular = forwarding.forward(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            association_id=request.association_id,
            targets=Targets.of(names_of(request.targets)),
            remark=request.remark,
            now=call.now,
        )
        return pb.ForwardCircularResponse(circular=_told(session, circular, call))

    @mutation
    def CorrectCircular(
        self, session: Session, request: pb.CorrectCircularRequest, call: Call
    ) -> pb.CorrectCircularResponse:
        circular = correcting.correct(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            content=names_of(request.content),
            correction=request.correction,
            etag=request.etag,
            now=call.now,
        )
        return pb.CorrectCircularResponse(circular=_told(session, circular, call))

    @mutation
    def WithdrawCircular(
        self, session: Session, request: pb.WithdrawCircularRequest, call: Call
    ) -> pb.WithdrawCircularResponse:
        circular = correcting.withdraw(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        return pb.WithdrawCircularResponse(circular=_told(session, circular, call))


def _told(session: Session, circular: Circular, call: Call) -> pb.Circular:
    """Return a circular to who may change it, and so sees all its households."""
    session.flush()
    counts = queries.counts(session, circular.municipality, [circular.id], None)
    return for_officers(session, circular, counts.get(circular.id, Counts()), call.now)
