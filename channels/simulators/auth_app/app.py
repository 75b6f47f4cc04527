"""The authentication app as one ASGI app: the provider, its page, and the switches."""

import time
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from channels.simulators.auth_app import admin, client_keys, page, tokens, userinfo
from channels.simulators.auth_app.provider import PROTOCOL, REALM, Provider
from channels.simulators.auth_app.settings import Clock, Settings


def create_app(settings: Settings, *, cards: Path, clock: Clock = time.time) -> Starlette:
    """Make the provider for the holders of these cards.

    ValueError where a client's JWK set is none that we take.
    """
    for client in settings.clients:
        client_keys.keys_in(client.jwks)
    app = Starlette(routes=ROUTES)
    app.state.provider = Provider.start(settings, cards=cards, clock=clock)
    return app


ROUTES = [
    Route(f"{REALM}/.well-known/openid-configuration", userinfo.discovery),
    Route(f"{PROTOCOL}/auth", page.auth, methods=["GET", "POST"]),
    Route(f"{PROTOCOL}/token", tokens.token, methods=["POST"]),
    Route(f"{PROTOCOL}/userinfo", userinfo.userinfo, methods=["GET", "POST"]),
    Route(f"{PROTOCOL}/certs", userinfo.certs),
    Route(page.ACTION, page.choose, methods=["GET"]),
    Route(page.ACTION, page.answer, methods=["POST"]),
    Route("/admin/faults", admin.get_faults, methods=["GET"]),
    Route("/admin/faults", admin.set_faults, methods=["PUT"]),
    Route("/admin/keys", admin.rotate, methods=["POST"]),
    Route("/admin/counts", admin.counts),
    Mount("/static", StaticFiles(directory=page.HERE / "static")),
]
