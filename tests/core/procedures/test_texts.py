"""Texts of procedures: filled in the reader's language, whatever is known and whatever is not."""

from datetime import date

import pytest

from core.procedures.texts import Called, filled, said

DAY = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("pattern", "arguments", "language", "text"),
    [
        ("{day, date, long}まで", {"day": DAY}, "ja", "令和8年4月1日まで"),
        ("{day, date, long}まで", {"day": "2026-04-01"}, "ja", "令和8年4月1日まで"),
        ("until {day, date, long}", {"day": DAY}, "en", "until April 1, 2026"),
        ("{day}まで", {"day": DAY}, "ja", "令和8年4月1日まで"),
        ("{day, date, long}まで", {"day": ""}, "ja", "まで"),
        ("{day, date, long}まで", {"day": "昭和の頃"}, "ja", "まで"),
        ("{many, plural, one {# cat} other {# cats}}", {"many": 1}, "en", "1 cat"),
        ("{many, plural, one {# cat} other {# cats}}", {"many": ""}, "en", "0 cats"),
        ("{fee, number}円", {"fee": 70_000}, "ja", "70,000円"),
        ("{fee, number}円", {}, "ja", "円"),
        (
            "{pet, select, dog {ワン} other {ニャ}}と{pet}",
            {"pet": Called("dog", "犬")},
            "ja",
            "ワンと犬",
        ),
        ("{pet}", {"pet": "{name}"}, "ja", "{name}"),
        ("it's '{'{pet}'}'", {"pet": "a dog"}, "en", "it's {a dog}"),
        (
            "{many, plural, =0 {none} other {{pet} and {day, date, short}}}",
            {"many": 2, "pet": "dog"},
            "en",
            "dog and ",
        ),
    ],
)
def test_a_text_is_filled(
    pattern: str, arguments: dict[str, object], language: str, text: str
) -> None:
    assert said({"ja": pattern, "en": pattern}, arguments, language) == text


def test_a_language_that_is_missing_falls_back_to_its_own_and_then_to_japanese() -> None:
    text = {"ja": "日本語 {day}", "zh": "中文"}

    assert said(text, {}, "zh-Hans") == "中文"
    assert said(text, {"day": DAY}, "en") == "日本語 令和8年4月1日"


def test_readings_are_there_for_who_draws_them_only() -> None:
    text = {"ja": "｜届出《とどけで》を提出《ていしゅつ》する"}

    assert said(text, {}, "ja") == "届出を提出する"
    assert filled(text, {}, "ja") == text["ja"]
