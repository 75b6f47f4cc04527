"""What is done with programs and their terms, each in the caller's transaction."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import opening, rows, rules, term_text, terms, version_rows
from core.eligibility.terms import Terms
from core.eligibility.version_rows import ProgramVersion
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number
from core.residents.rules import Assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgram:
    """A program that staff ask for, with its `first` terms where they say more than the rest.

    Where it names no assurance, its terms do, or else the counter's is asked for.
    """

    code: str
    title: str
    unit: rules.Unit
    amount: int
    budget: int
    procedure_key: str
    required_assurance: Assurance | None
    first: Terms | None
    open_to_all: bool


def create(session: Session, by: Caller, asked: NewProgram, now: datetime) -> rows.Program:
    """Lay a program down with its first terms.

    Raises ProgramExists, TermsDisagree, ProgramDatesRefused.
    """
    refuse_my_number(asked.title, field="title")
    code = asked.code
    if rows.find_by_code(session, by.municipality, code) is not None:
        raise rules.ProgramExists(f"{code} is there already: choose another code", code=code)
    program = _program(by, asked, now)
    first = asked.first
    if first is None:
        first = version_rows.first_terms(program)
    else:
        _check_agree(program, first)
        _check(first, now, before=None)
    session.add(program)
    session.flush()
    session.add(version_rows.version(program, first, number=1, author=by.name, reason=""))
    if asked.open_to_all:
        session.add(opening.roster(program, now))
    details = {
        "code": code,
        "amount": str(program.amount),
        "budget": str(program.budget),
        "assurance": program.required_assurance.value,
        "terms": _told(first),
    }
    events.record(session, by, "program.created", program.id, now, details=details)
    return program


def _program(by: Caller, asked: NewProgram, now: datetime) -> rows.Program:
    by_terms = asked.first.required_assurance if asked.first else Assurance.COUNTER
    return rows.Program(
        municipality=by.municipality,
        id=new_id(),
        code=asked.code,
        title=asked.title,
        unit=asked.unit,
        amount=asked.amount,
        budget=asked.budget,
        procedure_key=asked.procedure_key,
        required_assurance=asked.required_assurance or by_terms,
        open_to_all=asked.open_to_all,
        create_time=now,
    )


def revise(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    new: Terms,
    reason: str,
    etag: str,
    now: datetime,
) -> tuple[rows.Program, ProgramVersion]:
    """Lay down terms that hold from their day on.

    Raises ProgramUnknown, ProgramClosed, ProgramDatesRefused, ChangedMeanwhile.
    """
    refuse_my_number(reason, field="reason")
    program = _open(session, by, program_id, etag)
    versions = version_rows.of_program(session, program)
    latest = versions[-1]
    _check(new, now, before=latest.effective_date)
    # The first of a program that is older than versions is kept now, so that none is missing.
    session.add_all(versions)
    made = version_rows.version(
        program, new, number=latest.version + 1, author=by.name, reason=reason
    )
    made.create_time = now
    session.add(made)
    program.revision += 1
    details = {
        "version": str(made.version),
        "effective": made.effective_date.isoformat(),
        "before": _told(term_text.read(latest.terms)),
        "after": _told(new),
    }
    events.record(session, by, "program.revised", program.id, now, details=details, reason=reason)
    return program, made


def close(
    session: Session, by: Caller, *, program_id: str, reason: str, etag: str, now: datetime
) -> rows.Program:
    """End a program; raise ProgramUnknown, ProgramClosed, ChangedMeanwhile."""
    refuse_my_number(reason, field="reason")
    program = _open(session, by, program_id, etag)
    before = program.state
    program.state = rules.ProgramState.CLOSED
    program.revision += 1
    details = {"before": before.value, "after": program.state.value}
    events.record(session, by, "program.closed", program.id, now, details=details, reason=reason)
    return program


def _open(session: Session, by: Caller, program_id: str, etag: str) -> rows.Program:
    program = rows.get_program(session, by.municipality, program_id, lock=True)
    rules.require_open(program.state)
    check_etag(program.revision, etag)
    return program


def _check(new: Terms, now: datetime, *, before: date | None) -> None:
    for text in (*new.title.values(), *new.description.values()):
        refuse_my_number(text, field="terms")
    terms.check(new, today=today(now), before=before)


def _check_agree(program: rows.Program, first: Terms) -> None:
    """Raise TermsDisagree where the simple values of a program say other than its terms."""
    pairs = {
        "title": (program.title, first.main_title),
        "amount": (program.amount, first.most),
        "budget": (program.budget, first.budget),
        "required_assurance": (program.required_assurance, first.required_assurance),
    }
    for field, (simple, said) in pairs.items():
        if simple != said:
            raise rules.TermsDisagree(
                f"{field} is {simple}, but the terms say {said}: say the same", field=field
            )


def _told(one: Terms) -> str:
    """Return terms as the log tells them; they hold nobody's facts."""
    return json.dumps(term_text.write(one), ensure_ascii=False, sort_keys=True)
