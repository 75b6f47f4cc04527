"""The pages between the chat and the Digital Agency's app: consent, the way there, and back.

Who opens the page is known by the token in its address; who comes back must be the browser that
went. Nothing here is personal: the page may be open on anybody's phone.
"""

import hashlib
import re
import secrets
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from channels import wording
from channels.body import TooLarge, read
from channels.line.page_tokens import LENGTH, PageTokens, TokenExpired, TokenForged
from todoke.client import Core, CoreError
from todoke.v1.registration_pb2 import BeginAuthenticationRequest, CompleteAuthenticationRequest
from todoke.v1.residents_pb2 import (
    ASSURANCE_DIGITAL_AUTH_APP,
    CONSENT_PURPOSE_REGISTRATION,
    ConsentText,
    GetConsentTextRequest,
    GetContactRequest,
)

log = structlog.get_logger()

HERE = Path(__file__).parent
MOST_BYTES = 4 * 1024
MOST_STATE, MOST_CODE, MOST_ERROR = 255, 2_000, 255
ATTEMPT = re.compile(r"[A-Za-z0-9_-]{22}")
VERSION = re.compile(r"[1-9][0-9]{0,5}")
STATUSES = {"CHALLENGE_UNKNOWN": 404, "CHALLENGE_EXPIRED": 410, "CHALLENGE_USED": 410}

PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action {form};"
    " frame-ancestors 'none'"
)
TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), auto_reload=False
)


class Stopped(Exception):  # noqa: N818 - named for the event, not as an error.
    """The person is shown why it does not go on."""

    def __init__(self, said: str, status: int, reason: str = "") -> None:
        super().__init__(said)
        self.said = said
        self.status = status
        self.reason = reason


