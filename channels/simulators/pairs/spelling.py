"""Names of one person in two spellings; what is changed is the roster's side.

Each change returns whether it could be made of this person.
"""

from random import Random

from channels.simulators.pairs.addresses import TOWN
from channels.simulators.pairs.subjects import Side, Subject

# Old or popular forms, and the usual form of each. Our own; pairs that are one name in law's eyes.
FORMS = [
    "髙高",
    "﨑崎",
    "邊辺",
    "邉辺",
    "齋斎",
    "齊斉",
    "德徳",
    "濵浜",
    "濱浜",
    "𠮷吉",
    "澤沢",
    "廣広",
    "嶋島",
    "眞真",
    "惠恵",
    "櫻桜",
    "國国",
    "龍竜",
    "瀧滝",
    "瀨瀬",
    "冨富",
    "栁柳",
    "桒桑",
    "壽寿",
    "榮栄",
    "實実",
    "靜静",
    "禮礼",
    "與与",
]
_USUAL = {pair[0]: pair[1] for pair in FORMS}
_OLD: dict[str, list[str]] = {}
for _old, _usual in _USUAL.items():
    _OLD.setdefault(_usual, []).append(_old)
# The same characters once more, for round trips with other sets; Unicode calls them equivalent.
_COMPATIBLE = str.maketrans("神祥福靖精羽都", "\ufa19\ufa1a\ufa1b\ufa1c\ufa1d\ufa1e\ufa26")
SELECTORS = "\U000e0100\U000e0101\U000e0102\U000e0103"
_LARGE = str.maketrans(
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ", "あいうえおつやゆよわアイウエオツヤユヨワ"
)
_HALF_LARGE = str.maketrans("ｧｨｩｪｫｯｬｭｮ", "ｱｲｳｴｵﾂﾔﾕﾖ")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def width(_random: Random, subject: Subject) -> bool:
    """Write letters, digits, marks and spaces in half width."""
    row = subject.rows[0]
    name, address = row.name, row.address
    row.name = name.translate(_NARROW)
    row.address = [part.translate(_NARROW) for part in address]
    return (row.name, row.address) != (name, address)


def spaces(random: Random, subject: Subject) -> bool:
    """Leave out the space in the name, or write another, or more of them."""
    row = subject.rows[0]
    usual = "" if not subject.person.latin else " "
    row.name = row.name.replace("　", random.choice((usual, usual, " ", "　　")))
    if random.random() < 0.3:
        row.name += "　　"
    return True


def old_form(random: Random, subject: Subject) -> bool:
    """Write the usual form for an old one (辺 for 邊), or the other way round."""
    row = subject.rows[0]
    places = [at for at, char in enumerate(row.name) if char in _USUAL or char in _OLD]
    if not places or subject.person.latin:
        return False
    at = random.choice(places)
    char = row.name[at]
    row.name = replaced(row.name, at, _USUAL.get(char) or random.choice(_OLD[char]))
    return True


def address_old_form(random: Random, subject: Subject) -> bool:
    """Let the roster have 﨑 in a town's name where the card has 崎, sometimes flagged."""
    row, card = subject.rows[0], subject.cards[0]
    places = [at for at, char in enumerate(row.address[TOWN]) if char in _OLD]
    if not places:
        return False
    at = places[0]
    old = _OLD[row.address[TOWN][at]][0]
    row.address[TOWN] = replaced(row.address[TOWN], at, old)
    if random.random() < 0.5 and old in "髙﨑德𠮷瀨濵":
        card.town_flags = "0" * at + "1" + "0" * (len(card.address[TOWN]) - at - 1)
    return True


def compatible(_random: Random, subject: Subject) -> bool:
    """Write a character by its compatibility code point (U+FA19 for 神)."""
    row = subject.rows[0]
    before = row.name, row.address[TOWN]
    row.name = row.name.translate(_COMPATIBLE)
    row.address[TOWN] = row.address[TOWN].translate(_COMPATIBLE)
    return (row.name, row.address[TOWN]) != before


def selector(random: Random, subject: Subject) -> bool:
    """Put an ideographic variation selector behind a character of the name."""
    row = subject.rows[0]
    places = [at for at, char in enumerate(row.name) if "\u4e00" <= char <= "\u9fff"]
    if not places:
        return False
    at = random.choice(places)
    row.name = row.name[: at + 1] + random.choice(SELECTORS) + row.name[at + 1 :]
    return True


def kana_size(_random: Random, subject: Subject) -> bool:
    """Write small kana large, in the reading and, where it has any, in the name."""
    row = subject.rows[0]
    before = row.name, row.kana
    row.name = row.name.translate(_LARGE)
    row.kana = row.kana.translate(_HALF_LARGE)
    return (row.name, row.kana) != before


def sex_missing(_random: Random, subject: Subject) -> bool:
    """Leave the roster's sex empty."""
    subject.rows[0].sex = ""
    return True


def hide(side: Side, at: int) -> None:
    """Put 〓 for a character of the name."""
    side.name = replaced(side.name, at, "〓")


def replaced(text: str, at: int, char: str) -> str:
    return text[:at] + char + text[at + 1 :]
