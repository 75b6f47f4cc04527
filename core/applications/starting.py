"""Begins what a resident chose themselves, without an invitation, or goes on with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import rows, saying
from core.applications.history import record
from core.applications.knowing import amount_by
from core.applications.rules import State
from core.applications.speakers import Speaking
from core.callers import Caller
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import ProgramUnknown, require_open
from core.eligibility.terms import Terms, require_filing
from core.errors import NotNow
from core.ids import new_id
from core.japan import today
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Audience, Procedure, ProcedureUnknown
from core.procedures.offers import asks_account, needs_program
from core.proxies.rules import Scope
from core.proxies.speaking import speaker
from core.residents import contact_rows as contacts
from core.residents import fact_rows
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import Assurance, ContactNotRegistered, ResidentClosed, suffices

AGAIN = frozenset({State.WITHDRAWN, State.EXPIRED})
"""After these a resident may begin for the same entitlement anew; a rejection stands."""


class AssuranceTooLow(NotNow):
    reason = "ASSURANCE_TOO_LOW"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is begun: a procedure, of a program where it is one's, for an entitlement or none."""

    procedure: Procedure
    program: eligibility.Program | None = None
    terms: Terms | None = None
    entitlement: eligibility.Entitlement | None = None


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Who begins something: a contact, for its resident, for another, or for nobody registered."""

    session: Session
    by: Caller
    contact: Contact
    resident_id: str
    known: Catalogue
    now: datetime

    @property
    def proxy(self) -> str:
        """Return the proxy's resident id, where it is for another."""
        acting = self.contact.resident_id or ""
        return acting if self.resident_id not in {"", acting} else ""


def start(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    procedure: str,
    program_id: str,
    known: Catalogue,
    now: datetime,
) -> tuple[dict[str, Any], str]:
    """Return the first turn, or that of what is under way, and the application's id.

    Raises ProcedureUnknown and ProgramUnknown also for what is not for whoever speaks: who is not
    entitled and who is protected learn the same.
    """
    contact = contacts.contact_of(session, by, external_id)
    resident_id = ""
    if contact.resident_id is not None or for_resident_id:
        resident_id = speaker(
            session,
            by,
            external_id=external_id,
            for_resident_id=for_resident_id,
            scope=Scope.APPLY,
            now=now,
        )
    speaks = _Speaker(session, by, contact, resident_id, known, now)
    if not for_resident_id and not program_id:
        speaks = _as_anybody(speaks, procedure)
        resident_id = speaks.resident_id
    chosen = _of_program(speaks, program_id) if program_id else _of_procedure(speaks, procedure)
    row = under_way(session, chosen, resident_id=resident_id, contact=contact)
    if row is None:
        if chosen.entitlement is not None and rows.live_of(session, chosen.entitlement):
            # The match was another's once, and what they filed waits with staff.
            raise ProgramUnknown(f"there is no program {program_id} for whoever speaks")
        row = _begun(speaks, chosen)
    names = fact_rows.names_of(session, by.municipality, [resident_id]) if speaks.proxy else {}
    who = Speaking(contact, names.get(resident_id, ""), speaks.proxy)
    return saying.said_to(session, row, who, known, now), row.id


def _as_anybody(speaks: _Speaker, key: str) -> _Speaker:
    """Let whose registration has ended begin what is for anybody, as if never registered."""
    session, municipality = speaks.session, speaks.by.municipality
    if fact_rows.served(session, municipality, [speaks.resident_id]):
        return speaks
    procedure = speaks.known.in_force(session, municipality, key, speaks.now)
    return replace(speaks, resident_id="") if procedure.audience is Audience.ANYBODY else speaks


