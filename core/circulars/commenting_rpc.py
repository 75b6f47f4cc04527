"""The part of CircularService for what members write under a circular."""

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import commenting
from core.circulars.convert import comments_to_pb
from core.circulars.reading_rpc import reader_of
from core.db import Database
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import circulars_pb2 as pb


class Commenting:
    """Answers comments."""

    db: Database

    @mutation
    def AddComment(
        self, session: Session, request: pb.AddCommentRequest, call: Call
    ) -> pb.AddCommentResponse:
        in_person(request.speaker)
        who = reader_of(session, request.speaker, call)
        added = commenting.add(
            session,
            call.caller,
            who,
            circular_id=request.circular_id,
            text=request.text,
            now=call.now,
        )
        about(session, who.contact_id)
        [comment] = comments_to_pb([added])
        return pb.AddCommentResponse(comment=comment)

    async def ListComments(
        self, request: pb.ListCommentsRequest, call: Call
    ) -> pb.ListCommentsResponse:
        limit = paging.limit_of(request.page_size)

        def read(session: Session) -> pb.ListCommentsResponse:
            found = commenting.list_(
                session,
                call.caller,
                external_id=request.speaker.external_id,
                who=reader_of(session, request.speaker, call),
                circular_id=request.circular_id,
                before="".join(paging.key_of(request.page_token)),
                limit=limit + 1,
                now=call.now,
            )
            shown, token = paging.split(found, limit, lambda one: (one.comment.id,))
            return pb.ListCommentsResponse(comments=comments_to_pb(shown), next_page_token=token)

        return await self.db.read(read)

    @mutation
    def HideComment(
        self, session: Session, request: pb.HideCommentRequest, call: Call
    ) -> pb.HideCommentResponse:
        commenting.hide(
            session,
            call.caller,
            external_id=in_person(request.speaker),
            comment_id=request.comment_id,
            now=call.now,
        )
        return pb.HideCommentResponse()
