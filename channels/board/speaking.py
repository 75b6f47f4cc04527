"""Who speaks: the browser's contact, known to the core when it first wants something of it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import sessions
from channels.board.pages import board, language
from channels.forms import Form
from channels.pages import leads_to
from todoke.client import CoreError
from todoke.v1.circulars_pb2 import (
    ActedFor,
    ListMembershipsRequest,
    ListMembershipsResponse,
    Membership,
)
from todoke.v1.residents_pb2 import CONTACT_STATE_VISITING, SeeContactRequest, Speaker

Handler = Callable[[Request], Awaitable[Response]]

MOST_PAGES = 20
"""So many pages of a list stand on one page of ours; an association is smaller."""


async def ask(request: Request, method: Any, question: Any) -> Any:
    """Ask the core. Raises CoreError."""
    return await board(request).core.ask(method, question)


async def everything(request: Request, method: Any, question: Any, field: str) -> list[Any]:
    """Read a list of the core, page by page. Raises CoreError."""
    pages = board(request).core.pages(method, question, most=MOST_PAGES)
    return [one async for page in pages for one in getattr(page, field)]


async def contact(request: Request) -> Speaker:
    """Give the browser's contact, after telling the core of it. Raises CoreError.

    It is never reachable: nothing can be pushed to a browser, and nothing shall wait for one.
    """
    session = sessions.of(request)
    if not session.known:
        seen = SeeContactRequest(
            external_id=session.external_id,
            state=CONTACT_STATE_VISITING,
            language=language(request),
            request_id=forms.new_id(),
        )
        seen.seen_time.FromDatetime(datetime.now(UTC))
        await ask(request, board(request).core.residents.SeeContact, seen)
        session.known = True
    return own(request)


def own(request: Request) -> Speaker:
    return Speaker(external_id=sessions.of(request).external_id)


def reader(request: Request) -> Speaker:
    """Give who reads: on the pages of somebody else's circulars, their proxy."""
    resident = str(request.path_params.get("resident", ""))
    return Speaker(external_id=sessions.of(request).external_id, for_resident_id=resident)


def pages_of(resident_id: str) -> str:
    """Return where the pages of somebody's circulars begin; one's own, at the root."""
    return f"/for/{resident_id}" if resident_id else ""


async def known(request: Request) -> ListMembershipsResponse:
    """Say what whoever is here is and for whom they act; nothing, where the core knows them not."""
    if not sessions.of(request).known:
        return ListMembershipsResponse()
    asked = ListMembershipsRequest(speaker=own(request))
    try:
        method = board(request).core.circulars.ListMemberships
        answer: ListMembershipsResponse = await ask(request, method, asked)
    except CoreError as error:
        if error.reason != "CONTACT_UNKNOWN":
            raise
        return ListMembershipsResponse()
    return answer


async def memberships(request: Request) -> Sequence[Membership]:
    """List the memberships of whoever is here."""
    return (await known(request)).memberships


class ActsNoMore(Exception):  # noqa: N818 - named for the event, not as an error.
    """Whose pages these are, nobody here acts for: not any more, or they never did."""


async def acted_for(request: Request) -> ActedFor | None:
    """Return whose circulars these pages are; None for one's own. Raises ActsNoMore."""
    id = reader(request).for_resident_id
    if not id:
        return None
    for one in (await known(request)).acted_for:
        if one.resident_id == id:
            return one
    raise ActsNoMore


def for_members(handler: Handler) -> Handler:
    """Lead whoever never joined from this browser to where one joins."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        if not sessions.of(request).known:
            return leads_to("/join")
        return await handler(request)

    return guarded


async def read(request: Request) -> Form:
    """Read a form of this session. Raises NotOurForm."""
    return await forms.read(request, sessions.of(request).csrf)


def left(request: Request, said: str) -> None:
    """End the session of this browser."""
    request.state.session = board(request).sessions.end(sessions.of(request))
    sessions.of(request).say(said)
