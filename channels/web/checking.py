"""Whether a message is the city's, by the code that stands on it: anybody may ask."""

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import Problems
from channels.web import forms, sessions, speaking
from channels.web.pages import language, page, problems, say, web
from todoke.client import CoreError
from todoke.v1.campaigns_pb2 import CheckOfficialCodeRequest, CheckOfficialCodeResponse

SHORTEST, LONGEST = 8, 32


async def show(
    request: Request,
    wrong: Problems | None = None,
    found: CheckOfficialCodeResponse | None = None,
    code: str = "",
) -> Response:
    given = code or request.query_params.get("code", "")
    title = wording.text_in(found.title.by_language, language(request)) if found else ""
    return page(
        request,
        "check.html",
        problems=wrong or {},
        found=found,
        kind="notice" if found and found.kind == "notice" else "message",
        title=title,
        code=given[:LONGEST],
    )


async def check(request: Request) -> Response:
    """Look a code up; who guesses from one network address rests as with other codes."""
    form = await forms.read(request)
    code = form.one("code")
    if not SHORTEST <= len(code) <= LONGEST:
        return await show(request, {"code": say(request, "check.missing")}, code=code)
    addresses, address = web(request).addresses, request.client.host if request.client else ""
    if addresses.rests(address):
        too_many = wording.refusal("TOO_MANY_ATTEMPTS", language(request))
        return await show(request, {"code": too_many}, code=code)
    asked = CheckOfficialCodeRequest(external_id=sessions.of(request).external_id, code=code)
    try:
        found = await speaking.ask(request, web(request).core.campaigns.CheckOfficialCode, asked)
    except CoreError as error:
        if error.reason == "OFFICIAL_CODE_UNKNOWN":
            addresses.refused(address)
        return await show(request, problems(request, error, "code"), code=code)
    return await show(request, found=found, code=code)
