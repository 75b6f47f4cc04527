"""Serves an ASGI app on a free port of this machine for as long as a test needs it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

MOMENT = 0.002


class Prompt(uvicorn.Server):
    """Ends when it is told to.

    Uvicorn looks ten times a second whether it is to end, and waits a tenth more for connections
    that are gone: with two servers a test, that is half of what most tests take.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._told = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for door in sockets or []:
            door.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        async with asyncio.timeout(self.config.timeout_graceful_shutdown):
            # Uvicorn tells nobody when the last of them has ended.
            while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                await asyncio.sleep(MOMENT)
        await self.lifespan.shutdown()


class Server(Prompt):
    def __init__(self, app: Any) -> None:
        super().__init__(
            uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False)
        )
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Gives the base URL."""
    async with serving_there(lambda _: app) as url:
        yield url


@asynccontextmanager
async def serving_there(make: Callable[[str], Any]) -> AsyncIterator[str]:
    """Serve an app that is made knowing its own base URL; gives it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with serving_at(door, make(url)):
            yield url


@asynccontextmanager
async def serving_at(door: socket.socket, app: Any) -> AsyncIterator[None]:
    """Serve an app where others were already told that it would be."""
    server = Server(app)
    running = asyncio.create_task(server.serve(sockets=[door]))
    await server.ready.wait()
    try:
        yield
    finally:
        server.end()
        await running
