"""The core as a process: every service on one port, with health, reflection and a graceful end."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection
from opentelemetry import trace

from core import recurring
from core.applications.notices.letterhead import Letterhead
from core.assembly import Parts, services_of
from core.crypto import load_keys
from core.db import Database
from core.eligibility.roster_pool import Pool
from core.figures import Teller
from core.job_runner import Runner
from core.opening import Clock, open_database, utc_now
from core.procedures import loading
from core.procedures.catalogue import Catalogue
from core.registration.identity.auth_app import AppSettings
from core.registration.identity.provider import Identity
from core.settings import Settings
from core.staff.rpc import Tokens
from core.wire import services
from core.wire.door import Door
from core.wire.services import Service

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider

log = structlog.get_logger("core")

SERVER_OPTIONS = [
    # Callers ask every 30 seconds whether a quiet stream still stands (todoke.client); by default
    # gRPC takes that for an attack, and hangs up on them.
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that serves, and the port it serves on."""

    server: grpc.aio.Server
    port: int
    services: list[Service]
    health: health_aio.HealthServicer
    db: Database
    jobs: Runner
    pool: Pool

    async def stop(self, grace: float) -> None:
        """Say so, end the watches, finish what is under way, let go of the database."""
        await self.health.enter_graceful_shutdown()
        self.db.end_watches()
        await self.jobs.stop()
        await self.server.stop(grace)
        await self.pool.close()
        await asyncio.to_thread(self.db.close)


async def start(
    settings: Settings,
    *,
    clock: Clock | None = None,
    tracer: trace.Tracer | None = None,
) -> Running:
    """Serve on `settings.listen`; a `clock` stands in for the machine's and the database's."""
    parts = _parts(settings, clock)
    door = Door(parts.tokens.caller, clock or utc_now, tracer)
    server = grpc.aio.server(interceptors=[door], options=SERVER_OPTIONS)
    served = services_of(settings, parts)
    for service in served:
        services.add(server, service)
    names = [service.descriptor.full_name for service in served]
    health = _told_of(server, names)
    port = _listen(server, settings)
    await server.start()
    for name in ("", *names):
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    kinds = recurring.kinds(settings, parts.identity, parts.procedures, parts.letterhead)
    jobs = Runner(parts.db, kinds)
    jobs.start()
    return Running(server, port, served, health, parts.db, jobs, parts.pool)


def _parts(settings: Settings, clock: Clock | None) -> Parts:
    vault = load_keys(settings.keys)
    db = open_database(settings, vault, clock)
    return Parts(
        db=db,
        tokens=Tokens(db, clock or utc_now),
        identity=_identity(settings),
        pool=Pool(settings.keys, vault),
        procedures=Catalogue(loading.shipped()),
        letterhead=_letterhead(settings),
    )


def _identity(settings: Settings) -> Identity:
    return Identity.load(
        authorities=settings.jpki_authorities,
        revocations=settings.jpki_revocations,
        test_cards=settings.jpki_test_cards,
        app=app_settings(settings),
    )


def _letterhead(settings: Settings) -> Letterhead:
    return Letterhead.load(
        page=settings.notice_page,
        office=settings.letter_office,
        phone=settings.letter_phone,
        seals=settings.notice_seals,
        words=settings.notice_words,
    )


def _told_of(server: grpc.aio.Server, names: list[str]) -> health_aio.HealthServicer:
    """Let whoever asks the server learn what it serves, and whether it does; return the latter."""
    health = health_aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    own = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
    reflection.enable_server_reflection([*names, reflection.SERVICE_NAME, own], server)
    return health


async def serve(settings: Settings, announce: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    running = await start(settings, tracer=_tracer(settings))
    meters = tell_figures(settings, running.db)
    announce(running.port)
    await ended.wait()
    log.info("draining", seconds=settings.drain_seconds)
    if meters is not None:
        await asyncio.to_thread(meters.shutdown)
    await running.stop(settings.drain_seconds)
    log.info("stopped")


def app_settings(settings: Settings) -> AppSettings | None:
    if settings.auth_app_key is None:
        return None
    return AppSettings(
        issuer=settings.auth_app_issuer,
        client_id=settings.auth_app_client_id,
        key=settings.auth_app_key,
        redirect_uris=settings.auth_app_redirect_uris,
        scope=settings.auth_app_scope,
        acr_values=settings.auth_app_acr_values,
        acr_needed=settings.auth_app_acr_needed,
        acr_checked=settings.auth_app_acr_checked,
        genders=settings.auth_app_genders,
        timeout=settings.auth_app_timeout_seconds,
        authority=settings.auth_app_authority,
    )


def _listen(server: grpc.aio.Server, settings: Settings) -> int:
    if settings.tls_certificate is None or settings.tls_key is None:
        return server.add_insecure_port(settings.listen)
    authority = settings.tls_client_authority
    credentials = grpc.ssl_server_credentials(
        [(settings.tls_key.read_bytes(), settings.tls_certificate.read_bytes())],
        root_certificates=authority.read_bytes() if authority else None,
        require_client_auth=authority is not None,
    )
    return server.add_secure_port(settings.listen, credentials)


def _tracer(settings: Settings) -> trace.Tracer | None:
    """Return what makes spans, or None where they are to go nowhere."""
    if not settings.trace_endpoint:
        return None
    # Loaded only where it is used: the exporter takes a second to import.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "todoke-core"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.trace_endpoint)))
    return provider.get_tracer("todoke.core")


def tell_figures(settings: Settings, db: Database) -> "MeterProvider | None":
    """Send figures of delivery from now on; None where they are to go nowhere."""
    if not settings.metric_endpoint:
        return None
    # Loaded only where it is used, as what sends spans is.
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import (  # noqa: PLC0415
        OTLPMetricExporter,
    )
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    reader = PeriodicExportingMetricReader(
        OTLPMetricExporter(settings.metric_endpoint),
        export_interval_millis=settings.metric_seconds * 1000,
    )
    resource = Resource.create({"service.name": "todoke-core"})
    provider = MeterProvider(metric_readers=[reader], resource=resource)
    Teller(db, provider.get_meter("todoke.core"))
    return provider
