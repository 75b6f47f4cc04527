"""Recorded conversations: replayed, and told where one comes out otherwise than recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.procedures import engine
from core.procedures.assuming import Assumed, AssumedWrong
from core.procedures.blocks.block import Wrong
from core.procedures.definition import AnswerNotOffered, Context, Procedure
from core.procedures.rewriting import dumped
from core.procedures.source import RecordedAnswer, RecordedConversation
from core.procedures.yaml_places import Path

LANGUAGE = "ja"
AT_REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where a conversation came out otherwise: a path within it, and what came instead."""

    path: Path
    problem: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given; `refused` is the problem for which it was not taken."""

    step: str
    answer: Any
    refused: str = ""


def replay(procedure: Procedure, recorded: RecordedConversation) -> Mismatch | None:
    """Return where a conversation comes out otherwise than it is recorded, if it does.

    It is replayed in every language of the procedure, and all that is said on the way is worded.
    """
    for language in procedure.languages:
        mismatch = _replay(procedure, recorded, language)
        if mismatch is not None:
            where = "" if language == LANGUAGE else f"in {language}, "
            return Mismatch(mismatch.path, where + mismatch.problem)
    return None


def turns(
    procedure: Procedure, recorded: RecordedConversation, language: str
) -> Iterator[tuple[engine.Turn, Mapping[str, Any], Context]]:
    """Yield what is said before each answer of a conversation that comes out, and at its end.

    Beside it are the answers so far, and the context. Raises AssumedWrong.
    """
    context = _assumed(recorded).context(language)
    answers: dict[str, Any] = {}
    for one in recorded.answers:
        yield engine.turn(procedure, answers, context, language), answers, context
        if not one.refused:
            answers = _answered(procedure, answers, context, one.step, one.answer)
    yield engine.turn(procedure, answers, context, language), answers, context


def _replay(procedure: Procedure, recorded: RecordedConversation, language: str) -> Mismatch | None:
    try:
        context = _assumed(recorded).context(language)
    except AssumedWrong as wrong:
        return Mismatch(tuple(wrong.name.split(".")), wrong.problem)
    answers: dict[str, Any] = {}
    for number, one in enumerate(recorded.answers):
        try:
            given = _taken(procedure, answers, context, one, language)
        except _Otherwise as otherwise:
            return Mismatch(("answers", number, *otherwise.args[1:]), otherwise.args[0])
        answers = answers if given is None else given
        engine.turn(procedure, answers, context, language)
    return next(_at_the_end(procedure, answers, context, recorded), None)


def _assumed(recorded: RecordedConversation) -> Assumed:
    return Assumed(recorded.today, recorded.resident, recorded.held, {})


class _Otherwise(Exception):  # noqa: N818 - named for what came.
    """What came instead, and where within the answer."""


def _taken(
    procedure: Procedure,
    answers: Mapping[str, Any],
    context: Context,
    one: RecordedAnswer,
    language: str,
) -> dict[str, Any] | None:
    """Return the answers with this one; None where it is refused, as is recorded."""
    try:
        now = _answered(procedure, answers, context, one.step, one.answer, language=language)
    except Wrong as wrong:
        if one.refused == wrong.problem:
            return None
        instead = f", where {one.refused} is recorded" if one.refused else ""
        said = f' ("{wrong.text}")' if wrong.text else ""
        raise _Otherwise(f"is refused: {wrong.problem}{said}{instead}", "answer") from None
    except AnswerNotOffered as refusal:
        raise _Otherwise(f"{refusal}; {_said(procedure, answers, context)}", "step") from None
    except (TypeError, ValueError, KeyError, AttributeError) as wrong:
        raise _Otherwise(f"is no answer to this block: {wrong}", "answer") from None
    if one.refused:
        raise _Otherwise(f"is taken, where {one.refused} is recorded", "refused")
    return now


def _at_the_end(
    procedure: Procedure,
    answers: Mapping[str, Any],
    context: Context,
    recorded: RecordedConversation,
) -> Iterator[Mismatch]:
    asks, ends = stands(procedure, answers, context)
    came = f"ends with {ends}" if ends else f"asks {asks}"
    if recorded.asks != asks and (recorded.asks or not ends):
        wanted = f"{recorded.asks} is recorded" if recorded.asks else "an end is recorded"
        yield Mismatch(("asks",) if recorded.asks else (), f"it {came}, where {wanted}")
    elif recorded.ends and recorded.ends != ends:
        yield Mismatch(("ends",), f"it {came}, where {recorded.ends} is recorded")
    values = engine.walk(procedure, answers, context, LANGUAGE, staff=True).values()
    for name, wanted in recorded.values.items():
        if name not in values:
            yield Mismatch(("values", name), f"{name} is no value of this procedure")
        elif values[name] != wanted:
            yield Mismatch(("values", name), f"is {values[name]!r}, where {wanted!r} is recorded")


def stands(procedure: Procedure, answers: Mapping[str, Any], context: Context) -> tuple[str, str]:
    """Return the step that is asked next, or how it ended: by "review" or an outcome."""
    said = engine.turn(procedure, answers, context, LANGUAGE)
    if isinstance(said, engine.Prompt):
        return said.step, ""
    return "", AT_REVIEW if isinstance(said, engine.Review) else str(said.outcome)


def _answered(
    procedure: Procedure,
    answers: Mapping[str, Any],
    context: Context,
    step: str,
    given: Any,
    *,
    language: str = LANGUAGE,
) -> dict[str, Any]:
    """Answer a step as whoever it is for: what staff answer is recorded among the others."""
    staff = procedure.step(step).staff
    return engine.answered(
        procedure, answers, context, language, step=step, given=given, staff=staff
    )


def _said(procedure: Procedure, answers: Mapping[str, Any], context: Context) -> str:
    asks, ends = stands(procedure, answers, context)
    return f"it ends with {ends}" if ends else f"it asks {asks}"


def recorded_as_yaml(
    procedure: Procedure, given: Sequence[Given], assumed: Assumed, *, name: str
) -> str:
    """Write a conversation as YAML, to put under `conversations` of the procedure's source."""
    context = assumed.context(LANGUAGE)
    answers: dict[str, Any] = {}
    kept: list[dict[str, Any]] = []
    for one in given:
        if one.refused:
            kept.append({"step": one.step, "answer": one.answer, "refused": one.refused})
            continue
        answers = _answered(procedure, answers, context, one.step, one.answer)
        kept.append({"step": one.step, "answer": one.answer})
    asks, ends = stands(procedure, answers, context)
    values = engine.walk(procedure, answers, context, LANGUAGE, staff=True).values()
    conversation = {
        "name": name,
        "today": assumed.today,
        "resident": dict(assumed.resident),
        "held": dict(assumed.held),
        "answers": kept,
        "asks": asks,
        "ends": ends,
        "values": values,
    }
    said = {key: value for key, value in conversation.items() if value or key == "name"}
    text = dumped([said])
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))
