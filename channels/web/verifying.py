"""Whether a decision notice is the city's, by the code that is printed on it; and help."""

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import Problems
from channels.web import forms, speaking
from channels.web.pages import language, page, problems, say, web
from todoke.client import CoreError
from todoke.v1.applications_pb2 import CheckNoticeRequest, CheckNoticeResponse

SHORTEST, LONGEST = 8, 40


async def show(
    request: Request,
    wrong: Problems | None = None,
    notice: CheckNoticeResponse | None = None,
    code: str = "",
) -> Response:
    given = code or request.query_params.get("code", "")[:LONGEST]
    return page(request, "verify.html", problems=wrong or {}, notice=notice, code=given)


async def check(request: Request) -> Response:
    """Look a code up; who guesses from one network address rests as with other codes."""
    form = await forms.read(request)
    code = form.one("code")
    if not SHORTEST <= len(code) <= LONGEST:
        return await show(request, {"code": say(request, "verify.missing")}, code=code[:LONGEST])
    addresses, address = web(request).addresses, request.client.host if request.client else ""
    if addresses.rests(address):
        too_many = wording.refusal("TOO_MANY_ATTEMPTS", language(request))
        return await show(request, {"code": too_many}, code=code)
    try:
        asked = CheckNoticeRequest(external_id=await speaking.contact(request), code=code)
        found = await speaking.ask(request, web(request).core.applications.CheckNotice, asked)
    except CoreError as error:
        if error.reason != "NOTICE_MISSING":
            return await show(request, problems(request, error, "code"), code=code)
        addresses.refused(address)
        return await show(request, {"code": say(request, "verify.unknown")}, code=code)
    return await show(request, notice=found, code=code)


async def helping(request: Request) -> Response:
    return page(request, "help.html")
