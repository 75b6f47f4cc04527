"""How what a card says can differ from the roster, and what is to become of each person."""

import enum
from random import Random

from channels.simulators.card.holder import substitute
from channels.simulators.city.people import Household
from channels.simulators.city.roster import fits_cp932


class Expected(enum.StrEnum):
    """What matching must make of a registered person."""

    EXACT = enum.auto()
    """Matched by itself and invited."""
    REVIEW = enum.auto()
    """Shown to a person, who decides."""
    SUPPRESSED = enum.auto()
    """On the roster exactly, but never written to: the row is suppressed (抑止)."""
    NO_ACCOUNT = enum.auto()
    """Matched by itself, but the roster holds no account to confirm."""
    NOT_ON_ROSTER = enum.auto()
    """Nobody's entitlement."""


class Difference(enum.StrEnum):
    """Where card and roster part, if they do."""

    NONE = enum.auto()
    ADDRESS_HYPHENS = enum.auto()
    """The roster writes １－２－３ for １丁目２番３号."""
    NAME_SUBSTITUTED = enum.auto()
    """The card cannot hold a character of the name and flags the one it has instead."""
    NAME_VARIANT = enum.auto()
    """The roster writes another form of a character: 渡辺 for 渡邊."""
    SURNAME_CHANGED = enum.auto()
    """The roster has the surname from before a marriage or divorce."""
    ADDRESS_KOAZA = enum.auto()
    """The roster has the small section (字) of a town, the card has not."""
    ADDRESS_MOVED = enum.auto()
    """The roster has an earlier home in the same city."""
    SUPPRESSED = enum.auto()
    NO_ACCOUNT = enum.auto()
    HOUSEHOLD_MEMBER = enum.auto()
    """The household is entitled, but its head is someone else."""
    NOT_ENTITLED = enum.auto()
    """The household is not on the roster."""


EXPECTED = {
    Difference.NONE: Expected.EXACT,
    Difference.ADDRESS_HYPHENS: Expected.EXACT,
    Difference.NAME_SUBSTITUTED: Expected.EXACT,
    Difference.NAME_VARIANT: Expected.EXACT,
    Difference.SURNAME_CHANGED: Expected.REVIEW,
    Difference.ADDRESS_KOAZA: Expected.REVIEW,
    Difference.ADDRESS_MOVED: Expected.REVIEW,
    Difference.SUPPRESSED: Expected.SUPPRESSED,
    Difference.NO_ACCOUNT: Expected.NO_ACCOUNT,
    Difference.HOUSEHOLD_MEMBER: Expected.NOT_ON_ROSTER,
    Difference.NOT_ENTITLED: Expected.NOT_ON_ROSTER,
}

# Of those registered, this share each; one at the least in a city of twenty phones or more.
SHARES = {
    Difference.NOT_ENTITLED: 0.05,
    Difference.HOUSEHOLD_MEMBER: 0.02,
    Difference.SUPPRESSED: 0.02,
    Difference.NO_ACCOUNT: 0.02,
    Difference.ADDRESS_HYPHENS: 0.02,
    Difference.ADDRESS_KOAZA: 0.007,
    Difference.ADDRESS_MOVED: 0.007,
    Difference.SURNAME_CHANGED: 0.007,
    Difference.NAME_VARIANT: 0.007,
}

USUAL_FORMS = str.maketrans("邊邉齋齊濵桒冨澤", "辺辺斎斉浜桑富沢")


def has_variant(household: Household) -> bool:
    kanji = household.head.surname.kanji
    return kanji != kanji.translate(USUAL_FORMS)


def has_lot_number(household: Household) -> bool:
    return not household.home.town.has_chome


def is_substituted(name: str) -> bool:
    """Whether a card cannot hold the name, or the roster's encoding cannot."""
    return "1" in substitute(name)[1] or not fits_cp932(name)


# Which households a difference needs.
FITTING = {Difference.NAME_VARIANT: has_variant, Difference.ADDRESS_KOAZA: has_lot_number}


def assign(random: Random, heads: list[Household], registered: int) -> dict[str, Difference]:
    """Say for each household, by its number, how its head's card and its row differ.

    `heads` are the registered ones that the roster has, in an order that is already drawn.
    """
    differences = {
        household.number: Difference.NAME_SUBSTITUTED
        if is_substituted(household.head.name)
        else Difference.NONE
        for household in heads
    }
    plain = [each for each in heads if differences[each.number] is Difference.NONE]
    for difference in Difference:
        if EXPECTED[difference] is Expected.NOT_ON_ROSTER or difference not in SHARES:
            continue
        fits = FITTING.get(difference, _any)
        pool = [each for each in plain if fits(each)]
        for household in random.sample(pool, min(count(difference, registered), len(pool))):
            differences[household.number] = difference
            plain.remove(household)
    return differences


def count(difference: Difference, registered: int) -> int:
    """How many of the registered have this difference."""
    return max(1, round(SHARES[difference] * registered)) if registered >= 20 else 0


def _any(_household: Household) -> bool:
    return True
