"""Who has a conversation in this browser, what stands in it, and what is said when time is over."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from channels.web import sessions, speaking
from channels.web.pages import page, web
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

GONE = {"CONTACT_UNKNOWN", "CONTACT_NOT_REGISTERED", "APPLICATION_UNKNOWN"}
Handler = Callable[[Request], Awaitable[Response]]


def application(request: Request) -> str:
    return str(request.path_params["application"])


def contact_of(request: Request) -> str:
    """Give the contact that has the conversation: made for its link, else the browser's own."""
    session = sessions.of(request)
    return session.pages.get(application(request), session.external_id)


def speaker(request: Request) -> Speaker:
    return Speaker(external_id=contact_of(request))


def is_handed(request: Request) -> bool:
    return application(request) in sessions.of(request).pages


def in_time(handler: Handler) -> Handler:
    """Say that the time is over where the core does not know the contact, or not with this."""

    @wraps(handler)
    async def guarded(request: Request) -> Response:
        session = sessions.of(request)
        if not session.known and not is_handed(request):
            return over(request)
        try:
            return await handler(request)
        except CoreError as error:
            if error.reason not in GONE or (session.signed_in and not is_handed(request)):
                raise
            return over(request)

    return guarded


def over(request: Request) -> Response:
    """Say that the time is over, and how to go on: what was answered is kept."""
    session = sessions.of(request)
    session.pages.pop(application(request), None)
    session.wanted = f"/a/{application(request)}"
    return page(request, "expired.html", status=410)


async def standing(request: Request) -> pb.Turn:
    asked = pb.GetPromptRequest(
        external_id=contact_of(request), application_id=application(request)
    )
    found = await speaking.ask(request, web(request).core.applications.GetPrompt, asked)
    turn: pb.Turn = found.turn
    return turn


def turn_id(turn: pb.Turn) -> str:
    """Return whose turn it is."""
    return str(getattr(turn, turn.WhichOneof("kind") or "closing").application_id)


def path_of(turn: pb.Turn, id: str) -> str:
    """Return the address of what is said next."""
    match turn.WhichOneof("kind"):
        case "prompt":
            return f"/a/{id}/{turn.prompt.step}"
        case "review":
            return f"/a/{id}/-/review"
        case _:
            return f"/a/{id}/-/done"
