"""Registering at the counter: one of the staff reads the papers, another decides."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number
from core.registration import registering, rows, rules
from core.registration.identity import counter
from core.registration.identity.facts import BasicFour
from core.registration.rules import RegistrationState
from core.residents import births, consent, fact_rows
from core.residents import rows as residents
from core.residents.rules import check_may_return, check_newest


def propose(
    session: Session,
    by: Caller,
    *,
    paper: counter.Paper,
    document: str,
    consent_version: int,
    now: datetime,
) -> rows.CounterRegistration:
    """Put a registration before a second person.

    Raises MyNumberRefused, PaperUnreadable, ConsentOutdated, ResidentExists and ResidentClosed.
    """
    check_newest(consent_version, consent.VERSION)
    four = counter.read(paper, today(now))
    _check_new(session, by, four)
    row = rows.CounterRegistration(
        municipality=by.municipality,
        id=new_id(),
        state=RegistrationState.PROPOSED,
        document=document,
        consent_version=consent_version,
        proposer_id=by.id,
        proposer=by.name,
        create_time=now,
        name=four.name,
        birth_date=four.birth_date_text,
        sex=four.sex,
        address=four.address,
    )
    session.add(row)
    events.record(session, by, "registration.proposed", row.id, now, details={"document": document})
    return row


def view(session: Session, by: Caller, *, id: str, now: datetime) -> rows.CounterRegistration:
    """Return a registration, and write down that it was looked at."""
    row = rows.registration(session, by.municipality, id)
    events.record(
        session, by, "registration.viewed", row.id, now, on_behalf_of=row.resident_id or ""
    )
    return row


def decide(
    session: Session,
    by: Caller,
    *,
    id: str,
    confirmed: bool,
    reason: str,
    etag: str,
    now: datetime,
) -> rows.CounterRegistration:
    """Register the person, or refuse and erase what was read; by another than who proposed.

    Raises RegistrationUnknown, RegistrationDecided, SamePerson, ChangedMeanwhile, MyNumberRefused,
    ResidentExists and ResidentClosed.
    """
    refuse_my_number(reason, field="reason")
    row = rows.registration(session, by.municipality, id, lock=True)
    rules.check_may_decide(row.state, proposer_id=row.proposer_id, decider_id=by.id)
    check_etag(row.revision, etag)
    row.revision += 1
    row.decider_id, row.decider, row.decide_time = by.id, by.name, now
    if confirmed:
        row.state = RegistrationState.CONFIRMED
        row.resident_id = _register(session, by, row, now)
    else:
        row.state = RegistrationState.REFUSED
        row.name = row.birth_date = row.sex = row.address = None
    events.record(
        session,
        by,
        f"registration.{row.state}",
        row.id,
        now,
        details={"proposer": row.proposer},
        reason=reason,
        on_behalf_of=row.resident_id or "",
    )
    return row


def facts_of(row: rows.CounterRegistration) -> BasicFour | None:
    """Return what was read; None where it was erased."""
    if row.name is None or row.birth_date is None or row.sex is None or row.address is None:
        return None
    return BasicFour(
        name=row.name,
        name_flags="",
        birth_date_text=row.birth_date,
        birth_date=births.read(row.birth_date),
        sex=row.sex,
        address=row.address,
        address_flags="",
    )


def _register(session: Session, by: Caller, row: rows.CounterRegistration, now: datetime) -> str:
    four = facts_of(row)
    if four is None:
        raise rules.RegistrationUnknown("what was read at the counter was deleted")
    _check_new(session, by, four)
    registered = registering.register(
        session,
        by,
        None,
        counter.proof(four, row.document),
        consent_version=row.consent_version,
        now=now,
    )
    return registered.resident.id


def _check_new(session: Session, by: Caller, four: BasicFour) -> None:
    """Raise ResidentExists or ResidentClosed unless there is something to register.

    Whose registration has ended comes back by this, and who took back the consent, too.
    """
    person = registering.person_of(session, four).person
    resident_id = fact_rows.find_person(session, by.municipality, person)
    if resident_id is None:
        return
    resident = residents.get(session, by.municipality, resident_id)
    check_may_return(resident.closing_cause)
    if resident.closing_cause is None and not resident.consent_withdrawn:
        raise rules.ResidentExists("the person is registered already", residentId=resident_id)
