"""Comments under a circular: as members and officers see them, and taken away."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.board import composing, desk, sessions, speaking
from channels.board.pages import board, page, problems
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb


async def listed(request: Request, circular: pb.Circular) -> list[pb.Comment]:
    """List what was written, newest first; nothing where a circular takes no comments."""
    withdrawn = circular.state == pb.CIRCULAR_STATE_WITHDRAWN
    if withdrawn or not circular.content.comments_allowed:
        return []
    asked = pb.ListCommentsRequest(
        speaker=speaking.reader(request), circular_id=circular.circular_id
    )
    method = board(request).core.circulars.ListComments
    return await speaking.everything(request, method, asked, "comments")


async def hide(request: Request, form: Form) -> None:
    """Take a comment away; the core knows whose it is. Raises CoreError."""
    if not UUID.fullmatch(form.one("comment_id")):
        raise HTTPException(404)
    asked = pb.HideCommentRequest(
        speaker=speaking.own(request),
        comment_id=form.one("comment_id"),
        request_id=form.request_id,
    )
    await speaking.ask(request, board(request).core.circulars.HideComment, asked)
    sessions.of(request).say("circular.hidden")


@speaking.for_members
async def show(request: Request) -> Response:
    """Show the comments at the desk: an officer need not have got the circular."""
    return await _shown(request)


async def _shown(request: Request, wrong: Problems = NO_PROBLEMS) -> Response:
    seat, circular = await desk.seat(request), await composing.found(request)
    return page(
        request,
        "comments.html",
        problems=wrong,
        seat=seat,
        circular=circular,
        comments=await listed(request, circular),
    )


@speaking.for_members
async def take(request: Request) -> Response:
    form = await speaking.read(request)
    try:
        await hide(request, form)
    except CoreError as error:
        return await _shown(request, problems(request, error))
    return leads_to(desk.path(request, f"/c/{request.path_params['circular']}/comments"))
