"""Coming back: by a one-time code, typed or in a link; and going."""

from starlette.requests import Request
from starlette.responses import Response

from channels import wording
from channels.pages import Problems, leads_to
from channels.web import forms, sessions, speaking
from channels.web.pages import language, page, problems, say, web
from todoke.client import CoreError
from todoke.v1.access_pb2 import CompleteContactLinkRequest


async def show(request: Request, wrong: Problems | None = None, request_id: str = "") -> Response:
    settings = web(request).settings
    return page(
        request,
        "sign_in.html",
        problems=wrong or {},
        request_id=request_id,
        has_line=bool(settings.line_login_channel_id),
        has_app=settings.authentication_app,
    )


async def link(request: Request) -> Response:
    """Show what a link's code would do; it does nothing before the button is pressed."""
    return page(request, "link.html", code=request.query_params.get("code", "")[:64])


async def code(request: Request) -> Response:
    form = await forms.read(request)
    given = form.code
    if not 1 <= len(given) <= 64:
        return await show(request, {"code": say(request, "sign_in.code_missing")}, form.request_id)
    addresses, address = web(request).addresses, request.client.host if request.client else ""
    if addresses.rests(address):
        too_many = wording.refusal("TOO_MANY_ATTEMPTS", language(request))
        return await show(request, {"code": too_many}, form.request_id)
    try:
        asked = CompleteContactLinkRequest(
            external_id=await speaking.contact(request), code=given, request_id=form.request_id
        )
        await speaking.ask(request, web(request).core.access.CompleteContactLink, asked)
    except CoreError as error:
        if error.reason == "LINK_CODE_REFUSED":
            addresses.refused(address)
        return await show(request, problems(request, error, "code"))
    sessions.of(request).said = "sign_in.done"
    speaking.signed_in(request)
    return speaking.led_on(request)


async def out(request: Request) -> Response:
    """End the session, here and in the core; a contact with a passkey stays, to sign in by."""
    await forms.read(request)
    session = sessions.of(request)
    if session.signed_in and not session.has_passkey:
        await speaking.unlink(request, session.external_id)
        session.signed_in = False
    speaking.left(request, "sign_in.out")
    return leads_to("/")
