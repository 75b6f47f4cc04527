"""The part of CircularService that lists circulars for officers and for the screen."""

import json
from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from core.associations.speakers import in_person
from core.circulars import knowing, listing, queries
from core.circulars.convert import TO_STATE, files_to_pb, for_officers, in_list
from core.circulars.knowing import Led
from core.circulars.listing import Line, Wanted
from core.circulars.queries import Counts
from core.circulars.rules import State
from core.db import Database
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from core.wire.door import Call
from todoke.v1 import circulars_pb2 as pb

WANTED = {value: Wanted(state) for state, value in TO_STATE.items()} | {
    pb.CIRCULAR_STATE_UNSPECIFIED: Wanted(),
    pb.CIRCULAR_STATE_PUBLISHED: Wanted(State.PUBLISHED, closed=False),
    pb.CIRCULAR_STATE_CLOSED: Wanted(State.PUBLISHED, closed=True),
}


class Listing:
    """Answers lists of circulars, a page at a time."""

    db: Database

    async def ListCirculars(
        self, request: pb.ListCircularsRequest, call: Call
    ) -> pb.ListCircularsResponse:
        limit = paging.limit_of(request.page_size)
        work = partial(
            listing.list_,
            by=call.caller,
            external_id=in_person(request.speaker),
            association_id=request.association_id,
            wanted=replace(WANTED[request.state], words=request.words),
            before="".join(paging.key_of(request.page_token)),
            limit=limit + 1,
            now=call.now,
        )
        shown, token = paging.split(await self.db.read(work), limit, _key)
        return pb.ListCircularsResponse(
            circulars=[in_list(one.circular, one.version, one.counts, call.now) for one in shown],
            next_page_token=token,
        )

    async def ListBoardNotices(
        self, request: pb.ListBoardNoticesRequest, call: Call
    ) -> pb.ListBoardNoticesResponse:
        limit = paging.limit_of(request.page_size)

        def read(session: Session) -> pb.ListBoardNoticesResponse:
            found = listing.on_board(
                session,
                call.caller,
                association_id=request.association_id,
                before="".join(paging.key_of(request.page_token)),
                limit=limit + 1,
                now=call.now,
            )
            shown, token = paging.split(found, limit, _key)
            notices = [_notice(session, one) for one in shown]
            return pb.ListBoardNoticesResponse(notices=notices, next_page_token=token)

        return await self.db.read(read)

    async def GetCircular(
        self, request: pb.GetCircularRequest, call: Call
    ) -> pb.GetCircularResponse:
        def read(session: Session) -> pb.GetCircularResponse:
            led = knowing.for_officer(
                session,
                call.caller,
                external_id=in_person(request.speaker),
                circular_id=request.circular_id,
                now=call.now,
            )
            return pb.GetCircularResponse(circular=_whole(session, led, call))

        return await self.db.read(read)


def _whole(session: Session, led: Led, call: Call) -> pb.Circular:
    """Return a circular with its files; whom it is for is not for the head of one group."""
    circular, municipality = led.circular, call.caller.municipality
    counts = queries.counts(session, municipality, [circular.id], led.group_ids)
    told = for_officers(session, circular, counts.get(circular.id, Counts()), call.now)
    told.files.extend(files_to_pb(session, municipality, told.content.file_ids))
    if led.group_ids is not None and circular.author_id != led.standing.member_id:
        told.ClearField("targets")
    told.can_change = knowing.may_write(led)
    return told


def _key(line: Line) -> tuple[str, ...]:
    return (line.circular.id,)


def _notice(session: Session, line: Line) -> pb.BoardNotice:
    content = json.loads(line.version.content_json)
    return pb.BoardNotice(
        circular_id=line.circular.id,
        title=content["title"],
        body=content.get("body", ""),
        file_ids=content.get("file_ids", []),
        publish_time=to_timestamp(line.circular.publish_time),
        due_date=to_date(line.circular.due_date),
        files=files_to_pb(
            session, line.circular.municipality, content.get("file_ids", []), with_text=False
        ),
    )
