"""ApplicationService: what reviewers do before they decide."""

from sqlalchemy.orm import Session

from core.applications import comparing, noting, reviewing
from core.applications.convert import note_to_pb, to_pb
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.procedures.converting import given
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import applications_pb2 as pb


class Reviewing:
    """Assigns, checks, answers for staff, notes and compares."""

    db: Database
    procedures: Catalogue

    @mutation
    def AssignApplication(
        self, session: Session, request: pb.AssignApplicationRequest, call: Call
    ) -> pb.AssignApplicationResponse:
        row = reviewing.assign(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            staff_id=request.staff_id,
            now=call.now,
        )
        about(session, row.id)
        shown = to_pb(session, row, self.procedures, call.now)
        return pb.AssignApplicationResponse(application=shown)

    @mutation
    def TickChecklist(
        self, session: Session, request: pb.TickChecklistRequest, call: Call
    ) -> pb.TickChecklistResponse:
        row = reviewing.tick(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            checked=set(request.checked),
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        shown = to_pb(session, row, self.procedures, call.now)
        return pb.TickChecklistResponse(application=shown)

    @mutation
    def AnswerForStaff(
        self, session: Session, request: pb.AnswerForStaffRequest, call: Call
    ) -> pb.AnswerForStaffResponse:
        kind, value = given(request.answer.answer)
        row = reviewing.answer(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            step=request.answer.step,
            kind=kind,
            given=value,
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        shown = to_pb(session, row, self.procedures, call.now)
        return pb.AnswerForStaffResponse(application=shown)

    async def CompareApplication(
        self, request: pb.CompareApplicationRequest, call: Call
    ) -> pb.CompareApplicationResponse:
        """Compare; a writing transaction, since the look is written down."""

        def look(session: Session) -> pb.CompareApplicationResponse:
            found = comparing.compare(
                session,
                call.caller,
                id=request.application_id,
                known=self.procedures,
                now=call.now,
            )
            return pb.CompareApplicationResponse(
                facts=[
                    pb.ComparedFact(
                        fact=one.fact,
                        step=one.step,
                        given=one.given,
                        held=one.held,
                        agrees=one.agrees,
                    )
                    for one in found
                ]
            )

        return await self.db.write(look)

    @mutation
    def AddNote(
        self, session: Session, request: pb.AddNoteRequest, call: Call
    ) -> pb.AddNoteResponse:
        note = noting.add(
            session, call.caller, id=request.application_id, text=request.text, now=call.now
        )
        about(session, request.application_id)
        return pb.AddNoteResponse(note=note_to_pb(note))

    async def ListNotes(self, request: pb.ListNotesRequest, call: Call) -> pb.ListNotesResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListNotesResponse:
            page = noting.page(
                session, call.caller, id=request.application_id, before=before, limit=limit + 1
            )
            shown, token = paging.split(page, limit, lambda note: (note.id,))
            return pb.ListNotesResponse(
                notes=[note_to_pb(note) for note in shown], next_page_token=token
            )

        return await self.db.read(found)
