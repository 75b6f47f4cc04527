"""An OpenID provider that agrees to everything at once, and fails as a test says."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.channels.serving import serving_there
from tests.town import Clock

CLIENT = "RP00000001"
CALLBACK = "https://city.example/app/callback"
HANAKO = {
    "name": "総社　花子",
    "birthdate": "19500412",
    "gender": "2",
    "address": {"formatted": "岡山県総社市中央１丁目１番地"},
}

CLIENT_KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "city-1"})


def key_file(folder: Path) -> Path:
    path = folder / "client.jwk"
    path.write_text(json.dumps(CLIENT_KEY.as_dict(private=True)))
    path.chmod(0o600)
    return path


def settings_for(issuer: str, folder: Path, **changes: Any) -> dict[str, Any]:
    """Return what a core is told that goes by this provider."""
    return {
        "auth_app_issuer": issuer,
        "auth_app_client_id": CLIENT,
        "auth_app_key": key_file(folder),
        "auth_app_redirect_uris": (CALLBACK,),
        **changes,
    }


def asked_for(uri: str) -> dict[str, str]:
    """Return the parameters of an authorization request."""
    return dict(parse_qsl(urlsplit(uri).query))


def half_hash(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


@dataclass
class Fake:
    """`claims` change the ID token, where None takes a claim away; `asked` are the requests seen.

    `away` are endpoints that answer 503, `answers` what others answer instead: a status and a body.
    An endpoint in `silent` does not answer until it is `released`.
    """

    issuer: str
    clock: Clock
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "app-1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    endpoints: dict[str, Any] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    signer: ECKey | RSAKey | OctKey | None = None
    published: list[dict[str, Any]] | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = field(default_factory=dict)

    def agree(self, uri: str, **person: Any) -> str:
        """Agree to an authorization request as this person, Hanako if nobody is named."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked_for(uri), HANAKO | person
        return code

    def answer(self, name: str, form: dict[str, str]) -> tuple[int, str]:
        self.asked.append((name, form))
        if name in self.away:
            return 503, ""
        if name in self.answers:
            return self.answers[name]
        return 200, json.dumps(getattr(self, f"_{name}")(form))

    def _discovery(self, form: dict[str, str]) -> dict[str, Any]:
        names = ("authorization", "token", "userinfo")
        found = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in names}
        found |= {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/certs"} | self.endpoints
        return found

    def _certs(self, form: dict[str, str]) -> dict[str, Any]:
        keys = self.published
        return {"keys": [self.key.as_dict(private=False)] if keys is None else keys}

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        request, person = self.codes[form["code"]]
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer, "sub": "sub-1", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": request["nonce"], "acr": "aal3 crl", "at_hash": half_hash("access"), **person,
        } | self.claims  # fmt: skip
        token = jwt.encode(
            _said({"alg": "ES256", "kid": self.key.kid} | self.header),
            _said(claims),
            self.signer or self.key,
            algorithms=["ES256", "RS256", "HS256"],
        )
        return {"access_token": "access", "token_type": "Bearer", "id_token": token}

    def _userinfo(self, form: dict[str, str]) -> dict[str, Any]:
        return {"sub": "sub-1"} | self.userinfo


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


NAMES = {"/.well-known/openid-configuration": "discovery"}


@dataclass
class Wire:
    """Asks a fake without a socket, as core.registration.identity.asking.Http asks a real one."""

    fake: Fake

    async def ask(self, method: str, uri: str, **request: Any) -> dict[str, Any]:
        path = uri.removeprefix(self.fake.issuer)
        name = NAMES.get(path, path.strip("/"))
        return json.loads(self.fake.answer(name, request.get("data", {}))[1])


def app_of(fake: Fake) -> Starlette:
    async def answer(request: Request) -> Response:
        name = NAMES.get(request.url.path, request.url.path.strip("/"))
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        if name in fake.silent:
            await fake.released.wait()
        status, body = fake.answer(name, form)
        if 300 <= status < 400:
            return Response(status_code=status, headers={"location": body})
        return Response(body, status, media_type=JSONResponse.media_type)

    app = Starlette()
    app.add_route("/{path:path}", answer, methods=["GET", "POST"])
    return app


@asynccontextmanager
async def serving_fake(clock: Clock) -> AsyncIterator[Fake]:
    fake = Fake("", clock)

    def make(url: str) -> Starlette:
        fake.issuer = url
        return app_of(fake)

    async with serving_there(make):
        yield fake
