"""What is wrong with an answer, in words: of the core, of what is typed, or the author's own."""

from collections.abc import Mapping

from todoke.client import CoreError
from todoke.v1.procedures_pb2 import AnswerProblem
from tui.questions.box import Unfit
from tui.questions.walk import UNFIT
from tui.wording import Words


def of_core(words: Words, problem: AnswerProblem) -> str:
    return problem.text or worded(words, problem.problem, problem.metadata)


def of_typing(words: Words, unfit: Unfit) -> str:
    return worded(words, unfit.problem, unfit.metadata)


def of_refusal(words: Words, error: CoreError) -> tuple[str, str]:
    """Word a refusal, and name the part of the answer that it means; empty for the whole."""
    problem = error.metadata.get("problem", "")
    if error.reason in UNFIT and problem:
        told = error.metadata.get("text") or worded(words, problem, error.metadata)
        return told, error.metadata.get("part", "")
    refusal = words.refusal(error)
    fields = [path.rpartition("answer.")[2] for path in refusal.fields]
    return str(refusal), fields[0].rpartition(".")[2] if fields else ""


def worded(words: Words, problem: str, metadata: Mapping[str, str]) -> str:
    """Word a key of a problem; one that nobody knows is told by its name."""
    found = words.find(f"problems.{problem}", **metadata)
    return found or words("problems.unknown", problem=problem)
