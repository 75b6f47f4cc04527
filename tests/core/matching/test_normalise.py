"""Spellings of one name or address become equal, and different ones stay different."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.normalise import (
    address_key,
    are_two_homes,
    name_key,
    read_name,
    same_home,
    similar_key,
)

NAMES = st.text(st.sampled_from("総社太郎髙高﨑崎ガカ゛ｶﾞー 　\u200d\U000e0100AＡ"))
ADDRESSES = st.text(
    st.sampled_from("県市大字文町ヶがケ一二十百〇12０丁目番地号のノ室-－ー 　ハイツ")
)


@pytest.mark.parametrize(
    "spelling",
    [
        "総社　太郎",
        "総社 太郎",
        "総社太郎",
        " 総社太郎　",
        "総\U000e0101社太郎",
        "総社太\ufe00郎",
        "総社\u200b太郎",
    ],
)
def test_spellings_of_one_name_are_equal(spelling: str) -> None:
    assert name_key(spelling) == "総社太郎"


def test_widths_of_one_name_are_equal() -> None:
    assert name_key("ｶﾞﾙｼｱ ﾏﾘｰ") == name_key("ガルシア　マリー") == name_key("カ゛ルシアマリー")
    assert name_key("ＳＭＩＴＨ　ＪＯＨＮ") == name_key("SMITH JOHN")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山崎太郎", "山﨑太郎"),
        ("高橋", "髙橋"),
        ("渡辺", "渡邊"),
        ("渡邊", "渡邉"),
        ("吉田", "𠮷田"),
        ("斎藤", "斉藤"),
        ("シャ", "シヤ"),
        ("総社太郎", "総社大郎"),
        ("はな", "ハナ"),
        ("ハナ", "バナ"),
        ("Smith", "SMITH"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山崎 太郎", "山﨑太郎"),
        ("高橋", "髙橋"),
        ("渡辺", "渡邉"),
        ("𠮷濵徳斎", "吉浜德齋"),
    ],
)
def test_variant_characters_make_candidates_for_review(one: str, other: str) -> None:
    assert similar_key(one) == similar_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("山崎", "山埼"), ("吉田", "桔田"), ("渡辺", "渡部"), ("斎藤", "斉藤"), ("ハナ", "バナ")],
)
def test_other_characters_make_no_candidates(one: str, other: str) -> None:
    assert similar_key(one) != similar_key(other)


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("岡山県総社市中央一丁目１番１号", "総社市中央1-1-1"),
        ("総社市中央1-1-1", "総社市中央1-1-1"),
        ("岡山県総社市中央１－１－１", "総社市中央1-1-1"),
        ("総社市中央１丁目１番地の１", "総社市中央1-1-1"),
        ("総社市中央1丁目1番地1", "総社市中央1-1-1"),
        ("総社市中央 1 丁目 1 番 1 号", "総社市中央1-1-1"),
        ("総社市中央1丁目1ノ1", "総社市中央1-1-1"),
        ("総社市中央1‐1−1", "総社市中央1-1-1"),
        ("総社市大字井手字宮前123番地の4", "総社市井手宮前123-4"),
        ("総社市井手宮前１２３－４", "総社市井手宮前123-4"),
        ("総社市井手二十三番地", "総社市井手23"),
        ("総社市井手二三番地", "総社市井手23"),
        ("総社市井手千百五番地", "総社市井手1105"),
        ("総社市井手一〇一番地", "総社市井手101"),
        ("千葉県鎌ケ谷市新鎌が谷2番", "鎌ケ谷市新鎌ケ谷2"),
        ("松山市三番町四丁目5番地6", "松山市3番町4-5-6"),
        ("京都府京都市中京区1番地", "京都市中京区1"),
        ("十文字町字文字1", "十文字町文字1"),
        ("総社市中央1丁目1番1号 総社ハイツ１０１号室", "総社市中央1-1-1総社ハイツ101"),
        ("総社市中央1-1-1　コーポー3号棟 101", "総社市中央1-1-1コーポー3号棟101"),
        ("総社市上之町四番十三号　コーポ上之町212号", "総社市上ノ町4-13コーポ上ノ町212"),
        ("", ""),
    ],
)
def test_spellings_of_one_address_are_equal(spelling: str, key: str) -> None:
    assert address_key(spelling) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中央1-1 2", "中央1-12"),
        ("中央1-1-1", "中央11-1"),
        ("中央1-1-1 総社ハイツ101", "中央1-1-1 総社ハイツ102"),
        ("中央1-1-1 総社ハイツ101", "中央1-1-1"),
        ("中央1-1-1 ハイツ2 101", "中央1-1-1 ハイツ2101"),
        ("総社市東町1", "総社市西町1"),
        ("三番町1", "四番町1"),
        ("総社市中央一丁目1", "総社市中央二丁目1"),
        ("北1条23", "北1条2-3"),
        ("第1地割2", "第12地割"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("岡山県総社市中央一丁目２番３号", "中央1-2-3"),
        ("岡山県都窪郡早島町早島３番地", "早島町早島3"),
        ("北海道札幌市中央区北一条西二丁目３番４号", "札幌市中央区北1条西2-3-4"),
        ("岡山県岡山市北区駅前町１丁目２番", "北区駅前町1-2"),
        ("総社市中央一－二－三", "総社市中央1丁目2番3号"),
        ("総社市中央一丁目二番三号ハイツ一〇一号", "総社市中央1-2-3 ハイツ101"),
        ("堺市堺区南瓦町３丁１番２号", "堺市堺区南瓦町3-1-2"),
        ("盛岡市下飯岡第３地割１２番地５", "盛岡市下飯岡第三地割12-5"),
        ("東京都千代田区霞が関１丁目２番", "千代田区霞ヶ関1-2"),
        ("東京都新宿区四ツ谷１丁目", "新宿区四ッ谷一丁目"),
        ("武蔵野市御殿山井の頭１番", "武蔵野市御殿山井之頭1"),
        ("龍ケ崎市大徳町1", "竜ヶ崎市大德町1"),
        ("総社市大字井手字宮ノ前123番地の4", "総社市井手宮の前123-4"),
        ("総社市中央1-2-3-101", "総社市中央1丁目2番3号101号室"),
        ("総社市中央1-2-3 ハイツ101", "総社市中央1-2-3 101"),
        ("総社市中央1-2-3 ハイツ101", "総社市中央1-2-3 ハイツ"),
        ("総社市中央1-2-3 ハイツA-101", "総社市中央1-2-3　ハイツＡ１０１号室"),
        ("総社市中央1-2-3 ビル2F", "総社市中央1-2-3 ビル二階"),
        ("総社市中央01-02", "総社市中央1-2"),
        ("総社市井手三千百四十五番地十一", "総社市井手3145-11"),
        ("総社市井手千五百四十七番地五　ヴィラ・竹ケ花", "総社市井手1547番地5 ヴィラ竹ヶ花"),
        (
            "二十世紀が丘三十一番三十号　ハイム二十世紀が丘２１０号",
            "二十世紀ヶ丘31-30ハイム二十世紀が丘210",
        ),
        ("総社市井手431-12-309", "総社市井手431番地12　メゾン309号"),
    ],
)
def test_notations_of_one_home_are_one(one: str, other: str) -> None:
    assert same_home(one, other)
    assert same_home(other, one)


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("総社市井手字宮前12番地3", "総社市井手12-3", False),
        ("総社市中央1-2-3", "総社市中央一丁目2番3号", False),
        ("総社市井手字宮前12番地3", "総社市井手字東12-3", True),
        ("総社市井手字宮前12番地3", "総社市井手12-4", True),
        ("総社市中央1-2-3 ハイツ101", "総社市中央1-2-3 ハイツ102", True),
        ("総社市中央1-2-3", "倉敷市中央1-2-3", True),
    ],
)
def test_a_section_left_out_makes_no_second_home(one: str, other: str, *, two: bool) -> None:
    assert are_two_homes(one, other) is two
    assert are_two_homes(other, one) is two


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("総社市中央1-2-3", "倉敷市中央1-2-3"),
        ("東京都府中市1-2", "広島県府中市1-2"),
        ("岡山市北区駅前町1-2", "岡山市南区駅前町1-2"),
        ("総社市中央1-2-3 ハイツ101", "総社市中央1-2-3 ハイツ102"),
        ("総社市中央1-2-3 ハイツ1", "総社市中央1-2-3 ハイツ101"),
        ("総社市中央1-2-3 ハイツ201", "総社市中央1-2-3 01"),
        ("総社市井手字宮前12", "総社市井手字東12"),
        ("北1条西2", "北1条東2"),
        ("第3地割12", "第3地割1-2"),
        ("総社市井手12番地甲", "総社市井手12番地乙"),
    ],
)
def test_two_homes_are_two(one: str, other: str) -> None:
    assert not same_home(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＳＭＩＴＨ　ＪＯＨＮ", "John Smith"),
        ("ＳＭＩＴＨ，　ＪＯＨＮ", "SMITH JOHN"),
        ("Ｏ’ＢＲＩＥＮ　ＡＮＮ", "O'Brien Ann"),
        ("MÜLLER JÜRGEN", "Muller Jurgen"),
        ("スミス・ジョン", "ｽﾐｽ ｼﾞｮﾝ"),
        ("マリー", "マリ―"),
        ("山田　はな", "山田ハナ"),
        ("キャサリン", "キヤサリン"),
        ("三ヶ島　渉", "三ケ島涉"),
        ("山田［佐藤］太郎", "山田太郎"),
        ("山田太郎（旧姓　佐藤）", "山田　太郎"),
        ("鶴田眞壽", "鸖田真寿"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert similar_key(one) == similar_key(other)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("ＳＭＩＴＨ　ＪＯＨＮ（通称：山田　太郎）", ("山田太郎",)),
        ("ＳＭＩＴＨ　ＪＯＨＮ　通称　山田太郎", ("山田太郎",)),
        ("ＳＭＩＴＨ　ＪＯＨＮ［スミス　ジョン］", ("スミスジヨン",)),
        ("ＳＭＩＴＨ　ＪＯＨＮ（通称：山田）", ()),
        ("山田太郎（ヤマダタロウ）", ()),
        ("山田［佐藤］太郎", ()),
        ("山田太郎（旧姓　佐藤　太郎）", ()),
        ("（山田太郎）", ()),
    ],
)
def test_an_alias_is_a_whole_name_told_beside_another(name: str, others: tuple[str, ...]) -> None:
    assert read_name(name).others == others


@example("({")
@example("((総社 太郎)")
@given(NAMES | st.text())
def test_a_name_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert similar_key(similar_key(name)) == similar_key(name)


@given(ADDRESSES | st.text())
def test_every_address_has_a_key_without_spaces(address: str) -> None:
    key = address_key(address)
    assert not any(character.isspace() for character in key)