def under_way(
    session: Session, chosen: Chosen, *, resident_id: str, contact: Contact
) -> rows.Application | None:
    """Return the application that stands in the way of a new one, the newest."""
    if chosen.entitlement is not None:
        same = rows.Application.entitlement_id == chosen.entitlement.id
        standing = rows.Application.state.not_in(sorted(AGAIN))
    else:
        key = once_key(chosen, resident_id, contact.id)
        same, standing = rows.Application.once_key == key, rows.LIVE
    # By whose it is first, which an index finds.
    of = (
        rows.Application.resident_id == resident_id
        if resident_id
        else rows.Application.contact_id == contact.id
    )
    query = select(rows.Application).where(
        rows.Application.municipality == contact.municipality, of, same, standing
    )
    newest = query.order_by(rows.Application.id.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def once_key(chosen: Chosen, resident_id: str, contact_id: str) -> str:
    """Return what only one live application of somebody may have; that of an entitlement has none.

    Where a procedure may be gone through again, it holds until it is filed, for taps that come
    twice.
    """
    if chosen.entitlement is not None:
        return ""
    what = chosen.program.id if chosen.program else chosen.procedure.key
    return f"{what}:{resident_id or contact_id}"


def _of_program(speaks: _Speaker, program_id: str) -> Chosen:
    session, municipality, now = speaks.session, speaks.by.municipality, speaks.now
    program = eligibility.get_program(session, municipality, program_id)
    require_open(program.state)
    terms = version_rows.terms_now(session, program, now)
    require_filing(terms, today(now))
    procedure = speaks.known.in_force(session, municipality, program.procedure_key, now)
    held = require_served(session, municipality, speaks.resident_id)
    chosen = offer(session, program, terms, procedure, speaks.resident_id)
    if chosen is None:
        raise ProgramUnknown(f"there is no program {program_id} for whoever speaks")
    require_assurance(held, terms.required_assurance)
    return chosen


def offer(
    session: Session,
    program: eligibility.Program,
    terms: Terms,
    procedure: Procedure,
    resident_id: str,
) -> Chosen | None:
    """Return what a program offers a resident; None where it has nothing for them."""
    if program.open_to_all:
        return Chosen(procedure, program, terms)
    entitlement = entitlement_rows.matched_with(session, program, resident_id)
    if entitlement is None:
        return None
    hidden = entitlement.suppressed or residents.suppressed(
        session, program.municipality, [resident_id]
    )
    if hidden or not (eligibility.masked_account(entitlement) or asks_account(procedure)):
        return None
    return Chosen(procedure, program, terms, entitlement)


def _of_procedure(speaks: _Speaker, key: str) -> Chosen:
    session, municipality = speaks.session, speaks.by.municipality
    procedure = speaks.known.in_force(session, municipality, key, speaks.now)
    is_offered = speaks.known.is_offered(session, municipality, key, speaks.now)
    if not is_offered or procedure.audience is Audience.STAFF or needs_program(procedure):
        raise ProcedureUnknown(f"there is no procedure {key} for residents to choose")
    if speaks.resident_id or procedure.audience is Audience.REGISTERED:
        held = require_served(session, municipality, speaks.resident_id)
        if procedure.assurance:
            require_assurance(held, Assurance(procedure.assurance))
    return Chosen(procedure)


def require_served(session: Session, municipality: str, resident_id: str) -> Assurance:
    """Return how a resident was verified; raise where nobody is, or the registration has ended."""
    served = fact_rows.served(session, municipality, [resident_id])
    if resident_id in served:
        return served[resident_id]
    if resident_id:
        resident = residents.get(session, municipality, resident_id)
        if resident.closing_cause is not None:
            raise ResidentClosed("the registration has ended", cause=resident.closing_cause)
    raise ContactNotRegistered("the contact belongs to nobody yet: verify who it is first")


def require_assurance(held: Assurance, required: Assurance) -> None:
    """Raise AssuranceTooLow where somebody was verified more weakly than is asked."""
    if not suffices(held, required):
        raise AssuranceTooLow(
            f"verified as {held}, and {required} is asked: verify again",
            held=held,
            required=required,
        )


def _amount(speaks: _Speaker, chosen: Chosen) -> int:
    if chosen.entitlement is not None:
        return chosen.entitlement.amount
    if chosen.terms is None:
        return 0
    facts = fact_rows.find_facts(speaks.session, speaks.by.municipality, speaks.resident_id)
    return amount_by(chosen.terms, facts)


def _begun(speaks: _Speaker, chosen: Chosen) -> rows.Application:
    session, by, contact = speaks.session, speaks.by, speaks.contact
    speaks.known.keep(session, by.municipality, chosen.procedure, speaks.now)
    entitlement = chosen.entitlement
    row = rows.Application(
        municipality=by.municipality,
        id=new_id(),
        program_id=chosen.program.id if chosen.program else "",
        entitlement_id=entitlement.id if entitlement else "",
        resident_id=speaks.resident_id,
        contact_id="" if speaks.resident_id else contact.id,
        state=State.STARTED,
        procedure_key=chosen.procedure.key,
        procedure_version=chosen.procedure.version,
        amount=_amount(speaks, chosen),
        invite_time=speaks.now,
        once_key=once_key(chosen, speaks.resident_id, contact.id),
    )
    session.add(row)
    saying.wait(session, row, chosen.procedure, speaks.now)
    session.flush()
    record(session, by, row, "started", speaks.now, proxy=speaks.proxy)
    return row
