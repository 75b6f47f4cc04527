"""What residents agreed to: given with a proof or by itself, and taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.ids import new_id
from core.residents import consent, contact_rows, rows, stale_rows, telling
from core.residents.rules import ConsentPurpose, ConsentUnknown, StaleCause, check_newest
from core.residents.wish_rows import HOLDS, Consent


def give(
    session: Session,
    by: Caller,
    *,
    resident: rows.Resident,
    purpose: ConsentPurpose,
    version: int,
    now: datetime,
) -> Consent:
    """Take an agreement without a proof; one that holds in this version stays as it is.

    Raises ConsentOutdated unless the version is the one in force.
    """
    check_newest(version, consent.VERSIONS[purpose])
    held = holding(session, resident, purpose)
    if held is not None and held.version == version:
        return held
    given = keep(session, resident, purpose, version=version, given_by=by.actor, now=now)
    _record(session, by, "consent.given", given, now)
    return given


def keep(
    session: Session,
    resident: rows.Resident,
    purpose: ConsentPurpose,
    *,
    version: int,
    given_by: str,
    now: datetime,
) -> Consent:
    """Keep that the resident agreed, and how; it takes the place of the one that held.

    To agree to registering lets the resident be told of things again.
    """
    held = holding(session, resident, purpose)
    if held is not None:
        held.withdraw_time = now
        session.flush()  # Before another holds.
    given = Consent(
        municipality=resident.municipality,
        id=new_id(),
        resident_id=resident.id,
        purpose=purpose,
        version=version,
        given_by=given_by,
        give_time=now,
    )
    session.add(given)
    if purpose is ConsentPurpose.REGISTRATION:
        stale_rows.clear(session, resident.municipality, resident.id, [StaleCause.CONSENT_OUTDATED])
        if resident.consent_withdrawn:
            resident.consent_withdrawn = False
            resident.revision += 1
    return given


def withdraw(
    session: Session, by: Caller, *, resident: rows.Resident, consent_id: str, now: datetime
) -> Consent:
    """End a consent; one that has ended stays as it is. Raises ConsentUnknown.

    Without that of registering nothing is pushed any more; the resident is told so before.
    """
    given = session.get(
        Consent, (resident.municipality, consent_id), with_for_update=True, populate_existing=True
    )
    if given is None or given.resident_id != resident.id:
        raise ConsentUnknown("the resident has given no such consent")
    if given.withdraw_time is not None:
        return given
    given.withdraw_time = now
    if given.purpose is ConsentPurpose.REGISTRATION:
        _silence(session, by, resident, given, now)
    _record(session, by, "consent.withdrawn", given, now)
    return given


def holding(session: Session, resident: rows.Resident, purpose: ConsentPurpose) -> Consent | None:
    """Return the consent that holds; None where there is none."""
    query = select(Consent).where(
        Consent.municipality == resident.municipality,
        Consent.resident_id == resident.id,
        Consent.purpose == purpose,
        HOLDS,
    )
    return session.scalars(query).one_or_none()


def withdrawn_since(session: Session, resident: rows.Resident) -> datetime | None:
    """Return when the resident last took back the consent to registering."""
    query = select(Consent.withdraw_time).where(
        Consent.municipality == resident.municipality,
        Consent.resident_id == resident.id,
        Consent.purpose == ConsentPurpose.REGISTRATION,
        Consent.withdraw_time.is_not(None),
    )
    return session.scalars(query.order_by(Consent.withdraw_time.desc()).limit(1)).one_or_none()


def _silence(
    session: Session, by: Caller, resident: rows.Resident, given: Consent, now: datetime
) -> None:
    """Drop what is queued, tell the resident that nothing will come any more, and keep to it."""
    dispatches.drop(session, resident.municipality, resident.id, now)
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=contact_rows.contacts_of(session, resident.municipality, resident.id),
        occasion=f"consent:{given.id}",
        kind="CONSENT_WITHDRAWN",
        now=now,
    )
    resident.consent_withdrawn = True
    resident.revision += 1


def _record(session: Session, by: Caller, kind: str, given: Consent, now: datetime) -> None:
    events.record(
        session,
        by,
        kind,
        given.id,
        now,
        details={"purpose": given.purpose, "version": str(given.version)},
        on_behalf_of=given.resident_id,
    )
