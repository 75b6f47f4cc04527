"""How what was answered is filed, and what is frozen then."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import amounts, marking, mending, redeeming, rows, rules, slots
from core.applications.history import record
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import Verb
from core.callers import Caller
from core.errors import NotNow
from core.procedures import engine
from core.procedures.definition import Outcome, Procedure

PAYEE = "account"
"""The block whose answer is where to pay."""


class AnswersMissing(NotNow):
    """Questions are left."""

    reason = "ANSWERS_MISSING"


def end(
    session: Session,
    by: Caller,
    row: rows.Application,
    procedure: Procedure,
    outcome: Outcome,
    *,
    now: datetime,
    proxy: str = "",
) -> None:
    """File an application, or leave the rest to staff; by a `proxy`, where another acted."""
    before = row.state
    row.expire_time = row.remind_time = None
    if outcome is Outcome.HAND_OVER:
        row.state = rules.move(row.state, Verb.HAND_OVER)
    else:
        row.state = rules.move(row.state, Verb.SUBMIT if procedure.decided else Verb.RECEIVE)
        _freeze(session, row, procedure, now)
    if row.state is not before:
        record(session, by, row, row.state, now, before=before, proxy=proxy)


def _freeze(session: Session, row: rows.Application, procedure: Procedure, now: datetime) -> None:
    """Keep what was filed as it was: answers, and what the calculations came to."""
    slots.lock(session, row, procedure)
    context = context_of(session, row, procedure, LANGUAGE, now)
    slots.require_free(row, procedure, context)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE)
    slots.take(session, row, procedure, walked.answers)
    redeeming.take(session, row, procedure, walked.answers, now)
    if row.filed_json is not None:
        before = {"answers": row.filed, "steps": row.returned_steps}
        row.before_json = json.dumps(before)
    marking.keep(session, row, procedure, walked)
    row.filed_json = row.answers_json
    row.submit_time = now
    calculate(session, row, procedure, now)
    row.returned_with = ""
    row.returned_steps = row.mended_steps = []
    row.reopened_step = ""
    if not procedure.once:
        row.once_key = ""


def calculate(session: Session, row: rows.Application, procedure: Procedure, now: datetime) -> None:
    """Keep what the answers come to as of the day of filing, also those of staff."""
    context = context_of(session, row, procedure, LANGUAGE, row.submit_time or now)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE, staff=True)
    values: dict[str, Any] = {**walked.values(), **walked.seen}
    row.values_json = json.dumps({name: values[name] for name in procedure.values})
    if procedure.amount or row.program_id:
        row.amount = amounts.due(session, row, procedure, values, now)
    row.payee_json = _payee(walked)


def _payee(walked: engine.Walk) -> str | None:
    """Return the account that was answered; None where the roster's is the one."""
    for step in walked.asked:
        answer = walked.answers.get(step.key)
        if step.block.name == PAYEE and answer is not engine.SKIPPED:
            return json.dumps(answer, ensure_ascii=False)
    return None


def require_complete(
    session: Session, row: rows.Application, procedure: Procedure, now: datetime
) -> None:
    """Raise AnswersMissing where a question is left."""
    context = context_of(session, row, procedure, LANGUAGE, now)
    at = mending.next_step(row, procedure, context)
    said = engine.turn(procedure, row.answers, context, LANGUAGE, at=at)
    if isinstance(said, engine.Prompt):
        raise AnswersMissing(f"step {said.step} is not answered yet", step=said.step)
