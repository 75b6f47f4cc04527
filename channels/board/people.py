"""Who belongs to an association: join requests, invitations, households, members and groups."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import codes, forms
from channels.board import desk, sessions, speaking
from channels.board.pages import board, page, problems, say
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_DAYS = 90


@desk.for_writers
async def requests(request: Request) -> Response:
    return await _requests(request)


async def _requests(
    request: Request, wrong: Problems = NO_PROBLEMS, form: Form | None = None
) -> Response:
    asked = pb.ListJoinRequestsRequest(
        speaker=speaking.own(request), association_id=desk.association(request)
    )
    method = board(request).core.circulars.ListJoinRequests
    seat = await desk.seat(request)
    return page(
        request,
        "join_requests.html",
        problems=wrong,
        seat=seat,
        waiting=await speaking.everything(request, method, asked, "join_requests"),
        households=await desk.households(request),
        filled=form or Form(),
    )


@desk.for_writers
async def decide(request: Request) -> Response:
    """Confirm who asks to join, as one of a household, or refuse."""
    form = await speaking.read(request)
    id, household = form.one("join_request"), form.one("household")
    if not UUID.fullmatch(id):
        raise HTTPException(404)
    confirmed = form.one("do") == "confirm"
    if confirmed and not UUID.fullmatch(household):
        wrong = {f"household-{id}": say(request, "joining.household_missing")}
        return await _requests(request, wrong, form)
    asked = pb.DecideJoinRequestRequest(
        speaker=speaking.own(request),
        join_request_id=id,
        confirmed=confirmed,
        household_id=household if confirmed else "",
        request_id=forms.repeated(form),
    )
    try:
        decided = await speaking.ask(
            request, board(request).core.circulars.DecideJoinRequest, asked
        )
    except CoreError as error:
        return await _requests(request, problems(request, error), form)
    name = decided.join_request.display_name
    sessions.of(request).say("joining.confirmed" if confirmed else "joining.refused", name=name)
    return leads_to(desk.path(request, "/joining"))


@desk.for_writers
async def inviting(request: Request) -> Response:
    return await _inviting(request, Form(days=["14"]))


async def _inviting(request: Request, form: Form, wrong: Problems = NO_PROBLEMS) -> Response:
    """Show the form, and the code that was made while it is good."""
    kept, what = sessions.of(request).codes, f"invite:{desk.association(request)}"
    code = codes.good(kept, what, board(request).sessions.now)
    address = f"{board(request).settings.public_url}/join/{code.code}" if code else ""
    return page(
        request,
        "invite.html",
        problems=wrong,
        seat=await desk.seat(request),
        households=await desk.households(request),
        filled=form,
        code=code,
        about=code.about if code else "",
        address=address,
        picture=codes.picture(address) if code else "",
    )


@desk.for_writers
async def invite(request: Request) -> Response:
    form = await speaking.read(request)
    days = form.one("days")
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    kind, _, id = form.one("whom").partition(":")
    wrong = {}
    if not 1 <= number <= MOST_DAYS:
        wrong["days"] = say(request, "invite.days_wrong")
    if kind not in {"group", "household"} or not UUID.fullmatch(id):
        wrong["whom"] = say(request, "invite.whom_missing")
    if wrong:
        return await _inviting(request, form, wrong)
    asked = pb.CreateInvitationRequest(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        household_id=id if kind == "household" else "",
        group_id=id if kind == "group" else "",
        days=number,
        request_id=forms.repeated(form),
    )
    try:
        made = await speaking.ask(request, board(request).core.circulars.CreateInvitation, asked)
    except CoreError as error:
        return await _inviting(request, form, problems(request, error))
    seat, households = await desk.seat(request), await desk.households(request)
    names = {one.household.household_id: one.household.name for one in households}
    about = names.get(id, "") if kind == "household" else seat.group(id)
    kept, what = sessions.of(request).codes, f"invite:{desk.association(request)}"
    codes.keep(kept, what, made.code, made.expire_time, about)
    return leads_to(desk.path(request, "/invite"))
