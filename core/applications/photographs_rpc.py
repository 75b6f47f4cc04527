"""ApplicationService: files that residents send in a chat, one or several at once."""

from sqlalchemy.orm import Session

from core.applications import photographs
from core.applications.photographs import Came, Place
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, mutation
from todoke.v1 import applications_pb2 as pb

PROBLEMS = {
    pb.PHOTOGRAPH_PROBLEM_TOO_LARGE: "too_large",
    pb.PHOTOGRAPH_PROBLEM_GONE: "gone",
    pb.PHOTOGRAPH_PROBLEM_REFUSED: "refused",
}


class Gathering:
    """Tells what files in a chat are for."""

    db: Database
    procedures: Catalogue

    @mutation
    def ExpectAttachment(
        self, session: Session, request: pb.ExpectAttachmentRequest, call: Call
    ) -> pb.ExpectAttachmentResponse:
        wanted, is_first = photographs.expect(
            session,
            call.caller,
            external_id=request.external_id,
            place=place_of(request.place) if request.HasField("place") else None,
            known=self.procedures,
            now=call.now,
        )
        if wanted is None:
            return pb.ExpectAttachmentResponse(first=is_first)
        about(session, wanted.application_id)
        return pb.ExpectAttachmentResponse(
            application_id=wanted.application_id,
            step=wanted.step,
            most_bytes=wanted.most_bytes,
            first=is_first,
        )


def place_of(place: pb.SetPlace) -> Place:
    """Read a place. Raises FieldInvalid where it is beyond how many there are."""
    if place.number > place.total:
        raise FieldInvalid("there are not so many in the set", field="place.number")
    return Place(place.set_id, place.number, place.total)


def came_of(one: pb.OneOfSet) -> Came:
    return Came(one.attachment_id, PROBLEMS.get(one.problem, ""))
