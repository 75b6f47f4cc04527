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
    choice:
      options:
        - {value: yes_again, label: {ja: はい, en: 'Yes'}}
        - {value: no_more, label: {ja: いいえ, en: 'No'}}
"""
"""For those who are registered, once; staff decide it."""

SURE = SURVEY.replace("key: survey", "key: sure").replace(
    "decided: true", "decided: true\nassurance: jpki_signature"
)


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
