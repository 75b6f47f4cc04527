"""A circular as a member reads it, with its files, and what the household answers."""

from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import answering, commenting, sessions, speaking
from channels.board.members import is_unread
from channels.board.pages import board, page, problems, say
from channels.downloads import handed_on
from channels.forms import Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_COMMENT = 1000


@speaking.for_members
async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, wrong: Problems = NO_PROBLEMS, form: Form | None = None
) -> Response:
    """Open a circular. The core writes down that the household did."""
    acting = await speaking.acted_for(request)
    asked = pb.OpenCircularRequest(
        speaker=speaking.reader(request), circular_id=circular(request), request_id=forms.new_id()
    )
    opened = await speaking.ask(request, board(request).core.circulars.OpenCircular, asked)
    own = opened.circular
    return page(
        request,
        "circular.html",
        problems=wrong,
        acting=acting,
        at=_at(request),
        own=own,
        circular=own.circular,
        content=own.circular.content,
        files=own.circular.files,
        filled=form or answering.filled(own),
        request_id=form.request_id if form else "",
        comments=await commenting.listed(request, own.circular),
        is_unread=is_unread(own),
        led=await _led(request, own) if own.can_forward else [],
        is_open=own.circular.state == pb.CIRCULAR_STATE_PUBLISHED,
    )


async def _led(request: Request, own: pb.OwnCircular) -> list[pb.Association]:
    """List the association by whose office one got the city's circular, and may pass it on."""
    memberships = await speaking.memberships(request)
    return [
        one.association for one in memberships if one.household.household_id == own.household_id
    ]


@speaking.for_members
async def take(request: Request) -> Response:
    """Take what the page's buttons say; its address is the page's own, so that it may be shown."""
    form = await speaking.read(request)
    if form.one("do") == "comment":
        return await _comment(request, form)
    if form.one("do") == "hide":
        try:
            await commenting.hide(request, form)
        except CoreError as error:
            return await _shown(request, problems(request, error))
        return leads_to(_path(request))
    return await _answer(request, form)


async def _answer(request: Request, form: Form) -> Response:
    """Take 見ました, or an answer; what is wrong with it stands beside its field."""
    await speaking.acted_for(request)
    opened = await speaking.ask(
        request,
        board(request).core.circulars.OpenCircular,
        pb.OpenCircularRequest(
            speaker=speaking.reader(request),
            circular_id=circular(request),
            request_id=forms.new_id(),
        ),
    )
    given, wrong = answering.read(form, opened.circular.circular)
    if given is None:
        worded = {field: say(request, name) for field, name in wrong.items()}
        return await _shown(request, worded, form)
    asked = pb.AnswerCircularRequest(
        speaker=speaking.reader(request),
        circular_id=circular(request),
        answer=given,
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.AnswerCircular, asked)
    except CoreError as error:
        return await _shown(request, problems(request, error), form)
    sessions.of(request).say("circular.seen" if given.seen else "circular.answered")
    return leads_to(_path(request))


async def _comment(request: Request, form: Form) -> Response:
    text = form.one("comment")
    if not 1 <= len(text) <= MOST_COMMENT:
        missing = say(request, "circular.comment_missing", most=MOST_COMMENT)
        return await _shown(request, {"comment": missing}, form)
    asked = pb.AddCommentRequest(
        speaker=speaking.own(request),
        circular_id=circular(request),
        text=text,
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.AddComment, asked)
    except CoreError as error:
        return await _shown(request, problems(request, error, "comment"), form)
    sessions.of(request).say("circular.commented")
    return leads_to(_path(request))


@speaking.for_members
async def file(request: Request) -> Response:
    """Hand on a file, or the picture of one of its pages."""
    number = int(request.path_params.get("page", 0))
    asked = pb.DownloadCircularFileRequest(
        speaker=speaking.reader(request), file_id=str(request.path_params["file"]), page=number
    )
    core = board(request).core
    parts = core.watch(core.circulars.DownloadCircularFile, asked)
    return await handed_on(parts, is_shown=bool(number))


def circular(request: Request) -> str:
    return str(request.path_params["circular"])


def _at(request: Request) -> str:
    return speaking.pages_of(speaking.reader(request).for_resident_id)


def _path(request: Request) -> str:
    return f"{_at(request)}/c/{circular(request)}"
