"""The adapter as one web application: residents' pages, the card's hand-over, its health."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels import codes
from channels.addresses import Addresses
from channels.card.card import HERE as CARD
from channels.card.card import Card, Way
from channels.guarding import Guarding
from channels.health import health
from channels.remembering import Clock, Remembering
from channels.settings import keys_in
from channels.web import (
    applying,
    attaching,
    authentication,
    checking,
    choices,
    consents,
    contacts,
    conversing,
    eligible,
    filing,
    handing_over,
    inbox,
    inquiries,
    leaving,
    line_login,
    own,
    passkeys,
    proxies,
    record,
    refusing,
    signing_in,
    start,
    suggesting,
    verifying,
)
from channels.web.forms import Limiting
from channels.web.pages import HERE, Web
from channels.web.sessions import Session, Sessions
from channels.web.settings import WebSettings
from todoke.client import CoreError

LINE_SECONDS = 10.0
UPLOADS_AT_ONCE = 4
A = "/a/{application:uuid}"
"""A conversation; a step is no "-", so that what is no question has addresses of its own."""

APPLYING = [
    Route("/apply", applying.show),
    Route("/apply/{key}", applying.about),
    Route("/apply/{key}", applying.begin, methods=["POST"]),
    Route("/suggest/{kind}", suggesting.suggest),
    Route("/go/{token}", handing_over.show),
    Route("/go/{token}", handing_over.take, methods=["POST"]),
    Route(A, conversing.show),
    Route(A + "/-/review", filing.review),
    Route(A + "/-/review", filing.submit, methods=["POST"]),
    Route(A + "/-/done", filing.done),
    Route(A + "/-/back", filing.back),
    Route(A + "/-/files/{attachment:uuid}", own.attachment),
    Route(A + "/{step}", conversing.step),
    Route(A + "/{step}", conversing.answer, methods=["POST"]),
    Route(A + "/{step}/files", attaching.take, methods=["POST"]),
    Route("/me/applications", own.show),
    Route("/me/applications/{application:uuid}", own.status),
    Route("/me/applications/{application:uuid}/withdraw", own.confirm),
    Route("/me/applications/{application:uuid}/withdraw", own.withdraw, methods=["POST"]),
    Route("/me/applications/{application:uuid}/notice", own.notice),
    Route("/verify", verifying.show),
    Route("/verify", verifying.check, methods=["POST"]),
    Route("/check", checking.show),
    Route("/check", checking.check, methods=["POST"]),
    Route("/help", verifying.helping),
]
PAGES = [
    *APPLYING,
    Route("/", start.show),
    Route("/language", start.language, methods=["POST"]),
    Route("/ruby", start.ruby, methods=["POST"]),
    Route("/card", start.begin, methods=["POST"]),
    Route("/card/{challenge_id}", start.card),
    Route("/waiting", start.waiting),
    Route("/app", authentication.show),
    Route("/app", authentication.agree, methods=["POST"]),
    Route("/app/go", authentication.go),
    Route(authentication.CALLBACK, authentication.back),
    Route("/sign-in", signing_in.show),
    Route("/sign-in/code", signing_in.code, methods=["POST"]),
    Route("/sign-in/passkey", passkeys.sign_in, methods=["POST"]),
    Route("/passkey/options", passkeys.options, methods=["POST"]),
    Route("/link", signing_in.link),
    Route("/line/go", line_login.go),
    Route(line_login.CALLBACK, line_login.back),
    Route("/sign-out", signing_in.out, methods=["POST"]),
    Route("/me", record.show),
    Route("/me/history", record.history),
    Route("/me/eligible", eligible.show),
    Route("/me/eligible/{program_id:uuid}", eligible.explain),
    Route("/images/{image:uuid}", inbox.image),
    Route("/me/inbox", inbox.show),
    Route("/me/inbox/{message:uuid}", inbox.message),
    Route("/me/looks", record.looks),
    Route("/me/export/{form}", record.export),
    Route("/me/contacts", contacts.show),
    Route("/me/contacts/{contact_id}/unlink", contacts.confirm),
    Route("/me/contacts/{contact_id}/unlink", contacts.unlink, methods=["POST"]),
    Route("/me/device", contacts.device),
    Route("/me/device", contacts.make_code, methods=["POST"]),
    Route("/me/passkeys", passkeys.show),
    Route("/me/passkeys", passkeys.make, methods=["POST"]),
    Route("/me/passkeys/delete", passkeys.delete, methods=["POST"]),
    Route("/me/choices", choices.show),
    Route("/me/choices", choices.save, methods=["POST"]),
    Route("/me/inquiries", inquiries.show),
    Route("/me/inquiries", inquiries.send, methods=["POST"]),
    Route("/me/consents", consents.show),
    Route("/me/consents/{purpose}/give", consents.read),
    Route("/me/consents/{purpose}/give", consents.give, methods=["POST"]),
    Route("/me/consents/{consent_id}/withdraw", consents.confirm),
    Route("/me/consents/{consent_id}/withdraw", consents.withdraw, methods=["POST"]),
    Route("/me/proxies", proxies.show),
    Route("/me/proxies", proxies.offer, methods=["POST"]),
    Route("/me/proxies/accept", proxies.accepting),
    Route("/me/proxies/accept", proxies.accept, methods=["POST"]),
    Route("/me/proxies/{proxy_id}/end", proxies.confirm_end),
    Route("/me/proxies/{proxy_id}/end", proxies.end, methods=["POST"]),
    Route("/me/acting", proxies.act, methods=["POST"]),
    Route("/me/delete", leaving.show),
    Route("/me/delete", leaving.delete, methods=["POST"]),
    Route("/goodbye", leaving.goodbye),
]


def _routes(web: Web) -> list[BaseRoute]:
    pages = Starlette(
        routes=PAGES,
        middleware=[Middleware(Limiting), Middleware(Remembering[Session], sessions=web.sessions)],
        exception_handlers={
            HTTPException: refusing.http,
            CoreError: refusing.core,
            Exception: refusing.bug,
        },
    )
    pages.state.web = web
    return [
        # The program that reads the card is no browser of ours: it has no session.
        Route("/card/{challenge_id}", web.card.take, methods=["POST"]),
        Route("/card/{challenge_id}/request", web.card.ask, methods=["GET"]),
        health(web.core),
        Mount("/static", StaticFiles(directory=CARD / "static")),
        Mount("/script", StaticFiles(directory=HERE / "static")),
        Mount("/", pages),
    ]


def _web(settings: WebSettings, clock: Clock) -> Web:
    core = settings.core()
    app = "/app" if settings.authentication_app else ""
    way = Way("back_web", back_url="/waiting", app_url=app, draw=codes.picture)
    return Web(
        core=core,
        card=Card(core, settings.public_url, way),
        settings=settings,
        sessions=Sessions(
            keys_in(settings.session_key_file),
            secure=settings.public_url.startswith("https:"),
            clock=clock,
        ),
        http=httpx.AsyncClient(timeout=LINE_SECONDS),
        addresses=Addresses(clock),
        uploading=asyncio.Semaphore(UPLOADS_AT_ONCE),
    )


def create_app(settings: WebSettings, clock: Clock = time.time) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        web = _web(settings, clock)
        app.state.web = web
        app.router.routes.extend(_routes(web))
        try:
            yield
        finally:
            await web.http.aclose()
            await web.core.close()

    return Starlette(lifespan=lifespan, middleware=[Middleware(Guarding)])
