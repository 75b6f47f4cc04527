"""The part of ResidentService about topics and what residents choose."""

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import wishes
from core.residents.convert import choices_to_pb, topic_to_pb
from core.residents.naming import named
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation
from todoke.v1 import residents_pb2 as pb


class Wishes:
    """Answers what residents want to hear of, and what there is to choose."""

    db: Database

    @mutation
    def ChooseTopics(
        self, session: Session, request: pb.ChooseTopicsRequest, call: Call
    ) -> pb.ChooseTopicsResponse:
        resident = named(
            session,
            call.caller,
            external_id=request.speaker.external_id,
            for_resident_id=request.speaker.for_resident_id,
            lock=True,
        )
        about(session, resident.id)
        choices = wishes.choose(
            session,
            call.caller,
            resident,
            language=request.language,
            wanted=frozenset(request.topics),
            etag=request.etag,
            now=call.now,
        )
        return pb.ChooseTopicsResponse(choices=choices_to_pb(choices))

    @mutation
    def SaveTopic(
        self, session: Session, request: pb.SaveTopicRequest, call: Call
    ) -> pb.SaveTopicResponse:
        topic = wishes.save_topic(
            session,
            call.caller,
            key=request.topic.key,
            title=dict(request.topic.title.by_language),
            chosen_at_first=request.topic.chosen_at_first,
            etag=request.topic.etag,
            now=call.now,
        )
        return pb.SaveTopicResponse(topic=topic_to_pb(topic))

    async def ListTopics(self, request: pb.ListTopicsRequest, call: Call) -> pb.ListTopicsResponse:
        limit = paging.limit_of(request.page_size)
        after = "".join(paging.key_of(request.page_token))
        found = await self.db.read(
            lambda s: wishes.topics(s, call.caller.municipality, after=after, limit=limit + 1)
        )
        shown, token = paging.split(found, limit, lambda topic: (topic.key,))
        return pb.ListTopicsResponse(topics=map(topic_to_pb, shown), next_page_token=token)
