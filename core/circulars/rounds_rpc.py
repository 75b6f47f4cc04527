"""The part of CircularService that tells the city's section what went round, without a look in."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from core.associations.convert import association_to_pb
from core.circulars import rounds
from core.circulars.convert import TO_KIND, state_of
from core.circulars.rounds import Forward, Round
from core.db import Database
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from core.wire.door import Call
from todoke.v1 import circulars_pb2 as pb


class Rounds:
    """Answers how circulars went round, by counts alone."""

    db: Database

    async def ListRounds(self, request: pb.ListRoundsRequest, call: Call) -> pb.ListRoundsResponse:
        limit = paging.limit_of(request.page_size)
        work = partial(
            rounds.of_association,
            by=call.caller,
            association_id=request.association_id,
            before="".join(paging.key_of(request.page_token)),
            limit=limit + 1,
        )
        shown, token = paging.split(await self.db.read(work), limit, lambda one: (one.circular.id,))
        return pb.ListRoundsResponse(
            rounds=[_round(one, call.now) for one in shown], next_page_token=token
        )

    async def ListForwards(
        self, request: pb.ListForwardsRequest, call: Call
    ) -> pb.ListForwardsResponse:
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token, 2)
        work = partial(
            rounds.forwards,
            by=call.caller,
            circular_id=request.circular_id,
            waiting=request.waiting,
            after=(key[0], key[1]) if key else None,
            limit=limit + 1,
            now=call.now,
        )
        shown, token = paging.split(
            await self.db.read(work),
            limit,
            lambda one: (one.association.name, one.association.id),
        )
        return pb.ListForwardsResponse(
            forwards=[_forward(one, call.now) for one in shown], next_page_token=token
        )


def last_rounds(
    session: Session, municipality: str, association_ids: Collection[str], now: datetime
) -> dict[str, pb.Round]:
    """Return what went round last, by association."""
    found = rounds.last(session, municipality, association_ids)
    return {one.circular.association_id: _round(one, now) for one in found}


def _round(one: Round, now: datetime) -> pb.Round:
    circular = one.circular
    return pb.Round(
        circular_id=circular.id,
        kind=TO_KIND[circular.kind],
        state=state_of(circular, now),
        households=one.counts.households,
        read=one.counts.read,
        publish_time=to_timestamp(circular.publish_time),
        due_date=to_date(circular.due_date),
        from_city=bool(circular.forwarded_from),
    )


def _forward(one: Forward, now: datetime) -> pb.Forward:
    return pb.Forward(
        association=association_to_pb(one.association),
        leaders=one.leaders.households,
        read=one.leaders.read,
        remind_time=to_timestamp(one.remind_time),
        round=_round(one.round, now) if one.round is not None else None,
    )
