"""What a member has: the circulars that came, the archive, and the memberships themselves."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.board import sessions, speaking
from channels.board.pages import board, page, problems
from channels.forms import own_path
from channels.pages import LANGUAGES, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_WORDS = 100
A_PAGE = 30


@speaking.for_members
async def show(request: Request) -> Response:
    """List one's circulars, unanswered first, or those that hold what is searched for."""
    acting = await speaking.acted_for(request)
    words = request.query_params.get("q", "").strip()[:MOST_WORDS]
    asked = pb.ListOwnCircularsRequest(
        speaker=speaking.reader(request),
        words=words,
        page_size=A_PAGE,
        page_token=request.query_params.get("from", "")[:200],
    )
    who = await speaking.known(request)
    found = await speaking.ask(request, board(request).core.circulars.ListOwnCirculars, asked)
    return page(
        request,
        "circulars.html",
        circulars=found.circulars,
        more=found.next_page_token,
        words_searched=words,
        who=who,
        acting=acting,
        at=speaking.pages_of(acting.resident_id if acting else ""),
        is_unread=is_unread,
    )


def is_unread(one: pb.OwnCircular) -> bool:
    """Whether something is still to be said: to open is not yet to have seen."""
    return one.circular.state == pb.CIRCULAR_STATE_PUBLISHED and not one.answered


@speaking.for_members
async def associations(request: Request) -> Response:
    return page(request, "associations.html", who=await speaking.known(request))


@speaking.for_members
async def care(request: Request) -> Response:
    """Take a household's consent to be looked after, or its end."""
    form = await speaking.read(request)
    member = await _of(request)
    asked = pb.SetCareRequest(
        speaker=speaking.own(request),
        household_id=member.household.household_id,
        consented=form.one("consented") == "yes",
        request_id=form.request_id,
    )
    await speaking.ask(request, board(request).core.circulars.SetCare, asked)
    said = "associations.care_given" if asked.consented else "associations.care_ended"
    sessions.of(request).say(said)
    return leads_to("/associations")


@speaking.for_members
async def leaving(request: Request) -> Response:
    """Ask before a membership is ended."""
    return page(request, "leave.html", membership=await _of(request))


@speaking.for_members
async def leave(request: Request) -> Response:
    form = await speaking.read(request)
    member = await _of(request)
    asked = pb.EndMembershipRequest(
        speaker=speaking.own(request), member_id=member.member_id, request_id=form.request_id
    )
    try:
        await speaking.ask(request, board(request).core.circulars.EndMembership, asked)
    except CoreError as error:
        wrong = problems(request, error)
        return page(request, "leave.html", problems=wrong, membership=member)
    sessions.of(request).say("associations.left", name=member.association.name)
    return leads_to("/associations")


async def _of(request: Request) -> pb.Membership:
    """Find one's own membership. Raises HTTPException where it is none."""
    id = str(request.path_params["member"])
    for one in await speaking.memberships(request):
        if one.member_id == id:
            return one
    raise HTTPException(404)


async def language(request: Request) -> Response:
    form = await speaking.read(request)
    chosen = form.one("language")
    if chosen in {tag for tag, _ in LANGUAGES}:
        sessions.of(request).language = chosen
    return leads_to(own_path(form.one("back")))
