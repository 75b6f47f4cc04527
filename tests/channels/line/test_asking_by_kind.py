"""Each kind of question looks as people expect it, and its buttons carry what they say."""

import pytest

from channels.line import choosing, picking, prompts
from channels.line.postback import Do
from channels.line.verbs import Verb
from tests.channels.fake_core import APPLICATION
from tests.channels.line.chat import Said
from tests.channels.line.questions import a_question
from todoke.v1 import procedures_pb2 as pb


def answers(said: Said) -> list[str]:
    return [data for data in said.data if data.startswith("1:answer:")]


def test_few_choices_are_buttons_some_are_quick_replies_and_many_are_a_list() -> None:
    few, some, many = (Said(prompts.prompt(a_question(count))) for count in (4, 12, 30))
    assert len(answers(few)) == 4
    assert "quickReply" not in few.messages[-1]
    assert len(some.messages[-1]["quickReply"]["items"]) == 12
    assert "12. 選択肢11" in some.words
    assert "番号を送って" in some.words
    assert len(answers(many)) == choosing.PAGE
    assert f"1:look:{APPLICATION}:which:2" in many.data
    last = Said(prompts.prompt(a_question(30), page=4))
    assert answers(last) == [f"1:answer:{APPLICATION}:which:value_{n}" for n in (27, 28, 29)]
    assert f"1:look:{APPLICATION}:which:3" in last.data


def test_a_button_of_several_choices_carries_what_will_be_chosen() -> None:
    asked = a_question(3, "choices")
    first = Said(prompts.prompt(asked))
    sum = choosing.sum_of(asked)
    place = f"{APPLICATION}:which:{sum}"
    assert first.data == [
        f"1:toggle:{place}:1:1", f"1:toggle:{place}:2:1", f"1:toggle:{place}:4:1",
        f"1:decide:{place}:0",
    ]  # fmt: skip
    second = Said(prompts.prompt(asked, chosen=5))
    assert "選んだもの:選択肢0、選択肢2" in second.words
    assert second.data[0] == f"1:toggle:{place}:4:1"
    assert second.data[-1] == f"1:decide:{place}:5"
    assert choosing.values_of(asked, 5) == ["value_0", "value_2"]


def test_what_is_full_is_marked_and_cannot_be_pressed() -> None:
    asked = a_question(3, "slot")
    asked.choices[1].full = True
    said = Said(prompts.prompt(asked))
    assert "選択肢1(満)" in said.words
    assert said.data == [f"1:slot:{APPLICATION}:which:value_{number}:1" for number in (0, 2)]


def test_a_day_is_picked_within_its_bounds() -> None:
    asked = a_question(0, "date")
    asked.input.date.first, asked.input.date.last = "1800-01-01", "2026-04-30"
    asked.input.date.start = "2026-05-05"
    [picker] = [
        part for part in Said(prompts.prompt(asked)).parts if part.get("type") == "datetimepicker"
    ]
    assert picker == {
        "type": "datetimepicker",
        "label": "日にちを選ぶ",
        "data": f"1:pick:{APPLICATION}:which",
        "mode": "date",
        "min": "1900-01-01",
        "max": "2026-04-30",
        "initial": "2026-04-30",
    }


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        ("2026-04-01", "2026-04-01", {"min": "2026-04-01"}),
        ("2026-04-02", "2026-04-01", {"min": "2026-04-02"}),
        ("9999-12-31", "0001-01-01", {}),
        ("", "", {"min": "1900-01-01", "max": "2100-12-31"}),
    ],
)
def test_bounds_without_room_between_them_are_left_to_the_core(
    first: str, last: str, left: dict[str, str]
) -> None:
    asked = pb.DateInput(first=first, last=last, start="2026-03-01")
    made = picking.day(asked, "", "選ぶ", Do(Verb.PICK, (APPLICATION, "which")))
    assert {name: made[name] for name in ("min", "max") if name in made} == left
    assert made["initial"] == max("2026-03-01", left.get("min", ""))


def test_readings_of_kanji_stand_in_easy_japanese_only() -> None:
    asked = a_question(0, "text", ruby="｜住所《じゅうしょ》を教えてください。")
    assert "住所(じゅうしょ)" not in Said(prompts.prompt(asked)).words
    asked.language = "ja-x-easy"
    assert "住所(じゅうしょ)を教えてください。" in Said(prompts.prompt(asked)).words


def test_terms_are_read_whole_before_they_are_agreed_to_or_on_the_page() -> None:
    asked = a_question(0, "agree")
    asked.input.agree.terms, asked.input.agree.label = "条" * 12_000, "同意する"
    made = prompts.prompt(asked)
    assert sum(message.get("text", "").count("条") for message in made) == 12_000
    assert Said(made).data == [f"1:agree:{APPLICATION}:which"]
    asked.input.agree.terms = "条" * 18_000
    assert Said(prompts.prompt(asked)).data == [f"1:on_page:{APPLICATION}"]
