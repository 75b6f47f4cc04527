"""The part of CircularService by which members read and answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.circulars import answering, queries, reading
from core.circulars.convert import files_to_pb, names_of, own_to_pb
from core.circulars.knowing import Reader, reader
from core.circulars.reading import Own
from core.db import Database
from core.proxies.rules import Scope
from core.wire import paging
from core.wire.door import Call
from core.wire.mutation import about, mutation, once
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import residents_pb2

ANSWER = "CircularService.AnswerCircular"


class Reading:
    """Answers what members do with what they got."""

    db: Database

    async def ListOwnCirculars(
        self, request: pb.ListOwnCircularsRequest, call: Call
    ) -> pb.ListOwnCircularsResponse:
        limit = paging.limit_of(request.page_size)
        after = _place(paging.key_of(request.page_token, parts=3))

        def read(session: Session) -> pb.ListOwnCircularsResponse:
            who = reader_of(session, request.speaker, call)
            found = reading.own(session, call.caller, who, words=request.words, now=call.now)
            rest = [one for one in found if after is None or _sort_key(one, call.now) > after]
            shown, token = paging.split(rest, limit, lambda one: _key(one, call.now))
            return pb.ListOwnCircularsResponse(
                circulars=[own_to_pb(one, call.now, whole=False) for one in shown],
                next_page_token=token,
            )

        return await self.db.read(read)

    @mutation
    def OpenCircular(
        self, session: Session, request: pb.OpenCircularRequest, call: Call
    ) -> pb.OpenCircularResponse:
        who = reader_of(session, request.speaker, call)
        one = reading.open_(session, call.caller, who, request.circular_id, call.now)
        about(session, who.contact_id)
        return pb.OpenCircularResponse(circular=_whole(session, one, call))

    async def AnswerCircular(
        self, request: pb.AnswerCircularRequest, call: Call
    ) -> pb.AnswerCircularResponse:
        """Take an answer once a request id, keeping nothing of what a secret vote chose."""

        def work(session: Session) -> pb.AnswerCircularResponse:
            return once(
                session,
                call,
                method=ANSWER,
                request=_as_kept(session, request, call),
                response_type=pb.AnswerCircularResponse,
                change=lambda: _answer(session, request, call),
            )

        return await self.db.write(work)


def _as_kept(
    session: Session, request: pb.AnswerCircularRequest, call: Call
) -> pb.AnswerCircularRequest:
    """Return the request by which repeats are known: without the choice of a secret vote.

    What is kept of requests tells who asked, and could be tried with every choice there is.
    """
    circular = queries.find(session, call.caller.municipality, request.circular_id)
    if circular is None or not answering.is_secret(session, circular):
        return request
    kept = pb.AnswerCircularRequest()
    kept.CopyFrom(request)
    kept.answer.Clear()
    return kept


def _answer(
    session: Session, request: pb.AnswerCircularRequest, call: Call
) -> pb.AnswerCircularResponse:
    who = reader_of(session, request.speaker, call)
    one = answering.answer(
        session,
        call.caller,
        who,
        circular_id=request.circular_id,
        given=names_of(request.answer),
        now=call.now,
    )
    about(session, who.contact_id)
    return pb.AnswerCircularResponse(circular=_whole(session, one, call))


def _whole(session: Session, one: Own, call: Call) -> pb.OwnCircular:
    """Return a circular with its files; of one that was taken back there are none."""
    told = own_to_pb(one, call.now, whole=True)
    ids = told.circular.content.file_ids
    told.circular.files.extend(files_to_pb(session, call.caller.municipality, ids))
    return told


def reader_of(session: Session, speaker: residents_pb2.Speaker, call: Call) -> Reader:
    """Return for whom a speaker reads and answers."""
    return reader(
        session,
        call.caller,
        external_id=speaker.external_id,
        for_resident_id=speaker.for_resident_id,
        scope=Scope.CIRCULARS,
        now=call.now,
    )


def _key(one: Own, now: datetime) -> tuple[str, str, str]:
    """Return where a circular stands in the list, as its token holds it."""
    sent = one.circular.publish_time or now
    return "0" if one.waits(now) else "1", sent.isoformat(), one.circular.id


def _sort_key(one: Own, now: datetime) -> tuple[str, float, list[int]]:
    return _place(_key(one, now)) or ("", 0.0, [])


def _place(key: tuple[str, ...]) -> tuple[str, float, list[int]] | None:
    """Return a token's key so that it sorts: unanswered first, then newest first."""
    if not key:
        return None
    sent = paging.time_of(key[1]).timestamp()
    return key[0], -sent, [-ord(letter) for letter in key[2]]
