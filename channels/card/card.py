"""The pages where a resident reads the consent and signs it with the card: docs/card-handover.md.

Nothing here is personal: who knows the challenge's id may be anybody's phone.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from channels import wording
from channels.body import TooLarge, read
from todoke.client import Core, CoreError
from todoke.v1.proxies_pb2 import ProxyTerms
from todoke.v1.registration_pb2 import (
    CompleteVerificationRequest,
    GetVerificationRequest,
    JpkiProof,
    Verification,
)

log = structlog.get_logger()

HERE = Path(__file__).parent
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_BYTES = 32 * 1024
MOST_CERTIFICATE, MOST_SIGNATURE = 16_384, 1_024

STATUSES = {
    "CHALLENGE_UNKNOWN": 404,
    "CHALLENGE_EXPIRED": 410,
    "CHALLENGE_USED": 410,
    "CONTACT_TAKEN": 409,
    "FIELD_INVALID": 400,
}
PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
}
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), auto_reload=False
)


class Refused(Exception):  # noqa: N818 - named for the event, not as an error.
    """The person is told why; `reason` is a name of ErrorReason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def status(self) -> int:
        return STATUSES.get(self.reason, 422)


class Away(Exception):  # noqa: N818 - named for the event, not as an error.
    """The core cannot be asked now; the person may try again."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a channel leads to the card's pages, and where it leads back.

    `back` names the sentence of [card] that says where to go when it is done. Where the channel has
    them, `back_url` leads there, `app_url` to the authentication app, and `draw` makes a picture of
    the link for another device.
    """

    back: str
    back_url: str = ""
    app_url: str = ""
    draw: Callable[[str], Markup] | None = None


class Card:
    """The page of a challenge, its hand-over to the phone's card reader, and the signed answer."""

    def __init__(self, core: Core, public_url: str, way: Way) -> None:
        self._core = core
        self._public_url = public_url
        self._way = way

    async def page(self, request: Request, language: str = wording.FIRST) -> Response:
        try:
            verification = await self._challenge(request)
        except Refused as refused:
            return self.problem(wording.refusal(refused.reason, language), refused.status, language)
        except Away:
            return self.problem(wording.say("card", "reload", language), 503, language)
        link = "todoke-card:" + self._url(verification) + "/request"
        until = wording.clock(verification.expire_time.ToDatetime(UTC), language)
        return _html(
            "card.html",
            200,
            language,
            consent=verification.consent_text,
            link=link,
            until=until,
            way=self._way,
            picture=self._way.draw(link) if self._way.draw else "",
            proxy=_terms(verification.proxy, language) if verification.HasField("proxy") else None,
        )

    def problem(self, why: str, status: int, language: str = wording.FIRST) -> Response:
        """Say why the page of a challenge cannot be shown."""
        return _html("problem.html", status, language, why=why, way=self._way)

    async def ask(self, request: Request) -> Response:
        """Tell the phone what to sign, and where to send it."""
        try:
            verification = await self._challenge(request)
        except Refused as refused:
            return _refuse(refused)
        except Away:
            return _again()
        return JSONResponse(
            {
                "text": verification.consent_text,
                "callback": self._url(verification),
                "expires_at": verification.expire_time.ToJsonString(),
            },
            headers=PRIVATE,
        )

    async def take(self, request: Request) -> Response:
        """Take the signed consent from the phone."""
        try:
            id = _id(request)
            proof = _proof(await read(request, MOST_BYTES))
            done = await self._ask(
                self._core.registration.CompleteVerification,
                CompleteVerificationRequest(
                    challenge_id=id,
                    jpki=proof,
                    # A phone whose answer was lost sends the same again.
                    request_id=hashlib.sha256(id.encode() + proof.signature).hexdigest(),
                ),
            )
        except TooLarge:
            return _refuse(Refused("FIELD_INVALID"), 413)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refused as refused:
            return _refuse(refused)
        except Away:
            return _again()
        said = wording.say("card", "renewed" if done.renewed else "registered")
        back = wording.say("card", self._way.back)
        return JSONResponse({"message": said + back}, headers=PRIVATE)

    async def _challenge(self, request: Request) -> Verification:
        asked = GetVerificationRequest(challenge_id=_id(request))
        found = await self._ask(self._core.registration.GetVerification, asked)
        verification: Verification = found.verification
        return verification

    async def _ask(self, method: Any, request: Any) -> Any:
        """Ask the core. Raises Refused with what the resident can mend, Away with all else."""
        try:
            return await self._core.ask(method, request)
        except CoreError as error:
            log.info("card_refused", code=error.code.name, reason=error.reason)
            if wording.is_for_the_resident(error):
                raise Refused(error.reason) from None
            raise Away from None

    def _url(self, verification: Verification) -> str:
        return f"{self._public_url}/card/{quote(verification.challenge_id, safe='')}"


def _id(request: Request) -> str:
    id = str(request.path_params["challenge_id"])
    if not CHALLENGE.fullmatch(id):
        raise Refused("CHALLENGE_UNKNOWN")
    return id


def _proof(body: bytes) -> JpkiProof:
    """Read {"certificate": base64 DER, "signature": base64}. Raises Refused."""
    try:
        sent = json.loads(body)
        certificate = base64.b64decode(sent["certificate"], validate=True)
        signature = base64.b64decode(sent["signature"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise Refused("FIELD_INVALID") from None
    fits = 1 <= len(certificate) <= MOST_CERTIFICATE and 1 <= len(signature) <= MOST_SIGNATURE
    if not fits:
        raise Refused("FIELD_INVALID")
    return JpkiProof(certificate=certificate, signature=signature)


def _refuse(refused: Refused, status: int = 0) -> Response:
    words = {"message": wording.refusal(refused.reason), "reason": refused.reason}
    return JSONResponse(words, status_code=status or refused.status, headers=PRIVATE)


def _again() -> Response:
    words = {"message": wording.say("card", "again"), "reason": "TRY_AGAIN"}
    return JSONResponse(words, status_code=503, headers=PRIVATE)


def _terms(terms: ProxyTerms, language: str) -> dict[str, Any]:
    """Word what the card's holder lets the phone's resident do, and until when."""
    return {
        "scopes": [wording.scope(scope, language) for scope in terms.scopes],
        "until": wording.day(terms.expire_date, language),
    }


def _html(name: str, status: int, language: str, **places: Any) -> Response:
    html = TEMPLATES.get_template(name).render(
        say=partial(wording.say, "card", language=language),
        lang=wording.spoken(language),
        **places,
    )
    return HTMLResponse(html, status_code=status, headers=PRIVATE)
