"""The structure of an association: groups, households in the order of the round, and members."""

import unicodedata

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import desk, sessions, speaking
from channels.board.pages import board, page, problems, say
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_NAME = 64
MOST_ADDRESS = 200
MOST_ORDER = 100_000
MOST_REASON = 500


@speaking.for_members
async def show(request: Request) -> Response:
    return page(
        request,
        "households.html",
        seat=await desk.seat(request),
        households=await desk.households(request),
    )


@speaking.for_members
async def care(request: Request) -> Response:
    """List the households that consented to being looked after, and stopped reading."""
    marked = [one for one in await desk.households(request) if one.care]
    return page(request, "care.html", seat=await desk.seat(request), households=marked)


def _order(form: Form) -> int:
    """Read a place in the round; -1 where it is none."""
    typed = unicodedata.normalize("NFKC", form.one("order") or "0")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1
    return number if number <= MOST_ORDER else -1


@desk.for_writers
async def new(request: Request) -> Response:
    return await _household(request, Form())


@speaking.for_members
async def household(request: Request) -> Response:
    """Show a household with its members."""
    id = str(request.path_params["household"])
    return await _household(request, _filled(await _of(request, id)))


def _filled(of: pb.HouseholdSummary) -> Form:
    one = of.household
    form = Form(
        name=[one.name],
        address=[one.address],
        group=[one.group_id],
        order=[str(one.round_order)],
        etag=[one.etag],
    )
    if one.paper:
        form["paper"] = ["yes"]
    if of.care_consent:
        form["consented"] = ["yes"]
    return form


async def _of(request: Request, id: str) -> pb.HouseholdSummary:
    for one in await desk.households(request):
        if one.household.household_id == id:
            return one
    raise HTTPException(404)


async def _household(request: Request, form: Form, wrong: Problems = NO_PROBLEMS) -> Response:
    id = str(request.path_params.get("household", ""))
    members = await members_of(request, id) if id else []
    return page(
        request,
        "household.html",
        problems=wrong,
        seat=await desk.seat(request),
        id=id,
        filled=form,
        members=members,
        request_id=form.request_id,
    )


async def members_of(request: Request, household: str) -> list[pb.Member]:
    asked = pb.ListMembersRequest(speaker=speaking.own(request), household_id=household)
    method = board(request).core.circulars.ListMembers
    return await speaking.everything(request, method, asked, "members")


@desk.for_writers
async def take(request: Request) -> Response:
    """Keep a household or its consent, end it, or end the membership of one of its people."""
    form = await speaking.read(request)
    if form.one("do") in {"agreed", "agreed_no_more"}:
        return await _consent(request, form)
    if form.one("do") == "end":
        return await _end(request, form)
    if form.one("do") == "end_member":
        return await _end_member(request, form)
    wrong = {}
    if not 1 <= len(form.one("name")) <= MOST_NAME:
        wrong["name"] = say(request, "households.name_missing")
    if len(form.one("address")) > MOST_ADDRESS:
        wrong["address"] = say(request, "households.address_long")
    if _order(form) < 0:
        wrong["order"] = say(request, "households.order_wrong")
    if wrong:
        return await _household(request, form, wrong)
    group = form.one("group")
    asked = pb.SaveHouseholdRequest(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        household=pb.Household(
            household_id=str(request.path_params.get("household", "")),
            group_id=group if UUID.fullmatch(group) else "",
            name=form.one("name"),
            address=form.one("address"),
            round_order=_order(form),
            paper=form.one("paper") == "yes",
            etag=form.one("etag"),
        ),
        request_id=forms.repeated(form),
    )
    return await _kept(request, form, "SaveHousehold", asked, "households.saved")


async def _consent(request: Request, form: Form) -> Response:
    """Write down what a household that nobody joined of agreed to in person."""
    asked = pb.SetCareRequest(
        speaker=speaking.own(request),
        household_id=str(request.path_params["household"]),
        consented=form.one("do") == "agreed",
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.SetCare, asked)
    except CoreError as error:
        return await _refilled(request, form, problems(request, error))
    sessions.of(request).say("households.saved")
    return leads_to(desk.path(request, f"/households/{asked.household_id}"))


async def _end(request: Request, form: Form) -> Response:
    if not 1 <= len(form.one("reason")) <= MOST_REASON:
        wrong = {"reason": say(request, "households.reason_missing")}
        return await _refilled(request, form, wrong)
    asked = pb.EndHouseholdRequest(
        speaker=speaking.own(request),
        household_id=str(request.path_params["household"]),
        reason=form.one("reason"),
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    return await _kept(request, form, "EndHousehold", asked, "households.ended")


async def _end_member(request: Request, form: Form) -> Response:
    if not UUID.fullmatch(form.one("member")):
        raise HTTPException(404)
    if not 1 <= len(form.one("why")) <= MOST_REASON:
        field = f"why-{form.one('member')}"
        return await _refilled(request, form, {field: say(request, "households.reason_missing")})
    asked = pb.EndMembershipRequest(
        speaker=speaking.own(request),
        member_id=form.one("member"),
        reason=form.one("why"),
        request_id=forms.repeated(form),
    )
    return await _kept(request, form, "EndMembership", asked, "households.member_ended")


async def _refilled(request: Request, form: Form, wrong: Problems) -> Response:
    """Show the page again after a form that holds only a part of it."""
    known = _filled(await _of(request, str(request.path_params["household"])))
    return await _household(request, Form({**known, **form}), wrong)


async def _kept(request: Request, form: Form, method: str, asked: object, said: str) -> Response:
    core = board(request).core.circulars
    try:
        await speaking.ask(request, getattr(core, method), asked)
    except CoreError as error:
        wrong = problems(request, error)
        if form.one("do") in {"end", "end_member"}:
            return await _refilled(request, form, wrong)
        return await _household(request, form, wrong)
    sessions.of(request).say(said)
    return leads_to(desk.path(request, "/households"))


@desk.for_leaders
async def group(request: Request) -> Response:
    seat = await desk.seat(request)
    id = str(request.path_params.get("group", ""))
    form = Form()
    if id:
        one = next((one for one in seat.groups if one.group_id == id), None)
        if one is None:
            raise HTTPException(404)
        form = Form(name=[one.name], order=[str(one.round_order)], etag=[one.etag])
    return page(request, "group.html", seat=seat, id=id, filled=form)


@desk.for_leaders
async def save_group(request: Request) -> Response:
    form = await speaking.read(request)
    id = str(request.path_params.get("group", ""))
    wrong: dict[str, str] = {}
    if not 1 <= len(form.one("name")) <= MOST_NAME:
        wrong["name"] = say(request, "groups.name_missing")
    if _order(form) < 0:
        wrong["order"] = say(request, "households.order_wrong")
    if not wrong:
        asked = pb.SaveGroupRequest(
            speaker=speaking.own(request),
            association_id=desk.association(request),
            group=pb.Group(
                group_id=id, name=form.one("name"), round_order=_order(form), etag=form.one("etag")
            ),
            request_id=forms.repeated(form),
        )
        try:
            await speaking.ask(request, board(request).core.circulars.SaveGroup, asked)
        except CoreError as error:
            wrong.update(problems(request, error))
    if wrong:
        seat = await desk.seat(request)
        return page(request, "group.html", problems=wrong, seat=seat, id=id, filled=form)
    sessions.of(request).say("groups.saved")
    return leads_to(desk.path(request, "/households"))
