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
    BIRTH_DATE_DIFFERS = "birth_date_differs"
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
    """The same, where one side does not tell the sex."""
    BUILDING_MISSING = "building_missing"
    """The same, where one side does not tell the building or the room."""
    VARIANT_CHARACTERS = "variant_characters"
    """Birth date and address agree, the names but for variant characters."""
    KANA_FORMS = "kana_forms"
    """Birth date and address agree, the names but for hiragana, katakana and small kana."""
    LATIN_FORMS = "latin_forms"
    """Birth date and address agree, a Latin name has the same words in another order or case."""
    ALIAS = "alias"
    """Birth date and address agree, and one side's name is the other side's alias (通称)."""
    SUBSTITUTES_AGREE = "substitutes_agree"
    """All agree, and a flagged character stands where the card cannot hold the roster's."""
    ADDRESS_SEPARATES = "address_separates"
    """All agree, and every namesake born on the same day has a row and a home of their own."""

    SUBSTITUTED_CHARACTERS = "substituted_characters"
    """All agree, but a character stands in for another one, which nobody knows."""
    SUBSTITUTED_ADDRESS_DIFFERS = "substituted_address_differs"
    """The same, and the address does not agree."""
    RESIDENT_SUPPRESSED = "resident_suppressed"
    """All agree, but the resident is under protection."""
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    """Name, sex and address agree; a part of the birth date is not told, and the rest agrees."""
    BIRTH_DATE_DIFFERS = "birth_date_differs"
    """Name, sex and address agree; one digit or one part of the birth date does not."""
    SEX_DIFFERS = "sex_differs"
    """Name, birth date and address agree, the sex does not."""
    CONFLICTING = "conflicting"
    """All agree, but a namesake born on the same day is registered or on the roster, too."""
    LINKED_ALREADY = "linked_already"
    """They resemble each other, but one of them is linked with a namesake already."""
    VARIANT_CHARACTERS_ADDRESS_DIFFERS = "variant_characters_address_differs"
    """The birth date agrees, the names but for variant characters, the address does not."""
    ADDRESS_DIFFERS = "address_differs"
    """Name, birth date and sex agree, the address does not."""
    ADDRESS_NEAR = "address_near"
    """Name, birth date and sex agree; the addresses have one number, but one section (字) more."""
    ADDRESS_INCOMPLETE = "address_incomplete"
    """Name, birth date and sex agree; an address has no number, or is not told."""
    BUILDING_DIFFERS = "building_differs"
    """Name, birth date, sex and block agree, the building or the room does not."""
    NAME_DIFFERS = "name_differs"
    """Birth date, sex and address agree, the name does not."""
    NAME_PART_MISSING = "name_part_missing"
    """Birth date, sex and address agree; one name has a part that the other has not."""
    NAME_INCOMPLETE = "name_incomplete"
    """All agree, but the name is too short to tell a family and a given name."""


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
