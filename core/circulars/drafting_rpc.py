"""The part of CircularService that keeps drafts, and what is asked in a chat."""

import json

from google.protobuf.json_format import ParseDict
from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import chatting, drafting, previewing
from core.circulars.convert import draft_of, for_officers, names_of
from core.circulars.queries import Counts
from core.db import Database
from core.wire.door import Call
from core.wire.mutation import mutation
from todoke.v1 import circulars_pb2 as pb


class Drafting:
    """Answers what is done with a draft, and what was asked last."""

    db: Database

    @mutation
    def SaveCircular(
        self, session: Session, request: pb.SaveCircularRequest, call: Call
    ) -> pb.SaveCircularResponse:
        circular = drafting.save(
            session,
            call.caller,
            draft_of(request),
            external_id=in_person(request.speaker),
            circular_id=request.circular_id,
            association_id=request.association_id,
            etag=request.etag,
            now=call.now,
        )
        session.flush()
        if request.asked:
            external_id = in_person(request.speaker)
            chatting.keep(session, call.caller, external_id=external_id, what="", now=call.now)
        return pb.SaveCircularResponse(circular=for_officers(session, circular, Counts(), call.now))

    async def GetAsked(self, request: pb.GetAskedRequest, call: Call) -> pb.GetAskedResponse:
        external_id = in_person(request.speaker)

        def read(session: Session) -> pb.GetAskedResponse:
            asked = chatting.other(session, call.caller, external_id=external_id, now=call.now)
            if asked is not None:
                so_far = ParseDict(json.loads(asked.so_far_json), pb.SurveyAnswers())
                noted = pb.AskedInChat(what=asked.what, so_far=so_far.answers)
                return pb.GetAskedResponse(asked=noted)
            circular = chatting.draft(session, call.caller, external_id=external_id, now=call.now)
            if circular is None:
                return pb.GetAskedResponse()
            shown = for_officers(session, circular, Counts(), call.now)
            return pb.GetAskedResponse(circular=shown)

        return await self.db.read(read)

    @mutation
    def KeepAsked(
        self, session: Session, request: pb.KeepAskedRequest, call: Call
    ) -> pb.KeepAskedResponse:
        chatting.keep(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            what=request.asked.what,
            so_far=[names_of(one) for one in request.asked.so_far],
            now=call.now,
        )
        return pb.KeepAskedResponse()

    async def PreviewCircular(
        self, request: pb.PreviewCircularRequest, call: Call
    ) -> pb.PreviewCircularResponse:
        def read(session: Session) -> pb.PreviewCircularResponse:
            found = previewing.preview(
                session,
                call.caller,
                external_id=in_person(request.speaker),
                circular_id=request.circular_id,
                now=call.now,
            )
            return pb.PreviewCircularResponse(
                households=found.households, by_channel=found.by_channel, paper=found.paper
            )

        return await self.db.read(read)
