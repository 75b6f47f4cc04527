"""A procedure walked by its author, with nothing kept: what it asks after some answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BadRequest
from core.procedures import engine
from core.procedures.assuming import Assumed
from core.procedures.blocks.block import Wrong
from core.procedures.definition import AnswerNotOffered, Procedure
from core.procedures.engine import Turn
from core.procedures.recordings import Given


class AnswerInvalid(BadRequest):
    reason = "ANSWER_INVALID"


@dataclass(frozen=True, slots=True)
class Previewed:
    """What is said next, what the calculations come to, and the answers that led there."""

    turn: Turn
    values: dict[str, Any]
    answers: dict[str, Any]


def preview(
    procedure: Procedure, given: Sequence[Given], assumed: Assumed, language: str
) -> Previewed:
    """Walk along the answers; raise AnswerInvalid with the first that does not fit."""
    context = assumed.context(language)
    answers: dict[str, Any] = {}
    for number, one in enumerate(given):
        problem, text = "", ""
        more: dict[str, Any] = {}
        try:
            answers = engine.answered(
                procedure,
                answers,
                context,
                language,
                step=one.step,
                given=one.answer,
                staff=procedure.step(one.step).staff,
            )
        except Wrong as wrong:
            problem, text = wrong.problem, wrong.text or wrong.problem
            more = {**wrong.metadata, "part": wrong.field, "text": wrong.text}
        except AnswerNotOffered as refusal:
            problem, text = "not_asked", str(refusal)
        except (TypeError, ValueError, KeyError, AttributeError):
            problem = text = "of_another_kind"
        if problem:
            raise AnswerInvalid(
                f"{one.step}: {text}",
                field=f"answers[{number}]",
                **more | {"step": one.step, "problem": problem},
            )
    turn = engine.turn(procedure, answers, context, language)
    values = engine.walk(procedure, answers, context, language, staff=True).values()
    return Previewed(turn, values, answers)
