"""What people type in a chat where a button, a number or a day is asked for."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.procedures import engine, hearing
from core.procedures.blocks.block import Wrong
from tests.core.procedures.sources import CONTEXT, compiled
from tests.examples import examples

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("3", 3),
        ("３", 3),
        ("3人", 3),
        ("三人", 3),
        ("５枚です", 5),
        ("¥70,000", 70_000),
        ("７０，０００円", 70_000),
        ("1万円", 10_000),
        ("1万5千円", 15_000),
        ("一万五千", 15_000),
        ("十", 10),
        ("三十二", 32),
        ("2億", 200_000_000),
        ("-3", -3),
        ("2 people", 2),
        ("3つ", 3),
        ("たくさん", None),
        ("3人と4人", None),
        ("1.5", None),
        ("円", None),
        ("", None),
        ("9" * 13, None),
    ],
)
def test_a_number_is_heard_with_its_counter(words: str, number: int | None) -> None:
    assert hearing.number(words) == number


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("令和8年4月1日", date(2026, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R8.4.1", date(2026, 4, 1)),
        ("Ｒ８．４．１", date(2026, 4, 1)),
        ("s55/2/29", date(1980, 2, 29)),
        ("昭和五十五年二月二十九日", None),
        ("2026/4/1", date(2026, 4, 1)),
        ("２０２６年４月１日（水）", date(2026, 4, 1)),
        ("2026-04-01", date(2026, 4, 1)),
        ("20260401", date(2026, 4, 1)),
        ("4月1日", date(2027, 4, 1)),
        ("四月一日", date(2027, 4, 1)),
        ("11月27日です", date(2026, 11, 27)),
        ("2/29", date(2028, 2, 29)),
        ("明日", date(2026, 11, 28)),
        ("きのう", date(2026, 11, 26)),
        ("2026/2/30", None),
        ("4月", None),
        ("26/4/1", None),
        ("そのうち", None),
        ("0/0/0", None),
        ("9999/13/1", None),
    ],
)
def test_a_day_is_heard_in_any_era_and_width(words: str, day: date | None) -> None:
    assert hearing.day(words, TODAY) == day


def test_a_day_without_its_year_is_the_next_or_the_nearest_that_fits() -> None:
    assert hearing.day("4月1日", TODAY, None, TODAY) == date(2026, 4, 1)
    assert hearing.day("4月1日", TODAY, date(2024, 1, 1), date(2025, 1, 1)) == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("4月1日 午後3時半", (date(2027, 4, 1), "15:30")),
        ("4月1日の10時", (date(2027, 4, 1), "10:00")),
        ("4/11 0:30", (date(2027, 4, 11), "00:30")),
        ("2026-12-01T09:30", (date(2026, 12, 1), "09:30")),
        ("明日 12時15分", (date(2026, 11, 28), "12:15")),
        ("明日 午前12時", (date(2026, 11, 28), "00:00")),
        ("tomorrow 3pm", (date(2026, 11, 28), "15:00")),
        ("明日", None),
        ("明日 25時", None),
        ("10時", None),
    ],
)
def test_a_day_and_a_time_are_heard_together(words: str, moment: tuple[date, str] | None) -> None:
    assert hearing.moment(words, TODAY) == moment


SOURCE = """
key: typed
title: 入力
steps:
  - key: agree
    says: よろしいですか
    choice: {options: [{value: agreed, label: はい}, {value: other, label: 別の口座にする}]}
    optional: true
  - key: pets
    says: 飼っているもの
    choices:
      least: 0
      options:
        - {value: dog, label: 犬}
        - {value: cat, label: ネコ}
        - {value: none_of, label: なし}
    optional: true
  - {key: note, says: ご意見, text: {}, optional: true}
  - {key: terms, says: 約款, consent: {terms: 約款}}
  - {key: when, says: いつ, slot: {slots: [{value: am, label: 午前, capacity: 1}]}}
  - key: day
    says: いつ
    choice: {options: [{value: first, label: 8月1日}, {value: second, label: 8月2日}]}
  - {key: where, says: どこ, place: {}}
  - {key: home, says: 住所, address: {}}
  - {key: who, says: だれ, members: {}}
  - {key: money, says: いくら, money: {}}
  - {key: account, says: 口座, account: {}}
  - {key: told, says: お知らせ, info: {}}
  - key: people
    says: 何人
    choice:
      options:
        - {value: nobody, label: 0人}
        - {value: one, label: 1人}
        - {value: more, label: ２人以上}
  - {key: picture, says: 写真, photo: {}}
