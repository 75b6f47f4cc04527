"""The part of CampaignService that tells to whom tests are sent."""

from sqlalchemy.orm import Session

from core.access import codes
from core.access.guessing import guarded
from core.access.rules import LinkCodeRefused
from core.db import Database
from core.messaging import testers
from core.wire.door import Call
from core.wire.mutation import about
from todoke.v1 import campaigns_pb2 as pb


class Testers:
    """Answers who may be sent a test by the caller."""

    db: Database

    async def FindTester(self, request: pb.FindTesterRequest, call: Call) -> pb.FindTesterResponse:
        by = call.caller

        def change(session: Session) -> pb.FindTesterResponse:
            found = testers.find(session, by, code=request.code, now=call.now)
            about(session, found.contact.id)
            return pb.FindTesterResponse(tester=to_pb(found))

        def failed(session: Session, _: LinkCodeRefused) -> None:
            codes.count_failure(session, by, contact_id=by.id, now=call.now)

        return await guarded(
            self.db,
            call,
            method="CampaignService.FindTester",
            request=request,
            response_type=pb.FindTesterResponse,
            change=change,
            guess=LinkCodeRefused,
            failed=failed,
        )

    async def ListTesters(
        self, _request: pb.ListTestersRequest, call: Call
    ) -> pb.ListTestersResponse:
        def listed(session: Session) -> pb.ListTestersResponse:
            found = testers.told_before(session, call.caller, call.now)
            return pb.ListTestersResponse(testers=map(to_pb, found))

        return await self.db.write(listed)  # The log of whom staff saw.


def to_pb(tester: testers.Tester) -> pb.Tester:
    contact = tester.contact
    return pb.Tester(contact_id=contact.id, channel=contact.channel, name=tester.name)
