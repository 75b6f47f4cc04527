"""The authorization request: what a browser must bring, and what is refused.

Source: the Digital Agency's "APIリファレンス", 認可エンドポイント, and OpenID Connect Core 1.0.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from channels.simulators.auth_app.refusals import Refused, single
from channels.simulators.auth_app.settings import CLIENT_ID, LONGEST_URI, Client

PRINTABLE = re.compile(r"[\x20-\x7e]{1,255}")
CHALLENGE = re.compile(r"[0-9a-zA-Z_-]{1,128}")
SCOPES = ("openid", "name", "address", "birthdate", "gender")
# What an authentication by card and PIN is, and that its certificate was looked up.
ACR = ("aal3", "crl")


class NotAnswerable(Exception):  # noqa: N818 - named for the event, not as an error.
    """Nobody known asks: the browser must not be sent anywhere."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where an answer goes; `state` is `None` where the one sent cannot be repeated."""

    client: Client
    redirect_uri: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that keeps all the rules; `acr` is what its ID token will say."""

    addressee: Addressee
    nonce: str
    scopes: tuple[str, ...]
    code_challenge: str
    acr: str
    login_hint: str


def addressee(values: Iterable[tuple[str, str]], clients: Mapping[str, Client]) -> Addressee:
    """Say whom to answer; raises NotAnswerable where client or redirect URI are not registered."""
    every = list(values)
    client_id = _only(every, "client_id")
    if client_id is None or not CLIENT_ID.fullmatch(client_id) or client_id not in clients:
        raise NotAnswerable("client_id")
    client = clients[client_id]
    redirect_uri = _only(every, "redirect_uri")
    if redirect_uri is None or len(redirect_uri) > LONGEST_URI:
        raise NotAnswerable("redirect_uri")
    if redirect_uri not in client.redirect_uris:
        raise NotAnswerable("redirect_uri")
    state = _only(every, "state")
    can_repeat = state is not None and PRINTABLE.fullmatch(state)
    return Addressee(client, redirect_uri, state if can_repeat else None)


def read(values: Iterable[tuple[str, str]], to: Addressee) -> Asked:
    """Read a request whose addressee is known; raises Refused with what is wrong in it."""
    given = single(values)
    _check_extras(given)
    if to.state is None:
        raise Refused("invalid_request", "state must be 1 to 255 printable ASCII characters")
    if _required(given, "response_type") != "code":
        raise Refused("unsupported_response_type", "response_type must be code")
    scopes = _scopes(_required(given, "scope"))
    if not PRINTABLE.fullmatch(_required(given, "nonce")):
        raise Refused("invalid_request", "nonce must be 1 to 255 printable ASCII characters")
    if not CHALLENGE.fullmatch(_required(given, "code_challenge")):
        raise Refused("invalid_request", "code_challenge must be 1 to 128 of 0-9 a-z A-Z _ -")
    if _required(given, "code_challenge_method") != "S256":
        raise Refused("invalid_request", "code_challenge_method must be S256")
    return Asked(
        addressee=to,
        nonce=given["nonce"],
        scopes=scopes,
        code_challenge=given["code_challenge"],
        acr=_acr(given.get("acr_values", "")),
        login_hint=given.get("login_hint", ""),
    )


def _check_extras(given: Mapping[str, str]) -> None:
    for name in ("request", "request_uri"):
        if name in given:
            raise Refused(f"{name}_not_supported", f"{name} is not supported")
    if given.get("response_mode", "query") != "query":
        raise Refused("invalid_request", "response_mode must be query")
    if "sign_transaction_id" in given:
        raise Refused("invalid_request", "sign_transaction_id needs the scope sign")
    if "none" in given.get("prompt", "").split():
        # The PIN is asked for each time, so that there is no session to go by.
        raise Refused("login_required", "the person must authenticate with the card")


def _only(values: list[tuple[str, str]], name: str) -> str | None:
    found = [value for key, value in values if key == name]
    return found[0] if len(found) == 1 else None


def _required(given: Mapping[str, str], name: str) -> str:
    if name not in given:
        raise Refused("invalid_request", f"{name} is missing")
    return given[name]


def _scopes(words: str) -> tuple[str, ...]:
    asked = words.split(" ")
    if "openid" not in asked:
        raise Refused("invalid_scope", "the scope openid is missing")
    if "sign" in asked:
        raise Refused("invalid_scope", "the scope sign is not simulated")
    if not set(asked) <= set(SCOPES):
        raise Refused("invalid_scope", f"scopes are {' '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in asked)


def _acr(words: str) -> str:
    """Return what is met of the values asked for, which are wishes, not conditions."""
    return " ".join(value for value in words.split() if value in ACR) or ACR[0]
