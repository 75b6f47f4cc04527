"""What is said to whoever speaks: the turn that stands, and how long it waits for an answer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.applications import asking, rows, speech
from core.applications.knowing import context_of
from core.applications.rules import State
from core.applications.speakers import Speaking
from core.eligibility import rows as eligibility
from core.eligibility import terms as program_terms
from core.eligibility import version_rows
from core.eligibility.rules import require_open
from core.eligibility.terms import Terms
from core.japan import end_of, today
from core.procedures import texts
from core.procedures.blocks.block import Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Context, Procedure


def said_to(
    session: Session,
    row: rows.Application,
    who: Speaking,
    known: Catalogue,
    now: datetime,
    *,
    problems: Sequence[Wrong] = (),
    at: str | None = None,
    context: Context | None = None,
) -> dict[str, Any]:
    """Return the turn that stands for whoever speaks, and keep that they were asked it.

    The `context` is what is known, where the caller looked for it already.
    """
    said = turn(session, row, who, known, now, problems=problems, at=at, context=context)
    asking.note(session, row, contact_id=who.contact.id, turn=said, now=now)
    return said


def turn(
    session: Session,
    row: rows.Application,
    who: Speaking,
    known: Catalogue,
    now: datetime,
    *,
    problems: Sequence[Wrong] = (),
    at: str | None = None,
    context: Context | None = None,
) -> dict[str, Any]:
    """Return the turn that stands, or what is asked at the step `at`."""
    procedure = procedure_of(session, row, known)
    said = speech.turn(
        row,
        procedure,
        context or context_of(session, row, procedure, who.language, now),
        who.language,
        on_behalf_of=who.on_behalf_of,
        problems=problems,
        at=at,
    )
    if "closing" in said:
        said["closing"]["receipt_number"] = speech.receipt_number(row)
    return said


def procedure_of(session: Session, row: rows.Application, known: Catalogue) -> Procedure:
    """Return the version that the application was begun with."""
    return known.version(session, row.municipality, row.procedure_key, row.procedure_version)


def title(
    session: Session, row: rows.Application, language: str, known: Catalogue, now: datetime
) -> str:
    """Return what an application is called: its program's name, or its procedure's."""
    if row.program_id:
        program = eligibility.get_program(session, row.municipality, row.program_id)
        return version_rows.terms_now(session, program, now).title_in(language)
    return texts.said(procedure_of(session, row, known).title, {}, language)


def require_filing(session: Session, row: rows.Application, now: datetime) -> None:
    """Raise ProgramClosed where it was never filed, and its program's residents file nothing."""
    if not row.program_id or row.submit_time is not None:
        return
    program = eligibility.get_program(session, row.municipality, row.program_id)
    require_open(program.state)
    terms = version_rows.terms_now(session, program, now)
    program_terms.require_filing(terms, today(now))


def wait(session: Session, row: rows.Application, procedure: Procedure, now: datetime) -> None:
    """Say until when the rest may come, and when somebody is reminded of it.

    What staff sent back does not end by itself, and nothing of a program after its last day.
    """
    row.remind_time = None
    if procedure.remind_days:
        row.remind_time = now + timedelta(days=procedure.remind_days)
    if row.submit_time is not None:
        row.expire_time = None
        return
    last = last_of(session, row, now)
    idle = now + timedelta(days=procedure.expire_days)
    row.expire_time = last if row.state is State.INVITED else min(idle, last or idle)


def last_moment(terms: Terms) -> datetime | None:
    """Return when the days for filing are over; None where they have no end."""
    return end_of(terms.filing.end) if terms.filing.end < date.max else None


def last_of(session: Session, row: rows.Application, now: datetime) -> datetime | None:
    """Return when nothing of an application's program is filed any more."""
    if not row.program_id:
        return None
    program = eligibility.get_program(session, row.municipality, row.program_id)
    return last_moment(version_rows.terms_now(session, program, now))
