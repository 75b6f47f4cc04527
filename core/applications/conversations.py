"""How an application is answered: prompts, what residents say, and going back."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import filing, rows, rules, speech
from core.applications.history import OPENED, record, was_opened
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import Verb
from core.callers import Caller
from core.eligibility import rows as eligibility
from core.eligibility import terms as program_terms
from core.eligibility import version_rows
from core.eligibility.rules import require_open
from core.procedures import engine
from core.procedures.blocks.block import Input, Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import AnswerNotOffered, Outcome, Procedure, Step
from core.proxies.reaching import Reached
from core.proxies.rules import Scope, today
from core.proxies.speaking import granted
from core.residents import contact_rows as contacts
from core.residents import rows as residents

KINDS = {Input.AGREE: "agreed", Input.SIGNATURE: "files"}
"""What the contract's Answer calls the answer to an input, where it is not the input's name."""


def prompt(
    session: Session, by: Caller, *, external_id: str, id: str, known: Catalogue, now: datetime
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
    kind: str,
    given: Any,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Take an answer of a kind of the contract's, and return the turn that follows.

    Once the application is with staff, an answer changes nothing: a double tap, a redelivery or a
    second phone gets the turn that stands. What was filed in time and returned may be mended after
    the last day for filing; nothing is filed for the first time then. An answer that does not fit
    brings the same question, with what is wrong.
    """
    reader, row = _of_contact(session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True)
    procedure = procedure_of(session, row, known)
    asked = procedure.step(step)
    _require_kind(asked, kind)
    if row.state not in rules.WITH_THE_RESIDENT:
        return turn(session, row, reader, known, now)
    if row.submit_time is None:
        _require_filing(session, row, now)
    language = reader.contact.language or LANGUAGE
    context = context_of(session, row, language, now)
    _require_returned(row, asked)
    try:
        answers = engine.answered(procedure, row.answers, context, language, step=step, given=given)
    except Wrong as wrong:
        if wrong.problem == "not_offered":
            raise AnswerNotOffered(
                f"step {step} offers {wrong.metadata['offered']}: answer one of them",
                field="choice",
                step=step,
            ) from None
        return speech.turn(
            row,
            procedure,
            context,
            language,
            on_behalf_of=reader.on_behalf_of,
            problems=[wrong],
            at=step,
        )
    row.answers_json = json.dumps(answers)
    row.reopened_step = ""
    row.revision += 1
    said = engine.turn(procedure, answers, context, language)
    if isinstance(said, engine.Closing):
        proxy = reader.contact.resident_id if reader.on_behalf_of else None
        filing.end(session, by, row, procedure, said.outcome, now=now, proxy=proxy or "")
    else:
        row.state = rules.move(row.state, Verb.ANSWER)
    return turn(session, row, reader, known, now)


def submit(
    session: Session, by: Caller, *, external_id: str, id: str, known: Catalogue, now: datetime
) -> dict[str, Any]:
    """File what was looked through; whoever files twice is told what stands."""
    reader, row = _of_contact(session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True)
    if row.state in rules.WITH_THE_RESIDENT:
        if row.submit_time is None:
            _require_filing(session, row, now)
        procedure = procedure_of(session, row, known)
        filing.require_complete(session, row, procedure, now)
        proxy = reader.contact.resident_id if reader.on_behalf_of else None
        row.revision += 1
        filing.end(session, by, row, procedure, Outcome.SUBMIT, now=now, proxy=proxy or "")
    return turn(session, row, reader, known, now)


def reopen(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    id: str,
    step: str,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Go back to a step that was asked; nothing of what was answered is lost by that."""
    reader, row = _of_contact(session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True)
    procedure = procedure_of(session, row, known)
    if row.state in rules.WITH_THE_RESIDENT:
        asked = procedure.step(step)
        _require_returned(row, asked)
        context = context_of(session, row, LANGUAGE, now)
        walked = engine.walk(procedure, row.answers, context, LANGUAGE, until=step)
        if not walked.asked or walked.asked[-1] is not asked:
            raise AnswerNotOffered(
                f"the answers so far do not lead to step {step}", field="step", step=step
            )
        row.reopened_step = step
        row.revision += 1
    return turn(session, row, reader, known, now)


def _require_kind(step: Step, kind: str) -> None:
    """Raise AnswerNotOffered where an answer is of another kind than its step asks for."""
    wanted = KINDS.get(step.block.input, str(step.block.input))
    if kind not in {wanted, "skipped"}:
        raise AnswerNotOffered(
            f"step {step.key} is answered with {wanted}, not with {kind}",
            field=kind,
            step=step.key,
        )


def _require_returned(row: rows.Application, step: Step) -> None:
    """Raise AnswerNotOffered where staff asked for other answers to be mended than this one."""
    mends = row.returned_steps
    if mends and step.key not in mends and step.key in row.answers:
        raise AnswerNotOffered(
            f"step {step.key} is not among those to be mended", field="step", step=step.key
        )


def _require_filing(session: Session, row: rows.Application, now: datetime) -> None:
    """Raise ProgramClosed where residents of the program file nothing now."""
    if not row.program_id:
        return
    program = eligibility.get_program(session, row.municipality, row.program_id)
    require_open(program.state)
    terms = version_rows.terms_now(session, program, now)
    program_terms.require_filing(terms, today(now))


def procedure_of(session: Session, row: rows.Application, known: Catalogue) -> Procedure:
    """Return the version that the application was begun with."""
    return known.version(session, row.municipality, row.procedure_key, row.procedure_version)


def turn(
    session: Session, row: rows.Application, reader: Reached, known: Catalogue, now: datetime
) -> dict[str, Any]:
    language = reader.contact.language or LANGUAGE
    return speech.turn(
        row,
        procedure_of(session, row, known),
        context_of(session, row, language, now),
        language,
        on_behalf_of=reader.on_behalf_of,
    )


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
