"""Every kind of question is asked within LINE's limits, whatever the core may send."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import wording
from channels.line import postback, prompts, reviews
from channels.line.postback import Do
from channels.line.verbs import Verb
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


@given(st.uuids(), KEYS, st.integers(0, 2**50), st.integers(1, 999))
def test_the_longest_data_fits(id: Any, step: str, bits: int, page: int) -> None:
    pressed = Do(Verb.TOGGLE, (str(id), step, "0123abcd", f"{bits:x}", str(page)))
    data = postback.encode(pressed)
    assert postback.decode(data) == pressed
    assert graphemes(data) <= 300
