"""Who holds which office, and handing all of them over in one step."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import desk, sessions, speaking
from channels.board.desk import Seat
from channels.board.pages import board, language, page, problems, say, today
from channels.board.words import Words
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

SEVERAL = 2
"""So many vices and treasurers the form has room for, and for one more than there are."""

APRIL = 4
"""The month in which associations' years begin."""

MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Place:
    """An office that the form fills."""

    field: str
    kind: pb.OfficeKind.ValueType
    group: pb.Group | None = None


def _places(seat: Seat) -> list[Place]:
    heads = [
        Place(f"head-{group.group_id}", pb.OFFICE_KIND_GROUP_HEAD, group) for group in seat.groups
    ]
    held = Counter(one.kind for one in seat.offices)
    several = [
        Place(f"{name}-{number}", kind)
        for name, kind in (("vice", pb.OFFICE_KIND_VICE), ("treasurer", pb.OFFICE_KIND_TREASURER))
        for number in range(max(SEVERAL, held[kind] + 1))
    ]
    return [Place("chair", pb.OFFICE_KIND_CHAIR), *several, *heads]


@speaking.for_members
async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, wrong: Problems = NO_PROBLEMS, form: Form | None = None
) -> Response:
    asked = pb.ListOfficesRequest(
        speaker=speaking.own(request), association_id=desk.association(request)
    )
    method = board(request).core.circulars.ListOffices
    return page(
        request,
        "offices.html",
        problems=wrong,
        seat=await desk.seat(request),
        offices=await speaking.everything(request, method, asked, "offices"),
        filled=form or Form(),
    )


@desk.for_chairs
async def end(request: Request) -> Response:
    """End an office on a day."""
    form = await speaking.read(request)
    id = form.one("office")
    if not UUID.fullmatch(id):
        raise HTTPException(404)
    wrong = {}
    day = read_day(form.one("end"))
    if day is None:
        wrong[f"end-{id}"] = say(request, "offices.day_wrong")
    if not 1 <= len(form.one("reason")) <= MOST_REASON:
        wrong[f"reason-{id}"] = say(request, "offices.reason_missing")
    if wrong or day is None:
        return await _shown(request, wrong, form)
    asked = pb.EndOfficeRequest(
        speaker=speaking.own(request),
        office_id=id,
        end_date=day.isoformat(),
        reason=form.one("reason"),
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.EndOffice, asked)
    except CoreError as error:
        return await _shown(request, problems(request, error, f"end-{id}"), form)
    sessions.of(request).say("offices.ended")
    return leads_to(desk.path(request, "/offices"))


@desk.for_chairs
async def handing_over(request: Request) -> Response:
    """Propose that those who hold an office keep it for the association's next year."""
    seat, now = await desk.seat(request), today(request)
    begin = date(now.year + (now.month >= APRIL), APRIL, 1)
    end = begin.replace(year=begin.year + 1) - timedelta(days=1)
    form = Form(begin=[begin.isoformat()], end=[end.isoformat()])
    held = list(seat.offices)
    for place in _places(seat):
        group_id = place.group.group_id if place.group else ""
        for one in held:
            if (one.kind, one.group_id) == (place.kind, group_id):
                form[place.field] = [one.member_id]
                held.remove(one)
                break
    return await _handing_over(request, seat, form)


async def _handing_over(
    request: Request, seat: Seat, form: Form, wrong: Problems = NO_PROBLEMS
) -> Response:
    """Show all offices as one form, with everybody who may hold one."""
    return page(
        request,
        "handover.html",
        problems=wrong,
        seat=seat,
        places=_places(seat),
        members=await members(request),
        filled=form,
        etag=form.one("etag") or seat.association.etag,
        request_id=form.request_id,
    )


async def members(request: Request) -> list[tuple[pb.Household, pb.Member]]:
    """List who joined, by household in the order of the round."""
    asked = pb.ListMembersRequest(
        speaker=speaking.own(request), association_id=desk.association(request)
    )
    method = board(request).core.circulars.ListMembers
    joined: dict[str, list[pb.Member]] = {}
    for one in await speaking.everything(request, method, asked, "members"):
        joined.setdefault(one.household_id, []).append(one)
    homes = [one.household for one in await desk.households(request)]
    return [(home, one) for home in homes for one in joined.get(home.household_id, [])]


def read_day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when an office is held, as the core takes days."""

    begin: str
    end: str


def read_term(request: Request, form: Form) -> tuple[Term, dict[str, str]]:
    """Read both days, and say what is wrong with them."""
    begin, end = read_day(form.one("begin")), read_day(form.one("end"))
    wrong = {}
    if begin is None:
        wrong["begin"] = say(request, "offices.day_wrong")
    if end is None or (begin and end < begin):
        wrong["end"] = say(request, "offices.day_wrong")
    return Term(*(day.isoformat() if day else "" for day in (begin, end))), wrong


@desk.for_chairs
async def hand_over(request: Request) -> Response:
    """Pass all offices on, all or none."""
    form = await speaking.read(request)
    seat = await desk.seat(request)
    term, wrong = read_term(request, form)
    if not UUID.fullmatch(form.one("chair")):
        wrong["chair"] = say(request, "handover.chair_missing")
    if wrong:
        return await _handing_over(request, seat, form, wrong)
    asked = pb.HandOverOfficesRequest(
        speaker=speaking.own(request),
        association_id=desk.association(request),
        offices=[
            pb.NewOffice(
                kind=one.kind,
                group_id=one.group.group_id if one.group else "",
                member_id=form.one(one.field),
            )
            for one in _places(seat)
            if UUID.fullmatch(form.one(one.field))
        ],
        begin_date=term.begin,
        end_date=term.end,
        etag=form.one("etag"),
        request_id=forms.repeated(form),
    )
    try:
        await speaking.ask(request, board(request).core.circulars.HandOverOffices, asked)
    except CoreError as error:
        return await _handing_over(request, seat, form, problems(request, error))
    day = Words(language(request)).iso_day(term.begin)
    sessions.of(request).say("handover.done", day=day)
    return leads_to("/associations")
