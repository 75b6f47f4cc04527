"""The endpoints of LINE Login v2.1 that a web app's server calls.

LINE's reference gives the words of "Verify ID token" only; the other descriptions are ours.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from functools import partial
from hashlib import sha256
from typing import Any

from channels.simulators.line import answers, login_records, people
from channels.simulators.line.answers import Answer, Refused
from channels.simulators.line.id_tokens import BadIdToken, Mint
from channels.simulators.line.login_request import Asked
from channels.simulators.line.platform import Call
from channels.simulators.line.settings import LoginChannel

ACCESS_TOKEN_SECONDS = 30 * 24 * 3_600


class Wrong(Exception):  # noqa: N818 - named for the event, not as an error.
    """LINE Login refuses a request in the words of OAuth."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error

    def answer(self) -> Answer:
        return Answer(400, {"error": self.error, "error_description": str(self)})


async def issue_tokens(call: Call) -> Answer:
    """Give tokens for a code, which is spent by that even if the rest is wrong."""
    mint = _mint(call)
    try:
        person_id, asked = await _redeem(call, mint.channel)
    except Wrong as wrong:
        return wrong.answer()
    body: dict[str, Any] = {
        "access_token": secrets.token_urlsafe(48),
        "expires_in": ACCESS_TOKEN_SECONDS,
        "scope": asked.scope,
        "token_type": "Bearer",
    }
    if "openid" in asked.scope.split():
        person = await call.platform.store.read(partial(people.get, id=person_id))
        at = call.platform.now() // 1_000
        body["id_token"] = mint.issue(
            person, at=at, scope=asked.scope, nonce=asked.nonce, amr=asked.amr
        )
    return Answer(body=body)


async def _redeem(call: Call, channel: LoginChannel) -> tuple[str, Asked]:
    """Return whose code this is and what was asked for; raises Wrong."""
    form = call.form()
    if form.get("grant_type") != "authorization_code":
        raise Wrong("unsupported_grant_type", "grant_type must be authorization_code")
    _require(form, "code", "redirect_uri", "client_id", "client_secret")
    if not _is_client(channel, form):
        raise Wrong("invalid_client", "invalid client_id or client_secret")
    life = int(channel.code_life * 1_000)
    found = await call.platform.store.write(
        partial(login_records.use_code, code=form["code"], at=call.platform.now(), life=life)
    )
    if found is None:
        raise Wrong("invalid_grant", "invalid authorization code")
    if form["redirect_uri"] != found[1].redirect_uri:
        raise Wrong("invalid_grant", "redirect_uri does not match")
    if not _is_verified(found[1], form.get("code_verifier", "")):
        raise Wrong("invalid_grant", "code_verifier does not match")
    return found


async def verify(call: Call) -> Answer:
    """Say what an ID token says, if it is LINE's and for this channel."""
    mint = _mint(call)
    form = call.form()
    try:
        _require(form, "id_token", "client_id")
        claims = mint.check(
            form["id_token"],
            at=call.platform.now() // 1_000,
            client_id=form["client_id"],
            nonce=form.get("nonce"),
            user_id=form.get("user_id"),
        )
    except BadIdToken as bad:
        return Wrong("invalid_request", str(bad)).answer()
    except Wrong as wrong:
        return wrong.answer()
    return Answer(body=claims)


def _require(form: dict[str, str], *names: str) -> None:
    for name in names:
        if name not in form:
            raise Wrong("invalid_request", f"{name} is required")


async def certs(call: Call) -> Answer:
    return Answer(body=_mint(call).public_keys())


def _mint(call: Call) -> Mint:
    if call.platform.mint is None:
        raise Refused(404, answers.NOT_FOUND)
    return call.platform.mint


def _is_client(channel: LoginChannel, form: dict[str, str]) -> bool:
    given = form["client_secret"].encode()
    return form["client_id"] == channel.id and hmac.compare_digest(given, channel.secret.encode())


def _is_verified(asked: Asked, verifier: str) -> bool:
    """Hold a verifier against the challenge (RFC 7636); one that nobody asked for is no match."""
    if not asked.challenge or not verifier:
        return not asked.challenge and not verifier
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return hmac.compare_digest(made, asked.challenge)
