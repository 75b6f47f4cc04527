"""Every kind of question is asked within LINE's limits, whatever the core may send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import wording
from channels.line import choosing, picking, postback, prompts, reviews
from channels.line.postback import Do, Verb
from channels.simulators.line.counting import graphemes
from core.procedures.blocks.block import PROBLEMS
from tests.channels.fake_core import APPLICATION
from tests.channels.line.chat import Said, wrong
from tests.channels.line.test_messages import KEYS, PIECES
from tests.examples import examples
from todoke.v1 import procedures_pb2 as pb

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "答え",
        "<b>&\"'\\{}%s",
        *(piece * times for piece in PIECES for times in (1, 90, 700)),
    ]
)
IN_CHATS = {"not_understood", "sensitive", "stopping", "went_on"}
OF_SETS = {
    "photographs_taken",
    *(
        f"photograph_{why}"
        for why in ("gone", "missing", "over", "refused", "too_large", "too_many")
    ),
}
LANGUAGES = st.sampled_from(["ja", "en", "ja-x-easy", "fr", ""])
DAYS = st.sampled_from(["", "2026-04-01", "2026-04-02", "0001-01-01", "9999-12-31"])
MOMENTS = st.sampled_from(["", "2026-04-01", "2026-04-01T09:30", "9999-12-31T23:59"])
COUNTS = st.integers(0, 60)
INPUTS: dict[str, st.SearchStrategy[pb.Input]] = {
    "read": st.builds(pb.Input, read=st.builds(pb.ReadInput, label=TEXTS)),
    "choice": st.builds(pb.Input, choice=st.builds(pb.ChoiceInput)),
    "choices": st.builds(pb.Input, choices=st.builds(pb.ChoicesInput, least=COUNTS, most=COUNTS)),
    "text": st.builds(
        pb.Input,
        text=st.builds(
            pb.TextInput,
            kind=st.sampled_from(pb.TextKind.values()),
            least=COUNTS,
            most=COUNTS,
            lines=st.booleans(),
            example=TEXTS,
        ),
    ),
    "number": st.builds(
        pb.Input,
        number=st.builds(
            pb.NumberInput,
            least=st.integers(-(10**12), 10**12),
            most=st.integers(-(10**12), 10**12),
            unit=st.sampled_from(["", "人", "円", "𠮷"]),
        ),
    ),
    "date": st.builds(pb.Input, date=st.builds(pb.DateInput, first=DAYS, last=DAYS, start=DAYS)),
    "date_time": st.builds(
        pb.Input, date_time=st.builds(pb.DateInput, first=MOMENTS, last=MOMENTS, start=MOMENTS)
    ),
    "place": st.builds(pb.Input, place=st.builds(pb.PlaceInput)),
    "address": st.builds(pb.Input, address=st.builds(pb.AddressInput)),
    "account": st.builds(pb.Input, account=st.builds(pb.AccountInput)),
    "files": st.builds(
        pb.Input,
        files=st.builds(pb.FilesInput, least=COUNTS, most=COUNTS, most_bytes=st.integers(0, 10**8)),
    ),
    "agree": st.builds(
        pb.Input,
        agree=st.builds(
            pb.AgreeInput, terms=TEXTS.map(lambda text: (text * 20)[:20_000]), label=TEXTS
        ),
    ),
    "members": st.builds(
        pb.Input,
        members=st.builds(
            pb.MembersInput, fields=st.lists(st.sampled_from(["kana", "relation"]), max_size=2)
        ),
    ),
    "signature": st.builds(pb.Input, signature=st.builds(pb.FilesInput)),
    "slot": st.builds(pb.Input, slot=st.builds(pb.SlotInput, most=st.integers(1, 100))),
}
LONG_KEYS = st.sampled_from(["a" * 60 + f"_{number:02}" for number in range(60)])
CHOICES = st.lists(
    st.builds(
        pb.Choice,
        value=LONG_KEYS,
        label=TEXTS.map(lambda text: text[:200]),
        help=TEXTS.map(lambda text: text[:300]),
        full=st.booleans(),
    ),
    max_size=50,
    unique_by=lambda choice: choice.value,
)
PROBLEMS_TOLD = st.lists(
    st.builds(
        pb.AnswerProblem,
        problem=st.sampled_from(sorted(PROBLEMS | IN_CHATS | {"younger_than_we"})),
        field=st.sampled_from(["", "bank", "3.birth_date", "nobody_knows"]),
        text=st.one_of(st.just(""), TEXTS),
    ),
    max_size=4,
)


def prompts_of(input: st.SearchStrategy[pb.Input]) -> st.SearchStrategy[pb.Prompt]:
    return st.builds(
        pb.Prompt,
        application_id=st.uuids().map(str),
        step=KEYS,
        title=TEXTS,
        text=TEXTS,
        ruby=TEXTS,
        help=TEXTS,
        choices=CHOICES,
        input=input,
        language=LANGUAGES,
        returned_with=TEXTS.map(lambda text: text[:500]),
        on_behalf_of=TEXTS.map(lambda text: text[:100]),
        optional=st.booleans(),
        sensitive=st.booleans(),
        previous_step=st.one_of(st.just(""), KEYS),
        number=COUNTS,
        total=COUNTS,
        problems=PROBLEMS_TOLD,
    )


@pytest.mark.parametrize("kind", INPUTS)
@examples(6)
@given(st.data())
def test_any_question_of_a_kind_is_within_line_s_limits(kind: str, data: st.DataObject) -> None:
    prompt = data.draw(prompts_of(INPUTS[kind]))
    made = prompts.prompt(prompt, page=data.draw(st.integers(1, 8)))
    assert wrong(made) == []
    said = Said(made)
    assert all(postback.decode(pressed) is not None for pressed in said.data)
    if prompt.sensitive or kind in {"account", "signature"}:
        # Nothing but the page, leaving it out, taking all back, and going back.
        verbs = {postback.decode(pressed).verb for pressed in said.data}  # type: ignore[union-attr]  # They are Do.
        assert verbs <= {Verb.ON_PAGE, Verb.SKIP, Verb.REOPEN, Verb.TAKE_BACK}
        assert Verb.ON_PAGE in verbs


def test_the_kinds_that_are_tried_are_those_of_the_contract() -> None:
    assert set(INPUTS) == {one.name for one in pb.Input.DESCRIPTOR.fields}


LINES = st.builds(
    pb.ReviewLine,
    step=KEYS,
    label=TEXTS.map(lambda text: text[:200]),
    value=TEXTS,
    changeable=st.booleans(),
    sensitive=st.booleans(),
)


@examples(10)
@given(
    st.builds(
        pb.Review,
        application_id=st.uuids().map(str),
        title=TEXTS,
        lines=st.lists(LINES, max_size=40),
        language=LANGUAGES,
        returned_with=TEXTS.map(lambda text: text[:500]),
        on_behalf_of=TEXTS.map(lambda text: text[:100]),
        previous_step=st.one_of(st.just(""), KEYS),
        problems=PROBLEMS_TOLD,
    )
)
def test_any_review_is_within_line_s_limits(review: pb.Review) -> None:
    made = reviews.review(review)
    assert wrong(made) == []
    verbs = [postback.decode(pressed) for pressed in Said(made).data]
    assert Do(Verb.SUBMIT, (review.application_id,)) in verbs


@examples(3)
@given(st.lists(LINES, min_size=5, max_size=10))
def test_a_review_of_two_hundred_answers_is_taken_too(some: list[pb.ReviewLine]) -> None:
    lines = (some * 40)[:200]
    review = pb.Review(application_id=APPLICATION, title="長い手続き", lines=lines, language="ja")
    assert wrong(reviews.review(review)) == []


def test_two_hundred_usual_answers_are_all_shown_with_their_buttons() -> None:
    lines = [
        pb.ReviewLine(
            step=f"step_{number}", label="質問です", value="答えです" * 8, changeable=True
        )
        for number in range(200)
    ]
    review = pb.Review(application_id=APPLICATION, title="長い手続き", lines=lines, language="ja")
    data = Said(reviews.review(review)).data
    assert [one for one in data if one.startswith("1:reopen:")] == [
        f"1:reopen:{APPLICATION}:step_{number}" for number in range(200)
    ]
    assert data[-1] == f"1:submit:{APPLICATION}"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_problem_of_the_core_is_worded(language: str) -> None:
    for problem in PROBLEMS | IN_CHATS | OF_SETS:
        assert problem in wording.catalogue(language)["problems"], problem
    fields = {"bank", "branch", "account_type", "account_number", "holder_kana", "symbol"}
    fields |= {"passbook_attachment_id", "quantity", "name", "kana", "birth_date", "relation"}
    assert {f"field_{one}" for one in fields} <= set(wording.catalogue(language)["problems"])


def test_a_problem_says_what_it_is_about() -> None:
    def said(problem: str, field: str = "", **metadata: str) -> str:
        return wording.problem(
            pb.AnswerProblem(problem=problem, field=field, metadata=metadata), "ja"
        )

    assert said("too_long", limit="20") == "長すぎます。20文字までで入れてください。"
    assert said("branch_unknown", "branch").startswith("支店:")
    assert said("not_a_date", "1.birth_date").startswith("2人目の生年月日:")
    assert "15分きざみ" in said("not_a_time", step="15")
    assert said("younger") == "この答えは受け取れません。内容を確かめてください。"
    assert wording.problem(pb.AnswerProblem(problem="check", text="作者の文")) == "作者の文"


def a_question(count: int, kind: str = "choice", **more: Any) -> pb.Prompt:
    choices = [
        pb.Choice(value=f"value_{number}", label=f"選択肢{number}") for number in range(count)
    ]
    asked = pb.Prompt(
        application_id=APPLICATION, step="which", title="題", text="どれですか。", language="ja",
        choices=choices, **more,
    )  # fmt: skip
    getattr(asked.input, kind).SetInParent()
    return asked


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


@given(st.uuids(), KEYS, st.integers(0, 2**50), st.integers(1, 999))
def test_the_longest_data_fits(id: Any, step: str, bits: int, page: int) -> None:
    pressed = Do(Verb.TOGGLE, (str(id), step, "0123abcd", f"{bits:x}", str(page)))
    data = postback.encode(pressed)
    assert postback.decode(data) == pressed
    assert graphemes(data) <= 300
