"""ApplicationService: invitations, answers, and staff's decisions."""

from functools import partial

from sqlalchemy.orm import Session

from core.applications import actions, inviting, returning
from core.applications.attaching_rpc import Attaching
from core.applications.beginning_rpc import Beginning
from core.applications.bulk_rpc import Bulk
from core.applications.convert import to_pb
from core.applications.entering_rpc import Entering
from core.applications.entry_files_rpc import AttachingToEntries
from core.applications.inviting import Invited
from core.applications.notices.letterhead import Letterhead
from core.applications.notices_rpc import Noticing
from core.applications.own_rpc import Owning
from core.applications.photographs_rpc import Gathering
from core.applications.queue_rpc import Listing
from core.applications.reviewing_rpc import Reviewing
from core.applications.talking_rpc import Talking
from core.attachments.making import Maker
from core.campaigns import actions as campaigns
from core.campaigns.rules import Kind
from core.db import Database
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import require_open
from core.eligibility.terms import Terms, require_filing
from core.japan import today
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Procedure
from core.wire.door import Call
from core.wire.mutation import about, mutation
from core.wire.once_only import OnceOnly
from todoke.v1 import applications_pb2 as pb

INVITE = "ApplicationService.InviteResidents"
AT_ONCE = 200
"""Invitations in one transaction, so that other writers are not held up."""


class ApplicationService(
    Talking,
    Gathering,
    Beginning,
    Owning,
    Attaching,
    Listing,
    Reviewing,
    Entering,
    AttachingToEntries,
    Noticing,
    Bulk,
):
    """Answers ApplicationService with the procedures in force."""

    def __init__(
        self,
        db: Database,
        procedures: Catalogue,
        files: Maker,
        letterhead: Letterhead,
        *,
        most_bytes: int,
    ) -> None:
        self.db = db
        self.procedures = procedures
        self.files = files
        self.letterhead = letterhead
        self.most_bytes = most_bytes

    async def InviteResidents(
        self, request: pb.InviteResidentsRequest, call: Call
    ) -> pb.InviteResidentsResponse:
        """Invite part by part; what is done stays done when it is broken off and begun again."""
        asked = OnceOnly(self.db, call, INVITE, request, pb.InviteResidentsResponse)
        kept = await asked.kept()
        if kept is not None:
            return kept
        waiting = await self.db.read(lambda s: self._waiting(s, request, call))
        campaign_id, total = "", Invited()
        for start in range(0, len(waiting), AT_ONCE):
            part = frozenset(waiting[start : start + AT_ONCE])
            invite = partial(
                self._invite, request=request, call=call, part=part, campaign_id=campaign_id
            )
            campaign_id, done = await self.db.write(invite)
            total = total.plus(done)
        response = pb.InviteResidentsResponse(
            campaign_id=campaign_id if total.invited else "",
            invited=total.invited,
            on_the_web=total.on_the_web,
            suppressed=total.suppressed,
            unreachable=total.unreachable,
            without_account=total.without_account,
            assurance_too_low=total.assurance_too_low,
            closed=total.closed,
            declined=total.declined,
        )
        return await asked.make(lambda _: response)

    def _waiting(
        self, session: Session, request: pb.InviteResidentsRequest, call: Call
    ) -> list[str]:
        """Return the entitlements to invite."""
        self._program(session, request, call)
        waiting = inviting.waiting(session, call.caller, program_id=request.program_id)
        return [entitlement.id for entitlement, _ in waiting]

    def _program(
        self, session: Session, request: pb.InviteResidentsRequest, call: Call
    ) -> tuple[eligibility.Program, Terms, Procedure]:
        """Return the program with its terms and procedure; raise where it cannot invite."""
        program = eligibility.get_program(session, call.caller.municipality, request.program_id)
        require_open(program.state)
        terms = version_rows.terms_now(session, program, call.now)
        require_filing(terms, today(call.now))
        procedure = self.procedures.in_force(
            session, call.caller.municipality, program.procedure_key, call.now
        )
        return program, terms, procedure

    def _invite(
        self,
        session: Session,
        *,
        request: pb.InviteResidentsRequest,
        call: Call,
        part: frozenset[str],
        campaign_id: str,
    ) -> tuple[str, Invited]:
        """Invite those of the part that nobody else has invited meanwhile."""
        program, terms, procedure = self._program(session, request, call)
        waiting = inviting.waiting(session, call.caller, program_id=program.id)
        if not campaign_id:
            campaign_id = campaigns.start(
                session,
                call.caller,
                title=terms.main_title,
                kind=Kind.INVITATION,
                program_id=program.id,
                now=call.now,
            ).id
        done = inviting.invite(
            session,
            call.caller,
            program=program,
            terms=terms,
            procedure=procedure,
            catalogue=self.procedures,
            campaign_id=campaign_id,
            pairs=[pair for pair in waiting if pair[0].id in part],
            now=call.now,
        )
        return campaign_id, done

    @mutation
    def ApproveApplication(
        self, session: Session, request: pb.ApproveApplicationRequest, call: Call
    ) -> pb.ApproveApplicationResponse:
        row = actions.approve(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            letterhead=self.letterhead,
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        return pb.ApproveApplicationResponse(
            application=to_pb(session, row, self.procedures, call.now)
        )

    @mutation
    def ReturnApplication(
        self, session: Session, request: pb.ReturnApplicationRequest, call: Call
    ) -> pb.ReturnApplicationResponse:
        row = returning.return_(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            reason=request.reason,
            steps=list(request.steps),
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        return pb.ReturnApplicationResponse(
            application=to_pb(session, row, self.procedures, call.now)
        )

    @mutation
    def RejectApplication(
        self, session: Session, request: pb.RejectApplicationRequest, call: Call
    ) -> pb.RejectApplicationResponse:
        row = actions.reject(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            reason=request.reason,
            letterhead=self.letterhead,
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        return pb.RejectApplicationResponse(
            application=to_pb(session, row, self.procedures, call.now)
        )

    @mutation
    def KeepApplication(
        self, session: Session, request: pb.KeepApplicationRequest, call: Call
    ) -> pb.KeepApplicationResponse:
        row = actions.keep(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            reason=request.reason,
            now=call.now,
        )
        about(session, row.id)
        shown = to_pb(session, row, self.procedures, call.now)
        return pb.KeepApplicationResponse(application=shown)
