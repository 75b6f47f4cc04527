"""What a resident writes to the city, and what the city answers: one page, newest first."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import Problems, leads_to
from channels.web import forms, sessions, speaking
from channels.web.pages import page, problems, say, web
from todoke.client import CoreError
from todoke.v1.campaigns_pb2 import (
    ListOwnInquiryMessagesRequest,
    ListOwnInquiryMessagesResponse,
    ReceiveInquiryRequest,
)

MOST = 2_000
"""Characters of one message; more is a letter."""

SENT_BEFORE = "REQUEST_ID_REUSED"


@speaking.for_oneself
async def show(request: Request, wrong: Problems | None = None, text: str = "") -> Response:
    """Show what was written so far, a page of it, and the form to write more."""
    _taken(request)
    found = await _messages(request)
    return page(
        request,
        "inquiries.html",
        problems=wrong or {},
        text=text,
        messages=found.messages,
        older=found.next_page_token,
        hours=found.hours,
    )


@speaking.for_oneself
async def send(request: Request) -> Response:
    _taken(request)
    form = await forms.read(request)
    text = form.one("text")
    if not text:
        return await show(request, {"text": say(request, "inquiries.empty")})
    if len(text) > MOST:
        return await show(request, {"text": say(request, "inquiries.too_long", limit=MOST)}, text)
    asked = ReceiveInquiryRequest(
        external_id=sessions.of(request).external_id,
        text=text,
        request_id=forms.repeated(form),
    )
    asked.time.FromDatetime(datetime.now(UTC))
    try:
        await speaking.ask(request, web(request).core.campaigns.ReceiveInquiry, asked)
    except CoreError as error:
        # The same words of the same form, at another time: they were taken before.
        if error.reason != SENT_BEFORE:
            return await show(request, problems(request, error, "text"), text)
    sessions.of(request).said = "inquiries.sent"
    return leads_to("/me/inquiries")


def _taken(request: Request) -> None:
    """Raise where the city takes no inquiries here."""
    if not web(request).settings.inquiries:
        raise HTTPException(404)


async def _messages(request: Request) -> ListOwnInquiryMessagesResponse:
    asked = ListOwnInquiryMessagesRequest(
        external_id=sessions.of(request).external_id,
        page_token=request.query_params.get("older", "")[:200],
    )
    core = web(request).core
    found: ListOwnInquiryMessagesResponse = await speaking.ask(
        request, core.campaigns.ListOwnInquiryMessages, asked
    )
    return found
