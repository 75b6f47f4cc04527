"""Differences that are none of spelling: one side is out of date, wrong or incomplete.

Each change returns whether it could be made of this person.
"""

from copy import deepcopy
from datetime import date, timedelta
from random import Random

from channels.simulators.pairs.addresses import FLAT, KOAZA, NUMBER, parts, wide
from channels.simulators.pairs.names import draw_surname
from channels.simulators.pairs.places import KOAZA as KOAZA_NAMES
from channels.simulators.pairs.places import Homes, Municipality, Numbering
from channels.simulators.pairs.spelling import hide, replaced
from channels.simulators.pairs.subjects import Side, Subject

# Characters that are taken for one another, and given names that sound alike.
LOOK_ALIKES = (
    "大太犬",
    "未末",
    "士土",
    "千干",
    "己巳",
    "田由",
    "裕祐",
    "綾稜",
    "治冶",
    "博傅",
    "健建",
)
SOUND_ALIKES = (
    "男雄夫",
    "郎朗",
    "美実",
    "子江",
    "介輔助",
    "也哉",
    "一市",
    "人仁",
    "香佳",
    "菜奈",
    "太多",
)
_SISTERS = {
    char: family.replace(char, "") for family in SOUND_ALIKES + LOOK_ALIKES for char in family
}


def moved(random: Random, subject: Subject, place: Municipality) -> bool:
    """Give the roster an earlier home in the same municipality."""
    home = subject.person.home
    before = Homes(random, place.towns).draw()
    while before.town == home.town:
        before = Homes(random, place.towns).draw()
    subject.rows[0].address = parts(place, before)
    return True


def room_changed(random: Random, subject: Subject) -> bool:
    """Give the roster another room of the same building."""
    home = subject.person.home
    if not home.building:
        return False
    room = home.room % 100 + 100 * random.choice((7, 8, 9))
    subject.rows[0].address[FLAT] = f"　{home.building}{wide(str(room))}号"
    return True


def surname_changed(random: Random, subject: Subject) -> bool:
    """Give the roster the surname from before a marriage or divorce."""
    person = subject.person
    if person.latin:
        return False
    surname = draw_surname(random)
    while surname.kana == person.surname.kana:
        surname = draw_surname(random)
    subject.rows[0].name = f"{surname.text}　{person.given.text}"
    subject.rows[0].kana = f"{surname.kana} {person.given.kana}"
    return True


def koaza_differs(random: Random, subject: Subject) -> bool:
    """Give the roster a small section (字) of the town that the card has not."""
    home = subject.person.home
    if home.town.numbering is not Numbering.LOT or home.koaza:
        return False
    subject.rows[0].address[KOAZA] = f"字{random.choice(KOAZA_NAMES)}"
    return True


def number_absent(_random: Random, subject: Subject) -> bool:
    """Leave the roster with the town only."""
    for part in (NUMBER, FLAT):
        subject.rows[0].address[part] = ""
    return True


def typo(random: Random, subject: Subject) -> bool:
    """One character of the given name is another one that looks or sounds alike.

    Nobody with a twin: the typo could make the twin's name.
    """
    person, row = subject.person, subject.rows[0]
    if person.has_twin or person.latin:
        return False
    places = [
        at for at, char in enumerate(row.name) if char in _SISTERS and at > row.name.find("　")
    ]
    if not places:
        return False
    at = random.choice(places)
    row.name = replaced(row.name, at, random.choice(_SISTERS[row.name[at]]))
    return True


def birth_wrong(random: Random, subject: Subject) -> bool:
    """Put another day in the roster: one beside the birth date, or of another month or year."""
    born = date.fromordinal(subject.person.born)
    days = random.choice((-1, 1, 10, -10, 30, 365))
    subject.rows[0].birth = (born + timedelta(days=days)).isoformat()
    return True


def birth_unknown(random: Random, subject: Subject) -> bool:
    """Leave the roster, or the card, with year and month only, or with nothing."""
    born = date.fromordinal(subject.person.born)
    if random.random() < 0.2:
        subject.cards[0].birth = random.choice((f"{born:%Y-%m}-00", f"{born:%Y}-00-00"))
    else:
        subject.rows[0].birth = random.choice((f"{born:%Y%m}00", f"{born:%Y-%m}-00", ""))
    return True


def sex_wrong(_random: Random, subject: Subject) -> bool:
    """Put the other sex in the roster."""
    row = subject.rows[0]
    row.sex = "女" if row.sex == "男" else "男"
    return True


def sex_nine(_random: Random, subject: Subject) -> bool:
    """Put 9 on the card, which is neither sex."""
    subject.cards[0].sex = "9"
    return True


def hidden_on_roster(random: Random, subject: Subject) -> bool:
    """Put 〓 for a character of the roster's own (外字)."""
    return _hide(random, subject, subject.rows[0])


def hidden_on_card(random: Random, subject: Subject) -> bool:
    """Put 〓, flagged, on the card for a character that no table knows."""
    card = subject.cards[0]
    if not _hide(random, subject, card):
        return False
    flags = card.name_flags
    card.name_flags = "".join(
        "1" if c == "〓" else f for c, f in zip(card.name, flags, strict=True)
    )
    return True


def twice_on_roster(random: Random, subject: Subject, place: Municipality) -> bool:
    """Put the person on the roster twice, half the time once at an earlier home."""
    again = deepcopy(subject.rows[0])
    if random.random() < 0.5:
        again.address = parts(place, Homes(random, place.towns).draw())
    subject.rows.append(again)
    return True


def registered_twice(_random: Random, subject: Subject) -> bool:
    """Register the person twice."""
    subject.cards.append(deepcopy(subject.cards[0]))
    return True


def _hide(random: Random, subject: Subject, side: Side) -> bool:
    places = [at for at, char in enumerate(side.name) if "\u4e00" <= char <= "\u9fff"]
    if not places or subject.person.latin:
        return False
    hide(side, random.choice(places))
    return True
