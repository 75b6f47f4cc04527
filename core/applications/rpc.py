"""ApplicationService: invitations, answers, and staff's decisions."""

from collections.abc import Collection
from functools import partial

from sqlalchemy.orm import Session

from core import events
from core.applications import actions, inviting, rows, rules
from core.applications.beginning_rpc import Beginning
from core.applications.convert import FROM_STATE, step_to_pb, to_pb, to_pbs
from core.applications.inviting import Invited
from core.applications.own_rpc import Owning
from core.applications.talking_rpc import Talking
from core.campaigns import actions as campaigns
from core.campaigns.rules import Kind
from core.db import Database
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import require_open
from core.eligibility.terms import Terms, require_filing
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Procedure
from core.proxies.rules import today
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, kept_answer, mutation, once
from todoke.v1 import applications_pb2 as pb

AT_ONCE = 200
"""Invitations in one transaction, so that other writers are not held up."""


class ApplicationService(Talking, Beginning, Owning):
    """Answers ApplicationService with the procedures in force."""

    def __init__(self, db: Database, procedures: Catalogue) -> None:
        self.db = db
        self.procedures = procedures

    async def InviteResidents(
        self, request: pb.InviteResidentsRequest, call: Call
    ) -> pb.InviteResidentsResponse:
        """Invite part by part; what is done stays done when it is broken off and begun again."""
        response_type, method = pb.InviteResidentsResponse, "ApplicationService.InviteResidents"
        kept = await self.db.read(lambda s: kept_answer(s, call, method, request, response_type))
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
            suppressed=total.suppressed,
            unreachable=total.unreachable,
            without_account=total.without_account,
            assurance_too_low=total.assurance_too_low,
            closed=total.closed,
        )
        return await self.db.write(
            lambda s: once(
                s,
                call,
                method=method,
                request=request,
                response_type=response_type,
                change=lambda: response,
            )
        )

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

    async def ListApplications(
        self, request: pb.ListApplicationsRequest, call: Call
    ) -> pb.ListApplicationsResponse:
        municipality = call.caller.municipality
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        program_id, states, held = request.program_id, _states(request.states), request.held

        def found(session: Session) -> pb.ListApplicationsResponse:
            page = rows.page(
                session,
                municipality,
                program_id=program_id,
                states=states,
                after=after,
                limit=limit + 1,
                held=held,
            )
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            return pb.ListApplicationsResponse(
                applications=to_pbs(session, municipality, shown, call.now),
                next_page_token=token,
                total_size=rows.count(
                    session, municipality, program_id=program_id, states=states, held=held
                ),
            )

        return await self.db.read(found)

    async def GetApplication(
        self, request: pb.GetApplicationRequest, call: Call
    ) -> pb.GetApplicationResponse:
        """Show the application; a writing transaction, since the look is written down."""

        def look(session: Session) -> pb.GetApplicationResponse:
            row = actions.viewed(session, call.caller, id=request.application_id, now=call.now)
            history = events.about(session, row.municipality, row.id)
            return pb.GetApplicationResponse(
                application=to_pb(session, row, call.now),
                history=[
                    step_to_pb(event) for event in history if event.kind != "application.viewed"
                ],
            )

        return await self.db.write(look)

    @mutation
    def ApproveApplication(
        self, session: Session, request: pb.ApproveApplicationRequest, call: Call
    ) -> pb.ApproveApplicationResponse:
        row = actions.approve(
            session,
            call.caller,
            id=request.application_id,
            etag=request.etag,
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        return pb.ApproveApplicationResponse(application=to_pb(session, row, call.now))

    @mutation
    def ReturnApplication(
        self, session: Session, request: pb.ReturnApplicationRequest, call: Call
    ) -> pb.ReturnApplicationResponse:
        row = actions.return_(
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
        return pb.ReturnApplicationResponse(application=to_pb(session, row, call.now))

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
            known=self.procedures,
            now=call.now,
        )
        about(session, row.id)
        return pb.RejectApplicationResponse(application=to_pb(session, row, call.now))

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
        return pb.KeepApplicationResponse(application=to_pb(session, row, call.now))


def _states(states: Collection[pb.ApplicationState.ValueType]) -> set[rules.State]:
    return {FROM_STATE[state] for state in states if state in FROM_STATE}
