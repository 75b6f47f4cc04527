"""The end of a procedure: all answers to look through, filing them, what became of it."""

from starlette.requests import Request
from starlette.responses import Response

from channels.pages import leads_to
from channels.web import forms, sessions, speaking
from channels.web.conversation import (
    application,
    contact_of,
    in_time,
    is_handed,
    path_of,
    standing,
)
from channels.web.pages import page, web
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb

ASKED_AGAIN = {
    "SLOT_FULL": "asking.slot_gone",
    "COUPON_REFUSED": "asking.code_gone",
    "ANSWERS_MISSING": "asking.missing",
}
"""What is said where filing is refused, and the question comes again."""


@in_time
async def review(request: Request) -> Response:
    """Show all answers, to look through before they are filed."""
    turn = await standing(request)
    if turn.WhichOneof("kind") != "review":
        return leads_to(path_of(turn, application(request)))
    return page(
        request,
        "review.html",
        review=turn.review,
        application=application(request),
        handed=is_handed(request),
    )


@in_time
async def submit(request: Request) -> Response:
    """File it; whoever files twice is told what stands."""
    form = await forms.read(request)
    asked = pb.SubmitApplicationRequest(
        external_id=contact_of(request),
        application_id=application(request),
        request_id=form.request_id,
    )
    try:
        made = await speaking.ask(request, web(request).core.applications.SubmitApplication, asked)
    except CoreError as error:
        if error.reason not in ASKED_AGAIN:
            raise
        sessions.of(request).said = ASKED_AGAIN[error.reason]
        return leads_to(f"/a/{application(request)}")
    return leads_to(path_of(made.turn, application(request)))


@in_time
async def done(request: Request) -> Response:
    """Say what became of it."""
    turn = await standing(request)
    if turn.WhichOneof("kind") != "closing":
        return leads_to(path_of(turn, application(request)))
    return page(
        request,
        "done.html",
        closing=turn.closing,
        application=application(request),
        handed=is_handed(request),
        account_url=web(request).settings.line_account_url,
    )


@in_time
async def back(request: Request) -> Response:
    """Say that the rest goes on in the chat, or here."""
    await standing(request)
    return page(
        request,
        "back.html",
        application=application(request),
        account_url=web(request).settings.line_account_url,
    )
