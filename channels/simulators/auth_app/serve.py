"""Runs the simulator under uvicorn, says where once it is ready, and logs in JSON."""

import logging
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import click
import structlog
import uvicorn
from starlette.applications import Starlette
from structlog.tracebacks import ExceptionDictTransformer


def log_as_json() -> None:
    """Write each log line, ours and the libraries', as a JSON object on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without the local variables of a traceback, which hold names and PINs.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=shared,
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=shared))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, app: Starlette, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                # A query holds what a browser and its client share.
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=3,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    make: Callable[[str], Starlette],
    *,
    host: str,
    port: int,
    base_url: str = "",
    announce: Path | None = None,
) -> None:
    """Serve the app that `make` makes for a base URL until SIGTERM or SIGINT.

    Without a base URL it is the address listened on. Once ready it says so on standard output,
    and writes the port into the file `announce`.
    """
    with socket.create_server((host, port)) as door:
        taken = door.getsockname()[1]
        url = base_url or f"http://{host}:{taken}"

        def ready() -> None:
            if announce is not None:
                fresh = announce.with_suffix(".new")
                fresh.write_text(str(taken), encoding="utf-8")
                fresh.replace(announce)
            click.echo(f"Authentication app simulator ready at {url}")

        server = Server(make(url), ready)
        log_as_json()
        server.run(sockets=[door])