"""


@pytest.mark.parametrize(
    ("step", "words", "meant"),
    [
        ("agree", "はい", "agreed"),
        ("agree", "ハイ。", "agreed"),
        ("agree", "OK", "agreed"),
        ("agree", "はい、お願いします", "agreed"),
        ("agree", "１", "agreed"),
        ("agree", "2番", "other"),
        ("agree", "別の口座", "other"),
        ("agree", "スキップ", None),
        ("pets", "ねこ", ["cat"]),
        ("pets", "1,2", ["dog", "cat"]),
        ("pets", "犬、ネコ", ["dog", "cat"]),
        ("pets", "1と2", ["dog", "cat"]),
        ("pets", "なし", ["none_of"]),
        ("note", "なし", None),
        ("note", "特にありません。", None),
        ("note", "とてもよい", "とてもよい"),
        ("terms", "同意します", True),
        ("terms", "ok", True),
        ("terms", "いいえ", False),
        ("when", "午前", {"value": "am", "quantity": 1}),
        ("where", "34.67, 133.74", {"latitude": 34.67, "longitude": 133.74}),
        ("where", "駅の前", {"address": "駅の前"}),
        ("told", "次へ", True),
        ("told", "わかりました。", True),
        ("people", "1", "one"),
        ("day", "2", "second"),
        ("day", "8月2日です", "second"),
        ("people", "０", "nobody"),
        ("people", "2人以上", "more"),
        (
            "home",
            "〒719-1131 岡山県総社市中央１−１−１",
            {"postal_code": "7191131", "area": "岡山県総社市中央", "rest": "1-1-1"},
        ),
        ("who", "山田花子、山田太郎", [{"name": "山田花子"}, {"name": "山田太郎"}]),
        ("money", "7万円", 70_000),
    ],
)
def test_typed_words_are_an_answer(step: str, words: str, meant: object) -> None:
    heard = hear(step, words)

    assert heard is not None
    assert heard.given == meant


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("agree", "どうしようかな"),
        ("agree", "3"),
        ("pets", "犬とあと何か"),
        ("terms", "ん？"),
        ("where", "駅"),
        ("told", "質問があります"),
        ("people", "3"),
        ("day", "8月"),
        ("home", "1"),
        ("account", "みずほ 普通 1234567"),
        ("picture", "これです"),
        ("money", "いくらでも"),
    ],
)
def test_words_that_say_nothing_to_the_question_are_no_answer(step: str, words: str) -> None:
    assert hear(step, words) is None


def hear(step: str, words: str) -> engine.Heard | None:
    procedure = compiled(SOURCE)
    return engine.heard(procedure, {}, CONTEXT, "ja", step=step, words=words)


ALONE = {step.key: replace(compiled(SOURCE), steps=(step,)) for step in compiled(SOURCE).steps}
"""Each step by itself."""

PARTS = [
    *("1", "２", "三", "万", "十", "人", "円", "-", "/", ".", "年", "月", "日", "時", "半", "午後"),
    *(
        "令和",
        "元",
        "はい",
        "なし",
        "明日",
        "です",
        "の",
        " ",
        "\n",
        ":",
        "T",
        "r",
        "〒",
        "岡山県",
        "🙂",
    ),
]


@given(st.lists(st.sampled_from(PARTS), max_size=10).map("".join) | st.text(max_size=12))
@examples(100)
def test_whatever_is_typed_is_an_answer_or_nothing(words: str) -> None:
    for step, procedure in ALONE.items():
        heard = engine.heard(procedure, {}, CONTEXT, "ja", step=step, words=words)
        if heard is not None:
            with suppress(Wrong):
                kept = engine.answered(procedure, {}, CONTEXT, "ja", step=step, given=heard.given)
                assert isinstance(
                    engine.turn(procedure, kept, CONTEXT, "ja"), engine.Review | engine.Closing
                )
    hearing.moment(words, TODAY)
    hearing.day(words, TODAY, date(1, 1, 1), date(9999, 12, 31))
