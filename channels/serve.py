"""Runs an adapter under uvicorn, says where once it is ready, and logs in JSON."""

import logging
import socket
import sys

import click
import structlog
import uvicorn
from starlette.types import ASGIApp
from structlog.tracebacks import ExceptionDictTransformer

SHUTDOWN_SECONDS = 2


def log_as_json() -> None:
    """Write each log line, ours and the libraries', as a JSON object on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without the local variables of a traceback, which hold residents' words.
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
    """Serves until SIGTERM or SIGINT; says on standard output when it is ready, and where."""

    def __init__(self, name: str, app: ASGIApp, *, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                # The paths of pages hold secrets of their residents.
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        self._name = name

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            click.echo(f"{self._name} adapter ready at http://{host}:{port}")
