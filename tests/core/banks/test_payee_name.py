"""Names come out in the bytes that banks allow, or are refused by character and position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.banks.payee_name import LEGAL, Characters, IllegalCharacter, NameEmpty, cut, fold

KANA = st.text(
    st.sampled_from("アイウガギグパピプヴァィャュョッンあがぱゃっーヶヵ-－ ｶﾞﾊﾟｬｰ　ABcd１2()（）.．"),
    min_size=1,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("キャノン", "ｷﾔﾉﾝ"),
        ("ｷｬﾉﾝｶﾞｰ", "ｷﾔﾉﾝｶﾞ-"),
        ("そうじゃ　たろう", "ｿｳｼﾞﾔ ﾀﾛｳ"),
        ("ガ", "ｶﾞ"),
        ("カ゛", "ｶﾞ"),
        ("カ\u3099", "ｶﾞ"),
        ("ﾊﾟ", "ﾊﾟ"),
        ("は゜", "ﾊﾟ"),
        ("ヴァイオリン", "ｳﾞｱｲｵﾘﾝ"),
        ("イチガヤヶセキヵ", "ｲﾁｶﾞﾔｹｾｷｶ"),
        ("クヮルテット", "ｸﾜﾙﾃﾂﾄ"),
        ("ー－‐‑‒–—―−-ｰ", "-----------"),
        ("ｓｍｉｔｈ　Ｊｏｈｎ", "SMITH JOHN"),
        ("カ）ソウジャ（エイ）．１", "ｶ)ｿｳｼﾞﾔ(ｴｲ).1"),
        (" ソウジャ ", "ｿｳｼﾞﾔ"),
        ("㌔", "ｷﾛ"),
    ],
)
def test_a_name_is_folded_into_legal_characters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "character", "position"),
    [
        ("総社太郎", "総", "1"),
        ("ソウジャ太郎", "太", "5"),
        ("ソウジャ ヲトメ", "ヲ", "6"),
        ("ｦ", "ｦ", "1"),
        ("ジョン・スミス", "・", "4"),
        ("ア゛", "゛", "2"),
        ("゛ア", "゛", "1"),
        ("ナﾟ", "ﾟ", "2"),
        ("カﾞﾞ", "ﾞ", "3"),
        ("ヷ", "ヷ", "1"),
        ("ヰ", "ヰ", "1"),
        ("ア,イ", ",", "2"),
        ("ア\nイ", "\n", "2"),
        ("É", "É", "1"),
        ("㈱ソウジャ", "㈱", "1"),
        ("ア\U000e0100", "\U000e0100", "2"),
        ("𠮷", "𠮷", "1"),
    ],
)
def test_what_has_no_legal_form_is_named_with_its_position(
    text: str, character: str, position: str
) -> None:
    with pytest.raises(IllegalCharacter) as refused:
        fold(text, field="account_name")
    assert refused.value.metadata["character"] == character
    assert refused.value.metadata["position"] == position
    assert refused.value.violations[0][0] == "account_name"


def test_wo_is_taken_where_the_bank_takes_it() -> None:
    assert fold("ヲトメ", wo=True) == "ｦﾄﾒ"
    assert fold("ヲ「ア」/￥".replace("￥", "\\"), Characters.EDI) == "ｦ｢ｱ｣/\\"


@pytest.mark.parametrize("text", ["ソウジャ シテン", "ア.イ", "(カ"])
def test_a_bank_name_has_fewer_signs_than_a_payee(text: str) -> None:
    fold(text)
    with pytest.raises(IllegalCharacter):
        fold(text, Characters.BANK_NAME)


@pytest.mark.parametrize("text", ["", " ", "　　"])
def test_an_empty_name_is_refused(text: str) -> None:
    with pytest.raises(NameEmpty):
        fold(text)


def test_a_kana_is_never_parted_from_its_mark() -> None:
    assert cut("ｱｶﾞ", 3) == "ｱｶﾞ"
    assert cut("ｱｶﾞｲ", 3) == "ｱｶﾞ"
    assert cut("ｱｶﾞ", 2) == "ｱ"
    assert cut("ｱ" * 29 + "ﾊﾟｱ", 30) == "ｱ" * 29


@given(text=st.text() | KANA, characters=st.sampled_from(Characters), wo=st.booleans())
def test_folding_gives_legal_single_bytes_or_a_refusal(
    text: str, characters: Characters, *, wo: bool
) -> None:
    try:
        folded = fold(text, characters, wo=wo)
    except (IllegalCharacter, NameEmpty):
        return
    assert set(folded) <= LEGAL[characters] | ({"ｦ"} if wo else set())
    assert len(folded.encode("cp932")) == len(folded)
    assert fold(folded, characters, wo=wo) == folded


@given(KANA, st.integers(min_value=1, max_value=40))
def test_a_cut_name_fits_and_can_be_folded_again(text: str, width: int) -> None:
    try:
        folded = fold(text)
    except (IllegalCharacter, NameEmpty):
        return
    short = cut(folded, width)
    assert width - 1 <= len(short) <= width or short == folded
    assert folded.startswith(short)
    assert folded[len(short) : len(short) + 1] not in ("ﾞ", "ﾟ")
