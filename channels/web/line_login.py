"""Signing in with LINE: LINE says who it is, to the core and not to us."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

import httpx
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels import wording
from channels.web import sessions, signing_in, speaking
from channels.web.pages import language, problems, say, web
from todoke.client import CoreError
from todoke.v1.access_pb2 import LinkByIdTokenRequest

log = structlog.get_logger()

CALLBACK = "/line/callback"


async def go(request: Request) -> Response:
    """Send the browser to LINE; nothing is told to the core yet."""
    settings = web(request).settings
    if not settings.line_login_channel_id:
        raise HTTPException(404)
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    sessions.of(request).line = kept
    hashed = hashlib.sha256(kept["verifier"].encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": settings.line_login_channel_id,
        "redirect_uri": settings.public_url + CALLBACK,
        "state": kept["state"],
        "scope": "openid",
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return RedirectResponse(f"{settings.line_login_authorize_url}?{urlencode(asked)}", 303)


async def back(request: Request) -> Response:
    """Take LINE's code where this browser asked for one, and let the core read LINE's token."""
    session = sessions.of(request)
    kept, session.line = session.line, {}
    brought = request.query_params
    if not kept or brought.get("state") != kept["state"]:
        return await _failed(request, say(request, "sign_in.other_browser"))
    code = brought.get("code", "")
    if not code:
        return await _failed(request, say(request, "sign_in.line_stopped"))
    try:
        token = await _token(request, code, kept["verifier"])
    except (httpx.HTTPError, ValueError) as error:
        log.warning("line_login_failed", why=type(error).__name__)
        why = wording.refusal("ID_TOKEN_REFUSED", language(request))
        return await _failed(request, why)
    try:
        asked = LinkByIdTokenRequest(
            external_id=await speaking.contact(request),
            id_token=token,
            nonce=kept["nonce"],
            request_id=kept["state"],
        )
        await speaking.ask(request, web(request).core.access.LinkByIdToken, asked)
    except CoreError as error:
        if error.reason == "CONTACT_NOT_REGISTERED":
            return await _failed(request, say(request, "sign_in.line_unknown"))
        return await signing_in.show(request, problems(request, error))
    session.said = "sign_in.done"
    speaking.signed_in(request)
    return speaking.led_on(request)


async def _token(request: Request, code: str, verifier: str) -> str:
    """Change LINE's code for its ID token. Raises httpx.HTTPError, ValueError."""
    settings = web(request).settings
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": settings.public_url + CALLBACK,
        "client_id": settings.line_login_channel_id,
        "client_secret": settings.line_login_secret,
        "code_verifier": verifier,
    }
    answer = await web(request).http.post(settings.line_login_token_url, data=sent)
    answer.raise_for_status()
    token = answer.json().get("id_token")
    if not isinstance(token, str) or not 1 <= len(token) <= 8192:
        raise ValueError("LINE gave no ID token")
    return token


async def _failed(request: Request, why: str) -> Response:
    return await signing_in.show(request, {"": why})
