"""What staff do with applications: decide, return, pay; each is an event, most are told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import deciding, inviting, mending, rows, rules, saying, speech
from core.applications import reached as reaching
from core.applications.cases import Case, gather
from core.applications.history import record
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import Verb
from core.applications.speakers import Speaking
from core.callers import Caller
from core.dispatches import actions as dispatches
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


def return_(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    reason: str,
    steps: Sequence[str] = (),
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Send the application back to the resident, with what staff wrote and the question again.

    Only the answers to these `steps` are to be mended then; all, where none is named.
    """
    refuse_my_number(reason, field="reason")
    row = _locked(session, by, id, etag)
    procedure = saying.procedure_of(session, row, known)
    mending.require_filed(row, procedure, steps)
    _move(session, by, row, Verb.RETURN, now, reason=reason)
    rows.drop_approvals(session, row)
    if not steps:
        row.answers_json = "{}"
    row.checked = []
    row.returned_with = reason
    row.returned_steps, row.mended_steps = list(steps), []
    row.reopened_step = ""
    saying.wait(session, row, procedure, now)
    reached = reaching.reached(session, row, now)
    if reached is None:
        record(session, by, row, "unreachable", now)
    else:
        dispatches.tell(
            session,
            by,
            occasion=f"{row.id}:{row.revision}",
            resident_id=row.resident_id,
            contact=inviting.recipient(reached.contact),
            content=speech.pushed(
                saying.said_to(
                    session, row, Speaking(reached.contact, reached.on_behalf_of), known, now
                )
            ),
            now=now,
        )
    return row


def keep(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.Application:
    """Let an application stand whose row left the roster; raise WrongState where none did.

    Raises NotADecider, ProgramFrozen.
    """
    refuse_my_number(reason, field="reason")
    row = _locked(session, by, id, etag)
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


def put_into_batch(session: Session, by: Caller, row: rows.Application, now: datetime) -> None:
    """Take an approved application into a transfer batch."""
    _move(session, by, row, Verb.PUT_INTO_BATCH, now)


def take_out_of_batch(session: Session, by: Caller, row: rows.Application, now: datetime) -> None:
    """Let an application wait for another batch."""
    _move(session, by, row, Verb.TAKE_OUT_OF_BATCH, now)


def _case(session: Session, by: Caller, id: str, etag: str, known: Catalogue) -> Case:
    found = gather(session, by.municipality, [id], known)[id]
    if isinstance(found, Refusal):
        raise found
    check_etag(found.row.revision, etag)
    return found


def _locked(session: Session, by: Caller, id: str, etag: str) -> rows.Application:
    row = rows.get(session, by.municipality, id, lock=True)
    check_etag(row.revision, etag)
    return row


def _move(
    session: Session,
    by: Caller,
    row: rows.Application,
    verb: Verb,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    before = row.state
    row.state = rules.move(row.state, verb)
    row.revision += 1
    record(session, by, row, row.state, now, before=before, reason=reason)
