"""What must still be so when an application is approved, whatever was so when it was filed."""

from datetime import datetime
from typing import Any

from core.applications import rows, rules
from core.applications.cases import Case
from core.applications.filing import AnswersMissing
from core.applications.knowing import LANGUAGE, context_from
from core.errors import BadRequest
from core.procedures import engine
from core.procedures.blocks.block import Wrong


class AnswerInvalid(BadRequest):
    """An answer does not fit its step; metadata hold the `step` and the `problem`."""

    reason = "ANSWER_INVALID"


def unfit(step: str, wrong: Wrong, field: str) -> AnswerInvalid:
    """Say what is wrong with an answer, with all that a caller words it with."""
    more: dict[str, Any] = {**wrong.metadata, "part": wrong.field, "text": wrong.text}
    more |= {"step": step, "problem": wrong.problem}
    return AnswerInvalid(f"the answer to {step} does not fit: {wrong.problem}", field=field, **more)


def walked(case: Case, now: datetime) -> engine.Walk:
    """Return the procedure walked along what was filed: as of that day, with today's facts."""
    row, day = case.row, case.row.submit_time or now
    terms = case.terms(day)
    context = context_from(row, terms, case.entitlement, case.facts, language=LANGUAGE, now=day)
    return engine.walk(case.procedure, row.answers, context, LANGUAGE, staff=True)


def require_decidable(row: rows.Application, walk: engine.Walk) -> None:
    """Raise ChecklistIncomplete, AnswersMissing or AnswerInvalid where that cannot be yet."""
    rules.check_list([item.key for item in walk.procedure.checklist], row.checked)
    for step in walk.asked:
        if step.key not in walk.answers:
            if step.block.is_answer and not step.optional:
                raise AnswersMissing(f"step {step.key} is not answered yet", step=step.key)
            continue
        if walk.answers[step.key] is engine.SKIPPED:
            continue
        if not all(walk.of(check.expression) for check in step.checks):
            raise AnswerInvalid(
                f"the answer to {step.key} does not hold any more: return it",
                step=step.key,
                problem="check",
            )
