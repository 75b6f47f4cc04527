"""How what was answered is filed, and what is frozen then."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import mending, rows, rules
from core.applications.history import record
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import State, Verb
from core.callers import Caller
from core.errors import NotNow
from core.procedures import engine
from core.procedures.definition import Outcome, Procedure


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
    context = context_of(session, row, LANGUAGE, now)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE)
    values: dict[str, Any] = {**walked.values(), **walked.seen}
    row.filed_json = row.answers_json
    row.values_json = json.dumps({name: values[name] for name in procedure.values})
    if procedure.amount:
        row.amount = values[procedure.amount]
    row.submit_time = now
    row.returned_with = ""
    row.returned_steps = row.mended_steps = []
    row.reopened_step = ""
    if not procedure.once:
        row.once_key = ""


def require_complete(
    session: Session, row: rows.Application, procedure: Procedure, now: datetime
) -> None:
    """Raise AnswersMissing where a question is left."""
    context = context_of(session, row, LANGUAGE, now)
    at = mending.next_step(row, procedure, context)
    said = engine.turn(procedure, row.answers, context, LANGUAGE, at=at)
    if isinstance(said, engine.Prompt):
        raise AnswersMissing(f"step {said.step} is not answered yet", step=said.step)


FILED = frozenset({State.SUBMITTED, State.IN_REVIEW})
"""Where an application waits for staff."""
