"""What holds of a program on a day: amounts, filing, freezes, who decides. Pure, with no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from core.eligibility.rules import (
    AmountProblem,
    AmountRefused,
    ProgramClosed,
    ProgramDatesRefused,
    ProgramFrozen,
)
from core.languages import MAIN_LANGUAGE, said
from core.residents.rules import Assurance

MOST_OF_ALL = 100_000_000
"""The most in yen that the contract lets one entitlement be."""


class Rail(StrEnum):
    """How an entitlement may be paid."""

    BANK_TRANSFER = "bank_transfer"
    ATM_CASH_CODE = "atm_cash_code"
    E_GIFT = "e_gift"
    COUPON = "coupon"


@dataclass(frozen=True, slots=True)
class Days:
    """Days from one to another, both included."""

    begin: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.begin <= day <= self.end


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same for each entitlement, in yen."""

    amount: int


@dataclass(frozen=True, slots=True)
class PerHead:
    """So much for each member of the household, up to `most`, where that is not 0."""

    amount: int
    most: int = 0


@dataclass(frozen=True, slots=True)
class AgeBand:
    """An amount for the ages from one to another, both included."""

    from_age: int
    to_age: int
    amount: int


@dataclass(frozen=True, slots=True)
class ByAge:
    """An amount by the age that the person has at the end of `age_date`."""

    age_date: date
    bands: tuple[AgeBand, ...]


@dataclass(frozen=True, slots=True)
class FromRoster:
    """What the row says, up to `most`; a row that says nothing gets `most`."""

    most: int


AmountRule: TypeAlias = Fixed | PerHead | ByAge | FromRoster


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds of a program from `effective_date` on. Yen; texts by language."""

    effective_date: date
    amount: AmountRule
    budget: int
    filing: Days
    required_assurance: Assurance
    title: Mapping[str, str]
    description: Mapping[str, str]
    rails: tuple[Rail, ...] = (Rail.BANK_TRANSFER,)
    freezes: tuple[Days, ...] = ()
    approvals: int = 1
    second_eyes: bool = False
    deciders: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """Return the most in yen that one entitlement can be."""
        match self.amount:
            case Fixed(amount):
                return amount
            case PerHead(_, most):
                return most or MOST_OF_ALL
            case ByAge(_, bands):
                return max(band.amount for band in bands)
            case FromRoster(most):
                return most

    @property
    def main_title(self) -> str:
        """Return the title as staff read it."""
        return said(self.title, MAIN_LANGUAGE)

    def title_in(self, language: str) -> str:
        """Return the title as a resident of this language reads it."""
        return said(self.title, language)


def age_on(birth_date: date, day: date) -> int | None:
    """Return the age in years that a person has at the end of a day; None if not born by then.

    By Japanese law one grows older at the end of the day before the birthday: whoever has their
    birthday tomorrow has the new age today. Whoever was born on 29 February has it at the end of
    28 February, in leap years and in others.
    """
    if birth_date > day:
        return None
    morrow = day + timedelta(days=1)
    had_birthday = (morrow.month, morrow.day) >= (birth_date.month, birth_date.day)
    return morrow.year - birth_date.year - (not had_birthday)


def amount_of(
    terms: Terms, *, given: int | None, birth_date: date | None, household_size: int | None
) -> int:
    """Return how much an entitlement is in yen; `given` is what its row says itself.

    Raises AmountRefused where the row lacks what the rule needs, lies in no band, or says another
    amount than the rule gives.
    """
    match terms.amount:
        case Fixed(amount):
            due = amount
        case PerHead(amount, most):
            due = _per_head(amount, most, household_size)
        case ByAge(age_date, bands):
            due = _by_age(age_date, bands, birth_date)
        case FromRoster(most):
            return _from_roster(most, given)
    if given is not None and given != due:
        raise AmountRefused(
            AmountProblem.OTHER_THAN_RULE, f"is not the {due} yen that the program's terms give"
        )
    return due


def _per_head(amount: int, most: int, household_size: int | None) -> int:
    if household_size is None or household_size < 1:
        raise AmountRefused(
            AmountProblem.HOUSEHOLD_SIZE_MISSING,
            "says no household size, which the program pays by: add the column",
        )
    return min(amount * household_size, most or MOST_OF_ALL)


def _by_age(age_date: date, bands: Sequence[AgeBand], birth_date: date | None) -> int:
    if birth_date is None:
        raise AmountRefused(
            AmountProblem.BIRTH_DATE_MISSING, "says no birth date, which the program pays by"
        )
    age = age_on(birth_date, age_date)
    for band in bands:
        if age is not None and band.from_age <= age <= band.to_age:
            return band.amount
    raise AmountRefused(
        AmountProblem.IN_NO_BAND, f"is of no age that the program pays for on {age_date}"
    )


def _from_roster(most: int, given: int | None) -> int:
    if given is not None and given > most:
        raise AmountRefused(
            AmountProblem.ABOVE_MOST, f"is more than the program's amount of {most} yen"
        )
    return most if given is None else given


def in_force(versions: Sequence[Terms], day: date) -> tuple[int, Terms]:
    """Return the number and the terms in force on a day, of versions in order from number 1.

    The latest whose day has come; before any has, the first.
    """
    come = [number for number, one in enumerate(versions, 1) if one.effective_date <= day]
    number = come[-1] if come else 1
    return number, versions[number - 1]


def frozen_until(terms: Terms, day: date) -> date | None:
    """Return the last day of the freeze that a day lies in; None where it lies in none."""
    ends = [freeze.end for freeze in terms.freezes if day in freeze]
    return max(ends, default=None)


def require_unfrozen(terms: Terms, day: date) -> None:
    """Raise ProgramFrozen where rosters and decisions rest on the day."""
    until = frozen_until(terms, day)
    if until is not None:
        raise ProgramFrozen(
            f"the program is frozen until the end of {until}: do it afterwards",
            endDate=until.isoformat(),
        )


def require_filing(terms: Terms, day: date) -> None:
    """Raise ProgramClosed outside the days on which residents are invited and file."""
    if day in terms.filing:
        return
    begun = day >= terms.filing.begin
    raise ProgramClosed(
        f"residents file from {terms.filing.begin} to {terms.filing.end}",
        state="filing_ended" if begun else "filing_not_begun",
        beginDate=terms.filing.begin.isoformat(),
        endDate=terms.filing.end.isoformat(),
    )


def check(terms: Terms, *, today: date, before: date | None) -> None:
    """Raise ProgramDatesRefused where new terms contradict themselves or those before.

    `before` is the day from which the version before holds; None for the first.
    """
    if terms.effective_date < today:
        raise ProgramDatesRefused("terms hold from today on, or from a later day", "IN_THE_PAST")
    if before is not None and terms.effective_date < before:
        raise ProgramDatesRefused(
            f"the version before holds from {before} on: begin on that day or later",
            "BEFORE_THE_VERSION_BEFORE",
        )
    if any(days.begin > days.end for days in (terms.filing, *terms.freezes)):
        raise ProgramDatesRefused("a range of days ends before it begins", "ENDS_BEFORE_IT_BEGINS")
    if isinstance(terms.amount, ByAge):
        _check_bands(terms.amount.bands)


def _check_bands(bands: Sequence[AgeBand]) -> None:
    last = -1
    for band in sorted(bands, key=lambda one: one.from_age):
        if band.to_age < band.from_age or band.from_age <= last:
            raise ProgramDatesRefused(
                "an age band ends before it begins, or two hold the same age", "BANDS_OVERLAP"
            )
        last = band.to_age
