"""A procedure that asks in every way that needs no file, and prompts of every kind."""

from typing import Any

from tests.channels.fake_core import APPLICATION
from todoke.v1 import procedures_pb2 as pb

EVERYTHING = """
key: everything
version: 1
title: {ja: ごみ出し支援の申し込み, en: Help with rubbish}
about: {ja: ごみを玄関まで取りにうかがいます。, en: We collect rubbish at the door.}
languages: [ja, en]
audience: anybody
decided: true
once: false
done: {ja: お申し込みを受け付けました。, en: Thank you.}
steps:
  - key: welcome
    says: {ja: はじめにお読みください。, en: Please read this.}
    info: {}
  - key: kind
    says: {ja: 「｜何《なに》」を出しますか。, en: What is it}
    label: {ja: 種類, en: Kind}
    choice:
      options:
        - {value: burn, label: {ja: 燃えるごみ, en: Burnable}}
        - {value: other, label: {ja: そのほか, en: Other}}
  - key: days
    says: {ja: どの曜日がよいですか。, en: Which days?}
    label: {ja: 曜日, en: Days}
    choices:
      least: 1
      options:
        - {value: monday, label: {ja: 月曜日, en: Monday}}
        - {value: friday, label: {ja: 金曜日, en: Friday}}
  - key: name
    says: {ja: お名前を教えてください。, en: Your name?}
    label: {ja: お名前, en: Name}
    text: {most: 10}
  - key: bags
    says: {ja: 何袋ですか。, en: How many bags?}
    label: {ja: 袋の数, en: Bags}
    number: {least: 1, most: 9, unit: {ja: 袋, en: ' bags'}}
  - key: born
    says: {ja: 生年月日を教えてください。, en: Date of birth?}
    label: {ja: 生年月日, en: Born}
    date: {last: today}
  - key: visit
    says: {ja: いつうかがいますか。, en: When shall we come?}
    label: {ja: 訪問, en: Visit}
    date_time: {}
  - key: spot
    says: {ja: どこに置きますか。, en: Where is it?}
    label: {ja: 場所, en: Place}
    place:
      within: {south: 34.5, west: 133.5, north: 34.9, east: 134.0}
  - key: home
    says: {ja: ご住所を教えてください。, en: Your address?}
    label: {ja: ご住所, en: Address}
    address: {}
  - key: people
    says: {ja: 同じ家の方を教えてください。, en: Who lives with you?}
    label: {ja: 世帯, en: Household}
    members: {least: 1, most: 3, fields: [kana, birth_date, relation]}
  - key: turn
    says: {ja: どの回にしますか。, en: Which one?}
    label: {ja: 回, en: Turn}
    slot:
      most: 2
      slots:
        - {value: july, label: {ja: 7月, en: July}, capacity: 2}
        - {value: never, label: {ja: 満員の回, en: Full}, capacity: 0}
  - key: note
    says: {ja: ほかに何かありますか。, en: Anything else?}
    label: {ja: そのほか, en: Else}
    optional: true
    text: {most: 100, lines: true}
  - key: agree
    says: {ja: 同意をお願いします。, en: Please agree.}
    label: {ja: 同意, en: Consent}
    consent:
      terms: {ja: 集めたごみは返せません。, en: Rubbish is not returned.}
"""


REFUND = """
key: refund
version: 1
title: {ja: 出産祝い金, en: Birth grant}
languages: [ja, en]
decided: true
steps:
  - key: bank
    says: {ja: どの口座に振り込みますか。, en: Your account?}
    label: {ja: 口座, en: Account}
    account: {}
  - key: why
    says: {ja: ひとことお願いします。, en: A word?}
    label: {ja: ひとこと, en: Word}
    optional: true
    text: {most: 20}
"""
"""For a program: only that pays."""


def a_prompt(step: str, text: str = "お答えください。", **more: Any) -> pb.Prompt:
    given: dict[str, Any] = {
        "application_id": APPLICATION,
        "step": step,
        "title": "ごみ出し支援の申し込み",
        "text": text,
        "help": "分かる範囲でかまいません。",
        "language": "ja",
        "number": 3,
        "total": 7,
        "previous_step": "before",
        "returned_with": "お名前を直してください。",
        "on_behalf_of": "届出\u3000ハナ",
        "optional": True,
        "ruby": "お｜答《こた》えください。",
    }
    return pb.Prompt(**{**given, **more})


OPTIONS = [
    pb.Choice(value="one", label="一つ目", help="くわしい説明"),
    pb.Choice(value="two", label="二つ目", full=True),
]
TYPES = ["image/jpeg", "image/png"]
INPUTS: dict[str, pb.Input] = {
    "read": pb.Input(read=pb.ReadInput(label="次へ")),
    "choice": pb.Input(choice=pb.ChoiceInput()),
    "choices": pb.Input(choices=pb.ChoicesInput(least=1, most=2)),
    "text": pb.Input(text=pb.TextInput(kind=pb.TEXT_KIND_EMAIL, most=40, example="a@example.jp")),
    "lines": pb.Input(text=pb.TextInput(kind=pb.TEXT_KIND_PLAIN, most=400, lines=True)),
    "number": pb.Input(number=pb.NumberInput(least=1, most=9, unit="人")),
    "date": pb.Input(date=pb.DateInput()),
    "date_time": pb.Input(date_time=pb.DateInput()),
    "place": pb.Input(place=pb.PlaceInput(latitude=34.6, longitude=133.7)),
    "address": pb.Input(address=pb.AddressInput()),
    "account": pb.Input(account=pb.AccountInput(passbook=True, holder_kana="トドケデ ハナコ")),
    "files": pb.Input(files=pb.FilesInput(least=1, most=3, most_bytes=1 << 20, media_types=TYPES)),
    "agree": pb.Input(agree=pb.AgreeInput(terms="集めたごみは返せません。", label="同意する")),
    "members": pb.Input(
        members=pb.MembersInput(least=2, most=4, fields=["kana", "birth_date", "relation"])
    ),
    "signature": pb.Input(
        signature=pb.FilesInput(least=1, most=1, most_bytes=1 << 20, media_types=["image/png"])
    ),
    "slot": pb.Input(slot=pb.SlotInput(most=2)),
}
PROMPTS = {
    kind: a_prompt(
        kind, input=asked, choices=OPTIONS if kind in {"choice", "choices", "slot"} else []
    )
    for kind, asked in INPUTS.items()
}
"""One of every kind, by a step of its name."""


FIELDS: dict[str, list[str]] = {
    "account": ["bank", "branch", "account_type", "symbol", "account_number", "holder_kana"],
    "members": ["members.0.name", "members.0.kana", "members.0.birth_date"],
    "address": ["postal_code", "area", "rest"],
    "slot": ["quantity"],
}
"""Parts of an answer in which something can be wrong, by its kind."""


def problems_of(kind: str) -> list[pb.AnswerProblem]:
    """Return the problems that an answer of a kind can have."""
    parts = [pb.AnswerProblem(problem="required", field=field) for field in FIELDS.get(kind, [])]
    return [pb.AnswerProblem(problem="not_of_the_form"), *parts]
