"""Every procedure that ships, gone through once: what is answered, and what it comes to.

All faces read these scripts, so that a procedure is one thing in LINE, on the web and at the desk.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from core.applications.rows import Application
from core.procedures.blocks.files import FileBlock
from core.procedures.loading import shipped
from tests.town import MUNICIPALITY, Town

ACCOUNT = {
    "bank": "0001",
    "branch": "001",
    "account_type": 1,
    "account_number": "7654321",
    "holder_kana": "ソウジャ ハナコ",
}
PLACE = {"latitude": 34.6728, "longitude": 133.7465}
SKIPPED = {"skipped": True}


@dataclass(frozen=True)
class Said:
    """An answer: as the contract has it, and as it is said in a chat.

    Without words it is given on a page, or is as many `files`.
    """

    step: str
    given: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    files: int = 0


@dataclass(frozen=True)
class Script:
    """The answers of one procedure, and what they come to."""

    answers: tuple[Said, ...]
    amount: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    is_paid: bool = False
    """Whether a program names it."""
    is_decided: bool = True
    for_staff: bool = False


async def filed(town: Town, key: str, id: str) -> dict[str, Any]:
    """Return what was filed, without who filed it, and without its files, each of which is new."""
    row = await town.read(lambda s: s.get_one(Application, (MUNICIPALITY, id)))
    answers = json.loads(row.answers_json)
    for step in shipped()[key].procedure.steps:
        if isinstance(step.block, FileBlock):
            answers.pop(step.key, None)
    payee = json.loads(row.payee_json or "{}")
    for account in (answers.get("account", {}), payee):
        account.pop("passbook_attachment_id", None)
    return {
        "answers": answers,
        "values": json.loads(row.values_json or "{}"),
        "amount": row.amount,
        "payee": payee,
        "state": str(row.state),
    }


def chosen(step: str, value: str, words: str) -> Said:
    return Said(step, {"choice": value}, words)


def counted(step: str, number: int, unit: str = "") -> Said:
    return Said(step, {"number": number}, f"{number}{unit}")


def told(step: str, text: str) -> Said:
    return Said(step, {"text": text}, text)


def left_out(step: str) -> Said:
    return Said(step, SKIPPED, "なし")


def scripts(today: date) -> dict[str, Script]:
    """Return the script of each procedure that ships, as it would be said on a day."""
    born, begins = today - timedelta(30), today + timedelta(20)
    read, agree = {"read": True}, {"agreed": True}
    return {
        "confirm_account": Script(
            (
                chosen("confirm", "other_account", "別の口座"),
                Said("account", {"account": ACCOUNT}),
            ),
            amount=70_000,
            is_paid=True,
        ),
        "new_account_benefit": Script(
            (
                Said("entitled", read, "次へ"),
                chosen("wish", "receive", "受け取る"),
                Said("account", {"account": ACCOUNT}, files=1),
                Said("agree", agree, "はい"),
            ),
            amount=70_000,
            is_paid=True,
        ),
        "adjusted_benefit": Script(
            (
                chosen("income", "within", "はい（以下）"),
                counted("dependants", 3, "人"),
                Said("income_tax", {"number": 73_000}, "7万3千円"),
                Said("resident_tax", {"number": 25_000}, "25,000円"),
                Said("slip", files=1),
                Said("confirm_amount", read, "次へ"),
                Said("account", {"account": ACCOUNT}),
            ),
            amount=70_000,
            values={"left": 62_000, "supplement": 70_000},
            is_paid=True,
        ),
        "childbirth_benefit": Script(
            (
                chosen("relation", "mother", "母"),
                Said("birth_date", {"date": born.isoformat()}, f"{born:%Y年%m月%d日}"),
                Said("children", {"members": {"members": [
                    {"name": "総社 一花", "kana": "ソウジャ イチカ"},
                    {"name": "総社 二葉", "kana": "ソウジャ フタバ"},
                ]}}),
                Said("handbook", files=1),
                chosen("counselled", "not_yet", "まだ"),
                told("visit_phone", "0866928200"),
                Said("account", {"account": ACCOUNT}),
                Said("agree", agree, "はい"),
            ),
            amount=100_000,
            values={"due": 100_000},
            is_paid=True,
        ),
        "helmet_subsidy": Script(
            (
                chosen("mark", "sg", "SGマーク"),
                Said("bought_on", {"date": today.isoformat()}, "今日"),
                Said("price", {"number": 3_590}, "3,590円"),
                Said("receipt", files=1),
                Said("account", {"account": ACCOUNT}),
            ),
            amount=1_700,
            values={"subsidy": 1_700},
            is_paid=True,
        ),
        "satisfaction_survey": Script(
            (
                chosen("service", "counter", "窓口"),
                chosen("overall", "mark_2", "やや不満"),
                chosen("clear", "mark_4", "やや満足"),
                told("why", "待ち時間が長かった。"),
                left_out("age"),
                told("voice", "窓口を増やしてほしい。"),
            ),
            is_decided=False,
        ),
        "road_damage_report": Script(
            (
                chosen("kind", "collapse", "陥没・崩れ"),
                chosen("danger", "now", "すぐに危険"),
                Said("place", {"place": PLACE}, "34.6728, 133.7465"),
                Said("photos", files=1),
                Said("phone", {"text": "0866928200"}),
            ),
            values={"urgent": True},
            is_decided=False,
        ),
        "bulky_waste": Script(
            (
                Said("items", {"choices": {"values": ["sofa", "futon"]}}, "1、4"),
                counted("sofas", 1, "点"),
                counted("futons", 3, "点"),
                Said("fee_agreed", agree, "はい"),
                Said("day", {"slot": {"value": "first_wednesday", "quantity": 1}}, "1"),
                Said("name", {"text": "総社 花子"}),
                Said("address", {"address": {
                    "postal_code": "7191192", "area": "岡山県総社市中央一丁目", "rest": "1番1号",
                }}),
                Said("phone", {"text": "0866928200"}),
            ),
            values={"pieces": 4, "fee": 3_000},
            is_decided=False,
        ),
        "after_school_club": Script(
            (
                Said("child", {"members": {"members": [
                    {"name": "総社 一花", "kana": "ソウジャ イチカ", "birth_date": "2019-05-05"},
                ]}}),
                told("school", "総社小学校"),
                chosen("grade", "grade_1", "1年生"),
                Said("begins", {"date": begins.isoformat()}, f"{begins:%Y年%m月%d日}"),
                Said("weekdays", {"choices": {"values": ["mon", "wed", "fri"]}}, "月、水、金"),
                chosen("care_until", "seven", "19時まで（延長）"),
                chosen("reason", "work", "仕事"),
                counted("hours", 120, "時間"),
                Said("certificate", files=1),
                chosen("allergy", "has", "ある"),
                Said("allergy_details", {"text": "卵アレルギーがあります。"}),
                Said("contact_name", {"text": "総社 太郎（祖父）"}),
                Said("contact_phone", {"text": "09012345678"}),
                Said("agree", agree, "はい"),
            ),
            values={"extended_fee": 1_500, "fee": 5_100},
        ),
        "voting_support_card": Script(
            (
                Said("needs", {"choices": {"values": ["guide", "other"]}}, "1、9"),
                told("details", "入口の段差で手を貸してください。"),
            ),
            is_decided=False,
        ),
        "shelter_check_in": Script(
            (
                Said("members", {"members": {"members": [
                    {"name": "総社 太郎"}, {"name": "総社 花子"},
                ]}}, "総社 太郎、総社 花子"),
                Said("place", {"place": PLACE}, "34.6728, 133.7465"),
                chosen("stays", "car", "車の中"),
                counted("injured", 1, "人"),
                Said("injury", {"text": "足をねんざしました。"}),
                chosen("allergy", "has_none", "いない"),
                Said("needs", {"choices": {"values": ["walking", "medicine"]}}, "3、6"),
                counted("pets", 1, "匹"),
                told("pet_kind", "柴犬、ケージあり"),
                Said("phone", SKIPPED),
            ),
            is_decided=False,
        ),
        "polling_place_report": Script(
            (
                counted("polling_place", 12),
                chosen("hour", "at_11", "11時"),
                counted("men_before", 58, "人"),
                counted("women_before", 61, "人"),
                counted("men", 120, "人"),
                counted("women", 133, "人"),
                counted("waiting", 5, "分"),
                left_out("trouble"),
            ),
            values={"before": 119, "voted": 253, "more": 134},
            is_decided=False,
            for_staff=True,
        ),
    }  # fmt: skip
