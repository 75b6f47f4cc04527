"""Joining an association by a code, and going on as a member on another device."""

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import codes
from channels.board import sessions, speaking
from channels.board.pages import board, page, problems, say
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from channels.remembering import fresh
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_NAME = 64
WITHIN = re.compile(rf"/(?:desk|c|for)/{UUID.pattern}(?:/[a-z0-9/.-]{{1,100}})?(?:\?unread=yes)?")
"""Where a link may lead: to a page of ours, and nowhere else."""


async def show(request: Request) -> Response:
    """Show the form; a code that came with the address stands in it."""
    code = request.path_params.get("code", "")[:64]
    return _form(request, "join.html", Form(code=[code]))


async def join(request: Request) -> Response:
    form = await speaking.read(request)
    wrong = {}
    if not 1 <= len(form.code) <= 64:
        wrong["code"] = say(request, "join.code_missing")
    if not 1 <= len(form.one("name")) <= MOST_NAME:
        wrong["name"] = say(request, "join.name_missing")
    if wrong:
        return _form(request, "join.html", form, wrong)
    method = board(request).core.circulars.RequestToJoin
    try:
        asked = pb.RequestToJoinRequest(
            speaker=await speaking.contact(request),
            code=form.code,
            display_name=form.one("name"),
            request_id=form.request_id,
        )
        await _guess(request, method, asked)
    except CoreError as error:
        return _form(request, "join.html", form, problems(request, error, "code"))
    # Whoever joined is known by this browser alone: their own must not forget them.
    sessions.of(request).lasting = True
    return leads_to("/joined")


async def joined(request: Request) -> Response:
    return page(request, "joined.html")


async def linking(request: Request) -> Response:
    """Ask before this browser speaks for a member; a link can say where it goes on then."""
    code = request.path_params.get("code", "")[:64]
    form = Form(code=[code], to=[request.query_params.get("to", "")])
    return await _link_form(request, form, NO_PROBLEMS)


async def _link_form(request: Request, form: Form, wrong: Problems) -> Response:
    """Show the form; who speaks here for somebody already may go on without the code."""
    who = await speaking.known(request)
    goes_on = _within(form) if who.memberships or who.acted_for else ""
    return page(
        request,
        "link.html",
        problems=wrong,
        filled=form,
        goes_on=goes_on,
        request_id=form.request_id,
    )


def _within(form: Form) -> str:
    """Return where a link goes on: to a page of ours, or nowhere."""
    return form.one("to") if WITHIN.fullmatch(form.one("to")) else ""


async def link(request: Request) -> Response:
    """Speak for the member whose code it is, from this browser too."""
    form = await speaking.read(request)
    if not 1 <= len(form.code) <= 64:
        missing = say(request, "join.code_missing")
        return await _link_form(request, form, {"code": missing})
    session = sessions.of(request)
    try:
        asked = pb.CompleteMemberLinkRequest(
            speaker=await speaking.contact(request), code=form.code, request_id=form.request_id
        )
        done = await _guess(request, board(request).core.circulars.CompleteMemberLink, asked)
    except CoreError as error:
        wrong = problems(request, error, "code")
        if error.reason == "INVITATION_REFUSED":
            # It was never an officer's: whoever made it can make another.
            wrong = {"code": say(request, "link.refused")}
        return await _link_form(request, form, wrong)
    # Under other secrets from now on: what this browser was given before speaks for nobody.
    session.id, session.csrf, session.began = fresh(), fresh(), session.seen
    session.lasting = form.one("own") == "yes"
    session.say("link.done")
    return leads_to(_within(form) or f"{speaking.pages_of(done.acted_for.resident_id)}/")


@speaking.for_members
async def device(request: Request) -> Response:
    """Show the code for another device while it is good."""
    code = codes.good(sessions.of(request).codes, "link", board(request).sessions.now)
    address = f"{board(request).settings.public_url}/link/{code.code}" if code else ""
    return page(
        request,
        "device.html",
        code=code,
        picture=codes.picture(address) if code else "",
        memberships=await speaking.memberships(request),
    )


@speaking.for_members
async def make_code(request: Request) -> Response:
    form = await speaking.read(request)
    members = {one.member_id for one in await speaking.memberships(request)}
    if form.one("member") not in members:
        raise HTTPException(404)
    asked = pb.BeginMemberLinkRequest(
        speaker=speaking.own(request), member_id=form.one("member"), request_id=form.request_id
    )
    made = await speaking.ask(request, board(request).core.circulars.BeginMemberLink, asked)
    codes.keep(sessions.of(request).codes, "link", made.code, made.expire_time)
    return leads_to("/device")


async def out(request: Request) -> Response:
    """Forget this browser; the membership stays, and goes on where it is known besides."""
    await speaking.read(request)
    speaking.left(request, "all.out")
    return leads_to("/join")


async def _guess(request: Request, method: Any, asked: Any) -> Any:
    """Present a code, and count what is refused by network address. Raises CoreError."""
    addresses, address = board(request).addresses, request.client.host if request.client else ""
    if addresses.rests(address):
        raise HTTPException(429)
    try:
        return await speaking.ask(request, method, asked)
    except CoreError as error:
        if error.reason == "INVITATION_REFUSED":
            addresses.refused(address)
        raise


def _form(request: Request, template: str, form: Form, wrong: Problems | None = None) -> Response:
    return page(request, template, problems=wrong or {}, filled=form, request_id=form.request_id)
