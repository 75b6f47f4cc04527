"""What becomes of the other answers when one is changed."""

from typing import Any

import pytest

from core.procedures import engine
from core.procedures.blocks.block import Wrong
from tests.core.procedures.sources import CONTEXT, compiled

PROCEDURE = compiled("""
key: lessons
title: 教室
values:
  fee: people * 300
steps:
  - {key: people, says: 何人, number: {most: 10}}
  - key: helpers
    says: 付き添いは何人
    number: {}
    checks: [{check: helpers <= people, text: '{people}人まで'}]
  - {key: agree, says: '{fee}円です。よろしいですか', consent: {terms: 約款}}
  - {key: note, says: 連絡先, text: {}}
  - key: car
    says: 車で来るか
    choice: {options: [{value: car_yes, label: はい}, {value: car_no, label: いいえ}]}
  - {key: plate, says: ナンバー, text: {}, when: car == "car_yes"}
  - {key: shoes, says: 靴, text: {}, when: helpers > 0}
  - {key: end, says: ほかに, text: {}, optional: true}
""")
GIVEN: dict[str, Any] = {
    "people": 3,
    "helpers": 1,
    "agree": True,
    "note": "090",
    "car": "car_yes",
    "plate": "12-34",
    "shoes": "23cm",
    "end": None,
}


def answered(answers: dict[str, Any], step: str, given: Any) -> dict[str, Any]:
    return engine.answered(PROCEDURE, answers, CONTEXT, "ja", step=step, given=given)


def all_answered() -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for step, given in GIVEN.items():
        answers = answered(answers, step, given)
    return answers


def test_what_was_checked_against_it_and_whose_question_told_it_is_asked_again() -> None:
    answers = answered(all_answered(), "people", 2)

    assert set(GIVEN) - set(answers) == {"helpers", "agree"}
    prompt = engine.turn(PROCEDURE, answers, CONTEXT, "ja")
    assert isinstance(prompt, engine.Prompt)
    assert prompt.step == "helpers"


def test_an_answer_whose_condition_hangs_on_an_open_question_stands_until_it_is_answered() -> None:
    answers = answered(all_answered(), "people", 2)

    assert answers["shoes"] == "23cm"
    assert answered(answers, "helpers", 2)["shoes"] == "23cm"
    assert "shoes" not in answered(answers, "helpers", 0)


def test_beyond_an_open_question_conditions_see_the_answers_that_stand() -> None:
    assert answered(all_answered(), "people", 2)["plate"] == "12-34"


def test_what_is_not_asked_any_more_is_forgotten() -> None:
    without = answered(all_answered(), "car", "car_no")

    assert "plate" not in without
    assert "plate" not in answered(without, "car", "car_yes")


def test_the_same_answer_again_changes_nothing() -> None:
    for step, given in GIVEN.items():
        assert answered(all_answered(), step, given) == GIVEN


def test_an_answer_that_its_check_refuses_leaves_all_as_it_was() -> None:
    answers = all_answered()

    with pytest.raises(Wrong) as refused:
        answered(answers, "helpers", 4)

    assert (refused.value.problem, refused.value.text) == ("check", "3人まで")
    assert answers == GIVEN
