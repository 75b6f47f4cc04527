"""The part of CircularService about codes to join, and who asks."""

from sqlalchemy.orm import Session

from core.access.guessing import guarded
from core.associations import deciding, joined_rows, joining
from core.associations.convert import join_request_to_pb
from core.associations.membership_rpc import members_to_pb
from core.associations.rules import FieldRefused, InvitationRefused
from core.associations.speakers import in_person, standing_of
from core.db import Database
from core.wire import paging
from core.wire.convert import to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import circulars_pb2 as pb


class Joining:
    """Answers leaders who invite and confirm, and whoever asks to join."""

    db: Database
    board_page: str

    @mutation
    def CreateInvitation(
        self, session: Session, request: pb.CreateInvitationRequest, call: Call
    ) -> pb.CreateInvitationResponse:
        made = joining.invite(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            household_id=request.household_id,
            group_id=request.group_id,
            days=request.days,
            now=call.now,
        )
        return pb.CreateInvitationResponse(
            code=made.code,
            expire_time=to_timestamp(made.expire_time),
            link=self.board_page and f"{self.board_page.rstrip('/')}/join/{made.code}",
        )

    async def RequestToJoin(
        self, request: pb.RequestToJoinRequest, call: Call
    ) -> pb.RequestToJoinResponse:
        external_id = in_person(request.speaker)

        def change(session: Session) -> pb.RequestToJoinResponse:
            wish = joining.request(
                session,
                call.caller,
                external_id=external_id,
                code=request.code,
                display_name=request.display_name,
                now=call.now,
            )
            about(session, wish.contact_id)
            return pb.RequestToJoinResponse(join_request=join_request_to_pb(wish))

        return await guarded(
            self.db,
            call,
            method="CircularService.RequestToJoin",
            request=request,
            response_type=pb.RequestToJoinResponse,
            change=change,
            guess=InvitationRefused,
            failed=lambda s, _: joining.count_guess(
                s, call.caller, external_id=external_id, now=call.now
            ),
        )

    async def ListJoinRequests(
        self, request: pb.ListJoinRequestsRequest, call: Call
    ) -> pb.ListJoinRequestsResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))

        def read(session: Session) -> pb.ListJoinRequestsResponse:
            association, standing = standing_of(session, request, call.caller, call.now)
            standing.check_sees()
            found = joined_rows.waiting_in(
                session,
                association,
                group_ids=standing.seen_groups,
                after=after,
                limit=limit + 1,
            )
            shown, token = paging.split(found, limit, lambda row: (row.id,))
            return pb.ListJoinRequestsResponse(
                join_requests=map(join_request_to_pb, shown), next_page_token=token
            )

        return await self.db.read(read)

    @mutation
    def DecideJoinRequest(
        self, session: Session, request: pb.DecideJoinRequestRequest, call: Call
    ) -> pb.DecideJoinRequestResponse:
        if request.confirmed and not request.household_id:
            raise FieldRefused("to confirm takes a household", field="household_id")
        wish, member = deciding.decide(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            join_request_id=request.join_request_id,
            confirmed=request.confirmed,
            household_id=request.household_id,
            now=call.now,
        )
        about(session, wish.contact_id)
        shown = members_to_pb(session, wish.municipality, [member] if member else [])
        return pb.DecideJoinRequestResponse(
            join_request=join_request_to_pb(wish), member=shown[0] if shown else None
        )
