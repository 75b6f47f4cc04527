"""Pages for what goes wrong: each says what happened and what to do."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.board import sessions
from channels.board.desk import NotYours
from channels.board.pages import language, page, say
from channels.board.speaking import ActsNoMore
from channels.multipart import TooLarge
from channels.pages import leads_to
from todoke.client import CoreError

log = structlog.get_logger()

WORDED = {
    403: "refused.foreign",
    404: "refused.nowhere",
    413: "refused.large",
    429: "refused.often",
}
NOWHERE = {
    "ASSOCIATION_UNKNOWN", "ATTACHMENT_UNKNOWN", "CIRCULAR_UNKNOWN", "COMMENT_UNKNOWN",
    "GROUP_UNKNOWN", "HOUSEHOLD_UNKNOWN", "JOIN_REQUEST_UNKNOWN", "MEMBER_UNKNOWN",
    "OFFICE_UNKNOWN",
}  # fmt: skip
"""What may exist or not: the page is that of an address that leads nowhere."""


async def http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _refused(request, status)


async def large(request: Request, error: Exception) -> Response:
    if not isinstance(error, TooLarge):
        raise error
    return _refused(request, 413)


async def core(request: Request, error: Exception) -> Response:
    """Word what the core refused, or that it is away."""
    if not isinstance(error, CoreError):
        raise error
    log.info("core_refused", code=error.code.name, reason=error.reason)
    if error.reason == "CONTACT_UNKNOWN":
        sessions.of(request).known = False
        return leads_to("/join")
    if error.reason in NOWHERE:
        return _refused(request, 404)
    if wording.is_for_the_resident(error):
        status = 403 if error.reason == "NOT_IN_OFFICE" else 422
        return _page(request, status, wording.refusal(error.reason, language(request)))
    return _page(request, 503, say(request, "refused.away"))


async def bug(request: Request, error: Exception) -> Response:
    """Say that it is our fault; the server logs the error itself."""
    del error
    return _page(request, 500, say(request, "refused.fault"))


async def acts_no_more(request: Request, error: Exception) -> Response:
    """Say that nobody here acts for whose pages these are."""
    if not isinstance(error, ActsNoMore):
        raise error
    return _page(request, 403, say(request, "acting.ended"))


async def not_yours(request: Request, error: Exception) -> Response:
    """Say who does it, and lead back to what the offices held here are for."""
    if not isinstance(error, NotYours):
        raise error
    return page(
        request,
        "not_yours.html",
        status=403,
        seat=error.seat,
        chair=error.seat.chair,
        back=back(request),
    )


def _refused(request: Request, status: int) -> Response:
    return _page(request, status, say(request, WORDED.get(status, "refused.unreadable")))


def _page(request: Request, status: int, why: str) -> Response:
    """Show why."""
    return page(request, "refused.html", status=status, why=why, back=back(request))


def back(request: Request) -> str:
    """Return where to change the language leads: after a form was sent, to the beginning."""
    return "" if request.method == "GET" else "/"
