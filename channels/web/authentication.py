"""Proving who one is by the Digital Agency's app: read, agree, go there, come back."""

import hashlib

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.pages import Problems, leads_to
from channels.web import forms, sessions, speaking
from channels.web.pages import page, problems, say, web
from todoke.client import CoreError
from todoke.v1.registration_pb2 import (
    BeginAuthenticationRequest,
    BeginAuthenticationResponse,
    CompleteAuthenticationRequest,
)
from todoke.v1.residents_pb2 import (
    ASSURANCE_DIGITAL_AUTH_APP,
    CONSENT_PURPOSE_REGISTRATION,
    GetConsentTextRequest,
)

CALLBACK = "/app/callback"


async def show(request: Request, wrong: Problems | None = None, request_id: str = "") -> Response:
    """Show the whole consent text, and the box to agree by."""
    _is_offered(request)
    asked = GetConsentTextRequest(
        purpose=CONSENT_PURPOSE_REGISTRATION, assurance=ASSURANCE_DIGITAL_AUTH_APP
    )
    found = await speaking.ask(request, web(request).core.residents.GetConsentText, asked)
    return page(
        request, "app.html", problems=wrong or {}, consent=found.consent_text, request_id=request_id
    )


async def agree(request: Request) -> Response:
    _is_offered(request)
    form = await forms.read(request)
    if form.one("agree") != "yes":
        return await show(request, {"agree": say(request, "app.agree_missing")}, form.request_id)
    session = sessions.of(request)
    session.app = {"request_id": form.request_id, "version": form.one("version")}
    try:
        session.app["state"] = (await _begun(request)).state
    except CoreError as error:
        return await show(request, problems(request, error, "agree"))
    return leads_to("/app/go")


async def go(request: Request) -> Response:
    """Say that the next page is not ours, and link to it.

    No redirect: a policy that lets forms lead nowhere but here would stop it.
    """
    _is_offered(request)
    if "state" not in sessions.of(request).app:
        return leads_to("/app")
    begun = await _begun(request)
    return page(request, "app_go.html", link=begun.authorization_uri, until=begun.expire_time)


async def _begun(request: Request) -> BeginAuthenticationResponse:
    """Begin, or be told again what was begun under the same request id."""
    kept = sessions.of(request).app
    version = kept["version"]
    asked = BeginAuthenticationRequest(
        external_id=await speaking.contact(request),
        redirect_uri=web(request).settings.public_url + CALLBACK,
        request_id=kept["request_id"],
        consent_version=int(version) if version.isdecimal() and len(version) < 7 else 0,
    )
    registration = web(request).core.registration
    begun: BeginAuthenticationResponse = await speaking.ask(
        request, registration.BeginAuthentication, asked
    )
    return begun


async def back(request: Request) -> Response:
    """Take what the browser brought back, where it is the browser that left."""
    _is_offered(request)
    session = sessions.of(request)
    brought = request.query_params
    state, code, error = (brought.get(name, "") for name in ("state", "code", "error"))
    if not state or state != session.app.get("state"):
        return _failed(request, say(request, "app.other_browser"), 400)
    asked = CompleteAuthenticationRequest(
        state=state,
        # A page that is opened twice asks the same again, and is told the same.
        request_id=hashlib.sha256(f"{state} {code} {error}".encode()).hexdigest(),
    )
    if code:
        asked.code = code[:2000]
    else:
        asked.error = error[:255] or "none"
    try:
        done = await speaking.ask(
            request, web(request).core.registration.CompleteAuthentication, asked
        )
    except CoreError as refused:
        words = problems(request, refused)[""]
        if not refused.passing:
            session.app = {}
        return _failed(request, words, 422)
    if done.external_id != session.external_id:
        return _failed(request, say(request, "app.other_browser"), 400)
    session.app = {}
    session.said = "start.renewed" if done.renewed else "start.registered"
    speaking.signed_in(request)
    return speaking.led_on(request)


def _failed(request: Request, why: str, status: int) -> Response:
    return page(request, "app_failed.html", status=status, why=why)


def _is_offered(request: Request) -> None:
    if not web(request).settings.authentication_app:
        raise HTTPException(404)
