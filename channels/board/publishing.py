"""A circular at the desk: seen as on a phone, published, withdrawn; and the city's, passed on."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import composing, desk, drafting, sessions, speaking
from channels.board.composing import OUT, UNSENT
from channels.board.pages import board, page, problems, say
from channels.forms import Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from channels.wording import JAPAN
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_REASON = 500


@speaking.for_members
async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, wrong: Problems = NO_PROBLEMS, form: Form | None = None
) -> Response:
    seat, circular = await desk.seat(request), await composing.found(request)
    counts = circular.state in UNSENT and not circular.corrects_id
    reach = await _reach(request, circular) if counts else None
    return page(
        request,
        "desk_circular.html",
        problems=wrong,
        seat=seat,
        circular=circular,
        content=circular.content,
        files=circular.files,
        filled=form or Form(when=["now"]),
        reach=reach,
        is_unsent=circular.state in UNSENT,
        is_out=circular.state in OUT,
    )


async def _reach(request: Request, circular: pb.Circular) -> pb.PreviewCircularResponse | None:
    """Count whom it would reach; only its author may."""
    asked = pb.PreviewCircularRequest(
        speaker=speaking.own(request), circular_id=circular.circular_id
    )
    try:
        counted: pb.PreviewCircularResponse = await speaking.ask(
            request, board(request).core.circulars.PreviewCircular, asked
        )
    except CoreError as error:
        if error.reason != "NOT_IN_OFFICE":
            raise
        return None
    return counted


@speaking.for_members
async def publish(request: Request) -> Response:
    """Send a draft out, now or when its time has come."""
    form = await speaking.read(request)
    asked = pb.PublishCircularRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    if form.one("when") == "at":
        time = _time(form)
        if time is None or time.seconds <= board(request).sessions.now:
            return await _shown(request, {"day": say(request, "publish.time_wrong")}, form)
        asked.publish_time.CopyFrom(time)
    try:
        out = await speaking.ask(request, board(request).core.circulars.PublishCircular, asked)
    except CoreError as error:
        return await _shown(request, problems(request, error), form)
    at_a_time = asked.HasField("publish_time")
    sessions.of(request).say("publish.scheduled" if at_a_time else "publish.done")
    # What was the draft of a correction is gone, and the circular says it now.
    return leads_to(desk.path(request, f"/c/{out.circular.circular_id}"))


def _time(form: Form) -> Timestamp | None:
    """Read a day and a time in Japan."""
    try:
        local = datetime.fromisoformat(f"{form.one('day')}T{form.one('time')}").replace(
            tzinfo=JAPAN
        )
    except ValueError:
        return None
    time = Timestamp()
    time.FromDatetime(local)
    return time


@speaking.for_members
async def withdrawing(request: Request) -> Response:
    """Ask before a circular is taken back, and why; a draft needs no reason to be thrown away."""
    circular = await composing.changeable(request)
    if circular.state not in UNSENT | OUT:
        return leads_to(_path(request))
    return await _withdrawing(request, circular, Form())


async def _withdrawing(
    request: Request, circular: pb.Circular, form: Form, wrong: Problems = NO_PROBLEMS
) -> Response:
    return page(
        request,
        "withdraw.html",
        problems=wrong,
        seat=await desk.seat(request),
        circular=circular,
        is_unsent=circular.state in UNSENT,
        filled=form,
        etag=form.one("etag") or circular.etag,
        request_id=form.request_id,
    )


@speaking.for_members
async def withdraw(request: Request) -> Response:
    form, circular = await speaking.read(request), await composing.changeable(request)
    is_unsent = circular.state in UNSENT
    reason = say(request, "discard.title") if is_unsent else form.one("reason")
    if not 1 <= len(reason) <= MOST_REASON:
        wrong = {"reason": say(request, "withdraw.reason_missing")}
        return await _withdrawing(request, circular, form, wrong)
    asked = pb.WithdrawCircularRequest(
        speaker=speaking.own(request),
        circular_id=circular.circular_id,
        reason=reason,
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.WithdrawCircular, asked)
    except CoreError as error:
        return await _withdrawing(request, circular, form, problems(request, error))
    sessions.of(request).say("discard.done" if is_unsent else "withdraw.done")
    return leads_to(desk.path(request) if is_unsent else _path(request))


@speaking.for_members
async def forwarding(request: Request) -> Response:
    """Ask whom the city's circular shall be passed on to."""
    seat = await desk.seat(request)
    groups = [] if seat.leads else [one.group_id for one in seat.led_groups]
    form = Form(to=["everybody" if seat.leads else "groups"], group=groups)
    return await _forwarding(request, form)


async def _forwarding(request: Request, form: Form, wrong: Problems = NO_PROBLEMS) -> Response:
    # Before it counts as opened: whoever is in no office is shown nothing.
    seat = await desk.seat(request)
    opening = pb.OpenCircularRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        request_id=forms.new_id(),
    )
    opened = await speaking.ask(request, board(request).core.circulars.OpenCircular, opening)
    if not opened.circular.can_forward:
        raise HTTPException(404)
    return page(
        request,
        "forward.html",
        problems=wrong,
        seat=seat,
        circular=opened.circular.circular,
        filled=form,
        households=await desk.households(request),
        offices=drafting.OFFICES,
        request_id=form.request_id,
    )


@speaking.for_members
async def forward(request: Request) -> Response:
    """Pass it on; where another leader has already, this leads to theirs."""
    form = await speaking.read(request)
    targets, found = drafting.read_targets(form)
    wrong = {field: say(request, name) for field, name in found.items()}
    if len(form.one("remark")) > MOST_REASON:
        wrong["remark"] = say(request, "forward.remark_long")
    if wrong:
        return await _forwarding(request, form, wrong)
    asked = pb.ForwardCircularRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        association_id=desk.association(request),
        targets=targets,
        remark=form.one("remark"),
        request_id=forms.repeated(form),
    )
    try:
        made = await speaking.ask(request, board(request).core.circulars.ForwardCircular, asked)
    except CoreError as error:
        return await _forwarding(request, form, problems(request, error))
    sessions.of(request).say("forward.done")
    return leads_to(desk.path(request, f"/c/{made.circular.circular_id}"))


def _path(request: Request) -> str:
    return desk.path(request, f"/c/{request.path_params['circular']}")
