"""What staff decide about applications; each is an event, and told."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import deciding, rows, rules
from core.applications.cases import Case, gather
from core.applications.history import record
from core.applications.moving import locked
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import Verb
from core.callers import Caller
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.errors import Refusal
from core.etags import check_etag
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue


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
    case = _case(session, by, id, etag, known)
    deciding.require_approvable(by, case, now)
    deciding.approve(session, by, [case], letterhead=letterhead, now=now)
    return case.row


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
    case = _case(session, by, id, etag, known)
    deciding.require_rejectable(by, case, now)
    deciding.reject(session, by, [case], reason=reason, letterhead=letterhead, now=now)
    return case.row


def keep(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.Application:
    """Let an application stand whose row left the roster; raise WrongState where none did.

    Raises NotADecider, ProgramFrozen.
    """
    refuse_my_number(reason, field="reason")
    row = locked(session, by, id, etag)
    terms = None
    if row.program_id:
        program = eligibility.get_program(session, by.municipality, row.program_id)
        terms = version_rows.terms_now(session, program, now)
    deciding.require_decider(by, row, terms, Verb.KEEP, now)
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


def _case(session: Session, by: Caller, id: str, etag: str, known: Catalogue) -> Case:
    found = gather(session, by.municipality, [id], known)[id]
    if isinstance(found, Refusal):
        raise found
    check_etag(found.row.revision, etag)
    return found
