"""From a proof to a resident: whose it is, what it closes and keeps, and that they are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller
from core.ids import new_id
from core.registration import rules
from core.registration.identity.proof import Proof
from core.residents import (
    births,
    contact_rows,
    protecting,
    rows,
    searching,
    staleness,
    telling,
    wishes,
)


def register(
    session: Session,
    by: Caller,
    contact: contact_rows.Contact,
    proof: Proof,
    *,
    consent_version: str,
    now: datetime,
) -> bool:
    """Register the holder of a proof on this contact, or renew; return whether renewed.

    Raises ContactTaken, before anything is changed.
    """
    person, holder = _indexes(session, proof)
    resident_id = rules.owner(
        contact_resident=contact.resident_id,
        same_person=rows.find_person(session, by.municipality, person),
        same_holder=contact.resident_id is not None
        and rows.facts_of(session, by.municipality, contact.resident_id).holder == holder,
    )
    resident = _resident(session, by, resident_id, now)
    _link(session, by, contact, resident, now)
    facts = _facts(
        proof,
        resident,
        indexes=(person, holder),
        consent_version=consent_version,
        now=now,
    )
    session.add(facts)
    session.flush()
    searching.index(session, facts)
    staleness.renewed(session, facts, now)
    renewed = resident_id is not None
    events.record(
        session,
        by,
        "resident.renewed" if renewed else "resident.registered",
        resident.id,
        now,
        details={
            "contact_id": contact.id,
            "assurance": facts.assurance,
            "revocation": facts.revocation,
            "consent": facts.consent_version,
        },
        on_behalf_of=resident.id,
    )
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=[contact],
        occasion=f"verification:{facts.id}",
        kind="RENEWED" if renewed else "REGISTERED",
        now=now,
    )
    return renewed


def _indexes(session: Session, proof: Proof) -> tuple[bytes, bytes]:
    four = proof.basic_four
    vault = crypto.vault_of(session)
    born = births.digits(four.birth_date_text)
    holder = rules.holder_key(name=four.name, birth_date=born, sex=four.sex)
    person = rules.person_key(name=four.name, birth_date=born, sex=four.sex, address=four.address)
    return vault.index(person, "facts.person"), vault.index(holder, "facts.holder")


def _resident(
    session: Session, by: Caller, resident_id: str | None, now: datetime
) -> rows.Resident:
    """Return a new resident, or the one there is with the facts in force closed."""
    if resident_id is None:
        resident = rows.Resident(municipality=by.municipality, id=new_id(), create_time=now)
        session.add(resident)
    else:
        resident = rows.get(session, by.municipality, resident_id, lock=True)
        protecting.reopen(session, by, resident, now)
        resident.revision += 1
        before = rows.facts_of(session, by.municipality, resident_id)
        before.closed_time, before.closed_by = now, "renewed"
    # Before what refers to it, and before other facts are in force.
    session.flush()
    return resident


def _link(
    session: Session,
    by: Caller,
    contact: contact_rows.Contact,
    resident: rows.Resident,
    now: datetime,
) -> None:
    if contact.resident_id == resident.id:
        return
    contact.resident_id = resident.id
    wishes.carry_language(resident, contact)
    events.record(
        session,
        by,
        "contact.linked",
        contact.id,
        now,
        details={"resident_id": resident.id},
        on_behalf_of=resident.id,
    )


def _facts(
    proof: Proof,
    resident: rows.Resident,
    *,
    indexes: tuple[bytes, bytes],
    consent_version: str,
    now: datetime,
) -> rows.Facts:
    person, holder = indexes
    four, certificate = proof.basic_four, proof.certificate
    facts = rows.Facts(
        municipality=resident.municipality,
        id=new_id(),
        resident_id=resident.id,
        person=person,
        holder=holder,
        name=four.name,
        name_flags=four.name_flags,
        birth_date=four.birth_date_text,
        sex=four.sex,
        address=four.address,
        address_flags=four.address_flags,
        assurance=proof.assurance,
        revocation=proof.revocation,
        consent_version=consent_version,
        verify_time=now,
        subject=proof.subject or None,
        document=proof.document,
    )
    if certificate is not None:
        facts.certificate_serial = certificate.serial
        facts.certificate_fingerprint = certificate.fingerprint
        facts.issuer_fingerprint = certificate.issuer_fingerprint
        facts.policy = certificate.policy
        facts.not_after = certificate.not_after
    return facts
