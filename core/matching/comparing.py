"""Compares one resident with one entitlement."""

from core.matching.pairs import Class, Likeness, Rule
from core.matching.people import Entitled, Registration


def sexes_differ(registration: Registration, entitled: Entitled) -> bool:
    """Whether both tell a sex, and not the same."""
    return entitled.sex not in ("", registration.sex)


def of_namesakes(registration: Registration, entitled: Entitled) -> Likeness | None:
    """Compare two of one birth date whose names are equal but for variant characters.

    None where sex and something else differ: those are two people.
    """
    mine, theirs = registration.keys, entitled.keys
    same_name, same_address = mine.name == theirs.name, mine.address == theirs.address
    if sexes_differ(registration, entitled):
        if same_name and same_address:
            return Likeness(Class.CONFLICTING, Rule.SEX_DIFFERS)
        return None
    if not same_name:
        rule = Rule.VARIANT_CHARACTERS if same_address else Rule.VARIANT_CHARACTERS_ADDRESS_DIFFERS
        return Likeness(Class.VARIANT_CHARACTERS, rule)
    if not same_address:
        return Likeness(Class.ADDRESS_DIFFERS, Rule.ADDRESS_DIFFERS)
    return of_equals(registration, entitled)


def of_equals(registration: Registration, entitled: Entitled) -> Likeness:
    """Tell as what two count whose facts all agree."""
    written = (registration.name, registration.address) == (entitled.name, entitled.address)
    exact = written and bool(entitled.sex)
    match_class = Class.EXACT if exact else Class.NORMALISED
    if not registration.is_plain or entitled.keys.has_placeholder:
        return Likeness(match_class, Rule.SUBSTITUTED_CHARACTERS)
    if registration.suppressed:
        return Likeness(match_class, Rule.RESIDENT_SUPPRESSED)
    if not entitled.sex:
        return Likeness(match_class, Rule.WITHOUT_SEX)
    return Likeness(match_class, Rule.EXACT if exact else Rule.NORMALISED)
