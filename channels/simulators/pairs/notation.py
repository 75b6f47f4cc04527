"""One address in two notations; each change returns whether it could be made of this home."""

import re
from random import Random

from channels.simulators.pairs.addresses import (
    COUNTY,
    FLAT,
    KOAZA,
    NUMBER,
    PREFECTURE,
    TOWN,
    half_joined,
    in_kanji,
    joined,
    wide,
)
from channels.simulators.pairs.places import Numbering
from channels.simulators.pairs.spelling import replaced
from channels.simulators.pairs.subjects import Side, Subject

KANJI_DIGITS = frozenset("一二三四五六七八九十百千")
# The dashes that systems write between numbers.
DASHES = "－－－-‐−―ー"
_KE = re.compile("(?<=[\u4e00-\u9fff々])[ヶケが](?=[\u4e00-\u9fff])")
_NO = re.compile("(?<=[\u4e00-\u9fff々])[ノの之](?=[\u4e00-\u9fff])")


def number_hyphens(random: Random, subject: Subject) -> bool:
    """１－２－３ for １丁目２番３号, by any of the dashes."""
    home = subject.person.home
    if home.numbers.count(0) > 1:
        return False
    number = joined(home, "-").replace("－", random.choice(DASHES))
    _either(random, subject).address[NUMBER] = number
    return True


def number_no(random: Random, subject: Subject) -> bool:
    """１の２の３, or １ノ２ノ３."""
    home = subject.person.home
    if home.numbers.count(0) > 1:
        return False
    subject.rows[0].address[NUMBER] = joined(home, random.choice("のノ"))
    return True


def number_mixed(random: Random, subject: Subject) -> bool:
    """１丁目２－３, or １２３番地の４, or １２３."""
    _either(random, subject).address[NUMBER] = half_joined(subject.person.home)
    return True


def number_kanji(random: Random, subject: Subject) -> bool:
    """一丁目２番３号, or all of it in kanji."""
    chome_only = random.random() < 0.7
    side = _either(random, subject)
    side.address[NUMBER] = in_kanji(subject.person.home, chome_only=chome_only)
    return True


def oaza_mark(_random: Random, subject: Subject) -> bool:
    """大字 before the name of a town that has lots."""
    row = subject.rows[0]
    if subject.person.home.town.numbering is not Numbering.LOT:
        return False
    row.address[TOWN] = "大字" + row.address[TOWN]
    return True


def aza_mark(_random: Random, subject: Subject) -> bool:
    """Leave out 字 before the small section of a town."""
    row = subject.rows[0]
    row.address[KOAZA] = row.address[KOAZA].removeprefix("字")
    return bool(row.address[KOAZA])


def ke_mark(random: Random, subject: Subject) -> bool:
    """ヶ, ケ and が for one another."""
    return _swap(random, subject.rows[0], _KE, "ヶケが")


def no_mark(random: Random, subject: Subject) -> bool:
    """ノ, の and 之 for one another."""
    return _swap(random, subject.rows[0], _NO, "ノの之")


def prefecture_absent(_random: Random, subject: Subject) -> bool:
    """Begin with the municipality."""
    row = subject.rows[0]
    row.address[PREFECTURE] = row.address[COUNTY] = ""
    return True


def county_absent(_random: Random, subject: Subject) -> bool:
    """Leave out the county (郡) only."""
    row = subject.rows[0]
    had = bool(row.address[COUNTY])
    row.address[COUNTY] = ""
    return had


def building_absent(random: Random, subject: Subject) -> bool:
    """Neither building nor room on one side."""
    if not subject.person.home.building:
        return False
    _either(random, subject).address[FLAT] = ""
    return True


def building_notation(random: Random, subject: Subject) -> bool:
    """Write the room as 101, 101号室, －101 or （101）, and the gap before the building."""
    home = subject.person.home
    if not home.building:
        return False
    row = subject.rows[0]
    # 番地一千代マンション could be lot 1 or 1,000: behind kanji there is a gap.
    gaps = ("　", " ") if row.address[NUMBER][-1:] in KANJI_DIGITS else ("", "　", " ")
    gap, form = random.choice(gaps), random.choice(("{}", "{}号室", "－{}", "　{}", "（{}）"))
    row.address[FLAT] = gap + home.building + form.format(wide(str(home.room)))
    return True


def room_by_hyphen(random: Random, subject: Subject) -> bool:
    """１－２－３－１０１: the room behind the number, and no building."""
    home = subject.person.home
    if not home.building or home.numbers.count(0) > 1:
        return False
    dash = random.choice(DASHES)
    row = subject.rows[0]
    row.address[NUMBER] = joined(home, "-").replace("－", dash) + dash + wide(str(home.room))
    row.address[FLAT] = ""
    return True


def _either(random: Random, subject: Subject) -> Side:
    """Return the roster's side mostly, and the card's where municipalities write so."""
    return subject.rows[0] if random.random() < 0.75 else subject.cards[0]


def _swap(random: Random, row: Side, pattern: re.Pattern[str], marks: str) -> bool:
    """Write another of the marks in town or small section."""
    for part in (TOWN, KOAZA):
        if found := pattern.search(row.address[part]):
            others = [mark for mark in marks if mark != found.group()]
            row.address[part] = replaced(row.address[part], found.start(), random.choice(others))
            return True
    return False
