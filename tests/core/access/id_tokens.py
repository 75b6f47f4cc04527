"""An issuer of identity tokens, and a town that takes them."""

import base64
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests import town
from tests.cards import Cards
from tests.channels.serving import serving
from tests.makers import Registered, a_contact, a_request_id, a_resident
from tests.town import Town
from todoke.client import Core
from todoke.v1 import access_pb2 as pb

ISSUER = "https://access.line.example"


AUDIENCE = "1234567890"


SECRET = "0123456789abcdef0123456789abcdef"


NONCE = "nonce-of-this-browser"


OTHER = RSAKey.generate_key(2048, {"kid": "rsa"}).as_dict(private=False)


@dataclass
class Issuer:
    """An issuer whose public keys stand on a page, and a count of who asked for them."""

    keys: dict[str, ECKey] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    def new_key(self, kid: str) -> None:
        self.keys[kid] = ECKey.generate_key("P-256", {"kid": kid})

    async def page(self, _) -> Response:
        self.asked += 1
        published = [key.as_dict(private=False) for key in self.keys.values()]
        return Response("", 503) if self.away else JSONResponse({"keys": [OTHER, *published]})


@dataclass
class Place:
    """A town that takes tokens of an issuer, and a resident with a contact on LINE."""

    town: Town
    issuer: Issuer
    line: Core
    web: Core
    resident: Registered

    def claims(self, **changes) -> dict:
        now = int(self.town.clock().timestamp())
        said = {
            "iss": ISSUER, "sub": self.resident.external_id, "aud": AUDIENCE,
            "exp": now + 3600, "iat": now, "nonce": NONCE,
        }  # fmt: skip
        return {name: value for name, value in (said | changes).items() if value is not None}

    def token(self, kid: str = "k1", **changes) -> str:
        return jwt.encode(
            {"alg": "ES256", "kid": kid}, self.claims(**changes), self.issuer.keys[kid]
        )

    async def link(self, token: str, *, external_id: str = "", nonce: str = NONCE, id: str = ""):
        external_id = external_id or (await a_contact(self.town, self.web)).external_id
        request = pb.LinkByIdTokenRequest(
            external_id=external_id, id_token=token, nonce=nonce, request_id=id or a_request_id()
        )
        return (await self.web.ask(self.web.access.LinkByIdToken, request)).contact


@asynccontextmanager
async def a_place(database: str, folder: Path, cards: Cards, **settings):
    issuer = Issuer()
    issuer.new_key("k1")
    secret = folder / "secret"
    secret.write_text(f"{SECRET}\n")
    async with serving(Starlette(routes=[Route("/certs", issuer.page)])) as url:
        known = {
            "issuer": ISSUER, "audiences": [AUDIENCE], "channel": "line",
            "keys": f"{url}/certs", "secret_file": secret,
        }  # fmt: skip
        built = await town.build(
            database, folder, id_token_issuers=[known | settings], **cards.settings
        )
        line, web = await built.channel("line"), await built.channel("web")
        resident = await a_resident(built, line, cards.issue())
        yield Place(built, issuer, line, web, resident)
        await built.close()


def forged(header: dict, claims: dict, signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
