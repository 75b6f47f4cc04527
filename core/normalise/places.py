"""Prefectures and municipalities, of which some addresses tell only a part, or none."""

import re
from functools import cache
from importlib.resources import files

from core.normalise.characters import fold_kana
from core.normalise.variants import CURATED

_PREFECTURES = (
    "北海道 東京都 京都府 大阪府 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 "
    "千葉県 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 兵庫県 "
    "奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 "
    "熊本県 大分県 宮崎県 鹿児島県 沖縄県"
).split()
_PREFECTURE = re.compile("|".join(_PREFECTURES))
_COUNTY = re.compile("^.{1,4}?郡(?=.)|^(?:八丈島|三宅島)(?=.)")
_GA = re.compile("(?<=[\u3400-\u9fff])[ケガカ](?=[\u3400-\u9fff])")
# What no town's name begins with: a number, or the unit of one.
_NUMBER = re.compile("[0-9]|[〇一二三四五六七八九十]+(?:丁目|番|号|-)|$")


def take_place(head: str) -> tuple[str, str, str]:
    """Return prefecture, city without its county, and the rest of an address whose kana are folded.

    A town or village without its county is one only before another name: 中央町 may be a part of a
    city that is not told, too.
    """
    found = _PREFECTURE.match(head)
    prefecture = found.group() if found else ""
    rest = head[len(prefecture) :]
    city = _municipality().match(rest)
    if city is None:
        return prefecture, "", rest
    name, after = city.group(), rest[city.end() :]
    short = _municipalities()[name]
    unsure = not prefecture and name == short and name[-1] in "町村"
    if unsure and _NUMBER.match(after):
        return prefecture, "", rest
    return prefecture, short, after


@cache
def _municipality() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_municipalities(), key=len, reverse=True)))


@cache
def _municipalities() -> dict[str, str]:
    """Return each municipality's spellings, with and without county, and the one without."""
    text = files("core.normalise").joinpath("municipalities.txt").read_text(encoding="utf-8")
    names = [_GA.sub("ケ", fold_kana(CURATED.fold(name))) for name in text.split()]
    shorts = {name: _without_county(name) for name in names}
    return {short: short for short in shorts.values()} | shorts


def _without_county(name: str) -> str:
    return _COUNTY.sub("", name) if name[-1] in "町村" else name
