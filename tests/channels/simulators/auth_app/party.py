"""Makers for the tests of the authentication app: a running one, and a client with a browser."""

import base64
import hashlib
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette

from channels.simulators.auth_app.app import create_app
from channels.simulators.auth_app.settings import Client, Clock, Settings
from channels.simulators.card import Authority, Holder
from tests.channels.serving import serving_there

CLIENT = "RP00000001"
CALLBACK = "https://city.example/oidc/callback?lang=ja"
PIN = "0123"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
REALM = "/api/realms/main"
FOUR = "openid name address birthdate gender"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "city-1"})
RSA = RSAKey.generate_key(2048, {"use": "sig", "kid": "city-2"})


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    now: float = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now


def a_card(authority: Authority, name: str = "佐藤　花子") -> str:
    holder = Holder(
        name=name, birth_date=date(1985, 3, 15), sex="2", address="岡山県総社市中央１丁目１番１号"
    )
    return authority.issue(holder, pin="ABC123", auth_pin=PIN)


def answer_of(response: httpx.Response) -> dict[str, str]:
    """Return what a redirect brings to the client."""
    assert response.status_code == 303, response.text
    assert response.headers["location"].startswith("https://city.example/oidc/callback?lang=ja&")
    return dict(parse_qsl(urlsplit(response.headers["location"]).query))


def words_of(page: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@dataclass
class Party:
    """A client of the provider, and the browser of a person."""

    url: str
    http: httpx.AsyncClient
    clock: Clock
    client_id: str = CLIENT
    key: ECKey | RSAKey = field(default_factory=lambda: KEY)
    assertions: int = 0

    def endpoint(self, name: str) -> str:
        return f"{self.url}{REALM}/protocol/openid-connect/{name}"

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return an authorization request; `None` leaves a parameter out."""
        usual = {
            "response_type": "code",
            "scope": FOUR,
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "state": "the state ~",
            "nonce": "the nonce ~",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    async def ask(self, **changes: str | None) -> httpx.Response:
        return await self.http.get(self.endpoint("auth"), params=self.query(**changes))

    async def press(
        self, page: httpx.Response, *, card: str = "", pin: str = PIN, deed: str = "agree"
    ) -> httpx.Response:
        """Fill in a page's form and press one of its buttons."""
        id = re.search(r'name="request" value="([^"]+)"', page.text)[1]
        preset = re.search(r'<input type="hidden" name="card" value="([^"]+)"', page.text)
        form = {"request": id, "card": card or (preset[1] if preset else ""), "pin": pin}
        return await self.http.post(
            f"{self.url}{REALM}/login-actions/authenticate", data={**form, "deed": deed}
        )

    async def code(self, card: str, **changes: str | None) -> str:
        return answer_of(await self.press(await self.ask(**changes), card=card))["code"]

    def assertion(self, *, header: dict[str, Any] | None = None, key: Any = None, **changes) -> str:
        """Sign a client assertion; a claim that is `None` is left out."""
        self.assertions += 1
        now = int(self.clock())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.endpoint("token"),
            "iat": now,
            "exp": now + 60,
            "jti": f"assertion-{self.assertions}",
        } | changes
        key = key or self.key
        alg = "ES256" if key.key_type == "EC" else "RS256"
        return jwt.encode(
            {"alg": alg, **(header or {})},
            {name: value for name, value in claims.items() if value is not None},
            key,
            algorithms=["ES256", "RS256"],
        )

    def form(self, given: str, **changes: str | None) -> dict[str, str]:
        usual = {
            "grant_type": "authorization_code",
            "code": given,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_assertion_type": ASSERTION_TYPE,
        }
        if "client_assertion" not in changes:
            usual["client_assertion"] = self.assertion()
        return {name: value for name, value in (usual | changes).items() if value is not None}

    async def exchange(self, given: str, **changes: str | None) -> httpx.Response:
        return await self.http.post(self.endpoint("token"), data=self.form(given, **changes))

    async def userinfo(self, access_token: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {access_token}"}
        return await self.http.get(self.endpoint("userinfo"), headers=headers)

    async def fault(self, name: str, **more: Any) -> None:
        answer = await self.http.put(f"{self.url}/admin/faults", json={"faults": {name: more}})
        assert answer.status_code == 200, answer.text

    def claims(self, id_token: str) -> dict[str, Any]:
        """Return what an ID token says, whoever signed it."""
        payload = id_token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def half_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode()[:22]


def write_keys(path: Path, *keys: ECKey | RSAKey) -> Path:
    path.write_text(json.dumps({"keys": [key.as_dict(private=False) for key in keys]}))
    return path


def make(folder: Path, cards: Path, url: str, clock: Clock, **settings: Any) -> Starlette:
    """Make a provider with two clients, RP00000001 and RP00000002, which have the same keys."""
    jwks = write_keys(folder / "client-jwks.json", KEY, RSA)
    clients = tuple(
        Client(id=id, name="とどけ市", jwks=jwks, redirect_uris=(CALLBACK, "app.city://back"))
        for id in (CLIENT, "RP00000002")
    )
    usual = {"base_url": url, "state": folder / "state", "clients": clients}
    return create_app(Settings(**(usual | settings)), cards=cards, clock=clock)


@asynccontextmanager
async def a_provider(
    folder: Path, cards: Path, *, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[Party]:
    """Run a provider without a socket, whose opening and closing would take most of the time."""
    hands = clock or Hands()
    url = "http://auth-app.example"
    transport = httpx.ASGITransport(make(folder, cards, url, hands, **settings))
    async with httpx.AsyncClient(transport=transport) as http:
        yield Party(url, http, hands)


@asynccontextmanager
async def a_server(folder: Path, cards: Path, **settings: Any) -> AsyncIterator[Party]:
    """Serve a provider on a free port, by the real clock."""
    async with (
        serving_there(lambda url: make(folder, cards, url, time.time, **settings)) as url,
        httpx.AsyncClient() as http,
    ):
        yield Party(url, http, time.time)
