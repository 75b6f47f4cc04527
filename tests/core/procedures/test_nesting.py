"""A procedure in the place of a step of another."""

import json
from itertools import pairwise
from typing import Any

from core.procedures import engine
from core.procedures.source import Parsed, parse
from tests.core.procedures.sources import CONTEXT, OPTIONS


def source(key: str, steps: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"key": key, "title": key, "steps": steps, **more})


INNER = source(
    "inner",
    [
        {"key": "pet", "says": "何を", "choice": {"options": OPTIONS}},
        {
            "key": "many",
            "says": "{pet}を何匹",
            "number": {},
            "when": 'pet != "va" && answered.pet // pet only',
            "checks": [{"check": "many < limit", "text": "{limit}匹まで"}],
        },
        {"key": "right", "says": "{total}円", "info": {"button": "{total}"}, "when": "many > 0"},
    ],
    values={"limit": "5", "total": "many * 100"},
)
OUTER = source(
    "outer",
    [
        {"key": "pet", "says": "飼うか", "consent": {"terms": "x"}, "optional": True},
        {
            "key": "dog",
            "procedure": {"use": "inner", "version": 1},
            "when": "pet",
            "sensitive": True,
        },
        {"key": "last", "says": "{dog_total}円、{dog_pet}", "text": {}, "when": "dog_many > 1"},
    ],
    amount="dog_total",
)


def put_together(outer: str, **inner: str) -> Parsed:
    return parse(outer, lambda key, version: inner.get(key) if version == 1 else None)


def test_its_steps_are_asked_in_the_place_of_the_step_and_see_their_own_answers() -> None:
    procedure = put_together(OUTER, inner=INNER).procedure
    assert procedure is not None

    answers: dict[str, Any] = {}
    asked = []
    for given in (True, "vb", 3, True, "おわり"):
        prompt = engine.turn(procedure, answers, CONTEXT, "ja")
        assert isinstance(prompt, engine.Prompt)
        asked.append((prompt.step, prompt.text, prompt.sensitive))
        answers = engine.answered(procedure, answers, CONTEXT, "ja", step=prompt.step, given=given)

    assert asked == [
        ("pet", "飼うか", False),
        ("dog_pet", "何を", True),
        ("dog_many", "選択bを何匹", True),
        ("dog_right", "300円", True),
        ("last", "300円、選択b", False),
    ]
    assert procedure.amount == "dog_total"
    walked = engine.walk(procedure, answers, CONTEXT, "ja")
    assert walked.values() == {"dog_limit": 5, "dog_total": 300}


def test_none_of_its_steps_is_asked_where_the_condition_does_not_hold() -> None:
    procedure = put_together(OUTER, inner=INNER).procedure
    assert procedure is not None

    answers = engine.answered(procedure, {}, CONTEXT, "ja", step="pet", given=None)

    assert isinstance(engine.turn(procedure, answers, CONTEXT, "ja"), engine.Review)


def test_what_uses_itself_is_refused() -> None:
    one = source("one", [{"key": "aa", "procedure": {"use": "two", "version": 1}}])
    two = source("two", [{"key": "bb", "procedure": {"use": "one", "version": 1}}])

    (fault,) = put_together(one, one=one, two=two).problems

    assert fault.path == "steps.0.procedure.use"
    assert "two version 1 uses itself" in fault.problem


def test_procedures_within_procedures_go_so_deep_only() -> None:
    names = [f"level{number}" for number in range(8)]
    known = {
        name: source(name, [{"key": "aa", "procedure": {"use": after, "version": 1}}])
        for name, after in pairwise(names)
    }

    (fault,) = put_together(known["level0"], **known).problems

    assert "more than 4 deep" in fault.problem


def test_what_is_put_in_many_times_over_is_read_once_and_refused() -> None:
    many = [{"key": f"s{one}", "says": "x", "info": {}} for one in range(150)]
    inner = source("inner", many)
    twice = [{"key": key, "procedure": {"use": "inner", "version": 1}} for key in ("aa", "bb")]
    read: list[str] = []

    def resolve(key: str, _version: int) -> str:
        read.append(key)
        return inner

    problems = parse(source("outer", twice), resolve).problems

    assert [one.problem for one in problems] == ["more than 200 steps when put together"]
    assert read == ["inner"]


def test_faults_are_told_at_the_step_that_puts_it_in() -> None:
    unknown = put_together(OUTER).problems
    faulty = put_together(OUTER, inner=INNER.replace("many < limit", "many < ")).problems
    clash = put_together(OUTER.replace('"last"', '"dog_pet"'), inner=INNER).problems

    assert "there is no inner version 1" in [one.problem for one in unknown]
    assert any("inner version 1, line 1: Syntax error" in one.problem for one in faulty)
    assert any("the name is there twice" in one.problem for one in clash)
