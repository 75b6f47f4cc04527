"""What each block takes, how it is kept and shown, and what it says of what it does not take."""

import json
from datetime import date
from typing import Any

import pytest

from core.procedures import engine
from core.procedures.blocks.block import PROBLEMS, Wrong
from core.procedures.blocks.registry import BLOCKS
from core.procedures.definition import Context
from core.procedures.source import parse
from tests.core.procedures.sources import CONTEXT, OPTIONS, compiled

UUID = "0d6f1c52-7c8e-4d5e-9a55-2b1f9d3d8a01"
JAPAN_POST = {
    "bank": "9900",
    "symbol": "12340",
    "account_number": "12345671",
    "holder_kana": "やまだ　はなこ",
}
A_BANK = {
    "bank": "0001",
    "branch": "001",
    "account_type": 1,
    "account_number": "１２３４",
    "holder_kana": "ﾔﾏﾀﾞ ﾊﾅｺ",
}
BOX = {"south": 34.6, "west": 133.6, "north": 34.8, "east": 133.8}
RICHES = [{"name": "riches", "label": "富"}]
SLOTS = {"slots": [{**one, "capacity": 3} for one in OPTIONS], "most": 5}


def a_step(block: str, settings: dict[str, Any]) -> str:
    step = {"key": "asked", "says": "問い", block: settings}
    source = {"key": "one", "title": "一つ", "steps": [step]}
    return json.dumps(source)


def answered(block: str, settings: dict[str, Any], given: Any, context: Context = CONTEXT) -> Any:
    procedure = compiled(a_step(block, settings))
    return engine.answered(procedure, {}, context, "ja", step="asked", given=given)["asked"]


@pytest.mark.parametrize(
    ("block", "settings", "given", "kept", "shown"),
    [
        ("choices", {"options": OPTIONS}, ["vb", "va"], ["va", "vb"], "選択a、選択b"),
        ("number", {"unit": "人"}, 1234, 1234, "1,234人"),
        ("money", {}, 70_000, 70_000, "70,000円"),
        ("date", {}, "2026-04-01", "2026-04-01", "令和8年4月1日"),
        (
            "date_time",
            {"minutes": 15},
            "2026-04-01T09:45",
            "2026-04-01T09:45",
            "令和8年4月1日 09:45",
        ),
        ("photo", {"most": 2}, [UUID], [UUID], "1枚"),
        ("file", {}, [UUID, UUID], [UUID], "1件"),
        ("signature", {}, [UUID], [UUID], "署名しました"),
        ("consent", {"terms": "約款"}, True, True, "同意しました"),
        ("coupon", {}, "ｈｊｋｍ npqr stu6", "HJKMNPQRSTU6", "HJKM-NPQR-STU6"),
        (
            "place",
            {"within": BOX},
            {"latitude": 34.67, "longitude": 133.74, "address": " 駅前\n"},
            {"latitude": 34.67, "longitude": 133.74, "address": "駅前"},
            "駅前",
        ),
        (
            "place",
            {"within": BOX},
            {"latitude": 0.0, "longitude": 0.0, "address": "公園の東"},
            {"address": "公園の東"},
            "公園の東",
        ),
        (
            "address",
            {"within": ["岡山県総社市"]},
            {"postal_code": "７１９-1131", "area": "岡山県総社市中央", "rest": "1-1"},
            {"postal_code": "7191131", "area": "岡山県総社市中央", "rest": "1-1"},
            "〒719-1131 岡山県総社市中央1-1",
        ),
        (
            "members",
            {"fields": ["kana", "birth_date"]},
            {"members": [{"name": "花子", "kana": "はなこ", "birth_date": "2015-01-02"}]},
            [{"name": "花子", "kana": "ハナコ", "birth_date": "2015-01-02"}],
            "花子 ハナコ 平成27年1月2日",
        ),
        ("slot", SLOTS, {"value": "va"}, {"value": "va", "quantity": 1}, "選択a（1）"),
        (
            "account",
            {},
            JAPAN_POST,
            {
                "bank": "9900",
                "bank_name": "ゆうちょ銀行",
                "branch": "238",
                "branch_name": "二三八店",
                "account_type": 1,
                "account_number": "1234567",
                "holder_kana": "ﾔﾏﾀﾞ ﾊﾅｺ",
            },
            "ゆうちょ銀行 二三八店 普通 ****567 ﾔﾏﾀﾞ ﾊﾅｺ",
        ),
        (
            "account",
            {"passbook": True},
            {**A_BANK, "passbook_attachment_id": UUID},
            {
                "bank": "0001",
                "bank_name": "みずほ銀行",
                "branch": "001",
                "branch_name": "東京営業部",
                "account_type": 1,
                "account_number": "0001234",
                "holder_kana": "ﾔﾏﾀﾞ ﾊﾅｺ",
                "passbook_attachment_id": UUID,
            },
            "みずほ銀行 東京営業部 普通 ****234 ﾔﾏﾀﾞ ﾊﾅｺ",
        ),
        ("text", {"kind": "kana"}, "やまだ", "ヤマダ", "ヤマダ"),
        ("text", {"kind": "phone"}, "０８６６-92-8200", "0866928200", "0866928200"),
        ("text", {"pattern": "[A-Z]{2}[0-9]+"}, "AB12", "AB12", "AB12"),
    ],
)
def test_an_answer_is_kept_and_shown(
    block: str, settings: dict[str, Any], given: Any, kept: Any, shown: str
) -> None:
    procedure = compiled(a_step(block, settings))

    answers = engine.answered(procedure, {}, CONTEXT, "ja", step="asked", given=given)
    review = engine.turn(procedure, answers, CONTEXT, "ja")

    assert answers == {"asked": kept}
    assert isinstance(review, engine.Review)
    assert [line.value for line in review.lines] == [shown]


