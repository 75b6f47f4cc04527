"""Composing a circular: its kind, then one form, which changes drafts and corrects others."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import desk, drafting, sessions, speaking, uploads
from channels.board.desk import Seat
from channels.board.pages import board, page, problems, say, today
from channels.forms import Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_CORRECTION = 500
UNSENT = {pb.CIRCULAR_STATE_DRAFT, pb.CIRCULAR_STATE_SCHEDULED}
OUT = {pb.CIRCULAR_STATE_PUBLISHED, pb.CIRCULAR_STATE_CLOSED}


@desk.for_writers
async def kinds(request: Request) -> Response:
    return page(request, "kinds.html", seat=await desk.seat(request), kinds=drafting.KINDS)


def _kind(request: Request) -> int:
    kind = drafting.KINDS.get(request.path_params["kind"])
    if kind is None:
        raise HTTPException(404)
    return kind


async def _form(
    request: Request, seat: Seat, form: Form, kind: int, *, way: str, wrong: Problems = NO_PROBLEMS
) -> Response:
    """Show the form; `way` is what it is for: new, edit, correct, or next, a correction's draft."""
    return page(
        request,
        "compose.html",
        problems=wrong,
        seat=seat,
        filled=form,
        kind=kind,
        way=way,
        rows=drafting.rows(form),
        households=[] if way in {"correct", "next"} else await desk.households(request),
        offices=drafting.OFFICES,
        request_id=form.request_id,
    )


@desk.for_writers
async def new(request: Request) -> Response:
    seat = await desk.seat(request)
    to = "everybody" if seat.leads else "groups"
    groups = [] if seat.leads else [one.group_id for one in seat.led_groups]
    form = Form(to=[to], group=groups, quorum=["50"], electorate=["households"])
    return await _form(request, seat, form, _kind(request), way="new")


@desk.for_writers
async def create(request: Request) -> Response:
    return await _save(request, _kind(request), None)


async def found(request: Request) -> pb.Circular:
    """Find the circular of an address at the desk of its association."""
    asked = pb.GetCircularRequest(
        speaker=speaking.own(request), circular_id=str(request.path_params["circular"])
    )
    answer = await speaking.ask(request, board(request).core.circulars.GetCircular, asked)
    circular: pb.Circular = answer.circular
    if circular.association_id != desk.association(request):
        raise HTTPException(404)
    return circular


async def changeable(request: Request) -> pb.Circular:
    """Find the circular of an address for who may change it. Raises NotYours for others."""
    seat, circular = await desk.seat(request), await found(request)
    if not circular.can_change and circular.state != pb.CIRCULAR_STATE_WITHDRAWN:
        raise desk.NotYours(seat)
    return circular


def _went_on(request: Request) -> Response:
    """Lead to a circular as it stands, whose state this page is not for any more."""
    return leads_to(desk.path(request, f"/c/{request.path_params['circular']}"))


@speaking.for_members
async def edit(request: Request) -> Response:
    seat, circular = await desk.seat(request), await changeable(request)
    if circular.state not in UNSENT or circular.overtaken:
        return _went_on(request)
    form = drafting.filled(circular)
    form["etag"], form["correction"] = [circular.etag], [circular.correction]
    way = "next" if circular.corrects_id else "edit"
    return await _form(request, seat, form, circular.kind, way=way)


@speaking.for_members
async def change(request: Request) -> Response:
    circular = await changeable(request)
    if circular.corrects_id:
        return await _save_next(request, circular)
    return await _save(request, circular.kind, circular)


async def _save_next(request: Request, circular: pb.Circular) -> Response:
    """Keep a draft of the next version, as it was begun here or in a chat."""
    seat = await desk.seat(request)
    form, wrong = await _taken(request)
    content, found_wrong = _next_content(form, circular)
    wrong = wrong or _worded(request, found_wrong)
    if wrong:
        return await _form(request, seat, form, circular.kind, way="next", wrong=wrong)
    asked = pb.SaveCircularRequest(
        speaker=speaking.own(request),
        circular_id=circular.circular_id,
        association_id=circular.association_id,
        kind=circular.kind,
        content=content,
        targets=circular.targets,
        due_date=circular.due_date,
        corrects_id=circular.corrects_id,
        correction=form.one("correction"),
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.SaveCircular, asked)
    except CoreError as error:
        wrong = problems(request, error)
        return await _form(request, seat, form, circular.kind, way="next", wrong=wrong)
    sessions.of(request).say("compose.saved")
    return _went_on(request)


