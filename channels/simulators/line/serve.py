"""Runs the simulator under uvicorn: open streams end at shutdown, and answers can get lost."""

import asyncio
import socket
from collections.abc import Callable

import click
import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from channels.simulators.line.api import CUT


class CuttableProtocol(HttpToolsProtocol):
    """Tells the app, as the ASGI extension `CUT`, how to cut the connection it answers on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own.
        super().connection_made(transport)
        app = self.app

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            cut = False

            def abort() -> None:
                nonlocal cut
                cut = True
                transport.abort()

            scope.setdefault("extensions", {})[CUT] = abort
            await app(scope, receive, send)
            if cut:
                # Uvicorn takes a missing answer for a bug unless it knows that the caller is gone.
                while (await receive())["type"] != "http.disconnect":
                    pass

        self.app = answer


class Server(uvicorn.Server):
    """Ends the streams before it waits for connections to end."""

    def __init__(
        self,
        app: Starlette,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        end_streams: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=CuttableProtocol,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=3,
            )
        )
        self._end_streams = end_streams
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._end_streams is not None:
            self._end_streams()
        await super().shutdown(sockets)

    def address(self) -> str:
        """Return the base URL, once started."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"


def serving(app: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Make the server of a simulator that `create_app` made; port 0 takes a free one."""

    def end_streams() -> None:
        app.state.platform.bell.close()

    return Server(app, host=host, port=port, end_streams=end_streams)


async def serve(app: Starlette, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; says on standard output when it is ready, and where."""
    server = serving(app, host=host, port=port)
    announcing = asyncio.create_task(_announce(server))
    await server.serve()
    announcing.cancel()


async def _announce(server: Server) -> None:
    await server.ready.wait()
    click.echo(f"LINE simulator ready at {server.address()} (phones at /phone)")
