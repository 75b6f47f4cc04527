"""How an application is begun and answered: invitations, prompts, what residents say."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import rows, rules, speech
from core.applications.history import OPENED, record, was_opened
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.dispatches.rules import Recipient
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility import terms as program_terms
from core.eligibility.rules import require_open
from core.eligibility.terms import Terms
from core.ids import new_id
from core.procedures import rules as procedures
from core.procedures.rules import Procedure, ProcedureUnknown
from core.proxies.reaching import Reached, reach
from core.proxies.rules import Scope, today
from core.proxies.speaking import granted
from core.residents import contact_rows as contacts
from core.residents import rows as residents
from core.residents.rules import suffices

Procedures = Mapping[str, Procedure]


@dataclass(slots=True)
class Invited:
    """How many were invited, and how many were left out for which reason."""

    invited: int = 0
    suppressed: int = 0
    unreachable: int = 0
    without_account: int = 0
    assurance_too_low: int = 0
    closed: int = 0

    def plus(self, other: "Invited") -> "Invited":
        return Invited(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def waiting(
    session: Session, by: Caller, *, program_id: str
) -> list[tuple[eligibility.Entitlement, str]]:
    """Return the matched entitlements with their resident that have no application yet."""
    matched = entitlement_rows.to_invite(session, by.municipality, program_id)
    known = rows.invited(session, by.municipality, [entitlement.id for entitlement, _ in matched])
    return [pair for pair in matched if pair[0].id not in known]


def invite(
    session: Session,
    by: Caller,
    *,
    program: eligibility.Program,
    terms: Terms,
    procedure: Procedure,
    campaign_id: str,
    pairs: Sequence[tuple[eligibility.Entitlement, str]],
    now: datetime,
) -> Invited:
    """Make an application for each pair, and push its first prompt.

    Left out and counted is who is under protection, whose registration or consent has ended, who
    was verified more weakly than the program asks, whom no channel reaches, and whose account the
    city does not hold.
    """
    done = Invited()
    ids = {resident_id for _, resident_id in pairs}
    # First, since whom it reaches stays as they are: who is protected meanwhile is seen to be.
    reached_by = {id: reach(session, by.municipality, id, now) for id in sorted(ids)}
    protected = residents.suppressed(session, by.municipality, ids)
    served = residents.served(session, by.municipality, ids)
    for entitlement, resident_id in pairs:
        reached = reached_by[resident_id]
        if entitlement.suppressed or resident_id in protected:
            done.suppressed += 1
        elif resident_id not in served:
            done.closed += 1
        elif not suffices(served[resident_id], terms.required_assurance):
            done.assurance_too_low += 1
        elif not eligibility.masked_account(entitlement):
            done.without_account += 1
        elif reached is None:
            done.unreachable += 1
        else:
            application = rows.Application(
                municipality=by.municipality,
                id=new_id(),
                program_id=program.id,
                entitlement_id=entitlement.id,
                resident_id=resident_id,
                state=rules.State.INVITED,
                procedure_key=procedure.key,
                procedure_version=procedure.version,
                amount=entitlement.amount,
                invite_time=now,
            )
            session.add(application)
            record(session, by, application, "invited", now)
            language = reached.contact.language
            context = speech.context_of(terms, entitlement, application.amount, language)
            dispatches.tell(
                session,
                by,
                occasion=f"{application.id}:invited",
                resident_id=resident_id,
                contact=recipient(reached.contact),
                content=speech.turn(
                    application,
                    procedure,
                    context,
                    language,
                    on_behalf_of=reached.on_behalf_of,
                ),
                now=now,
                campaign_id=campaign_id,
            )
            done.invited += 1
    return done


def prompt(
    session: Session, by: Caller, *, external_id: str, id: str, known: Procedures, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Return the turn that stands now, for a contact of the resident's or of their proxy's.

    Beside it, whether this is the first time that an invitation is opened.
    """
    reader, row = _of_contact(session, by, external_id, id, scope=Scope.READ, now=now, lock=False)
    first = row.state is rules.State.INVITED and not was_opened(session, row)
    return turn(session, row, reader, known, now), first


