"""お知らせ: every message that a resident got, searched and opened."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.downloads import handed_on
from channels.pages import leads_to
from channels.web import forms, sessions, speaking
from channels.web.own import speaker
from channels.web.pages import language, page, web
from todoke.client import CoreError
from todoke.v1.campaigns_pb2 import (
    DownloadImageRequest,
    InboxMessage,
    ListInboxRequest,
    ListInboxResponse,
    OpenInboxMessageRequest,
)

SIZE = 20
WIDEST = 1_024
"""Pixels of an image: no phone shows more of one."""

KEPT = "public, max-age=86400"
WORDS = 100
TOKEN = 200


@speaking.for_residents
async def show(request: Request) -> Response:
    """List a page; words that are looked for stand in its address, so that it can be gone back to.

    Where words are seldom said a page may hold none and still be gone on from.
    """
    words = request.query_params.get("words", "").strip()[:WORDS]
    asked = ListInboxRequest(
        speaker=speaker(request),
        words=words,
        page_size=SIZE,
        page_token=request.query_params.get("page", "")[:TOKEN],
        language=language(request),
    )
    try:
        found = await speaking.ask(request, web(request).core.campaigns.ListInbox, asked)
    except CoreError as error:
        if error.reason != "CURSOR_EXPIRED":
            raise
        return leads_to("/me/inbox")
    listed: ListInboxResponse = found
    return page(
        request,
        "inbox.html",
        messages=listed.messages,
        title=lambda one: _title(one, request),
        searched=words,
        after=_after(listed.next_page_token, words),
    )


async def message(request: Request) -> Response:
    """Show a message whole; whoever comes by a link from elsewhere signs in first."""
    session = sessions.of(request)
    if not session.signed_in:
        session.wanted = request.url.path
        return leads_to("/sign-in")
    asked = OpenInboxMessageRequest(
        speaker=speaker(request),
        message_id=str(request.path_params["message"]),
        language=language(request),
        request_id=forms.new_id(),
    )
    try:
        found = await speaking.ask(request, web(request).core.campaigns.OpenInboxMessage, asked)
    except CoreError as error:
        if error.reason != "INBOX_MESSAGE_UNKNOWN":
            raise
        raise HTTPException(404) from error
    one: InboxMessage = found.message
    return page(
        request,
        "inbox_message.html",
        one=one,
        title=_title(one, request),
        body=wording.inbox_body(one, language(request)),
    )


async def image(request: Request) -> Response:
    """Hand on a message's image, the same for all who are told, to browsers and to LINE."""
    core = web(request).core
    asked = DownloadImageRequest(image_id=str(request.path_params["image"]), width=WIDEST)
    try:
        answer = await handed_on(core.watch(core.campaigns.DownloadImage, asked), is_shown=True)
    except CoreError as error:
        if error.reason != "ATTACHMENT_UNKNOWN":
            raise
        raise HTTPException(404) from error
    answer.headers["cache-control"] = KEPT
    return answer


def _title(one: InboxMessage, request: Request) -> str:
    return wording.inbox_title(one, language(request))


def _after(token: str, words: str) -> str:
    if not token:
        return ""
    named = {"words": words} if words else {}
    return f"/me/inbox?{urlencode({**named, 'page': token})}"
