"""Prefectures and municipalities, of which some addresses tell only a part, or none."""

import re
from functools import cache
from importlib.resources import files

from core.normalise.characters import fold_ga, fold_kana
from core.normalise.variants import CURATED

_PREFECTURE = re.compile(
    "北海道|東京都|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|"
    "新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|"
    "徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)
_COUNTY = re.compile("^.{1,4}?郡(?=.)|^(?:八丈島|三宅島)(?=.)")
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
    names = [fold_ga(fold_kana(CURATED.fold(name))) for name in text.split()]
    shorts = {name: _without_county(name) for name in names}
    return {short: short for short in shorts.values()} | shorts


def _without_county(name: str) -> str:
    return _COUNTY.sub("", name) if name[-1] in "町村" else name
