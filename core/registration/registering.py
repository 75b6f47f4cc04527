"""From a proof to a resident: whose it is, what it closes and keeps, and that they are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller
from core.ids import new_id
from core.registration import rules
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Proof
from core.residents import (
    births,
    changed_rows,
    consent,
    consents,
    contact_rows,
    fact_rows,
    linking,
    protecting,
    rows,
    searching,
    stale_rows,
    staleness,
    telling,
    traits,
)
from core.residents.rules import ConsentPurpose, StaleCause


@dataclass(frozen=True, slots=True)
class Registered:
    """The resident with the facts now in force, which may be older and stronger than the proof."""

    resident: rows.Resident
    facts: rows.Facts
    renewed: bool


@dataclass(frozen=True, slots=True)
class Person:
    """The blind indexes of a proof's facts: all four, and those that stay after a move."""

    person: bytes
    holder: bytes


def register(
    session: Session,
    by: Caller,
    contact: contact_rows.Contact | None,
    proof: Proof,
    *,
    consent_version: int,
    now: datetime,
) -> Registered:
    """Register whom a proof shows, or renew; on a contact, unless it was at the counter.

    Raises ContactTaken and ResidentClosed, before anything is changed.
    """
    person = person_of(session, proof.basic_four)
    resident_id = _owner(session, by, contact, person)
    resident = _resident(session, by, resident_id, now)
    if contact is not None:
        linking.link(session, by, contact, resident, now)
    agreed = consents.keep(
        session,
        resident,
        ConsentPurpose.REGISTRATION,
        version=consent_version,
        given_by=proof.assurance,
        now=now,
    )
    facts, kind = _facts_in_force(
        session, resident, proof, person, consent_version=consent_version, now=now
    )
    renewed = resident_id is not None
    event = kind if renewed else "resident.registered"
    _record(
        session, by, resident, contact, proof,
        event=event, consent_version=consent_version, now=now,
    )  # fmt: skip
    telling.tell(
        session,
        by,
        resident=resident,
        contacts=_hearing(session, resident, contact, kind),
        occasion=f"verification:{agreed.id}",
        kind="RENEWED" if renewed else "REGISTERED",
        now=now,
    )
    return Registered(resident, facts, renewed)


def _record(
    session: Session,
    by: Caller,
    resident: rows.Resident,
    contact: contact_rows.Contact | None,
    proof: Proof,
    *,
    event: str,
    consent_version: int,
    now: datetime,
) -> None:
    details = {
        "assurance": proof.assurance,
        "revocation": proof.revocation,
        "consent": consent.label(consent_version),
    }
    if contact is not None:
        details["contact_id"] = contact.id
    events.record(session, by, event, resident.id, now, details=details, on_behalf_of=resident.id)


def is_holder(session: Session, by: Caller, resident_id: str, proof: Proof) -> bool:
    """Whether a proof shows this resident, by what stays after a move."""
    facts = fact_rows.facts_of(session, by.municipality, resident_id)
    return facts.holder == person_of(session, proof.basic_four).holder


def person_of(session: Session, four: BasicFour) -> Person:
    vault = crypto.vault_of(session)
    born = births.digits(four.birth_date_text)
    holder = rules.holder_key(name=four.name, birth_date=born, sex=four.sex)
    person = rules.person_key(name=four.name, birth_date=born, sex=four.sex, address=four.address)
    return Person(vault.index(person, "facts.person"), vault.index(holder, "facts.holder"))


def _owner(
    session: Session, by: Caller, contact: contact_rows.Contact | None, person: Person
) -> str | None:
    """Return the id of the resident whom the proof belongs to, None for a new one."""
    contact_resident = contact.resident_id if contact is not None else None
    last = (
        fact_rows.last_facts(session, by.municipality, contact_resident)
        if contact_resident
        else None
    )
    return rules.owner(
        contact_resident=contact_resident,
        same_person=fact_rows.find_person(session, by.municipality, person.person),
        same_holder=last is not None and last.holder == person.holder,
    )


def _resident(
    session: Session, by: Caller, resident_id: str | None, now: datetime
) -> rows.Resident:
    """Return a new resident, or the one there is, whose registration goes on if it had ended."""
    if resident_id is None:
        resident = rows.Resident(municipality=by.municipality, id=new_id(), create_time=now)
        session.add(resident)
        session.flush()  # Before what refers to it.
        return resident
    resident = rows.get(session, by.municipality, resident_id, lock=True)
    protecting.reopen(session, by, resident, now)
    resident.revision += 1
    return resident


def _hearing(
    session: Session, resident: rows.Resident, contact: contact_rows.Contact | None, kind: str
) -> list[contact_rows.Contact]:
    """Return where it is told: a confirmation changed nothing for the other contacts."""
    if kind == "resident.confirmed":
        return [contact] if contact is not None else []
    return contact_rows.contacts_of(session, resident.municipality, resident.id)


def _facts_in_force(
    session: Session,
    resident: rows.Resident,
    proof: Proof,
    person: Person,
    *,
    consent_version: int,
    now: datetime,
) -> tuple[rows.Facts, str]:
    """Put the proof's facts in force, unless stronger ones say the same; return how it went.

    Facts whose certificate is stale give way: the resident was asked for another proof.
    """
    before = fact_rows.find_facts(session, resident.municipality, resident.id)
    if before is not None:
        same = before.person == person.person
        asked = set(stale_rows.causes_of(session, resident.municipality, resident.id))
        stays = rules.stay_in_force(before.assurance, proved=proof.assurance, same_person=same)
        if stays and not asked & staleness.CERTIFICATE:
            stale_rows.clear(session, resident.municipality, resident.id, [StaleCause.MOVED])
            return before, "resident.confirmed"
        before.closed_time, before.closed_by = now, "renewed"
        session.flush()  # Before others are in force.
    facts = _facts(proof, resident, person, consent_version=consent_version, now=now)
    session.add(facts)
    session.flush()
    searching.index(session, facts)
    traits.keep(session, facts)
    staleness.renewed(session, facts, now)
    changed_rows.add(session, resident.municipality, resident.id, now)
    return facts, "resident.renewed"


def _facts(
    proof: Proof,
    resident: rows.Resident,
    person: Person,
    *,
    consent_version: int,
    now: datetime,
) -> rows.Facts:
    four, certificate = proof.basic_four, proof.certificate
    facts = rows.Facts(
        municipality=resident.municipality,
        id=new_id(),
        resident_id=resident.id,
        person=person.person,
        holder=person.holder,
        name=four.name,
        name_flags=four.name_flags,
        birth_date=four.birth_date_text,
        sex=four.sex,
        address=four.address,
        address_flags=four.address_flags,
        assurance=proof.assurance,
        revocation=proof.revocation,
        consent_version=consent.label(consent_version),
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
