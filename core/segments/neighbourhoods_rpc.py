"""The part of CampaignService about what conditions can name of associations."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from core.associations import structure, structure_rows
from core.associations.convert import place_of
from core.associations.rows import Household
from core.db import Database
from core.wire import paging
from core.wire.door import Call
from todoke.v1 import campaigns_pb2 as pb

ASSOCIATION = pb.NEIGHBOURHOOD_KIND_ASSOCIATION
GROUP = pb.NEIGHBOURHOOD_KIND_GROUP
HOUSEHOLD = pb.NEIGHBOURHOOD_KIND_HOUSEHOLD


class Neighbourhoods:
    """Tells names alone: who lives there is told to the section and to officers, not here."""

    db: Database

    async def ListNeighbourhoods(
        self, request: pb.ListNeighbourhoodsRequest, call: Call
    ) -> pb.ListNeighbourhoodsResponse:
        municipality = call.caller.municipality
        limit = paging.limit_of(request.page_size)
        if request.association_id:
            after = place_of(request.page_token)
            # The log of what staff saw.
            return await self.db.write(
                lambda s: _parts(s, call, request.association_id, after, limit)
            )
        key = paging.key_of(request.page_token, 2) or ("", "")
        return await self.db.read(lambda s: _associations(s, municipality, (key[0], key[1]), limit))


def _associations(
    session: Session, municipality: str, after: tuple[str, str], limit: int
) -> pb.ListNeighbourhoodsResponse:
    found = structure_rows.page(session, municipality, after=after, limit=limit + 1)
    shown, token = paging.split(found, limit, lambda row: (row.name, row.id))
    return pb.ListNeighbourhoodsResponse(
        neighbourhoods=[
            pb.Neighbourhood(kind=ASSOCIATION, neighbourhood_id=row.id, name=row.name)
            for row in shown
        ],
        next_page_token=token,
    )


def _parts(
    session: Session,
    call: Call,
    association_id: str,
    after: structure_rows.Place | None,
    limit: int,
) -> pb.ListNeighbourhoodsResponse:
    """Return a page of an association's parts; raise AssociationUnknown."""
    of = structure_rows.get(session, call.caller.municipality, association_id)
    found = structure_rows.households_of(session, of, group_ids=None, after=after, limit=limit + 1)
    shown, token = paging.split(found, limit, lambda row: tuple(map(str, row[2])))
    structure.note_look(session, call.caller, of.id, shown=len(shown), now=call.now)

    def told() -> Iterator[pb.Neighbourhood]:
        for group in structure_rows.groups_of(session, of) if after is None else ():
            yield pb.Neighbourhood(kind=GROUP, neighbourhood_id=group.id, name=group.name)
        for household, _joined, _place in shown:
            yield pb.Neighbourhood(
                kind=HOUSEHOLD, neighbourhood_id=household.id, name=door_plate(household)
            )

    return pb.ListNeighbourhoodsResponse(neighbourhoods=told(), next_page_token=token)


def door_plate(household: Household) -> str:
    return " ".join(filter(None, (household.name, household.address)))
