"""What came in on paper, by phone or at the counter, entered by the same engine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import conversations, entry_files, filing, redeeming, rows
from core.applications.checking import unfit
from core.applications.history import record
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import ApplicationExists, Source, State
from core.applications.starting import AGAIN, Chosen, once_key
from core.callers import Caller
from core.eligibility import entitlement_rows, match_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import EntitlementUnknown, require_open
from core.eligibility.terms import require_filing
from core.ids import new_id
from core.procedures import engine, texts
from core.procedures.blocks.account import AccountBlock, AccountOnPaper
from core.procedures.blocks.block import Input, Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Outcome, Procedure, ProcedureUnknown, Step
from core.procedures.fields import prompt_fields, review_fields
from core.procedures.offers import needs_program
from core.residents import rows as residents

ON_PAPER = {Input.FILES, Input.SIGNATURE}
"""What lies in the file when something came in on paper, and may be left out here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What came in, as far as it is entered; answers are (step, kind, plain value), in order."""

    entitlement_id: str
    procedure: str
    program_id: str
    resident_id: str
    source: Source
    receive_date: date
    answers: Sequence[tuple[str, str, Any]]


def next_said(
    session: Session, by: Caller, entry: Entry, *, look: bool, known: Catalogue, now: datetime
) -> dict[str, Any] | None:
    """Return the next question with the contract's names; None where nothing is left to ask.

    Who wants to `look` is told all answers then.
    """
    chosen, row = begun(session, by, entry, known, now)
    answers, procedure = _answered(session, row, chosen.procedure, entry, now)
    entry_files.require(session, by, procedure, answers)
    context = context_of(session, row, procedure, LANGUAGE, now)
    said = engine.turn(procedure, answers, context, LANGUAGE)
    if isinstance(said, engine.Prompt):
        fields = prompt_fields(said, procedure.step(said.step).block.name)
        return {"prompt": {**fields, "application_id": "", "language": LANGUAGE}}
    if not look:
        return None
    walked = engine.walk(procedure, answers, context, LANGUAGE)
    review = engine.Review(
        title=texts.said(procedure.title, walked.arguments(), LANGUAGE),
        lines=tuple(engine.lines(walked)),
        previous_step=walked.asked[-1].key if walked.asked else "",
    )
    return {"review": {**review_fields(review), "language": LANGUAGE}}


def enter(
    session: Session, by: Caller, entry: Entry, *, known: Catalogue, now: datetime
) -> rows.Application:
    """File what came in. Raises AnswersMissing where questions are left."""
    chosen, row = begun(session, by, entry, known, now)
    answers, procedure = _answered(session, row, chosen.procedure, entry, now)
    context = context_of(session, row, procedure, LANGUAGE, now)
    said = engine.turn(procedure, answers, context, LANGUAGE)
    if isinstance(said, engine.Prompt):
        raise filing.AnswersMissing(f"step {said.step} is not answered yet", step=said.step)
    known.keep(session, by.municipality, chosen.procedure, now)
    session.add(row)
    row.answers_json = json.dumps(answers)
    row.source, row.receive_date, row.entered_by = entry.source, entry.receive_date, by.id
    row.revision += 1
    session.flush()
    files = entry_files.hand_in(session, by, row, procedure, answers)
    how = {"source": str(entry.source), "received": entry.receive_date.isoformat()}
    how |= {"files": str(files)} if files else {}
    record(session, by, row, "entered", now, more=how)
    outcome = said.outcome if isinstance(said, engine.Closing) else Outcome.SUBMIT
    filing.end(session, by, row, chosen.procedure, outcome, now=now)
    return row


def begun(
    session: Session, by: Caller, entry: Entry, known: Catalogue, now: datetime
) -> tuple[Chosen, rows.Application]:
    """Return what is entered, and its row: a new one, or the invitation that is not answered yet.

    Raises ApplicationExists where another one is under way, or stands.
    """
    resident_id = entry.resident_id
    if resident_id:
        residents.get(session, by.municipality, resident_id)
    if entry.entitlement_id:
        chosen, resident_id = _of_entitlement(session, by, entry, known, now)
    elif entry.program_id:
        chosen = _of_program(session, by, entry, known, now)
    else:
        chosen = _of_procedure(session, by, entry.procedure, known, now)
    key = once_key(chosen, resident_id, "") if resident_id else ""
    entitlement_id = chosen.entitlement.id if chosen.entitlement else ""
    standing = _standing(session, by, entitlement_id, key)
    if standing is not None and standing.state is State.INVITED:
        return chosen, standing
    if standing is not None:
        raise ApplicationExists(
            f"application {standing.id} is {standing.state}: open that one",
            applicationId=standing.id,
        )
    return chosen, _new(by, chosen, resident_id, key, now)


def _new(
    by: Caller, chosen: Chosen, resident_id: str, once_key: str, now: datetime
) -> rows.Application:
    return rows.Application(
        municipality=by.municipality,
        id=new_id(),
        program_id=chosen.program.id if chosen.program else "",
        entitlement_id=chosen.entitlement.id if chosen.entitlement else "",
        resident_id=resident_id,
        state=State.STARTED,
        procedure_key=chosen.procedure.key,
        procedure_version=chosen.procedure.version,
        amount=chosen.entitlement.amount if chosen.entitlement else 0,
        invite_time=now,
        once_key=once_key,
    )


def _of_entitlement(
    session: Session, by: Caller, entry: Entry, known: Catalogue, now: datetime
) -> tuple[Chosen, str]:
    """Return what an entitlement is of, and whom it was matched with; empty where with nobody."""
    entitlement = entitlement_rows.get(session, by.municipality, entry.entitlement_id)
    matched = match_rows.resident_of(session, by.municipality, entitlement.id)
    if entry.resident_id not in {"", matched}:
        raise EntitlementUnknown("the entitlement is not this resident's: decide the match first")
    chosen = _in_program(session, by, entitlement.program_id, entry=entry, known=known, now=now)
    return replace(chosen, entitlement=entitlement), matched


def _of_program(
    session: Session, by: Caller, entry: Entry, known: Catalogue, now: datetime
) -> Chosen:
    """Return what a resident was matched with there; nothing where it is open to all."""
    chosen = _in_program(session, by, entry.program_id, entry=entry, known=known, now=now)
    program = eligibility.get_program(session, by.municipality, entry.program_id)
    if program.open_to_all:
        return chosen
    entitlement = entitlement_rows.matched_with(session, program, entry.resident_id)
    if entitlement is None:
        raise EntitlementUnknown("the resident was not matched with a row of the program")
    return replace(chosen, entitlement=entitlement)


def _in_program(
    session: Session, by: Caller, id: str, *, entry: Entry, known: Catalogue, now: datetime
) -> Chosen:
    program = eligibility.get_program(session, by.municipality, id)
    require_open(program.state)
    terms = version_rows.terms_now(session, program, now)
    # What came in while it could be filed is entered later, too.
    require_filing(terms, entry.receive_date)
    procedure = known.in_force(session, by.municipality, program.procedure_key, now)
    return Chosen(procedure, program, terms)


def _of_procedure(
    session: Session, by: Caller, key: str, known: Catalogue, now: datetime
) -> Chosen:
    procedure = known.in_force(session, by.municipality, key, now)
    if needs_program(procedure):
        raise ProcedureUnknown(f"{key} is gone through for an entitlement only")
    return Chosen(procedure)


def _standing(
    session: Session, by: Caller, entitlement_id: str, key: str
) -> rows.Application | None:
    """Return the newest application that stands in the way of another."""
    query = select(rows.Application).where(rows.Application.municipality == by.municipality)
    if entitlement_id:
        query = query.where(
            rows.Application.entitlement_id == entitlement_id,
            rows.Application.state.not_in(sorted(AGAIN)),
        )
    elif key:
        query = query.where(rows.Application.once_key == key, rows.LIVE)
    else:
        return None
    locked = query.order_by(rows.Application.id.desc()).limit(1).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none()


def _answered(
    session: Session,
    row: rows.Application,
    procedure: Procedure,
    entry: Entry,
    now: datetime,
) -> tuple[dict[str, Any], Procedure]:
    """Return the answers as they are kept, and the procedure as it is asked of staff."""
    asked = replace(procedure, steps=tuple(_of_paper(step) for step in procedure.steps))
    context = context_of(session, row, procedure, LANGUAGE, now)
    answers: dict[str, Any] = {}
    for step, kind, given in entry.answers:
        conversations.refuse_in(given)
        conversations.require_kind(asked.step(step), kind)
        context = redeeming.heard(session, row, asked.step(step), given, context=context, now=now)
        try:
            answers = engine.answered(asked, answers, context, LANGUAGE, step=step, given=given)
        except Wrong as wrong:
            raise unfit(step, wrong, "answers") from None
    return answers, asked


def _of_paper(step: Step) -> Step:
    """Return a step that may be left out, as its answer or a part of it lies in the file."""
    if step.block.input in ON_PAPER:
        return replace(step, optional=True)
    if isinstance(step.block, AccountBlock) and step.block.passbook:
        return replace(step, block=AccountOnPaper(passbook=True))
    return step