class AuthApp:
    """The consent page, the way to the provider, and the page that the browser comes back to."""

    def __init__(self, core: Core, public_url: str, tokens: PageTokens) -> None:
        self._core = core
        self._callback = f"{public_url}/app/callback"
        self._tokens = tokens
        parts = urlsplit(public_url)
        self._path = f"{parts.path}/app/callback"
        self._is_secure = parts.scheme == "https"

    def routes(self) -> list[Route | Mount]:
        return [
            Mount("/app/static", StaticFiles(directory=HERE / "static_app")),
            Route("/app/callback", self.callback, methods=["GET"]),
            Route("/app/{token}", self.page, methods=["GET"]),
            Route("/app/{token}", self.agree, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        language = wording.FIRST
        try:
            language = await self._language(self._contact(request))
            return self._consent(await self._text(language), language)
        except Stopped as stopped:
            return self._problem(stopped, language)

    async def agree(self, request: Request) -> Response:
        """Go on to the provider, and mark this browser as the one that went."""
        language = wording.FIRST
        try:
            contact = self._contact(request)
            language = await self._language(contact)
            attempt, version = await _agreed(request, language)
            began = await self._ask(
                self._core.registration.BeginAuthentication,
                BeginAuthenticationRequest(
                    external_id=contact,
                    redirect_uri=self._callback,
                    # Two presses of one page are one way there.
                    request_id=_id(request.path_params["token"], attempt),
                    consent_version=version,
                ),
                language,
            )
        except Stopped as stopped:
            if stopped.reason == "CONSENT_OUTDATED":
                return await self._newer(stopped, language)
            return self._problem(stopped, language)
        except ClientDisconnect:
            return Response(status_code=400)
        answer = RedirectResponse(began.authorization_uri, 303, PRIVATE)
        answer.set_cookie(
            _cookie(began.state),
            self._tokens.seal(began.state, language),
            max_age=int(LENGTH.total_seconds()),
            path=self._path,
            secure=self._is_secure,
            httponly=True,
            # The provider sends the browser back from another site, by a link.
            samesite="lax",
        )
        return answer

    async def callback(self, request: Request) -> Response:
        """Redeem what the browser brought back, if it is the browser that went."""
        state = request.query_params.get("state", "")
        seal = request.cookies.get(_cookie(state), "")
        language = self._tokens.sealed(state, seal) if seal else None
        if language is None:
            other = Stopped(wording.say("line", "app_other_browser"), 403)
            return self._problem(other, wording.FIRST)
        try:
            brought = _brought(request, state, language)
            method = self._core.registration.CompleteAuthentication
            done = await self._ask(method, brought, language)
        except Stopped as stopped:
            return self._problem(stopped, language)
        said = wording.say("line", "app_renewed" if done.renewed else "app_registered", language)
        return self._html("app_done.html", 200, language, said=said)

    def _contact(self, request: Request) -> str:
        try:
            return self._tokens.read(str(request.path_params["token"]))
        except TokenExpired:
            raise Stopped(wording.say("line", "app_expired"), 410) from None
        except TokenForged:
            log.warning("page_token_forged")
            raise Stopped(wording.say("line", "app_unknown"), 404) from None

    async def _language(self, contact: str) -> str:
        asked = GetContactRequest(external_id=contact)
        found = await self._ask(self._core.residents.GetContact, asked, wording.FIRST)
        return found.contact.language or wording.FIRST

    async def _text(self, language: str) -> ConsentText:
        asked = GetConsentTextRequest(
            purpose=CONSENT_PURPOSE_REGISTRATION, assurance=ASSURANCE_DIGITAL_AUTH_APP
        )
        found = await self._ask(self._core.residents.GetConsentText, asked, language)
        text: ConsentText = found.consent_text
        return text

    async def _ask(self, method: Any, request: Any, language: str) -> Any:
        try:
            return await self._core.ask(method, request)
        except CoreError as error:
            log.info("app_refused", code=error.code.name, reason=error.reason)
            if not wording.is_for_the_resident(error):
                raise Stopped(wording.say("line", "app_away", language), 503) from None
            said = wording.refusal(error.reason, language)
            raise Stopped(said, STATUSES.get(error.reason, 422), error.reason) from None

    async def _newer(self, stopped: Stopped, language: str) -> Response:
        """Show the text that has come into force since the page was opened."""
        try:
            text = await self._text(language)
        except Stopped as also:
            return self._problem(also, language)
        return self._consent(text, language, problem=stopped.said, status=stopped.status)

    def _consent(
        self, text: ConsentText, language: str, *, problem: str = "", status: int = 200
    ) -> Response:
        places = {"consent": text, "attempt": secrets.token_urlsafe(16), "problem": problem}
        return self._html("app_consent.html", status, language, **places)

    def _problem(self, stopped: Stopped, language: str) -> Response:
        return self._html("app_problem.html", stopped.status, language, said=stopped.said)

    def _html(self, name: str, status: int, language: str, **places: Any) -> Response:
        html = TEMPLATES.get_template(name).render(
            # A page is in one language; where words are missing they are Japanese.
            language=wording.spoken(language),
            say=partial(wording.say, "line", language=language),
            **places,
        )
        # Browsers hold a form to this also where its answer leads on, to the provider.
        form = "'self' https:" if self._is_secure else "'self' https: http:"
        policy = {"content-security-policy": POLICY.format(form=form)}
        return HTMLResponse(html, status_code=status, headers={**PRIVATE, **policy})


async def _agreed(request: Request, language: str) -> tuple[str, int]:
    """Read the form. Raises Stopped where none of our pages sent it."""
    try:
        form = parse_qs((await read(request, MOST_BYTES)).decode("ascii"), max_num_fields=10)
        [attempt], [version] = form["attempt"], form["version"]
    except (TooLarge, ValueError, KeyError):
        attempt = version = ""
    if not ATTEMPT.fullmatch(attempt) or not VERSION.fullmatch(version):
        raise Stopped(wording.refusal("FIELD_INVALID", language), 400)
    return attempt, int(version)


def _brought(request: Request, state: str, language: str) -> CompleteAuthenticationRequest:
    """Read what the provider says. Raises Stopped."""
    code, error = (request.query_params.get(name, "") for name in ("code", "error"))
    if len(state) > MOST_STATE or len(code) > MOST_CODE or not (code or error):
        raise Stopped(wording.refusal("FIELD_INVALID", language), 400)
    outcome = {"error": error[:MOST_ERROR]} if error else {"code": code}
    # A page that is opened again redeems nothing twice.
    return CompleteAuthenticationRequest(
        state=state, request_id=_id(state, *outcome.values()), **outcome
    )


def _cookie(state: str) -> str:
    """Name the cookie of one way there, so that a second one does not end the first."""
    return f"todoke_app_{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def _id(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