def _next_content(form: Form, circular: pb.Circular) -> tuple[pb.CircularContent, drafting.Wrong]:
    """Read what a next version says; what it asks stays, as there are answers to it."""
    content, wrong = drafting.read(form, pb.CIRCULAR_KIND_NOTICE)
    content.questions.extend(circular.content.questions)
    content.answers_shown = circular.content.answers_shown
    if circular.content.HasField("vote"):
        content.vote.CopyFrom(circular.content.vote)
    if not 1 <= len(form.one("correction")) <= MOST_CORRECTION:
        wrong["correction"] = "compose.correction_missing"
    return content, wrong


async def _save(request: Request, kind: int, circular: pb.Circular | None) -> Response:
    seat = await desk.seat(request)
    way = "edit" if circular else "new"
    form, refused = await _taken(request)
    if refused:
        return await _form(request, seat, form, kind, way=way, wrong=refused)
    if form.one("do") == "add":
        form["rows"] = [str(drafting.rows(form) + 1)]
        return await _form(request, seat, form, kind, way=way)
    asked, wrong = _asked(request, form, kind, circular)
    if wrong:
        return await _form(request, seat, form, kind, way=way, wrong=_worded(request, wrong))
    try:
        saved = await speaking.ask(request, board(request).core.circulars.SaveCircular, asked)
    except CoreError as error:
        return await _form(request, seat, form, kind, way=way, wrong=problems(request, error))
    sessions.of(request).say("compose.saved")
    return leads_to(desk.path(request, f"/c/{saved.circular.circular_id}"))


def _asked(
    request: Request, form: Form, kind: int, circular: pb.Circular | None
) -> tuple[pb.SaveCircularRequest, drafting.Wrong]:
    content, wrong = drafting.read(form, kind)
    due, due_wrong = drafting.read_due(form, kind, today(request))
    targets, targets_wrong = drafting.read_targets(form)
    asked = pb.SaveCircularRequest(
        speaker=speaking.own(request),
        circular_id=circular.circular_id if circular else "",
        association_id=desk.association(request),
        kind=pb.CircularKind.ValueType(kind),
        content=content,
        targets=targets,
        due_date=due,
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    return asked, wrong | due_wrong | targets_wrong


async def _taken(request: Request) -> tuple[Form, Problems]:
    """Read the form with its files; those that the core refuses are named beside the field."""
    form = Form()
    refused = await uploads.take(request, form)
    said = [
        say(request, "compose.file_refused", name=name, why=problems(request, error)[""])
        for name, error in refused
    ]
    return form, {"files": " ".join(said)} if said else {}


def _worded(request: Request, wrong: drafting.Wrong) -> Problems:
    return {field: say(request, name) for field, name in wrong.items()}


@speaking.for_members
async def correcting(request: Request) -> Response:
    seat, circular = await desk.seat(request), await changeable(request)
    if circular.state not in OUT:
        return _went_on(request)
    form = drafting.filled(circular)
    form["etag"] = [circular.etag]
    return await _form(request, seat, form, circular.kind, way="correct")


@speaking.for_members
async def correct(request: Request) -> Response:
    """Publish a new version."""
    seat, circular = await desk.seat(request), await changeable(request)
    form, refused = await _taken(request)
    kind = circular.kind
    if refused:
        return await _form(request, seat, form, kind, way="correct", wrong=refused)
    content, found_wrong = _next_content(form, circular)
    if found_wrong:
        wrong = _worded(request, found_wrong)
        return await _form(request, seat, form, kind, way="correct", wrong=wrong)
    asked = pb.CorrectCircularRequest(
        speaker=speaking.own(request),
        circular_id=circular.circular_id,
        content=content,
        correction=form.one("correction"),
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.CorrectCircular, asked)
    except CoreError as error:
        wrong = problems(request, error)
        return await _form(request, seat, form, kind, way="correct", wrong=wrong)
    sessions.of(request).say("compose.corrected")
    return leads_to(desk.path(request, f"/c/{circular.circular_id}"))
