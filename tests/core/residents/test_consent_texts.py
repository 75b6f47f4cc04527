"""The texts that residents agree to: whole, binding, and still to be read later."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.residents import consent
from core.residents.rules import Assurance, ConsentPurpose, ConsentUnknown
from tests.core.residents.test_consents import NOW, TOWN


def card_text(**changes: Any) -> str:
    return consent.text(
        **{
            "municipality": TOWN,
            "nonce": "0a1b",
            "now": NOW,
            "expire_time": NOW + timedelta(minutes=15),
            "checks_revocation": True,
            **changes,
        }
    )


def every_text() -> list[str]:
    ways = (None, Assurance.DIGITAL_AUTH_APP, Assurance.COUNTER)
    unsigned = [
        consent.unsigned(ConsentPurpose.REGISTRATION, way, municipality=TOWN) for way in ways
    ]
    return [card_text(), card_text(checks_revocation=False), *unsigned]


def test_every_text_for_registering_says_all_that_a_resident_must_know() -> None:
    texts = every_text()
    for text in texts:
        for needed in (
            TOWN, "氏名", "生年月日", "性別", "住所", "マイナンバー（個人番号）は受け取らず",
            "使う目的", "履歴を見る", "ファイルで受け取る", "登録を削除する", "この同意を取り消す",
            "LINEやウェブの画面", "窓口でもできます", "5 確かめること", "版：v2",
        ):  # fmt: skip
            assert needed in text
        assert "$" not in text
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("checks", "said"), [(True, "失効情報で確かめます"), (False, "確かめません")]
)
def test_the_text_to_sign_says_what_binds_it(checks, said: str) -> None:
    text = card_text(checks_revocation=checks)

    for needed in (
        "番号：0a1b", "2026年11月24日 10時00分00秒", "2026年11月24日 10時15分00秒",
        "署名に使った連絡先", said,
    ):  # fmt: skip
        assert needed in text


def test_what_was_signed_before_is_still_to_be_read() -> None:
    text = card_text(version=1)

    assert "版：v1" in text
    assert "ファイルで受け取る" not in text
    assert "失効情報で確かめます" in text


def test_a_signature_that_makes_a_proxy_says_whom_for_what_and_until_when() -> None:
    text = card_text(
        proxy=consent.ProxyClause("総社　太郎", ["read", "circulars"], date(2027, 3, 31))
    )

    for needed in (
        "代理をする人：総社　太郎", "お知らせと申請の内容を見ること", "回覧を読み、答えること",
        "最後の日：2027年03月31日", "登録には結び付けません", "7 この同意書について",
    ):  # fmt: skip
        assert needed in text
    assert "申請に答え" not in text
    assert "あなたの登録に結び付けます" not in text
    assert "代理をする人" not in card_text()


def test_a_name_with_a_placeholder_stays_a_name() -> None:
    text = card_text(proxy=consent.ProxyClause("$nonce", ["read"], date(2027, 3, 31)))

    assert "代理をする人：$nonce" in text


def test_there_is_no_unsigned_text_for_the_card() -> None:
    for assurance in (Assurance.JPKI_SIGNATURE, Assurance.SELF_DECLARED):
        with pytest.raises(ConsentUnknown):
            consent.unsigned(ConsentPurpose.REGISTRATION, assurance, municipality=TOWN)
