"""A procedure that asks with every kind of input, to be entered in the terminal."""

EVERY_KIND = """
key: every_kind
version: 1
title: {ja: なんでも届}
languages: [ja]
audience: registered
once: true
values: {points: seats * 2}
checklist:
  - {key: papers, text: {ja: 書類がそろっている}}
  - {key: age, text: {ja: 年齢が合っている}}
steps:
  - key: hello
    says: {ja: 本人の書類を手もとに置いてください。}
    label: {ja: 案内}
    info: {}
  - key: kind
    says: {ja: どのようなご用件ですか。}
    label: {ja: ご用件}
    choice:
      options:
        - {value: first, label: {ja: はじめて}}
        - {value: again, label: {ja: 二度目}}
  - key: wishes
    says: {ja: ご希望をお選びください。}
    label: {ja: 希望}
    help: {ja: いくつでも選べます。}
    choices:
      options:
        - {value: bus, label: {ja: バス}}
        - {value: taxi, label: {ja: タクシー}}
  - key: details
    when: kind == "again"
    says: {ja: 前はいつでしたか。}
    label: {ja: 前回}
    text: {most: 20}
  - key: kana
    says: {ja: お名前をカナで教えてください。}
    label: {ja: カナ}
    text: {kind: kana}
  - key: seats
    says: {ja: 何人で使いますか。}
    label: {ja: 人数}
    checks:
      - {check: seats != 4, text: {ja: 4人では使えません。}}
    number: {least: 1, most: 5, unit: {ja: 人}}
  - key: day
    says: {ja: いつからですか。}
    label: {ja: 開始日}
    date: {}
  - key: meeting
    says: {ja: いつお話しできますか。}
    label: {ja: 面談}
    optional: true
    date_time: {opens: "09:00", closes: "17:00"}
  - key: place
    says: {ja: どこから乗りますか。}
    label: {ja: 乗る場所}
    optional: true
    place: {}
  - key: home
    says: {ja: 住所を教えてください。}
    label: {ja: 住所}
    address: {}
  - key: account
    says: {ja: 振込口座を教えてください。}
    label: {ja: 口座}
    account: {passbook: true}
  - key: family
    says: {ja: いっしょに使う人を教えてください。}
    label: {ja: 使う人}
    members: {least: 1, most: 3, fields: [kana, birth_date]}
  - key: term
    says: {ja: どの回にしますか。}
    label: {ja: 回}
    slot:
      most: 2
      slots:
        - {value: morning, label: {ja: 午前}, capacity: 2}
        - {value: noon, label: {ja: 昼}, capacity: 0}
  - key: proof
    says: {ja: 証明書を付けてください。}
    label: {ja: 証明書}
    file: {}
  - key: promise
    says: {ja: 次のことに同意しますか。}
    label: {ja: 同意}
    consent: {terms: {ja: 記録を審査に使います。}}
  - key: sign
    says: {ja: 署名してください。}
    label: {ja: 署名}
    signature: {}
  - key: score
    staff: true
    says: {ja: 指数を付けてください。}
    label: {ja: 指数}
    number: {least: 0, most: 100}
done: {ja: 受け付けました。}
"""
