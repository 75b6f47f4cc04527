"""How an application is answered: prompts, what residents say, and going back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import (
    asking,
    attaching,
    filing,
    mending,
    redeeming,
    rows,
    rules,
    slots,
    speakers,
    telling_back,
)
from core.applications.history import OPENED, record, was_opened
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import Verb
from core.applications.saying import procedure_of, require_filing, said_to, turn, wait
from core.applications.speakers import Speaking
from core.callers import Caller
from core.my_number import refuse_my_number
from core.procedures import engine
from core.procedures.blocks.block import Input, Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import AnswerNotOffered, Context, Outcome, Procedure, Step
from core.proxies.rules import Scope

KINDS = {Input.AGREE: "agreed", Input.SIGNATURE: "files"}
"""What the contract's Answer calls the answer to an input, where it is not the input's name."""


def prompt(
    session: Session, by: Caller, *, external_id: str, id: str, known: Catalogue, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Return the turn that stands now, for a contact of the resident's or of their proxy's.

    Beside it, whether that is to be written down.
    """
    who, row = speakers.of_contact(
        session, by, external_id, id, scope=Scope.READ, now=now, lock=False
    )
    said = turn(session, row, who, known, now)
    first = row.state is rules.State.INVITED and not was_opened(session, row)
    noted = asking.is_noted(session, by.municipality, contact_id=who.contact.id, turn=said)
    return said, first or not noted


def prompted(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    id: str,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Return the turn that stands now, and write down that it was seen."""
    who, row = speakers.of_contact(
        session, by, external_id, id, scope=Scope.READ, now=now, lock=True
    )
    if row.state is rules.State.INVITED and not was_opened(session, row):
        record(session, by, row, OPENED, now)
    return said_to(session, row, who, known, now)


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
    who, row = speakers.of_contact(
        session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True
    )
    procedure = procedure_of(session, row, known)
    require_kind(procedure.step(step), kind)
    return answer_of(
        session, by, who, row, procedure=procedure, step=step, given=given, known=known, now=now
    )


def answer_of(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    *,
    procedure: Procedure,
    step: str,
    given: Any,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Take an answer, given by its plain value, to a locked application."""
    asked = procedure.step(step)
    refuse_in(given)
    if row.state not in rules.WITH_THE_RESIDENT:
        return said_to(session, row, who, known, now)
    require_filing(session, row, now)
    mending.require_asked(row, asked)
    context = context_of(session, row, procedure, who.language, now)
    context = redeeming.heard(
        session, row, asked, given, context=context, now=now, contact_id=who.contact.id
    )
    try:
        answers = engine.answered(
            procedure, row.answers, context, who.language, step=step, given=given
        )
    except Wrong as wrong:
        _refuse_not_offered(wrong, step)
        return said_to(session, row, who, known, now, problems=[wrong], at=step, context=context)
    attaching.name(session, row, procedure, answers)
    _keep(row, answers, step)
    before = row.state
    _go_on(session, by, who, row, procedure=procedure, context=context, now=now)
    spoken = said_to(session, row, who, known, now, context=context)
    telling_back.tell_done(
        session, by, who, row, answered=asked, spoken=spoken, known=known, now=now
    )
    telling_back.tell_filed(session, by, who, row, before=before, known=known, now=now)
    return spoken


def submit(
    session: Session, by: Caller, *, external_id: str, id: str, known: Catalogue, now: datetime
) -> dict[str, Any]:
    """File what was looked through; whoever files twice is told what stands."""
    who, row = speakers.of_contact(
        session, by, external_id, id, scope=Scope.APPLY, now=now, lock=True
    )
    return submit_of(session, by, who, row, known=known, now=now)


def submit_of(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    *,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """File a locked application."""
    before = row.state
    if row.state in rules.WITH_THE_RESIDENT:
        require_filing(session, row, now)
        procedure = procedure_of(session, row, known)
        filing.require_complete(session, row, procedure, now)
        row.revision += 1
        filing.end(session, by, row, procedure, Outcome.SUBMIT, now=now, proxy=who.proxy)
    spoken = said_to(session, row, who, known, now)
    telling_back.tell_filed(session, by, who, row, before=before, known=known, now=now)
    return spoken


def _refuse_not_offered(wrong: Wrong, step: str) -> None:
    """Refuse what no prompt lets anybody answer; all else that is wrong is asked again."""
    if wrong.problem == "not_offered":
        raise AnswerNotOffered(
            f"step {step} offers {wrong.metadata['offered']}: answer one of them",
            field="choice",
            step=step,
        ) from None


def _keep(row: rows.Application, answers: Mapping[str, Any], step: str) -> None:
    row.answers_json = json.dumps(answers)
    row.reopened_step = ""
    row.revision += 1
    mending.mended(row, step)


def _go_on(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    *,
    procedure: Procedure,
    context: Context,
    now: datetime,
) -> None:
    """File the application where that was the last answer; else it waits for the next."""
    at = (
        mending.next_step(row, procedure, context)
        or slots.full_step(row, procedure, context)
        or redeeming.refused_step(row, procedure, context)
    )
    said = engine.turn(procedure, row.answers, context, who.language, at=at)
    if isinstance(said, engine.Closing):
        filing.end(session, by, row, procedure, said.outcome, now=now, proxy=who.proxy)
    else:
        row.state = rules.move(row.state, Verb.ANSWER)
        wait(session, row, procedure, now)


def reopen(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    step: str,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Go back to a step that was asked; nothing of what was answered is lost by that."""
    who, row = speakers.of_contact(
        session,
        by,
        external_id,
        id,
        scope=Scope.APPLY,
        now=now,
        lock=True,
        for_resident_id=for_resident_id,
    )
    return reopen_of(session, who, row, step=step, known=known, now=now)


def reopen_of(
    session: Session,
    who: Speaking,
    row: rows.Application,
    *,
    step: str,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Go back to a step in a locked application."""
    procedure = procedure_of(session, row, known)
    if row.state in rules.WITH_THE_RESIDENT:
        asked = procedure.step(step)
        mending.require_asked(row, asked)
        context = context_of(session, row, procedure, LANGUAGE, now)
        walked = engine.walk(procedure, row.answers, context, LANGUAGE, until=step)
        if not walked.asked or walked.asked[-1] is not asked:
            raise AnswerNotOffered(
                f"the answers so far do not lead to step {step}", field="step", step=step
            )
        row.reopened_step = step
        row.revision += 1
    return said_to(session, row, who, known, now)


def refuse_in(given: Any) -> None:
    """Raise MyNumberRefused where an answer holds a My Number anywhere."""
    if isinstance(given, dict):
        for part in given.values():
            refuse_in(part)
    elif isinstance(given, list):
        for part in given:
            refuse_in(part)
    elif isinstance(given, str | int) and not isinstance(given, bool):
        refuse_my_number(str(given), field="given")


def require_kind(step: Step, kind: str) -> None:
    """Raise AnswerNotOffered where an answer is of another kind than its step asks for."""
    wanted = KINDS.get(step.block.input, str(step.block.input))
    if kind not in {wanted, "skipped"}:
        raise AnswerNotOffered(
            f"step {step.key} is answered with {wanted}, not with {kind}",
            field=kind,
            step=step.key,
        )
