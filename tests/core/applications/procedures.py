"""Procedures to test with, published in a town as its own."""

from core.procedures.loading import compiled
from core.procedures.rows import ProcedureVersion
from tests.town import MUNICIPALITY, Town

REPORT = """
key: road_damage
version: 1
title: {ja: 道路の損傷の通報, en: Road damage}
about: {ja: 道路のへこみなどを知らせます。, en: Tell us of damage to a road.}
languages: [ja, en]
audience: anybody
decided: false
once: false
expire_days: 20
remind_days: 3
done: {ja: 通報を受け付けました。, en: Thank you.}
steps:
  - key: what
    says: {ja: どうなっていますか。, en: What is it}
    label: {ja: 状態, en: Damage}
    choice:
      options:
        - {value: hole, label: {ja: へこみ, en: A hole}}
        - {value: other, label: {ja: そのほか, en: Other}}
  - key: which
    when: what == 'other'
    says: {ja: くわしく教えてください。, en: Tell us more.}
    label: {ja: 内容, en: Details}
    text: {most: 20}
  - key: wide
    says: {ja: 幅は何センチですか。, en: How many centimetres wide}
    label: {ja: 幅, en: Width}
    number: {least: 1, most: 500}
  - key: name
    says: {ja: お名前を教えてください。, en: Your name}
    label: {ja: お名前, en: Name}
    optional: true
    sensitive: true
    text: {most: 40}
  - key: note
    says: {ja: ほかに何かありますか。, en: Anything else}
    label: {ja: そのほか, en: Else}
    optional: true
    text: {most: 40}
"""
"""For anybody; as often as somebody likes; one step must not be answered in a chat."""

SURVEY = """
key: survey
version: 1
title: {ja: 満足度アンケート, en: Survey}
languages: [ja, en]
decided: true
steps:
  - key: mark
    says: {ja: 何点ですか。, en: How many points}
    label: {ja: 点数, en: Points}
    number: {least: 0, most: 10}
  - key: why
    when: mark < 5
    says: {ja: なぜですか。, en: Why}
    label: {ja: 理由, en: Reason}
    text: {most: 100}
  - key: again
    says: {ja: また使いますか。, en: Again}
    label: {ja: また使う, en: Again}
    for_segments: true
    choice:
      options:
        - {value: yes_again, label: {ja: はい, en: 'Yes'}}
        - {value: no_more, label: {ja: いいえ, en: 'No'}}
"""
"""For those who are registered, once; staff decide it."""

SURE = SURVEY.replace("key: survey", "key: sure").replace(
    "decided: true", "decided: true\nassurance: jpki_signature"
)


LEAVES = """
key: call_me
version: 1
title: {ja: ご相談, en: A question}
languages: [ja, en]
audience: anybody
steps:
  - key: how
    says: {ja: どう連絡しますか。, en: How?}
    label: {ja: 連絡, en: How}
    choice:
      options:
        - value: by_phone
          label: {ja: 電話, en: By phone}
          hand_over: {ja: お電話します。, en: We call you.}
        - {value: by_mail, label: {ja: メール, en: By mail}}
"""
"""One answer leaves the rest to staff."""

BIRTH = """
key: birth_grant
version: 1
title: {ja: 出産祝金, en: Birth grant}
languages: [ja, en]
amount: due
values: {due: children * 50000}
steps:
  - key: children
    says: {ja: 何人お生まれですか。, en: How many children?}
    label: {ja: 人数, en: Children}
    number: {least: 0, most: 9}
  - key: account
    says: {ja: 振込口座を教えてください。, en: Which account?}
    label: {ja: 口座, en: Account}
    account: {}
"""
"""Paid to whoever has the right to it, by a calculation, into the account that is answered."""


WHERE = """
key: lost_cat
version: 1
title: {ja: 迷い猫, en: A lost cat}
languages: [ja, en]
audience: anybody
decided: false
steps:
  - key: where
    says: {ja: どこですか。, en: Where?}
    label: {ja: 場所, en: Place}
    place: {}
"""
"""A place on the map."""

WASTE = """
key: bulky_waste
version: 1
title: {ja: 粗大ごみ, en: Bulky waste}
languages: [ja, en]
audience: anybody
decided: false
once: false
steps:
  - key: day
    says: {ja: いつにしますか。, en: Which day?}
    label: {ja: 収集日, en: Day}
    slot:
      slots:
        - {value: monday, label: {ja: 月曜, en: Monday}, capacity: 2}
        - {value: friday, label: {ja: 金曜, en: Friday}, capacity: 9}
"""
"""There are only so many places."""


async def publish(town: Town, *sources: str) -> None:
    """Put procedures in force."""

    def work(session) -> None:
        for source in sources:
            one = compiled(source, "test")
            session.add(
                ProcedureVersion(
                    municipality=MUNICIPALITY, key=one.key, version=one.version, source=source,
                    origin="", origin_source="", author="test", publish_time=town.clock(),
                )
            )  # fmt: skip

    await town.running.db.write(work)