@pytest.mark.parametrize(
    ("block", "settings", "given", "problem", "field"),
    [
        ("choices", {"options": OPTIONS, "least": 2}, ["va", "va"], "too_few", ""),
        ("choices", {"options": OPTIONS, "most": 1}, ["va", "vb"], "too_many", ""),
        ("choices", {"options": OPTIONS}, ["vz"], "not_offered", ""),
        ("choice", {"options": OPTIONS}, ["va"], "not_of_the_kind", ""),
        ("number", {}, True, "not_of_the_kind", ""),
        ("number", {"most": 3}, 4, "too_large", ""),
        ("number", {"least": 3}, 2, "too_small", ""),
        ("date", {}, "2026-02-30", "not_a_date", ""),
        ("date", {}, "20260401", "not_a_date", ""),
        ("date", {"first": "today"}, "2026-03-31", "too_early", ""),
        ("date", {"last": "today-18y"}, "2008-04-02", "too_late", ""),
        ("date_time", {}, "2026-04-01", "not_a_time", ""),
        ("date_time", {"minutes": 30}, "2026-04-01T09:45", "not_a_time", ""),
        ("date_time", {"closes": "17:00"}, "2026-04-01T17:01", "outside_hours", ""),
        ("photo", {"least": 2, "most": 3}, [UUID, UUID], "too_few", ""),
        ("file", {"most": 1}, [UUID, f"{UUID}2"], "too_many", ""),
        ("signature", {}, [], "required", ""),
        ("consent", {"terms": "約款"}, False, "must_agree", ""),
        ("coupon", {}, "HJKM-NPQR-STU5", "code_mistyped", ""),
        ("place", {}, {"latitude": 91, "longitude": 0}, "not_a_place", ""),
        ("place", {}, {"latitude": 0, "longitude": 0, "address": ""}, "not_a_place", ""),
        ("place", {"within": BOX}, {"latitude": 35.0, "longitude": 133.7}, "outside_area", ""),
        ("address", {}, {"area": " "}, "required", "area"),
        ("address", {"within": ["岡山県"]}, {"area": "広島県"}, "outside_area", "area"),
        ("address", {}, {"area": "岡山県", "postal_code": "1"}, "not_a_postal_code", "postal_code"),
        ("members", {"least": 1}, [], "too_few", ""),
        ("members", {"fields": ["kana"]}, [{"name": "花子"}], "required", "members.0.kana"),
        (
            "members",
            {"fields": ["birth_date"]},
            [{"name": "花子", "birth_date": "2026-04-02"}],
            "too_late",
            "members.0.birth_date",
        ),
        ("slot", SLOTS, {"value": "vq"}, "not_offered", ""),
        ("slot", SLOTS, {"value": "va", "quantity": 6}, "too_large", "quantity"),
        ("slot", SLOTS, {"value": "va", "quantity": 4}, "slot_full", ""),
        ("account", {}, {**JAPAN_POST, "symbol": "12345"}, "symbol_invalid", "symbol"),
        ("account", {}, {**JAPAN_POST, "bank": "0001"}, "symbol_invalid", "symbol"),
        ("account", {}, {**JAPAN_POST, "account_number": "2"}, "number_invalid", "account_number"),
        ("account", {}, {**A_BANK, "bank": "0000"}, "bank_unknown", "bank"),
        ("account", {}, {**A_BANK, "branch": "999"}, "branch_unknown", "branch"),
        ("account", {}, {**A_BANK, "account_type": 3}, "account_type_invalid", "account_type"),
        ("account", {}, {**A_BANK, "account_number": "0"}, "number_invalid", "account_number"),
        ("account", {}, {**A_BANK, "holder_kana": "山田"}, "holder_illegal", "holder_kana"),
        ("account", {}, {}, "bank_unknown", "bank"),
        ("account", {"passbook": True}, A_BANK, "required", "passbook_attachment_id"),
        ("text", {"kind": "kana"}, "山田", "not_kana", ""),
        ("text", {"kind": "email"}, "a@b", "not_an_email", ""),
        ("text", {"kind": "phone"}, "110", "not_a_phone", ""),
        ("text", {"most": 3}, "あいうえ", "too_long", ""),
        ("text", {"least": 3}, "あ", "too_short", ""),
        ("text", {}, "番号は1234-5678-9018です", "my_number", ""),
        ("text", {"pattern": "[A-Z]+"}, "AB1", "not_of_the_form", ""),
        ("text", {}, None, "required", ""),
    ],
)
def test_what_does_not_fit_is_told_where_it_does_not(
    block: str, settings: dict[str, Any], given: Any, problem: str, field: str
) -> None:
    with pytest.raises(Wrong) as refused:
        answered(block, settings, given)

    assert (refused.value.problem, refused.value.field) == (problem, field)
    assert problem in PROBLEMS


