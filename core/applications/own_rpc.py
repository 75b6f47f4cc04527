"""ApplicationService: residents' own applications, and taking them back."""

from sqlalchemy.orm import Session

from core.applications import own
from core.applications.convert import TO_STATE
from core.db import Database
from core.procedures.catalogue import Catalogue
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import about, mutation
from todoke.v1 import applications_pb2 as pb


class Owning:
    """Lists applications to whose they are, and takes them back."""

    db: Database
    procedures: Catalogue

    async def ListOwnApplications(
        self, request: pb.ListOwnApplicationsRequest, call: Call
    ) -> pb.ListOwnApplicationsResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))

        def found(session: Session) -> pb.ListOwnApplicationsResponse:
            page = own.of_speaker(
                session,
                call.caller,
                external_id=request.speaker.external_id,
                for_resident_id=request.speaker.for_resident_id,
                before=before,
                limit=limit + 1,
                known=self.procedures,
                now=call.now,
            )
            shown, token = paging.split(page, limit, lambda one: (one.row.id,))
            return pb.ListOwnApplicationsResponse(
                applications=[_to_pb(one) for one in shown], next_page_token=token
            )

        return await self.db.read(found)

    @mutation
    def WithdrawApplication(
        self, session: Session, request: pb.WithdrawApplicationRequest, call: Call
    ) -> pb.WithdrawApplicationResponse:
        if call.caller.is_channel:
            if not request.HasField("speaker"):
                raise FieldInvalid("a channel says who is speaking", field="speaker")
            row = own.withdraw(
                session,
                call.caller,
                external_id=request.speaker.external_id,
                for_resident_id=request.speaker.for_resident_id,
                id=request.application_id,
                now=call.now,
            )
        else:
            for field in ("reason", "etag"):
                if not getattr(request, field):
                    raise FieldInvalid(f"staff take nothing back without {field}", field=field)
            row = own.withdraw_by_staff(
                session,
                call.caller,
                id=request.application_id,
                etag=request.etag,
                reason=request.reason,
                now=call.now,
            )
        about(session, row.id)
        return pb.WithdrawApplicationResponse(application_id=row.id, state=TO_STATE[row.state])


def _to_pb(one: own.Own) -> pb.OwnApplication:
    row = one.row
    return pb.OwnApplication(
        application_id=row.id,
        title=one.title,
        state=TO_STATE[row.state],
        amount=row.amount,
        masked_account=one.masked_account,
        reason=one.reason,
        notice=one.has_notice,
        submit_time=to_timestamp(row.submit_time),
        decide_time=to_timestamp(row.decide_time),
        receipt_number=one.receipt_number,
    )
