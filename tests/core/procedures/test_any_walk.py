"""Whatever a procedure asks, and whatever is answered in whatever order, every walk ends well."""

import json
from contextlib import suppress
from copy import deepcopy
from typing import Any

import protovalidate
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from core.procedures import engine
from core.procedures.blocks.block import PROBLEMS, Wrong
from core.procedures.definition import AnswerNotOffered, Procedure
from core.procedures.fields import problem_fields, prompt_fields, review_fields
from core.procedures.walking import begin
from tests.core.procedures.sources import ANSWERS, CONTEXT, answers_to, procedures
from tests.examples import examples
from todoke.v1 import procedures_pb2 as pb

ONE_MORE = 1


def answered(procedure: Procedure, answers: dict[str, Any], step: str, given: Any) -> Any:
    return engine.answered(procedure, answers, CONTEXT, "ja", step=step, given=given)


def turn(procedure: Procedure, answers: dict[str, Any], at: str = "") -> engine.Turn:
    return engine.turn(procedure, answers, CONTEXT, "ja", at=at)


def fitting(procedure: Procedure, answers: dict[str, Any], step: str) -> dict[str, Any]:
    """Answer a step with the first answer that fits, as somebody does who wants to go on."""
    for answer in (*ANSWERS[procedure.step(step).block.name], None):
        try:
            return answered(procedure, answers, step, answer)
        except Wrong:
            continue
    return {}


def after_any(procedure: Procedure, data: st.DataObject) -> dict[str, Any]:
    """Return the answers after somebody has answered, gone back, repeated and mistaken."""
    answers: dict[str, Any] = {}
    for step, given_ in data.draw(st.lists(answers_to(procedure), max_size=12)):
        with suppress(Wrong, AnswerNotOffered):
            answers = answered(procedure, answers, step, given_)
        said = turn(procedure, answers)
        if isinstance(said, engine.Prompt) and data.draw(st.booleans()):
            answers = fitting(procedure, answers, said.step) or answers
    return answers


@given(procedures(), st.data())
@examples(60)
def test_a_walk_ends_after_each_step_was_answered_once(procedure, data) -> None:
    answers = after_any(procedure, data)

    for _ in range(len(procedure.steps) + ONE_MORE):
        said = turn(procedure, answers)
        if not isinstance(said, engine.Prompt):
            break
        more = fitting(procedure, answers, said.step)
        if not more:
            # A check may allow nothing: that is the author's, and the question stays.
            assert procedure.step(said.step).checks
            break
        assert said.step in more
        assert said.step not in answers
        answers = more
    else:
        raise AssertionError("the walk does not end")


@given(procedures(), st.data())
@examples(60)
def test_what_is_said_is_the_same_each_time_and_changes_nothing(procedure, data) -> None:
    answers = after_any(procedure, data)
    before = deepcopy(answers)

    first = [turn(procedure, answers, at) for at in ("", *answers)]
    second = [turn(procedure, answers, at) for at in ("", *answers)]

    assert first == second
    assert answers == before
    assert json.loads(json.dumps(answers)) == answers


@given(procedures(), st.data())
@examples(60)
def test_what_is_calculated_is_of_the_answers_that_stand(procedure, data) -> None:
    answers = after_any(procedure, data)

    walked = engine.walk(procedure, answers, CONTEXT, "ja")
    values = walked.values()

    anew = begin(procedure, CONTEXT, "ja")
    for step in walked.asked:
        if step.key in walked.answers:
            anew.answer(step, walked.answers[step.key])
    assert values == anew.values()
    assert values == {name: walked.seen[name] for name in values}


@given(procedures(), st.data())
@examples(60)
def test_the_same_answer_again_changes_nothing(procedure, data) -> None:
    answers = after_any(procedure, data)
    step, given_ = data.draw(answers_to(procedure))
    try:
        once = answered(procedure, answers, step, given_)
    except (Wrong, AnswerNotOffered):
        return

    assert answered(procedure, once, step, given_) == once
    assert list(once) == [one.key for one in procedure.steps if one.key in once]


@given(procedures(), st.data())
@examples(60)
def test_going_back_loses_only_what_depends_on_it_and_what_is_not_asked_now(
    procedure, data
) -> None:
    answers = after_any(procedure, data)
    step, given_ = data.draw(answers_to(procedure))
    try:
        after = answered(procedure, answers, step, given_)
    except (Wrong, AnswerNotOffered):
        return

    walked, ended = begin(procedure, CONTEXT, "ja"), False
    to_be_asked: set[str] = set()
    for one in procedure.steps:
        lost = one.key in answers and one.key not in after
        if lost and one.key not in procedure.dependents.get(step, ()) and not ended:
            assert not walked.holds(one)
            assert to_be_asked.isdisjoint(procedure.behind[one.key])
        if one.key not in after and walked.holds(one):
            to_be_asked.add(one.key)
        if one.key in after:
            walked.answer(one, after[one.key])
            ended = ended or (after[one.key] is not None and bool(one.block.end(after[one.key])))


@given(procedures(), st.data())
@examples(60)
def test_an_answer_that_does_not_fit_is_told_by_a_problem_that_channels_word(
    procedure, data
) -> None:
    answers = after_any(procedure, data)
    step, given_ = data.draw(answers_to(procedure))
    try:
        answered(procedure, answers, step, given_)
    except Wrong as wrong:
        told = ParseDict(problem_fields(wrong), pb.AnswerProblem())
        assert told.problem in PROBLEMS
    except AnswerNotOffered as refused:
        assert refused.metadata["step"] == step  # noqa: PT017


@given(procedures(plain=True), st.data())
@examples(40)
def test_where_nothing_depends_on_anything_the_order_of_changes_plays_no_part(
    procedure, data
) -> None:
    answers: dict[str, Any] = {}
    for step in procedure.steps:
        answers = fitting(procedure, answers, step.key)
    changes = data.draw(st.lists(answers_to(procedure), max_size=6, unique_by=lambda one: one[0]))

    def changed(order: list[tuple[str, Any]]) -> dict[str, Any]:
        found = answers
        for step, given_ in order:
            try:
                found = answered(procedure, found, step, given_)
            except Wrong:
                continue
        return found

    assert changed(changes) == changed(data.draw(st.permutations(changes)))


@given(procedures(), st.data())
@examples(60)
def test_whatever_is_asked_is_within_the_contract(procedure, data) -> None:
    answers = after_any(procedure, data)

    for at in ("", *answers):
        said = turn(procedure, answers, at)
        match said:
            case engine.Prompt():
                block = procedure.step(said.step).block.name
                message = ParseDict(prompt_fields(said, block), pb.Prompt())
                assert message.input.WhichOneof("kind")
                assert 1 <= message.number <= message.total
                assert not protovalidate.collect_violations(message)
            case engine.Review():
                ParseDict(review_fields(said), pb.Review())
            case engine.Closing():
                assert said.text