def test_an_account_is_shown_in_full_nowhere() -> None:
    step = {"key": "payee", "says": "口座", "account": {}}
    ask = {"key": "right", "says": "{payee}でよいですか", "info": {}}
    source = {
        "key": "pays",
        "title": "支払",
        "values": {"bank": "payee.bank"},
        "steps": [step, ask],
    }
    procedure = compiled(json.dumps(source))

    answers = engine.answered(procedure, {}, CONTEXT, "ja", step="payee", given=JAPAN_POST)
    prompt = engine.turn(procedure, answers, CONTEXT, "ja")
    walked = engine.walk(procedure, answers, CONTEXT, "ja")

    assert isinstance(prompt, engine.Prompt)
    assert prompt.text == "ゆうちょ銀行 二三八店 普通 ****567 ﾔﾏﾀﾞ ﾊﾅｺでよいですか"
    assert walked.values() == {"bank": "9900"}
    assert "1234567" not in str(walked.seen)


def test_a_slot_is_full_by_what_others_have_taken() -> None:
    procedure = compiled(a_step("slot", SLOTS))
    context = Context(today=date(2026, 4, 1), taken={("asked", "va"): 3, ("asked", "vb"): 2})

    prompt = engine.turn(procedure, {}, context, "ja")

    assert isinstance(prompt, engine.Prompt)
    assert [choice.full for choice in prompt.choices] == [True, False, False]
    with pytest.raises(Wrong) as refused:
        answered("slot", SLOTS, {"value": "vb", "quantity": 2}, context)
    assert refused.value.metadata == {"left": "1"}


@pytest.mark.parametrize(
    ("block", "settings", "path"),
    [
        ("date", {"first": "soon"}, "first"),
        ("date", {"first": "today+1d", "last": "today"}, "first"),
        ("date_time", {"opens": "18:00", "closes": "09:00"}, "opens"),
        ("choices", {"options": OPTIONS, "most": 4}, "most"),
        ("choices", {"options": [*OPTIONS, OPTIONS[0]]}, "options.3.value"),
        ("number", {"least": 3, "most": 2}, "least"),
        ("photo", {"types": ["pdf"]}, "types"),
        ("place", {"within": {**BOX, "south": 35.0}}, "within.south"),
        ("members", {"least": 3, "most": 2}, "least"),
        ("slot", {"slots": [*SLOTS["slots"], SLOTS["slots"][0]]}, "slots.3.value"),
        ("text", {"pattern": "("}, "pattern"),
        ("entitlement", {"shows": [{"name": "riches", "label": "富"}]}, "shows.0.name"),
        (
            "confirm",
            {"shows": [{"name": "riches", "label": "富"}], "options": OPTIONS},
            "shows.0.name",
        ),
    ],
)
def test_settings_that_cannot_be_are_faults(
    block: str, settings: dict[str, Any], path: str
) -> None:
    found = parse(a_step(block, settings)).problems

    assert [one.path for one in found] == [f"steps.0.{block}.{path}"]


def test_each_block_is_known_by_its_name_and_what_it_takes() -> None:
    assert set(BLOCKS) == {
        *("account", "address", "choice", "choices", "confirm", "consent", "coupon", "date"),
        *(
            "date_time",
            "entitlement",
            "file",
            "info",
            "members",
            "money",
            "number",
            "photo",
            "place",
        ),
        *("procedure", "signature", "slot", "text"),
    }
