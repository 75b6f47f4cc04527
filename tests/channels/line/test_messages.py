"""Whatever prompt the contract allows, LINE takes what is made of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line import limits, messages, postback, prompts, turns
from channels.line.postback import Answer
from channels.simulators.line import messages as line
from channels.simulators.line.checks import Checks
from channels.simulators.line.counting import graphemes, utf16_units
from channels.wording import NothingToSay
from tests.channels.fake_core import APPLICATION, a_dispatch, a_prompt, a_verification
from tests.examples import examples
from todoke.v1.applications_pb2 import Closing
from todoke.v1.dispatches_pb2 import Dispatch
from todoke.v1.procedures_pb2 import Choice, Prompt, ShownFact

# Letters of one and two units, marks that hang on them, families of emoji, flags, line ends.
PIECES = ["あ", "漢", "a", "𠮷", "か\u3099", "葛\U000e0100", "👨‍👩‍👧", "🇯🇵", "👍🏽", "ﾊﾞ", "\n", " "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).flatmap(
    lambda pieces: st.integers(1, 40).map(lambda times: ("".join(pieces) * times)[:2000])
)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{1,63}", fullmatch=True)
PROMPTS = st.builds(
    Prompt,
    application_id=st.uuids().map(str),
    step=KEYS,
    title=TEXTS,
    text=TEXTS,
    facts=st.lists(st.builds(ShownFact, label=TEXTS, value=TEXTS), max_size=20),
    choices=st.lists(st.builds(Choice, value=KEYS, label=TEXTS), max_size=4),
    language=st.sampled_from(["ja", "en", "fr", ""]),
    returned_with=TEXTS.map(lambda text: text[:500]),
)
CLOSINGS = st.builds(
    Closing,
    application_id=st.uuids().map(str),
    step=KEYS,
    text=TEXTS,
    choices=st.lists(st.builds(Choice, value=KEYS, label=TEXTS), max_size=4),
)


def wrong(made: list[Any]) -> list[str]:
    """List what LINE would refuse."""
    checks = Checks()
    line.check(checks, made)
    return [f"{found.property}: {found.message}" for found in checks.found]


@examples(15)
@given(PROMPTS)
def test_any_prompt_is_within_line_s_limits(prompt: Prompt) -> None:
    made = prompts.prompt(prompt)
    assert wrong(made) == []
    words = json.dumps(made, ensure_ascii=False)
    for choice in prompt.choices:
        pressed = Answer(prompt.application_id, prompt.step, choice.value)
        assert postback.encode(pressed) in words


@examples(15)
@given(CLOSINGS)
def test_any_closing_is_within_line_s_limits(closing: Closing) -> None:
    assert wrong(turns.closing(closing)) == []


@given(TEXTS, st.integers(2, 50))
def test_what_is_cut_keeps_its_characters_whole(text: str, limit: int) -> None:
    cut = limits.clip(text, limit)
    assert utf16_units(cut) <= limit
    assert graphemes(cut) <= limit
    assert limits.units(text) == utf16_units(text)
    pieces = limits.split(text, limit)
    assert all(utf16_units(piece) <= limit for piece in pieces)
    assert "".join(pieces).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(
        " ", ""
    )


def test_a_mark_is_never_parted_from_its_letter() -> None:
    assert limits.clip("かか\u3099か", 3) == "か…"
    assert limits.clip("𠮷𠮷", 3) == "𠮷…"
    assert limits.clip("👍🏽👍🏽", 5) == "👍🏽…"


def test_a_prompt_shows_all_it_has_in_one_bubble() -> None:
    [message] = prompts.prompt(a_prompt(returned_with="名義が違います。"))
    words = json.dumps(message, ensure_ascii=False)
    for shown in (
        "物価高騰支援給付金",
        "下の口座に",
        "金額",
        "30,000円",
        "***4567",
        "市役所からの連絡",
        "名義が違います。",
        f"1:answer:{APPLICATION}:confirm_account:yes",
    ):
        assert shown in words
    assert message["altText"].startswith("物価高騰支援給付金")


def test_a_prompt_too_long_for_a_bubble_loses_no_word() -> None:
    prompt = a_prompt(text="漢" * 2000, facts=[ShownFact(label="事実", value="値" * 2000)] * 6)
    made = prompts.prompt(prompt)
    assert [message["type"] for message in made] == ["text"] * 4 + ["flex"]
    assert sum(message.get("text", "").count("値") for message in made) == 12_000


def test_a_closing_offers_what_can_still_be_changed() -> None:
    closing = Closing(
        application_id=APPLICATION,
        text="受け付けました。",
        step="confirm_account",
        choices=[Choice(value="other", label="別の口座に変える")],
    )
    [message] = turns.closing(closing)
    [item] = message["quickReply"]["items"]
    assert item["action"]["data"] == f"1:answer:{APPLICATION}:confirm_account:other"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_the_account_says_of_itself_is_within_line_s_limits(language: str) -> None:
    url = "https://" + "x" * 492
    made = [
        *[messages.greeting(is_registered=known, language=language) for known in (False, True)],
        *[messages.help(is_registered=known, language=language) for known in (False, True)],
        messages.old_button(language),
        messages.refusal("CONTACT_NOT_REGISTERED", language),
        messages.refusal("PROGRAM_CLOSED", language),
        messages.challenge(a_verification(), url, language),
    ]
    assert [wrong(one) for one in made] == [[]] * len(made)


def test_content_younger_than_the_channel_is_not_guessed() -> None:
    with pytest.raises(NothingToSay):
        turns.of_dispatch(Dispatch(dispatch_id=a_dispatch().dispatch_id))


@given(st.text(max_size=300))
def test_no_data_but_our_own_is_read(data: str) -> None:
    pressed = postback.decode(data)
    assert pressed is None or postback.encode(pressed) == data


@given(st.uuids(), KEYS, KEYS)
def test_a_button_s_data_comes_back_as_it_went_and_fits(id: Any, step: str, choice: str) -> None:
    pressed = Answer(str(id), step, choice)
    assert postback.decode(postback.encode(pressed)) == pressed
    assert len(postback.encode(pressed)) <= 300
