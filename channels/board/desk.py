"""The leaders' desk: whose it is, and the association's circulars with who has read."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from channels import seats
from channels.board import speaking
from channels.board.pages import board, page
from channels.board.speaking import Handler
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 30
MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(seats.Seat):
    """An association at whose desk an officer sits."""

    summary: pb.AssociationSummary

    def group(self, id: str) -> str:
        return next((one.name for one in self.groups if one.group_id == id), "")


def association(request: Request) -> str:
    return str(request.path_params["association"])


def path(request: Request, more: str = "") -> str:
    return f"/desk/{association(request)}{more}"


class NotYours(Exception):  # noqa: N818 - named for the event, not as an error.
    """Who sits at this desk holds no office that lets them do what the page is for."""

    def __init__(self, seat: Seat) -> None:
        super().__init__("the core says of the offices held here that they do not let do this")
        self.seat = seat


async def seat(request: Request) -> Seat:
    """Sit down, once in a request. Raises CoreError for whoever is in no office."""
    if not hasattr(request.state, "seat"):
        request.state.seat = await _asked_for(request)
    there: Seat = request.state.seat
    return there


async def _asked_for(request: Request) -> Seat:
    asked = pb.GetAssociationRequest(
        speaker=speaking.own(request), association_id=association(request)
    )
    found = await speaking.ask(request, board(request).core.circulars.GetAssociation, asked)
    return Seat(
        association=found.association.association,
        summary=found.association,
        groups=list(found.groups),
        offices=list(found.offices),
        rights=found.rights,
    )


def _for_whom(may: Callable[[Seat], bool]) -> Callable[[Handler], Handler]:
    """Keep a page for those of whom the core says that they may do what it is for."""

    def keep(handler: Handler) -> Handler:
        @wraps(handler)
        async def kept(request: Request) -> Response:
            there = await seat(request)
            if not may(there):
                raise NotYours(there)
            return await handler(request)

        return speaking.for_members(kept)

    return keep


for_chairs = _for_whom(lambda there: there.chairs)
for_leaders = _for_whom(lambda there: there.leads)
for_writers = _for_whom(lambda there: there.writes)


@speaking.for_members
async def show(request: Request) -> Response:
    """List the circulars, or those that hold what is searched for, and say who waits for what."""
    own, words = speaking.own(request), request.query_params.get("q", "").strip()[:MOST_WORDS]
    core = board(request).core.circulars
    circulars = pb.ListCircularsRequest(
        speaker=own,
        association_id=association(request),
        words=words,
        page_size=A_PAGE,
        page_token=request.query_params.get("from", "")[:200],
    )
    waiting = pb.ListJoinRequestsRequest(speaker=own, association_id=association(request))
    there = await seat(request)
    listed = await speaking.ask(request, core.ListCirculars, circulars)
    joining = (
        await speaking.everything(request, core.ListJoinRequests, waiting, "join_requests")
        if there.writes
        else []
    )
    return page(
        request,
        "desk.html",
        seat=there,
        circulars=listed.circulars,
        more=listed.next_page_token,
        words_searched=words,
        waiting=len(joining),
        unheard=sum(one.care for one in await households(request)),
        to_pass_on=await _to_pass_on(request) if there.leads and not words else [],
    )


async def _to_pass_on(request: Request) -> list[pb.Circular]:
    """List what came from the city for this association and was passed on by nobody yet."""
    asked = pb.ListOwnCircularsRequest(speaker=speaking.own(request), page_size=A_PAGE)
    method = board(request).core.circulars.ListOwnCirculars
    got, memberships = await asyncio.gather(
        speaking.ask(request, method, asked), speaking.memberships(request)
    )
    here = {
        one.household.household_id
        for one in memberships
        if one.association.association_id == association(request)
    }
    return [one.circular for one in got.circulars if one.can_forward and one.household_id in here]


async def households(request: Request, group: str = "") -> list[pb.HouseholdSummary]:
    """List the households that the officer may see, in the order of the round."""
    asked = pb.ListHouseholdsRequest(
        speaker=speaking.own(request), association_id=association(request), group_id=group
    )
    method = board(request).core.circulars.ListHouseholds
    return await speaking.everything(request, method, asked, "households")
