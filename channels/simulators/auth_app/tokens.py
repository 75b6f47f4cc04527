"""The token endpoint: an ID token and an access token for a code, to the client it is for."""

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.simulators.auth_app import client_keys, id_token
from channels.simulators.auth_app.provider import Grant, Provider, provider_of
from channels.simulators.auth_app.refusals import Refused, single
from channels.simulators.auth_app.settings import Client

FORM = "application/x-www-form-urlencoded"
VERIFIER = re.compile(r"[0-9A-Za-z._~-]{43,128}")
NOT_KEPT = {"cache-control": "no-store", "pragma": "no-cache"}

log = structlog.get_logger()


async def token(request: Request) -> Response:
    provider = provider_of(request)
    if provider.faults.strike("token_error"):
        return JSONResponse({"error": "server_error"}, 500, NOT_KEPT)
    try:
        form = _form(request, await request.body())
        answer = _exchange(provider, form)
    except Refused as refused:
        provider.counts["tokens refused"] += 1
        log.info("token refused", error=refused.error, description=refused.description)
        return JSONResponse(refused.body(), refused.status, NOT_KEPT)
    provider.counts["tokens issued"] += 1
    if slow := provider.faults.strike("slow"):
        await asyncio.sleep(slow.seconds)
    return JSONResponse(answer, headers=NOT_KEPT)


def _form(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refused("invalid_request", f"the content type must be {FORM}")
    if "authorization" in request.headers:
        raise Refused(
            "invalid_client", "authenticate by private_key_jwt, not by a header", status=401
        )
    if request.query_params:
        raise Refused("invalid_request", "parameters belong into the body")
    try:
        return single(parse_qsl(body.decode("ascii"), keep_blank_values=True))
    except ValueError as wrong:
        raise Refused("invalid_request", "the body is no form") from wrong


def _exchange(provider: Provider, form: Mapping[str, str]) -> dict[str, object]:
    client = client_keys.authenticate(provider, form)
    if "grant_type" not in form:
        raise Refused("invalid_request", "grant_type is missing")
    if form["grant_type"] != "authorization_code":
        raise Refused("unsupported_grant_type", "grant_type must be authorization_code")
    for name in ("code", "redirect_uri", "code_verifier"):
        if name not in form:
            raise Refused("invalid_request", f"{name} is missing")
    grant = _used(provider, form["code"], client)
    _check(form, grant)
    grant.access_token = secrets.token_urlsafe(32)
    provider.accesses.put(grant.access_token, grant)
    log.info("tokens issued", client=client.id, scopes=list(grant.asked.scopes))
    return {
        "access_token": grant.access_token,
        "token_type": "Bearer",
        "expires_in": int(provider.settings.token_life),
        "id_token": id_token.make(provider, grant),
        "scope": " ".join(grant.asked.scopes),
        "session_state": grant.session,
    }


def _used(provider: Provider, code: str, client: Client) -> Grant:
    """Use up a code, even if what else the request brings is wrong."""
    grant = provider.grants.get(code)
    if grant is None or grant.asked.addressee.client.id != client.id:
        raise Refused("invalid_grant", "there is no such code for this client")
    if grant.is_used:
        # Either use may have been a thief's (RFC 6749, 4.1.2).
        provider.accesses.pop(grant.access_token)
        raise Refused("invalid_grant", "the code was used before; its tokens are revoked")
    grant.is_used = True
    if provider.clock() >= grant.time + provider.settings.code_life:
        raise Refused("invalid_grant", "the code has expired")
    return grant


def _check(form: Mapping[str, str], grant: Grant) -> None:
    if form["redirect_uri"] != grant.asked.addressee.redirect_uri:
        raise Refused("invalid_grant", "redirect_uri is not that of the authorization request")
    if not VERIFIER.fullmatch(form["code_verifier"]):
        raise Refused("invalid_grant", "code_verifier must be 43 to 128 unreserved characters")
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not hmac.compare_digest(challenge, grant.asked.code_challenge):
        raise Refused("invalid_grant", "code_verifier does not fit the code_challenge")
