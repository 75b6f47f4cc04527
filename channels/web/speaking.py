"""Who speaks: the browser's contact, known to the core when it first wants something of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import structlog
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import leads_to
from channels.web import forms, sessions
from channels.web.pages import language, web
from channels.web.sessions import Session
from todoke.client import CoreError
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_VISITING,
    Contact,
    GetContactRequest,
    NamedResident,
    SeeContactRequest,
    Speaker,
    UnlinkContactRequest,
)

log = structlog.get_logger()

More = ParamSpec("More")
Handler = Callable[Concatenate[Request, More], Awaitable[Response]]


async def ask(request: Request, method: Any, question: Any) -> Any:
    """Ask the core. Raises CoreError."""
    return await web(request).core.ask(method, question)


async def contact(request: Request) -> str:
    """Give the browser's contact, after telling the core of it. Raises CoreError."""
    session = sessions.of(request)
    if session.left:
        await unlink(request, session.left)
        session.left = ""
    if not session.known:
        await see(request, session.external_id, language(request))
        session.known = True
    return session.external_id


async def see(request: Request, external_id: str, spoken: str) -> None:
    """Tell the core of a contact, and what it speaks if that is known. Raises CoreError.

    It is never reachable: nothing can be pushed to a browser, and nothing shall wait for one.
    """
    seen = SeeContactRequest(
        external_id=external_id,
        state=CONTACT_STATE_VISITING,
        language=spoken,
        request_id=forms.new_id(),
    )
    seen.seen_time.FromDatetime(datetime.now(UTC))
    await ask(request, web(request).core.residents.SeeContact, seen)


async def unlink(request: Request, external_id: str) -> None:
    """Take a browser's contact from its resident; where that fails they can do it themselves."""
    residents = web(request).core.residents
    try:
        found = await ask(request, residents.GetContact, GetContactRequest(external_id=external_id))
        known: Contact = found.contact
        if known.registered:
            question = UnlinkContactRequest(
                resident=NamedResident(speaker=Speaker(external_id=external_id)),
                contact_id=known.contact_id,
                request_id=forms.new_id(),
            )
            await ask(request, residents.UnlinkContact, question)
    except CoreError as error:
        log.warning("contact_not_unlinked", code=error.code.name, reason=error.reason)


def signed_in(request: Request) -> None:
    """Let the browser's session be its resident's from now on."""
    web(request).sessions.renew(sessions.of(request))


def led_on(request: Request) -> Response:
    """Lead whoever signed in to the page that they wanted, else to their record."""
    session = sessions.of(request)
    wanted, session.wanted = session.wanted, ""
    return leads_to(wanted or "/me")


def left(request: Request, said: str = "") -> Session:
    """End the session; gives the one that begins."""
    request.state.session = web(request).sessions.end(sessions.of(request))
    begun = sessions.of(request)
    begun.said = said
    return begun


def own(request: Request) -> Speaker:
    """Who speaks, for oneself."""
    return Speaker(external_id=sessions.of(request).external_id)


def myself(request: Request) -> NamedResident:
    return NamedResident(speaker=own(request))


def shown(request: Request) -> NamedResident:
    """Whose pages are shown: one's own, or those of whom one acts for."""
    session = sessions.of(request)
    return NamedResident(
        speaker=Speaker(external_id=session.external_id, for_resident_id=session.acting_id)
    )


def for_residents(handler: Handler[More]) -> Handler[More]:
    """Lead whoever is not signed in to where that is done."""

    @wraps(handler)
    async def guarded(request: Request, /, *args: More.args, **more: More.kwargs) -> Response:
        if not sessions.of(request).signed_in:
            return leads_to("/sign-in")
        return await handler(request, *args, **more)

    return guarded


def for_oneself(handler: Handler[More]) -> Handler[More]:
    """Keep a page from those who act for another just now: they see, and change nothing."""

    @wraps(handler)
    async def guarded(request: Request, /, *args: More.args, **more: More.kwargs) -> Response:
        session = sessions.of(request)
        if session.signed_in and session.acting_id:
            session.said = "all.not_as_proxy"
            return leads_to("/me")
        return await for_residents(handler)(request, *args, **more)

    return guarded
