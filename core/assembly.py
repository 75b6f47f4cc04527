"""Every service that the core serves, put together with what it needs of the others."""

from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import TypeAlias

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What services are put together from, beside the settings."""

    db: Database
    tokens: Tokens
    identity: Identity
    pool: Pool
    procedures: Catalogue
    letterhead: Letterhead


Servicers: TypeAlias = dict[ModuleType, object]
"""Servicers by the module of their .proto; each has its service's name."""


def services_of(settings: Settings, parts: Parts) -> list[Service]:
    """Return every service that the core serves."""
    office = Office(settings.letter_page, settings.letter_office, settings.letter_phone)
    files = _maker(settings)
    servicers = {
        **_of_people(settings, parts),
        **_of_benefits(settings, parts, office),
        **_of_filing(settings, parts, files),
        **_of_telling(settings, parts, files, office),
    }
    return [
        Service(module.DESCRIPTOR.services_by_name[type(servicer).__name__], servicer)
        for module, servicer in servicers.items()
    ]


def _of_people(settings: Settings, parts: Parts) -> Servicers:
    """Put together who somebody is: staff, residents, and who acts for whom."""
    db = parts.db
    ends = (
        access.end_with_contact,
        registration.end_with_contact,
        associations.end_with_contact,
        inquiries.end_with_contact,
    )
    hides = (access.end_codes_of, quietness.drop_naming)
    of_reference = match_rows.residents_of_reference
    id_tokens = IdTokens.load(settings.id_token_issuers)
    return {
        access_pb2: AccessService(db, id_tokens, settings.web_origins),
        proxies_pb2: ProxyService(db),
        records_pb2: RecordService(db, recurring.terms(settings), parts.procedures),
        registration_pb2: RegistrationService(db, parts.identity),
        residents_pb2: ResidentService(db, of_reference, ends, hides),
        staff_pb2: StaffService(db, parts.tokens),
    }


def _of_benefits(settings: Settings, parts: Parts, office: Office) -> Servicers:
    """Put together whom a benefit is due to, who was reached, and what happens of it all."""
    db, procedures, pool = parts.db, parts.procedures, parts.pool
    eligibility = EligibilityService(db, procedures, applications.count_by_state)
    sending = told_by(settings)
    dearest = Sending(sending.dearest, sending.slowest)
    return {
        activity_pb2: ActivityService(db, eligibility.open_programs, poll=settings.poll_seconds),
        crossings_pb2: CrossingService(db, handing_in.DECISIONS),
        eligibility_pb2: eligibility,
        ledger_pb2: LedgerService(db, office, dearest, pool, procedures),
        matching_pb2: MatchingService(db, applications.count_by_state, inviting.take_back),
        rosters_pb2: RosterService(db, pool, carrying.APPLIED),
    }


def _of_filing(settings: Settings, parts: Parts, files: Maker) -> Servicers:
    """Put together what residents file, by which procedures, and what is paid for it."""
    db, procedures = parts.db, parts.procedures
    trust = Trust.load(settings.procedure_keys, settings.procedure_publishers)
    offers = Offers(procedures)
    return {
        applications_pb2: ApplicationService(
            db, procedures, files, parts.letterhead, most_bytes=settings.attachment_bytes
        ),
        coupons_pb2: CouponService(db, procedures, coupon_rows.used),
        payments_pb2: PaymentService(db),
        procedures_pb2: ProcedureService(db, procedures, offers, naming.open_program, trust),
    }


def _of_telling(settings: Settings, parts: Parts, files: Maker, office: Office) -> Servicers:
    """Put together what residents are told, by the city and by their neighbours."""
    db, most_bytes = parts.db, settings.attachment_bytes
    return {
        campaigns_pb2: CampaignService(
            db, told_by(settings), parts.procedures, files, office, most_bytes=most_bytes
        ),
        circulars_pb2: CircularService(
            db, files, most_bytes=most_bytes, board_page=settings.board_page
        ),
        dispatches_pb2: DispatchService(
            db,
            Carrying(settings.pushing_channels, parts.procedures),
            lease=timedelta(seconds=settings.lease_seconds),
            poll=settings.poll_seconds,
        ),
    }


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
