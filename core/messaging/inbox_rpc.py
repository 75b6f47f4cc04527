"""The part of CampaignService that residents read: the inbox, and whether a message is real."""

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.db import Database
from core.messaging import inbox, official
from core.messaging.inbox import Message
from core.messaging.official import OfficialCodeUnknown
from core.procedures.catalogue import Catalogue
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.procedures_pb2 import Text


class Reading:
    """Answers what residents read of what they were told."""

    db: Database
    procedures: Catalogue

    async def ListInbox(self, request: pb.ListInboxRequest, call: Call) -> pb.ListInboxResponse:
        limit = paging.limit_of(request.page_size)
        before = paging.moment_of(request.page_token)

        def found(session: Session) -> pb.ListInboxResponse:
            who = _reader(session, request, call)
            shown, last = inbox.page(session, who, words=request.words, before=before, limit=limit)
            return pb.ListInboxResponse(
                messages=[to_pb(one, is_whole=False) for one in shown],
                next_page_token=paging.token_of(last[0].isoformat(), last[1]) if last else "",
            )

        return await self.db.read(found)

    @mutation
    def OpenInboxMessage(
        self, session: Session, request: pb.OpenInboxMessageRequest, call: Call
    ) -> pb.OpenInboxMessageResponse:
        who = _reader(session, request, call)
        opened = inbox.open_(
            session, who, request.message_id, catalogue=self.procedures, now=call.now
        )
        about(session, who.resident_id)
        return pb.OpenInboxMessageResponse(message=to_pb(opened, is_whole=True))

    async def CheckOfficialCode(
        self, request: pb.CheckOfficialCodeRequest, call: Call
    ) -> pb.CheckOfficialCodeResponse:
        """Count a code that stands on nothing in a transaction that commits, then refuse."""
        found = await self.db.write(
            lambda session: official.check(
                session,
                call.caller,
                external_id=request.external_id,
                code=request.code,
                now=call.now,
            )
        )
        if found is None:
            raise OfficialCodeUnknown("the code stands on nothing of the city's")
        return pb.CheckOfficialCodeResponse(
            kind=found.kind, title=Text(by_language=found.title), send_date=to_date(found.day)
        )


def _reader(
    session: Session, request: pb.ListInboxRequest | pb.OpenInboxMessageRequest, call: Call
) -> inbox.Reader:
    return inbox.reader(
        session,
        call.caller,
        external_id=request.speaker.external_id,
        for_resident_id=request.speaker.for_resident_id,
        language=request.language,
        now=call.now,
    )


def to_pb(message: Message, *, is_whole: bool) -> pb.InboxMessage:
    told = pb.InboxMessage(
        message_id=message.id,
        title=message.title,
        body=message.body if is_whole else "",
        image_id=message.image_id,
        buttons=[pb.ShownButton(label=label, url=url) for label, url in message.buttons],
        application_id=message.application_id,
        official_code=message.official_code,
        send_time=to_timestamp(message.send_time),
        open_time=to_timestamp(message.open_time),
        procedure=message.procedure,
        procedure_title=message.procedure_title,
        test=message.is_test,
    )
    if message.notice:
        ParseDict(message.notice, told.notice)
    return told
