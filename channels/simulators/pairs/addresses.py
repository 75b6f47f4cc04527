"""How an address is written: its parts, and the many notations of its number and its flat."""

from channels.simulators.city.places import FULL_WIDTH
from channels.simulators.pairs.places import Home, Municipality, Numbering

# The places of an address's parts in a list of them.
PREFECTURE, COUNTY, CITY, TOWN, KOAZA, NUMBER, FLAT = range(7)

_DIGITS = "〇一二三四五六七八九"


def wide(text: str) -> str:
    return text.translate(FULL_WIDTH)


def parts(place: Municipality, home: Home) -> list[str]:
    """Write an address part by part, as the register has it: full width, １丁目２番３号."""
    koaza = f"字{home.koaza}" if home.koaza else ""
    city = [place.prefecture, place.county, place.name, home.town.name]
    return [*city, koaza, registered(home), flat(home)]


def registered(home: Home) -> str:
    chome, block, house = home.numbers
    if home.town.numbering is Numbering.CHOME:
        return wide(f"{chome}丁目{block}番{house}号")
    if home.town.numbering is Numbering.BLOCK:
        return wide(f"{block}番{house}号")
    return wide(f"{block}番地{house or ''}")


def flat(home: Home) -> str:
    return f"　{home.building}{wide(str(home.room))}号" if home.building else ""


def joined(home: Home, mark: str) -> str:
    """Write １－２－３ or １の２の３; a lot without a branch stands alone."""
    return wide(mark.join(str(number) for number in home.numbers if number))


def half_joined(home: Home) -> str:
    """Write １丁目２－３, or １２３番地の４, or １２３."""
    chome, block, house = home.numbers
    if home.town.numbering is Numbering.CHOME:
        return wide(f"{chome}丁目{block}－{house}")
    if home.town.numbering is Numbering.BLOCK:
        return wide(f"{block}番{house}")
    return wide(f"{block}番地の{house}" if house else str(block))


def in_kanji(home: Home, *, chome_only: bool) -> str:
    """Write 一丁目２番３号 or, whole, 一丁目二番三号 and 百二十三番地四."""
    chome, block, house = home.numbers
    if home.town.numbering is Numbering.CHOME:
        rest = f"{block}番{house}号" if chome_only else f"{kanji(block)}番{kanji(house)}号"
        return f"{kanji(chome)}丁目{wide(rest)}"
    if home.town.numbering is Numbering.BLOCK:
        return f"{kanji(block)}番{kanji(house)}号"
    return f"{kanji(block)}番地" + (kanji(house) if house else "")


def kanji(number: int) -> str:
    """Write a number below 10,000 in kanji: 千二百三十四."""
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("" if digit == 1 else _DIGITS[digit]) + name
    return text + (_DIGITS[number] if number else "")
