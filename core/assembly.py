"""Every service that the core serves, put together with what it needs of the others."""

from datetime import timedelta

from core import recurring
from core.access import rows as access
from core.access.id_tokens import IdTokens
from core.access.rpc import AccessService
from core.activity.rpc import ActivityService
from core.applications import carrying, coupon_rows, handing_in, inviting
from core.applications import rows as applications
from core.applications.notices.letterhead import Letterhead
from core.applications.offering import Offers
from core.applications.rpc import ApplicationService
from core.associations import forgetting as associations
from core.attachments.making import Maker
from core.attachments.scanning import Scanner
from core.circulars.rpc import CircularService
from core.coupons.rpc import CouponService
from core.crossings.rpc import CrossingService
from core.db import Database
from core.dispatches.rpc import DispatchService
from core.eligibility import match_rows, naming
from core.eligibility.match_rpc import MatchingService
from core.eligibility.roster_pool import Pool
from core.eligibility.roster_rpc import RosterService
from core.eligibility.rpc import EligibilityService
from core.inquiries import actions as inquiries
from core.ledger.rehearsal.rpc import Sending
from core.ledger.rpc import LedgerService
from core.letters.printing import Office
from core.messaging.carrying import Carrying
from core.messaging.rpc import CampaignService
from core.payments.rpc import PaymentService
from core.procedures.catalogue import Catalogue
from core.procedures.packages import Trust
from core.procedures.rpc import ProcedureService
from core.proxies import quietness
from core.proxies.rpc import ProxyService
from core.records.rpc import RecordService
from core.registration import rows as registration
from core.registration.identity.provider import Identity
from core.registration.rpc import RegistrationService
from core.residents.rpc import ResidentService
from core.segments import previewing as telling
from core.settings import Settings
from core.staff.rpc import StaffService, Tokens
from core.wire.services import Service
from todoke.v1 import (
    access_pb2,
    activity_pb2,
    applications_pb2,
    campaigns_pb2,
    circulars_pb2,
    coupons_pb2,
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
    told = Carrying(settings.pushing_channels, procedures)
    sending = told_by(settings)
    dearest = Sending(sending.dearest, sending.slowest)
    files = _maker(settings)
    lease = timedelta(seconds=settings.lease_seconds)
    poll = settings.poll_seconds
    ends = (
        access.end_with_contact,
        registration.end_with_contact,
        associations.end_with_contact,
        inquiries.end_with_contact,
    )
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
                files,
                letterhead,
                most_bytes=settings.attachment_bytes,
            ),
        ),
        (
            campaigns_pb2,
            "CampaignService",
            CampaignService(
                db,
                sending,
                procedures,
                files,
                office,
                most_bytes=settings.attachment_bytes,
            ),
        ),
        (
            circulars_pb2,
            "CircularService",
            CircularService(
                db,
                files,
                most_bytes=settings.attachment_bytes,
                board_page=settings.board_page,
            ),
        ),
        (coupons_pb2, "CouponService", CouponService(db, procedures, coupon_rows.used)),
        (crossings_pb2, "CrossingService", CrossingService(db, handing_in.DECISIONS)),
        (dispatches_pb2, "DispatchService", DispatchService(db, told, lease=lease, poll=poll)),
        (eligibility_pb2, "EligibilityService", eligibility),
        (ledger_pb2, "LedgerService", LedgerService(db, office, dearest, pool, procedures)),
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


def told_by(settings: Settings) -> telling.Sending:
    """Return which channels push what is told to many, at what price and how fast."""
    return telling.Sending(
        tuple(settings.pushing_channels), settings.message_prices, settings.message_rates
    )


def _maker(settings: Settings) -> Maker:
    scanner = None
    if settings.virus_scanner:
        host, _, port = settings.virus_scanner.rpartition(":")
        scanner = Scanner(host, int(port))
    return Maker(scanner, at_once=settings.attachment_workers)