def opened(session: Session, by: Caller, *, id: str, now: datetime) -> None:
    """Write down that an invitation was opened, once."""
    row = rows.get(session, by.municipality, id, lock=True)
    if not was_opened(session, row):
        record(session, by, row, OPENED, now)


def answer(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    id: str,
    step: str,
    choice: str,
    known: Procedures,
    now: datetime,
) -> dict[str, Any]:
    """Take an answer, and return the turn that follows.

    Once the application is with staff, an answer changes nothing: a double tap, a redelivery or a
    second phone gets the turn that stands. What was filed in time and returned may be mended after
    the last day for filing; nothing is filed for the first time then.
    """
    reader, row = _of_contact(session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True)
    procedure = procedure_of(row, known)
    if row.state in rules.WITH_THE_RESIDENT:
        if row.submit_time is None:
            _require_filing(session, row, now)
        answers = procedures.answered(procedure, row.answers, step, choice)
        row.answers_json = json.dumps(answers)
        row.revision += 1
        said = procedures.turn(procedure, answers, {}, speech.LANGUAGE)
        if isinstance(said, procedures.Closing):
            proxy = reader.contact.resident_id if reader.on_behalf_of else None
            _end(session, by, row, said.outcome, now, proxy=proxy or "")
    else:
        procedure.step(step).option(choice)  # Refuses what was never offered.
    return turn(session, row, reader, known, now)


def _require_filing(session: Session, row: rows.Application, now: datetime) -> None:
    """Raise ProgramClosed where residents of the program file nothing now."""
    program = eligibility.get_program(session, row.municipality, row.program_id)
    require_open(program.state)
    terms = version_rows.terms_now(session, program, now)
    program_terms.require_filing(terms, today(now))


def _end(
    session: Session,
    by: Caller,
    row: rows.Application,
    outcome: procedures.Outcome,
    now: datetime,
    *,
    proxy: str,
) -> None:
    before = row.state
    row.state = rules.move(row.state, rules.VERB_OF[outcome])
    if row.state is rules.State.SUBMITTED:
        row.submit_time = now
        row.returned_with = ""
    if row.state is not before:
        record(session, by, row, row.state, now, before=before, proxy=proxy)


def procedure_of(row: rows.Application, known: Procedures) -> Procedure:
    """Return the version that the application was begun with."""
    procedure = known.get(row.procedure_key)
    if procedure is None or procedure.version != row.procedure_version:
        raise ProcedureUnknown(
            f"{row.procedure_key} version {row.procedure_version} is not here: install it again"
        )
    return procedure


def turn(
    session: Session, row: rows.Application, reader: Reached, known: Procedures, now: datetime
) -> dict[str, Any]:
    program = eligibility.get_program(session, row.municipality, row.program_id)
    entitlement = entitlement_rows.get(session, row.municipality, row.entitlement_id)
    language = reader.contact.language
    terms = version_rows.terms_now(session, program, now)
    context = speech.context_of(terms, entitlement, row.amount, language)
    return speech.turn(
        row, procedure_of(row, known), context, language, on_behalf_of=reader.on_behalf_of
    )


def recipient(contact: contacts.Contact) -> Recipient:
    return Recipient(contact.id, contact.channel, contact.external_id)


def _of_contact(
    session: Session,
    by: Caller,
    external_id: str,
    id: str,
    *,
    scope: Scope,
    now: datetime,
    lock: bool,
) -> tuple[Reached, rows.Application]:
    """Return who speaks, and the application of their own or of one whose proxy they are for this.

    What is another's is unknown.
    """
    contact = contacts.contact_of(session, by, external_id)
    resident_id = contacts.resident_of(contact)
    row = rows.get(session, by.municipality, id, lock=lock)
    if row.resident_id == resident_id:
        return Reached(contact), row
    if not granted(
        session,
        by.municipality,
        resident_id=row.resident_id,
        proxy_resident_id=resident_id,
        scope=scope,
        now=now,
    ):
        raise rules.ApplicationUnknown(f"there is no application {id} of this contact")
    names = residents.names_of(session, by.municipality, [row.resident_id])
    return Reached(contact, names[row.resident_id]), row
