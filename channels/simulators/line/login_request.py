"""The authorization request of LINE Login v2.1, as a web app sends it along with a person.

Sources: "Integrating LINE Login with your web app", "PKCE support for LINE Login".
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlencode, urlsplit, urlunsplit

from channels.simulators.line.loopback import is_here
from channels.simulators.line.settings import LoginChannel

SCOPES = {"openid", "profile"}
PROMPTS = {"", "none", "consent", "login"}
BOT_PROMPTS = {"", "normal", "aggressive"}
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class NoWayBack(Exception):  # noqa: N818 - named for the event, not as an error.
    """The person cannot be sent back to the web app, and is told so; the words are LINE's."""


class SentBack(Exception):  # noqa: N818 - named for the event, not as an error.
    """The person is sent back to the web app with an error."""

    def __init__(self, error: str, description: str, *, redirect_uri: str, state: str) -> None:
        super().__init__(description)
        self.error = error
        self.redirect_uri = redirect_uri
        self.state = state

    def url(self, *, in_capitals: bool) -> str:
        error = self.error.upper() if in_capitals else self.error
        values = {"error": error, "error_description": str(self)}
        return called_back(self.redirect_uri, values, self.state)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be granted; `challenge` is empty without PKCE."""

    redirect_uri: str
    state: str
    scope: str
    nonce: str | None
    challenge: str
    prompt: str
    bot_prompt: str
    amr: str

    def granted(self, code: str, *, friendship: bool | None) -> str:
        """Say where a person goes who agreed, and what the web app learns."""
        values = {"code": code}
        if friendship is not None:
            values["friendship_status_changed"] = str(friendship).lower()
        return called_back(self.redirect_uri, values, self.state)

    def denied(self, error: str, description: str) -> SentBack:
        return SentBack(error, description, redirect_uri=self.redirect_uri, state=self.state)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, words: str) -> Self:
        return cls(**json.loads(words))


def read(values: Mapping[str, str], channel: LoginChannel | None, *, amr: str) -> Asked:
    """Check a request; raises NoWayBack or SentBack. Parameters not named here change nothing."""
    redirect_uri = values.get("redirect_uri", "")
    if channel is None or values.get("client_id") != channel.id:
        raise NoWayBack("Invalid client_id value.")
    if not is_callback(channel, redirect_uri):
        raise NoWayBack(
            "Invalid redirect_uri value."
            " Check if it is registered in a LINE Login channel of LINE Developers."
        )
    asked = Asked(
        redirect_uri=redirect_uri,
        state=values.get("state", ""),
        scope=" ".join(values.get("scope", "").split()),
        nonce=values.get("nonce"),
        challenge=values.get("code_challenge", ""),
        prompt=values.get("prompt", ""),
        bot_prompt=values.get("bot_prompt", ""),
        amr=amr,
    )
    if values.get("response_type") != "code":
        raise asked.denied("unsupported_response_type", "response_type must be code")
    scopes = set(asked.scope.split())
    if not scopes or not scopes <= SCOPES:
        raise asked.denied("invalid_scope", f"scope must be of {' '.join(sorted(SCOPES))}")
    if wrong := _wrong(asked, values):
        raise asked.denied("invalid_request", wrong)
    return asked


def _wrong(asked: Asked, values: Mapping[str, str]) -> str:
    has_pkce = bool(asked.challenge) or "code_challenge_method" in values
    method = values.get("code_challenge_method")
    is_right = {
        "state is required": bool(asked.state),
        "prompt must be none, consent or login": asked.prompt in PROMPTS,
        "bot_prompt must be normal or aggressive": asked.bot_prompt in BOT_PROMPTS,
        "the simulator knows response_mode query only": values.get("response_mode", "query")
        == "query",
        "code_challenge_method must be S256": not has_pkce or method == "S256",
        "code_challenge must be a SHA-256 in base64url": not has_pkce
        or CHALLENGE.fullmatch(asked.challenge) is not None,
    }
    return next((words for words, right in is_right.items() if not right), "")


def is_callback(channel: LoginChannel, url: str) -> bool:
    """Tell whether a web app may be called back here; LINE lets it add query values."""
    if "#" in url:
        return False
    if not channel.callback_urls:
        return is_here(url)
    known = {_without_query(registered) for registered in channel.callback_urls}
    return _without_query(url) in known


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def called_back(redirect_uri: str, values: dict[str, str], state: str) -> str:
    parts = urlsplit(redirect_uri)
    added = urlencode({**values, **({"state": state} if state else {})})
    query = f"{parts.query}&{added}" if parts.query else added
    return urlunsplit(parts._replace(query=query))
