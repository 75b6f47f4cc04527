"""What matching finds: pairs, how the two sides resemble each other, and the rule that decided."""

from dataclasses import dataclass
from enum import StrEnum


class Class(StrEnum):
    """How a resident and an entitlement resemble each other."""

    EXACT = "exact"
    NORMALISED = "normalised"
    VARIANT_CHARACTERS = "variant_characters"
    ADDRESS_DIFFERS = "address_differs"
    NAME_DIFFERS = "name_differs"
    CONFLICTING = "conflicting"


class Decision(StrEnum):
    """What was decided of a pair; the engine itself only accepts, or puts to review."""

    TO_REVIEW = "to_review"
    TO_CONFIRM = "to_confirm"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Rule(StrEnum):
    """The rules by their codes, which are kept with each pair and never change their meaning."""

    EXACT = "exact"
    """Name, birth date, sex and address are equal as written, and no namesake shares the day."""
    NORMALISED = "normalised"
    """The same, after both are brought into one form."""
    WITHOUT_SEX = "normalised_without_sex"
    """The same, where the roster does not tell the sex."""
    SUBSTITUTED_CHARACTERS = "substituted_characters"
    """All agree, but a character stands in for another one, which nobody knows."""
    RESIDENT_SUPPRESSED = "resident_suppressed"
    """All agree, but the resident is under protection."""
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    """Name, sex and address agree; the card does not tell the whole birth date."""
    SEX_DIFFERS = "sex_differs"
    """Name, birth date and address agree, the sex does not."""
    CONFLICTING = "conflicting"
    """All agree, but a namesake born on the same day is registered or on the roster, too."""
    LINKED_ALREADY = "linked_already"
    """They resemble each other, but one of them is linked with a namesake already."""
    VARIANT_CHARACTERS = "variant_characters"
    """Birth date and address agree, the names but for variant characters."""
    VARIANT_CHARACTERS_ADDRESS_DIFFERS = "variant_characters_address_differs"
    """The birth date agrees, the names but for variant characters, the address does not."""
    ADDRESS_DIFFERS = "address_differs"
    """Name, birth date and sex agree, the address does not."""
    NAME_DIFFERS = "name_differs"
    """Birth date, sex and address agree, the name does not."""


ACCEPTING = frozenset({Rule.EXACT, Rule.NORMALISED, Rule.WITHOUT_SEX})
"""The rules that link without a person."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two sides resemble each other, and by which rule."""

    match_class: Class
    rule: Rule


@dataclass(frozen=True, slots=True)
class Pair:
    """A registration and an entitlement that are, or may be, one person's."""

    registration_id: str
    entitled_id: str
    match_class: Class
    decision: Decision
    rule: Rule


@dataclass(frozen=True, slots=True)
class Links:
    """What is known before: pairs of (registration, entitlement) ids, and who is linked."""

    pairs: frozenset[tuple[str, str]]
    registrations: frozenset[str]
    entitled: frozenset[str]


NO_LINKS = Links(frozenset(), frozenset(), frozenset())
