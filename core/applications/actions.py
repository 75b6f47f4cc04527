"""What staff decide about applications; each is an event, and told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import (
    amounts,
    checking,
    payee,
    paying,
    rows,
    rules,
    speech,
    telling,
)
from core.applications.history import record
from core.applications.moving import locked, move
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import Verb
from core.callers import Caller
from core.eligibility import match_rows, opening, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms, require_unfrozen
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue
from core.proxies.rules import today


def approve(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    letterhead: Letterhead,
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Decide for the resident, and tell them, once as many people approve as the program asks for.

    Raises the refusals of an account that could not be paid into, before anybody counts on it, and
    NotADecider, SamePerson, ProgramFrozen, AmountDiffers, ChecklistIncomplete, AnswersMissing,
    AnswerInvalid.
    """
    row = locked(session, by, id, etag)
    terms = _deciding(session, by, row, Verb.APPROVE, now)
    rules.move(row.state, Verb.APPROVE)
    _require_not_held(row)
    walk = checking.walked(session, row, known, now)
    checking.require_decidable(row, walk)
    entitlement = payee.entitlement_of(session, row)
    if row.program_id:
        amounts.require_due(session, row, walk, now)
        if entitlement is None or not entitlement.is_paid_inside:
            paying.check_payable(payee.account(row, entitlement))
    if entitlement is not None and row.resident_id and row.left_version is None:
        # The link of a row that left ended with it: who let the application stand knew that.
        require_linked(session, row)
    approvers = [
        one.staff_id for one in rows.approvals(session, by.municipality, [row.id]).get(row.id, ())
    ]
    rules.check_other_person(by.id, approvers)
    session.add(
        rows.Approval(
            municipality=by.municipality,
            application_id=row.id,
            number=len(approvers) + 1,
            staff_id=by.id,
            staff_name=by.name,
            approve_time=now,
        )
    )
    if terms is not None and len(approvers) + 1 < terms.approvals:
        row.revision += 1
        record(session, by, row, "partly_approved", now)
        return row
    if row.program_id and entitlement is None:
        _entitle(session, row)
    _decide(session, by, row, Verb.APPROVE, now)
    telling.decided(session, by, row, letterhead=letterhead, known=known, now=now)
    return row


def reject(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    reason: str,
    letterhead: Letterhead,
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Decide against the resident, and tell them why; also where an approved one's row left."""
    refuse_my_number(reason, field="reason")
    row = locked(session, by, id, etag)
    _deciding(session, by, row, Verb.REJECT, now)
    revokes = row.is_held and row.state is rules.State.APPROVED
    _decide(session, by, row, Verb.REVOKE if revokes else Verb.REJECT, now, reason=reason)
    telling.decided(session, by, row, letterhead=letterhead, known=known, reason=reason, now=now)
    return row


def keep(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.Application:
    """Let an application stand whose row left the roster; raise WrongState where none did.

    Raises NotADecider, ProgramFrozen.
    """
    refuse_my_number(reason, field="reason")
    row = locked(session, by, id, etag)
    _deciding(session, by, row, Verb.KEEP, now)
    if not row.is_held:
        raise rules.WrongState(
            "the row of this application did not leave the roster, or somebody decided about it",
            state=row.state,
            verb=Verb.KEEP,
        )
    row.kept_by = by.name
    row.revision += 1
    record(session, by, row, "kept", now, reason=reason)
    return row


def require_linked(session: Session, row: rows.Application) -> None:
    """Raise WrongState unless the match that the application rests on still stands."""
    linked = match_rows.is_accepted(
        session,
        row.municipality,
        entitlement_id=row.entitlement_id,
        resident_id=row.resident_id,
    )
    if not linked:
        raise rules.WrongState(
            "the match of this application is open again: decide the match first",
            state=row.state,
            verb=Verb.APPROVE,
        )


def _require_not_held(row: rows.Application) -> None:
    if row.is_held:
        raise rules.LeftRoster(
            "the row of this application left the roster: keep the application, or reject it",
            version=str(row.left_version),
        )


def _entitle(session: Session, row: rows.Application) -> None:
    """Make what is approved in a program that is open to all a row of its list."""
    program = eligibility.get_program(session, row.municipality, row.program_id)
    made = opening.entitle(
        session,
        program,
        reference=speech.number_of(row, program),
        amount=row.amount,
        account=payee.account(row, None),
    )
    row.entitlement_id = made.id


def _deciding(
    session: Session, by: Caller, row: rows.Application, verb: Verb, now: datetime
) -> Terms | None:
    """Return the terms to decide by, none without a program.

    Raises NotADecider, ProgramFrozen, and SamePerson to whoever entered the application.
    """
    rules.check_other_person(by.id, {row.entered_by} - {""})
    if not row.program_id:
        return None
    program = eligibility.get_program(session, by.municipality, row.program_id)
    terms = version_rows.terms_now(session, program, now)
    rules.check_decider(by.name, terms.deciders, verb)
    require_unfrozen(terms, today(now))
    return terms


def _decide(
    session: Session,
    by: Caller,
    row: rows.Application,
    verb: Verb,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    move(session, by, row, verb, now, reason=reason)
    row.decide_time = now
