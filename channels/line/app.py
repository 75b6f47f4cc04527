"""The adapter as one web application: the webhook, the card pages, its health, and the sending."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from channels.card.card import HERE, Card, Way
from channels.deliver import Delivery
from channels.hands import HowMany
from channels.line.answering import Answering
from channels.line.auth_app import AuthApp
from channels.line.content import LineContents
from channels.line.conversation import Account
from channels.line.jobs import Jobs
from channels.line.leading.inviting import Pictures
from channels.line.line_menus import LineMenus
from channels.line.loading import Loading
from channels.line.page_tokens import PageTokens
from channels.line.push import LineApi
from channels.line.quota import QuotaWatch
from channels.line.rich_menus import RichMenus
from channels.line.sender import LineSender
from channels.line.settings import LineSettings
from channels.line.webhook import Webhook
from channels.settings import secret_in
from channels.shares import Shares

STOP_SECONDS = 5.0
# Emergencies' pushes beside others', replies beside pushes: none waits for another's connections.
REPLIES_AT_ONCE = 64


class Adapter:
    """Everything that lives as long as the adapter does; make it within the running loop."""

    def __init__(self, settings: LineSettings) -> None:
        self.core = settings.core()
        hands = HowMany(any=settings.capacity)
        self.line = LineApi(
            url=settings.api_url,
            access_token=secret_in(settings.access_token_file),
            timeout_seconds=settings.send_timeout,
            connections=hands.all + 2 * settings.pushes_at_once + REPLIES_AT_ONCE,
        )
        self.http = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {secret_in(settings.access_token_file)}"},
            timeout=aiohttp.ClientTimeout(total=settings.send_timeout),
        )
        self.menus = RichMenus(
            LineMenus(self.http, settings.api_url, settings.contents_url)
            if settings.rich_menus
            else None
        )
        self.jobs = Jobs()
        self.pushes = Shares(self.core, "push", settings.push_rate)
        self.multicasts = Shares(self.core, "multicast", settings.multicast_rate)
        self.quota = QuotaWatch(
            self.core, self.http, settings.api_url, seconds=settings.quota_seconds
        )
        self.delivery = Delivery(self.core, self._sender(settings), hands)
        pages = None
        if settings.app_pages and settings.page_secret_file is not None:
            pages = PageTokens(secret_in(settings.page_secret_file))
        self.auth_app = AuthApp(self.core, settings.public_url, pages) if pages else None
        self.pictures = Pictures(settings.board_url or "")
        self.card = Card(self.core, settings.public_url, Way("back_line"))
        self.webhook = Webhook(
            account=self._account(settings, pages),
            answering=Answering(self.line),
            loading=Loading(self.line),
            jobs=self.jobs,
            secret=secret_in(settings.channel_secret_file),
            deadline=settings.deadline,
        )

    def _sender(self, settings: LineSettings) -> LineSender:
        return LineSender(
            self.line,
            self.menus,
            pushes=self.pushes,
            multicasts=self.multicasts,
            quota=self.quota,
            web_url=settings.web_url or "",
            at_once=settings.pushes_at_once,
        )

    def _account(self, settings: LineSettings, pages: PageTokens | None) -> Account:
        return Account(
            core=self.core,
            contents=LineContents(self.http, settings.contents_url),
            menus=self.menus,
            public_url=settings.public_url,
            web_url=settings.web_url or "",
            board_url=settings.board_url or "",
            pages=pages,
            takes_inquiries=settings.inquiries,
        )

    async def health(self, request: Request) -> Response:
        del request
        if self.delivery.is_up:
            return JSONResponse({"status": "up"})
        return JSONResponse({"status": "down", "why": self.delivery.trouble}, status_code=503)

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/line/webhook", self.webhook.receive, methods=["POST"]),
            Route("/card/{challenge_id}", self.card.page, methods=["GET"]),
            Route("/card/{challenge_id}", self.card.take, methods=["POST"]),
            Route("/card/{challenge_id}/request", self.card.ask, methods=["GET"]),
            Route("/qr/{code}.png", self.pictures.draw, methods=["GET"]),
            *(self.auth_app.routes() if self.auth_app else []),
            Route("/healthz", self.health, methods=["GET"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Pull and send; at the end finish what was begun, within five seconds."""
        pull = asyncio.create_task(self.delivery.run())
        menus = asyncio.create_task(self.menus.run())
        quota = asyncio.create_task(self.quota.run())
        try:
            yield
        finally:
            await asyncio.gather(self.jobs.drain(STOP_SECONDS), self.delivery.stop(STOP_SECONDS))
            pull.cancel()
            menus.cancel()
            quota.cancel()
            await asyncio.wait([pull, menus, quota])
            await asyncio.gather(self.pushes.stop(), self.multicasts.stop())
            await self.menus.settle(STOP_SECONDS)
            await self.line.close()
            await self.http.close()
            await self.core.close()


def create_app(settings: LineSettings) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        adapter = Adapter(settings)
        app.router.routes.extend(adapter.routes())
        async with adapter.running():
            yield

    return Starlette(lifespan=lifespan)
