"""Pages for what goes wrong: each says what happened and what to do."""

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import leads_to
from channels.web import sessions, speaking
from channels.web.pages import NO_LONGER_SIGNED_IN, language, page, say
from todoke.client import CoreError

log = structlog.get_logger()

WORDED = {403, 404, 405, 413}


async def http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    name = f"refused.{status}" if status in WORDED else "refused.400"
    return page(request, "refused.html", status=status, why=say(request, name))


async def core(request: Request, error: Exception) -> Response:
    """Word what the core refused, or that it is away; lead to signing in whom it knows no more."""
    if not isinstance(error, CoreError):
        raise error
    log.info("core_refused", code=error.code.name, reason=error.reason)
    if error.reason in NO_LONGER_SIGNED_IN:
        sessions.of(request).signed_in = False
        speaking.left(request, "sign_in.again")
        return leads_to("/sign-in")
    if wording.is_for_the_resident(error):
        why = wording.refusal(error.reason, language(request))
        return page(request, "refused.html", status=422, why=why)
    return page(request, "refused.html", status=503, why=say(request, "refused.503"))


async def bug(request: Request, error: Exception) -> Response:
    """Say that it is our fault; the server logs the error itself."""
    del error
    return page(request, "refused.html", status=500, why=say(request, "refused.500"))
