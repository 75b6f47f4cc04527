"""The part of CircularService that lists circulars for officers and for the screen."""

import json
from functools import partial

from core.circulars import listing
from core.circulars.convert import TO_STATE, in_list
from core.circulars.listing import Line, Wanted
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
            external_id=request.speaker.external_id,
            association_id=request.association_id,
            wanted=WANTED[request.state],
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
        work = partial(
            listing.on_board,
            by=call.caller,
            association_id=request.association_id,
            before="".join(paging.key_of(request.page_token)),
            limit=limit + 1,
            now=call.now,
        )
        shown, token = paging.split(await self.db.read(work), limit, _key)
        return pb.ListBoardNoticesResponse(notices=map(_notice, shown), next_page_token=token)


def _key(line: Line) -> tuple[str, ...]:
    return (line.circular.id,)


def _notice(line: Line) -> pb.BoardNotice:
    content = json.loads(line.version.content_json)
    return pb.BoardNotice(
        circular_id=line.circular.id,
        title=content["title"],
        body=content.get("body", ""),
        file_ids=content.get("file_ids", []),
        publish_time=to_timestamp(line.circular.publish_time),
        due_date=to_date(line.circular.due_date),
    )
