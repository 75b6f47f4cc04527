"""The simulator as one ASGI app: LINE's API, the phones, and the switches."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from channels.simulators.faults import Faults
from channels.simulators.line import (
    admin,
    browser,
    card_page,
    channel,
    login_page,
    login_records,
    menu_page,
    phone_api,
    phone_page,
    saved_files,
)
from channels.simulators.line.api import LineApi
from channels.simulators.line.bell import Bell
from channels.simulators.line.card import Wallet
from channels.simulators.line.clock import Clock
from channels.simulators.line.cookies import Jars
from channels.simulators.line.delivery import Deliverer
from channels.simulators.line.faults import NAMES
from channels.simulators.line.id_tokens import Mint
from channels.simulators.line.mailbag import Mailbag
from channels.simulators.line.platform import Platform
from channels.simulators.line.rates import Rates
from channels.simulators.line.settings import Settings
from channels.simulators.line.store import Store


class Simulator(Starlette):
    """Answers LINE's API itself, before Starlette's middleware: thousands of times a second."""

    api: LineApi

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v2/"):
            await self.api(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings, *, wallet: Wallet | None = None, clock: Clock = time.time
) -> Simulator:
    """Make the simulator of one channel; run it with `serve`, or any server with lifespan."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        store = Store(settings.state)
        store.open()
        # No total limit here: each use has its own. Webhooks go to as many as `delivery` allows.
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        ) as http:
            platform = await _platform(settings, store, http, wallet, clock)
            app.state.platform = platform
            if settings.webhook_url:
                await channel.keep_endpoint(platform, settings.webhook_url)
            platform.mailbag.url = await store.read(channel.kept_endpoint)
            await platform.deliverer.resume()
            yield
            await platform.deliverer.stop()
        await store.close()

    app = Simulator(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers=dict.fromkeys(phone_api.STATUS, phone_api.refuse),
    )
    app.api = LineApi(lambda: app.state.platform)
    app.router.routes.insert(0, Route(login_page.PATH, login_page.sign_in, methods=BOTH))
    app.router.routes.insert(1, Mount("/oauth2", app=app.api))
    return app


async def _platform(
    settings: Settings,
    store: Store,
    http: aiohttp.ClientSession,
    wallet: Wallet | None,
    clock: Clock,
) -> Platform:
    """Put together what the routes answer from."""
    faults = Faults(settings.faults, names=NAMES, seed=settings.seed)
    mint = None
    if settings.login is not None:
        key = await store.write(login_records.kept_key)
        mint = Mint(settings.login, key, faults)
    mailbag = Mailbag(http, settings)
    return Platform(
        settings=settings,
        clock=clock,
        store=store,
        rates=Rates(settings.rates),
        faults=faults,
        bell=Bell(),
        http=http,
        mailbag=mailbag,
        deliverer=Deliverer(
            store=store, settings=settings, clock=clock, faults=faults, mailbag=mailbag
        ),
        wallet=wallet,
        mint=mint,
        cookies=Jars(settings.state.with_name(f"{settings.state.name}-cookies")),
    )


PHONE = "/phone/{person_id}"
BOTH = ["GET", "POST"]
ROUTES = [
    Route("/", RedirectResponse("/phone")),
    Route("/phone", phone_page.list_page),
    Route("/phone/people", phone_api.list_people, methods=["GET"]),
    Route("/phone/people", phone_api.add_people, methods=["POST"]),
    Route(PHONE, phone_page.chat_page),
    Route(f"{PHONE}/messages", phone_api.messages),
    Route(f"{PHONE}/events", phone_page.stream),
    Route(f"{PHONE}/follow", phone_api.follow, methods=["POST"]),
    Route(f"{PHONE}/unfollow", phone_api.unfollow, methods=["POST"]),
    Route(f"{PHONE}/say", phone_api.say, methods=["POST"]),
    Route(f"{PHONE}/tap", phone_api.tap, methods=["POST"]),
    Route(f"{PHONE}/send", phone_api.send, methods=["POST"]),
    Route(f"{PHONE}/unsend", phone_api.unsend, methods=["POST"]),
    Route(f"{PHONE}/menu", menu_page.menu, methods=["GET"]),
    Route(f"{PHONE}/menu/tap", phone_api.tap_menu, methods=["POST"]),
    Route(f"{PHONE}/menu/{{menu_id}}/picture", menu_page.picture),
    Route(f"{PHONE}/browse", browser.browse, methods=BOTH),
    Route(f"{PHONE}/files/{{key}}", saved_files.saved_file),
    Route(f"{PHONE}/login", login_page.sign_in, methods=BOTH),
    Route(f"{PHONE}/id-token", login_page.liff_token, methods=["GET"]),
    Route(f"{PHONE}/card", card_page.card_sheet, methods=["GET"]),
    Route(f"{PHONE}/card", card_page.hold, methods=["POST"]),
    Route("/admin/deliveries", admin.deliveries),
    Route("/admin/webhooks", admin.webhooks),
    Route("/admin/counts", admin.counts),
    Route("/admin/faults", admin.get_faults, methods=["GET"]),
    Route("/admin/faults", admin.set_faults, methods=["PUT"]),
    Mount("/static", StaticFiles(directory=phone_page.HERE / "static")),
]
