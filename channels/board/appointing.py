"""One officer more, between handovers: which office, who, and from when until when."""

from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import desk, drafting, offices, sessions, speaking
from channels.board.pages import board, page, problems, say, today
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

KINDS = {str(int(kind)): kind for kind in drafting.OFFICES}


@desk.for_chairs
async def show(request: Request) -> Response:
    return await _shown(request, Form(begin=[today(request).isoformat()]))


async def _shown(request: Request, form: Form, wrong: Problems = NO_PROBLEMS) -> Response:
    return page(
        request,
        "appoint.html",
        problems=wrong,
        seat=await desk.seat(request),
        kinds=drafting.OFFICES,
        members=await offices.members(request),
        filled=form,
        request_id=form.request_id,
    )


@desk.for_chairs
async def appoint(request: Request) -> Response:
    """Give a member an office. What stands in its way the core knows."""
    form = await speaking.read(request)
    kind, group = KINDS.get(form.one("kind"), pb.OFFICE_KIND_UNSPECIFIED), form.one("group")
    term, wrong = offices.read_term(request, form)
    is_head = kind == pb.OFFICE_KIND_GROUP_HEAD
    if not kind:
        wrong["kind"] = say(request, "offices.kind_missing")
    if is_head and not UUID.fullmatch(group):
        wrong["group"] = say(request, "offices.group_missing")
    if not UUID.fullmatch(form.one("member")):
        wrong["member"] = say(request, "offices.member_missing")
    if wrong:
        return await _shown(request, form, wrong)
    asked = pb.AppointOfficerRequest(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        office=pb.NewOffice(
            kind=kind, group_id=group if is_head else "", member_id=form.one("member")
        ),
        begin_date=term.begin,
        end_date=term.end,
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.AppointOfficer, asked)
    except CoreError as error:
        return await _shown(request, form, problems(request, error))
    sessions.of(request).say("offices.appointed")
    return leads_to(desk.path(request, "/offices"))
