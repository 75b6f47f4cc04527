"""The core as a process: every service on one port, with health, reflection and a graceful end."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection
from opentelemetry import trace

from core import recurring
from core.access import rows as access
from core.access.id_tokens import IdTokens
from core.access.rpc import AccessService
from core.activity.rpc import ActivityService
from core.applications import carrying, handing_in, inviting
from core.applications import rows as applications
from core.applications.notices.letterhead import Letterhead
from core.applications.offering import Offers
from core.applications.rpc import ApplicationService
from core.attachments.making import Maker
from core.attachments.scanning import Scanner
from core.campaigns.rpc import CampaignService
from core.crossings.rpc import CrossingService
from core.crypto import load_keys
from core.db import Database
from core.dispatches.rpc import DispatchService
from core.eligibility import match_rows, naming
from core.eligibility.match_rpc import MatchingService
from core.eligibility.roster_pool import Pool
from core.eligibility.roster_rpc import RosterService
from core.eligibility.rpc import EligibilityService
from core.jobs import Runner
from core.ledger.letters.rpc import Office
from core.ledger.rehearsal.rpc import Sending
from core.ledger.rpc import LedgerService
from core.opening import Clock, open_database, utc_now
from core.payments.rpc import PaymentService
from core.procedures import loading
from core.procedures.catalogue import Catalogue
from core.procedures.packages import Trust
from core.procedures.rpc import ProcedureService
from core.proxies import quietness
from core.proxies.rpc import ProxyService
from core.records.rpc import RecordService
from core.registration import rows as registration
from core.registration.identity.auth_app import AppSettings
from core.registration.identity.provider import Identity
from core.registration.rpc import RegistrationService
from core.residents.rpc import ResidentService
from core.settings import Settings
from core.staff.rpc import StaffService, Tokens
from core.wire import services
from core.wire.door import Door
from core.wire.services import Service
from todoke.v1 import (
    access_pb2,
    activity_pb2,
    applications_pb2,
    campaigns_pb2,
    crossings_pb2,
    dispatches_pb2,
    eligibility_pb2,
    ledger_pb2,
    matching_pb2,
    payments_pb2,
    procedures_pb2,
    proxies_pb2,
    records_pb2,
    registration_pb2,
    residents_pb2,
    rosters_pb2,
    staff_pb2,
)

log = structlog.get_logger("core")

SERVER_OPTIONS = [
    # Callers ask every 30 seconds whether a quiet stream still stands (todoke.client); by default
    # gRPC takes that for an attack, and hangs up on them.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
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


def services_of(
    db: Database,
    settings: Settings,
    tokens: Tokens,
    *,
    identity: Identity,
    pool: Pool,
    procedures: Catalogue,
    letterhead: Letterhead,
) -> list[Service]:
    """Return every service that the core serves."""
    eligibility = EligibilityService(db, procedures, applications.count_by_state)
    office = Office(settings.letter_page, settings.letter_office, settings.letter_phone)
    sending = Sending(settings.message_price, settings.message_rate)
    lease = timedelta(seconds=settings.lease_seconds)
    poll = settings.poll_seconds
    ends = (access.end_with_contact, registration.end_with_contact)
    trust = Trust.load(settings.procedure_keys, settings.procedure_publishers)
    hides = (access.end_codes_of, quietness.drop_naming)
    servicers = [
        (
            access_pb2,
            "AccessService",
            AccessService(db, IdTokens.load(settings.id_token_issuers), settings.web_origins),
        ),
        (
            activity_pb2,
            "ActivityService",
            ActivityService(db, eligibility.open_programs, poll=poll),
        ),
        (
            applications_pb2,
            "ApplicationService",
            ApplicationService(
                db,
                procedures,
                _maker(settings),
                letterhead,
                most_bytes=settings.attachment_bytes,
            ),
        ),
        (campaigns_pb2, "CampaignService", CampaignService(db)),
        (crossings_pb2, "CrossingService", CrossingService(db, handing_in.DECISIONS)),
        (dispatches_pb2, "DispatchService", DispatchService(db, lease=lease, poll=poll)),
        (eligibility_pb2, "EligibilityService", eligibility),
        (ledger_pb2, "LedgerService", LedgerService(db, office, sending, pool, procedures)),
        (
            matching_pb2,
            "MatchingService",
            MatchingService(db, applications.count_by_state, inviting.take_back),
        ),
        (payments_pb2, "PaymentService", PaymentService(db)),
        (
            procedures_pb2,
            "ProcedureService",
            ProcedureService(db, procedures, Offers(procedures), naming.open_program, trust),
        ),
        (proxies_pb2, "ProxyService", ProxyService(db)),
        (rosters_pb2, "RosterService", RosterService(db, pool, carrying.APPLIED)),
        (records_pb2, "RecordService", RecordService(db, recurring.terms(settings), procedures)),
        (registration_pb2, "RegistrationService", RegistrationService(db, identity)),
        (
            residents_pb2,
            "ResidentService",
            ResidentService(db, match_rows.residents_of_reference, ends, hides),
        ),
        (staff_pb2, "StaffService", StaffService(db, tokens)),
    ]
    return [
        Service(module.DESCRIPTOR.services_by_name[name], servicer)
        for module, name, servicer in servicers
    ]


async def start(
    settings: Settings,
    *,
    clock: Clock | None = None,
    tracer: trace.Tracer | None = None,
) -> Running:
    """Serve on `settings.listen`; a `clock` stands in for the machine's and the database's."""
    identity = Identity.load(
        authorities=settings.jpki_authorities,
        revocations=settings.jpki_revocations,
        test_cards=settings.jpki_test_cards,
        app=app_settings(settings),
    )
    vault = load_keys(settings.keys)
    db = open_database(settings, vault, clock)
    now = clock or utc_now
    tokens = Tokens(db, now)
    server = grpc.aio.server(
        interceptors=[Door(tokens.caller, now, tracer)], options=SERVER_OPTIONS
    )
    pool = Pool(settings.keys, vault)
    procedures = Catalogue(loading.shipped())
    letterhead = Letterhead.load(
        page=settings.notice_page,
        office=settings.letter_office,
        phone=settings.letter_phone,
        seals=settings.notice_seals,
        words=settings.notice_words,
    )
    served = services_of(
        db,
        settings,
        tokens,
        identity=identity,
        pool=pool,
        procedures=procedures,
        letterhead=letterhead,
    )
    for service in served:
        services.add(server, service)
    health = health_aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    names = [service.descriptor.full_name for service in served]
    reflection.enable_server_reflection(
        [
            *names,
            reflection.SERVICE_NAME,
            health_pb2.DESCRIPTOR.services_by_name["Health"].full_name,
        ],
        server,
    )
    port = _listen(server, settings)
    await server.start()
    for name in ("", *names):
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    jobs = Runner(db, recurring.kinds(settings, identity, procedures, letterhead))
    jobs.start()
    return Running(server, port, served, health, db, jobs, pool)


async def serve(settings: Settings, announce: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    running = await start(settings, tracer=_tracer(settings))
    announce(running.port)
    await ended.wait()
    log.info("draining", seconds=settings.drain_seconds)
    await running.stop(settings.drain_seconds)
    log.info("stopped")


def _maker(settings: Settings) -> Maker:
    scanner = None
    if settings.virus_scanner:
        host, _, port = settings.virus_scanner.rpartition(":")
        scanner = Scanner(host, int(port))
    return Maker(scanner, at_once=settings.attachment_workers)


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
