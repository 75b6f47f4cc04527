"""What staff sent back: only the answers that they named are asked again, and those after them."""

from collections.abc import Sequence

from core.applications import rows
from core.applications.knowing import LANGUAGE
from core.applications.rules import State
from core.procedures import engine
from core.procedures.definition import AnswerNotOffered, Context, Procedure, Step


def require_filed(row: rows.Application, procedure: Procedure, steps: Sequence[str]) -> None:
    """Raise AnswerNotOffered for a step that the resident did not answer."""
    for key in steps:
        if procedure.step(key).staff or key not in row.answers:
            raise AnswerNotOffered(f"step {key} was not answered", field="steps", step=key)


def next_step(row: rows.Application, procedure: Procedure, context: Context) -> str:
    """Return the first step that is still to be mended; empty where there is none."""
    left = set(row.returned_steps) - set(row.mended_steps)
    for step in procedure.steps:
        if step.key in left:
            walked = engine.walk(procedure, row.answers, context, LANGUAGE, until=step.key)
            if walked.asked and walked.asked[-1] is step:
                return step.key
    return ""


def mended(row: rows.Application, step: str) -> None:
    """Note that a step was answered."""
    if step in row.returned_steps and step not in row.mended_steps:
        row.mended_steps = [*row.mended_steps, step]


def require_asked(row: rows.Application, step: Step) -> None:
    """Raise AnswerNotOffered where staff asked for other answers to be mended than this one."""
    mends = row.returned_steps
    if mends and step.key not in mends and step.key in row.answers:
        raise AnswerNotOffered(
            f"step {step.key} is not among those to be mended", field="step", step=step.key
        )


def before(row: rows.Application, step: str) -> object:
    """Return the answer that was filed and sent back, to begin with; None where there is none."""
    return row.filed.get(step) if row.state is State.RETURNED else None
