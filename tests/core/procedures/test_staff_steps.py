"""What staff answer beside the resident, also once the resident's part is at its end."""

from typing import Any

import pytest

from core.procedures import engine
from core.procedures.definition import AnswerNotOffered
from tests.core.procedures.sources import CONTEXT, compiled

SOURCE = """
key: checked
title: 確認
steps:
  - key: ready
    says: よいですか
    choice:
      options:
        - {value: ready, label: はい, submit: 受け付けました}
        - {value: later, label: あとで}
  - {key: why, says: なぜ, text: {}}
  - {key: seen, says: 原本を見たか, consent: {terms: 原本}, staff: true}
  - {key: note, says: 所見, text: {}, staff: true, when: seen}
"""


def answered(answers: dict[str, Any], step: str, given: Any, *, staff: bool = False) -> Any:
    procedure = compiled(SOURCE)
    return engine.answered(procedure, answers, CONTEXT, "ja", step=step, given=given, staff=staff)


def test_staff_answer_beyond_the_end_and_the_resident_is_not_asked() -> None:
    filed = answered({}, "ready", "ready")
    seen = answered(filed, "seen", True, staff=True)
    noted = answered(seen, "note", "よし", staff=True)

    procedure = compiled(SOURCE)
    said = engine.turn(procedure, noted, CONTEXT, "ja")
    walked = engine.walk(procedure, noted, CONTEXT, "ja", staff=True)
    assert isinstance(said, engine.Closing)
    assert noted == {"ready": "ready", "seen": True, "note": "よし"}
    assert [line.step for line in engine.lines(walked, staff=True)] == ["ready", "seen", "note"]
    assert [line.step for line in engine.lines(walked)] == ["ready"]


def test_only_staff_answer_it_and_only_what_is_asked() -> None:
    filed = answered({}, "ready", "ready")

    for step, staff in (("seen", False), ("note", True), ("why", True)):
        with pytest.raises(AnswerNotOffered):
            answered(filed, step, True, staff=staff)


def test_a_resident_who_mends_an_answer_leaves_what_staff_wrote() -> None:
    filed = answered(answered({}, "ready", "ready"), "seen", True, staff=True)

    mended = answered(answered(filed, "ready", "later"), "why", "雨")

    assert mended == {"ready": "later", "why": "雨", "seen": True}
