"""The families of variants are sound, and a city's shrink map adds to them what is certain."""

import json
import unicodedata
from itertools import chain

import pytest

from core.normalise import CURATED, read_glyphs, read_name, read_shrink_map
from core.normalise.variants import FAMILIES

GLYPHS = "MJ000001\tU+34E5\nMJ000002\tU+34E6\nMJ000003,U+34E7\nMJ000004\tU+9AD9\n"
MAP = {
    "content": [
        {
            "MJ文字図形名": "MJ000001",
            "JIS包摂規準・UCS統合規則": [{"JIS X 0213": "1-16-01", "UCS": "U+4E9C"}],
        },
        {
            "MJ文字図形名": "MJ000002",
            "法務省戸籍法関連通達・通知": [
                {"JIS X 0213": "1-16-01", "UCS": "U+4E9C", "種別": "民一2842号", "付記": "別字"},
            ],
            "辞書類等による関連字": [{"JIS X 0213": "1-16-01", "UCS": "U+4E9C"}],
        },
        {
            "MJ文字図形名": "MJ000003",
            "法務省戸籍法関連通達・通知": [
                {"JIS X 0213": "1-16-01", "UCS": "U+6D5C", "種別": "誤字俗字", "ホップ数": 1},
                {"JIS X 0213": "1-16-02", "UCS": "U+5516", "種別": "誤字俗字", "ホップ数": 1},
            ],
        },
        {
            "MJ文字図形名": "MJ000004",
            "JIS包摂規準・UCS統合規則": [{"JIS X 0213": "1-16-01", "UCS": "U+5516"}],
        },
        {"MJ文字図形名": "MJ999999", "読み・字形による類推": []},
    ]
}


def test_no_character_is_in_two_families() -> None:
    members = list(chain(*FAMILIES))

    assert len(members) == len(set(members))


def test_families_are_of_more_than_one_that_unicode_tells_apart() -> None:
    assert all(len(family) > 1 for family in FAMILIES)
    assert all(unicodedata.normalize("NFKC", family) == family for family in FAMILIES)


@pytest.mark.parametrize("one", ["斉斎", "崎埼", "辺部", "芦声", "裕祐", "沖仲", "渡度", "晃昇"])
def test_other_characters_stay_apart(one: str) -> None:
    assert not CURATED.are_one(*one)


def test_a_shrink_map_adds_what_leads_to_one_character(tmp_path) -> None:
    (tmp_path / "map.json").write_text(json.dumps(MAP), encoding="utf-8")
    (tmp_path / "glyphs.tsv").write_text(GLYPHS, encoding="utf-8")

    variants = read_shrink_map(tmp_path / "map.json", read_glyphs(tmp_path / "glyphs.tsv"))

    # 亜 has a family of ours already, and its first member is the one of keys.
    assert variants.are_one("\u34e5", "亜")
    assert read_name("\u34e5子", variants).key == "亜子"
    assert not variants.are_one("\u34e6", "亜")
    assert not variants.are_one("\u34e7", "浜")
    assert variants.are_one("髙", "高")
    assert not variants.are_one("髙", "唖")
