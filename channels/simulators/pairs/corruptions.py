"""The classes of corruption: what each may be combined with, how usual it is, what it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from channels.simulators.pairs import content, latin, notation, spelling
from channels.simulators.pairs.places import Municipality
from channels.simulators.pairs.subjects import Label, Subject, write_birth

Change = Callable[[Random, Subject], bool]

# How many changes of spelling a pair has: none, one, two or three.
SPELLING_COUNTS = (0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3)
CONTENT_SHARE = 0.08
# Not every class can be made of everybody; after so many tries there is none.
TRIES = 5
# How often a foreigner's difference is one of Latin names and aliases.
FOREIGN_SHARE = 0.6
# These see what all others have made.
LATE = frozenset({"width", "twice"})


@dataclass(frozen=True, slots=True)
class Corruption:
    """A class; two of them that touch one field are never made of one pair."""

    name: str
    weight: int
    fields: frozenset[str]
    change: Change
    foreign: bool = False


def _of(weight: int, fields: str, change: Change, *, foreign: bool = False) -> Corruption:
    name = change.func.__name__ if isinstance(change, partial) else change.__name__
    return Corruption(name, weight, frozenset(fields.split()), change, foreign)


SPELLING = (
    _of(6, "width", spelling.width),
    _of(6, "space", spelling.spaces),
    _of(10, "char", spelling.old_form),
    _of(2, "char town", spelling.compatible),
    _of(5, "char", spelling.selector),
    _of(4, "kana", spelling.kana_size),
    _of(5, "sex", spelling.sex_missing),
    _of(4, "town", spelling.address_old_form),
    _of(8, "number", notation.number_hyphens),
    _of(4, "number", notation.number_no),
    _of(5, "number", notation.number_mixed),
    _of(6, "number", notation.number_kanji),
    _of(8, "town", notation.oaza_mark),
    _of(10, "koaza", notation.aza_mark),
    _of(8, "town koaza", notation.ke_mark),
    _of(8, "town koaza", notation.no_mark),
    _of(8, "prefecture", notation.prefecture_absent),
    _of(4, "prefecture", notation.county_absent),
    _of(5, "flat", notation.building_absent),
    _of(8, "flat", notation.building_notation),
    _of(4, "flat number", notation.room_by_hyphen),
    _of(3, "name space", latin.latin_order, foreign=True),
    _of(3, "case", latin.latin_case, foreign=True),
    _of(2, "name space", latin.latin_spaces, foreign=True),
    _of(3, "name space case char", latin.alias_beside, foreign=True),
)

_ADDRESS = "number town koaza flat"


def content_of(place: Municipality) -> tuple[Corruption, ...]:
    """Return the classes of other content, whose homes are of this municipality."""
    return (
        _of(12, _ADDRESS, partial(content.moved, place=place)),
        _of(4, "flat number", content.room_changed),
        _of(10, "name char", content.surname_changed),
        _of(6, "koaza", content.koaza_differs),
        _of(4, "number flat", content.number_absent),
        _of(8, "char", content.typo),
        _of(6, "birth", content.birth_wrong),
        _of(4, "birth", content.birth_unknown),
        _of(4, "sex", content.sex_wrong),
        _of(2, "sex", content.sex_nine),
        _of(5, "char", content.hidden_on_roster),
        _of(3, "char", content.hidden_on_card),
        _of(4, "twice", partial(content.twice_on_roster, place=place)),
        _of(4, "twice", content.registered_twice),
        _of(4, "name space case char", latin.alias_only, foreign=True),
        _of(6, "name space case char", latin.middle_missing, foreign=True),
    )


class Corrupter:
    """Corrupts pairs of one municipality's people, as often as registers are."""

    def __init__(self, random: Random, place: Municipality) -> None:
        self._random = random
        self._spelling = _Urns(SPELLING)
        self._content = _Urns(content_of(place))

    def corrupt(self, subject: Subject, *, content_share: float = CONTENT_SHARE) -> None:
        """Make the two sides differ; the classes become tags, and content makes it doubtful."""
        random = self._random
        taken: set[str] = set()
        late: list[Change] = []
        if "1" in subject.cards[0].name_flags:
            subject.tags.append("substituted")
        if random.random() < content_share and self._make(self._content, subject, taken, late):
            subject.label = Label.MAY_REVIEW
        for _ in range(random.choice(SPELLING_COUNTS)):
            self._make(self._spelling, subject, taken, late)
        if "birth" not in taken:
            subject.tags += write_birth(random, subject.rows[0], subject.person.born)
        for change in late:
            change(random, subject)

    def _make(self, urns: "_Urns", subject: Subject, taken: set[str], late: list[Change]) -> bool:
        """Make one change that goes with those made before; it may be that none does."""
        random = self._random
        for _ in range(TRIES):
            foreign = subject.person.latin and random.random() < FOREIGN_SHARE
            each = random.choice(urns.foreign if foreign else urns.usual)
            if not taken.isdisjoint(each.fields):
                continue
            if not LATE.isdisjoint(each.fields):
                late.append(each.change)
            elif not each.change(random, subject):
                continue
            taken |= each.fields
            subject.tags.append(each.name)
            return True
        return False


class _Urns:
    """Classes to draw from, each as often as it weighs; `foreign` ones need a Latin name."""

    def __init__(self, classes: tuple[Corruption, ...]) -> None:
        self.usual = [each for each in classes for _ in range(each.weight) if not each.foreign]
        self.foreign = [each for each in classes for _ in range(each.weight) if each.foreign]
