"""The part of CampaignService about the towns that conditions can name."""

from sqlalchemy.orm import Session

from core.db import Database
from core.residents import area_rows
from core.segments.compiling import MAY_BE_TOLD
from core.wire import paging
from core.wire.door import Call
from todoke.v1 import campaigns_pb2 as pb


class Areas:
    """Tells names of places and counts: nobody in them."""

    db: Database

    async def ListAreas(self, request: pb.ListAreasRequest, call: Call) -> pb.ListAreasResponse:
        municipality = call.caller.municipality
        limit = paging.limit_of(request.page_size)
        (after,) = paging.key_of(request.page_token) or ("",)
        return await self.db.read(lambda s: _page(s, municipality, request.town, after, limit))


def _page(
    session: Session, municipality: str, town: str, after: str, limit: int
) -> pb.ListAreasResponse:
    if town:
        found = area_rows.blocks(session, municipality, town, after=after, limit=limit + 1)
    else:
        found = area_rows.towns(session, municipality, after=after, limit=limit + 1)
    shown, token = paging.split(found, limit, lambda area: (area.block if town else area.town,))
    count = area_rows.counts(session, municipality, shown, MAY_BE_TOLD)
    areas = [
        pb.Area(town=one.town, block=one.block, residents=count.get(one.number, 0)) for one in shown
    ]
    return pb.ListAreasResponse(areas=areas, next_page_token=token)
