"""ApplicationService: the list of applications, and one of them with its history."""

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core import events
from core.applications import filed_convert, queue, reviewing
from core.applications.convert import FROM_SOURCE, FROM_STATE, step_to_pb, to_pb, to_pbs
from core.callers import Role
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire import paging
from core.wire.convert import from_timestamp
from core.wire.door import Call
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

LOOKS = {"application.viewed", "application.compared", "attachment.viewed", "notice.viewed"}
"""What the audit log holds, and no line of the history."""


class Listing:
    """Shows staff what there is to do."""

    db: Database
    procedures: Catalogue

    async def ListApplications(
        self, request: pb.ListApplicationsRequest, call: Call
    ) -> pb.ListApplicationsResponse:
        municipality = call.caller.municipality
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        wanted = queue.Wanted(
            program_id=request.program_id,
            procedure=request.procedure,
            states={FROM_STATE[state] for state in request.states if state in FROM_STATE},
            assignee_id=request.assignee_id,
            is_unassigned=request.unassigned,
            sources={FROM_SOURCE[one] for one in request.sources if one in FROM_SOURCE},
            submitted_before=from_timestamp(request.submitted_before)
            if request.HasField("submitted_before")
            else None,
            resident_id=request.resident_id,
            is_held=request.held,
        )

        def found(session: Session) -> pb.ListApplicationsResponse:
            page = queue.page(session, municipality, wanted, after=after, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda row: (row.id,))
            return pb.ListApplicationsResponse(
                applications=to_pbs(session, municipality, shown, self.procedures, call.now),
                next_page_token=token,
                total_size=queue.count(session, municipality, wanted),
            )

        return await self.db.read(found)

    async def GetApplication(
        self, request: pb.GetApplicationRequest, call: Call
    ) -> pb.GetApplicationResponse:
        """Show the application; a writing transaction, since the look is written down."""

        def look(session: Session) -> pb.GetApplicationResponse:
            row = reviewing.viewed(session, call.caller, id=request.application_id, now=call.now)
            history = events.about(session, row.municipality, row.id)
            shown = to_pb(session, row, self.procedures, call.now)
            shown.filed_answers.extend(
                filed_convert.answers(session, row, self.procedures, call.now)
            )
            shown.values.update(filed_convert.values(row))
            return pb.GetApplicationResponse(
                application=shown,
                history=[step_to_pb(event) for event in history if event.kind not in LOOKS],
                staff_prompts=[
                    ParseDict(prompt, procedures_pb2.Prompt())
                    for prompt in reviewing.asked(session, row, self.procedures, call.now)
                ]
                if Role.REVIEWER in call.caller.roles
                else [],
            )

        return await self.db.write(look)
