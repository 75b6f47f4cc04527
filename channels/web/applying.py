"""What can be applied for, and beginning it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import Problems, leads_to
from channels.web import forms, sessions, speaking
from channels.web.conversation import path_of, turn_id
from channels.web.pages import language, page, problems, web
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.procedures_pb2 import ListOfferedProceduresRequest, OfferedProcedure
from todoke.v1.residents_pb2 import Speaker


async def show(request: Request) -> Response:
    """List what whoever is here may begin."""
    return page(request, "apply.html", offered=await _offered(request))


async def about(request: Request, wrong: Problems | None = None) -> Response:
    """Say what a procedure is for, before it is begun."""
    one = await _named(request)
    if one.needs_registration:
        sessions.of(request).wanted = request.url.path
    return page(request, "apply_start.html", problems=wrong or {}, offered=one)


async def begin(request: Request) -> Response:
    form = await forms.read(request)
    one = await _named(request)
    session = sessions.of(request)
    asked = pb.StartApplicationRequest(
        speaker=Speaker(
            external_id=await speaking.contact(request), for_resident_id=session.acting_id
        ),
        request_id=form.request_id,
    )
    if one.program_id:
        asked.program_id = one.program_id
    else:
        asked.procedure = one.key
    try:
        made = await speaking.ask(request, web(request).core.applications.StartApplication, asked)
    except CoreError as error:
        return await about(request, problems(request, error))
    turn: pb.Turn = made.turn
    return leads_to(path_of(turn, turn_id(turn)))


async def _offered(request: Request) -> list[OfferedProcedure]:
    asked = ListOfferedProceduresRequest(
        external_id=await speaking.contact(request), language=language(request)
    )
    found = await speaking.ask(request, web(request).core.procedures.ListOfferedProcedures, asked)
    return list(found.procedures)


async def _named(request: Request) -> OfferedProcedure:
    """Return what the page is about: a program's by its id, any other by its key."""
    name = str(request.path_params["key"])
    for one in await _offered(request):
        if name == (one.program_id or one.key):
            return one
    raise HTTPException(404)
