"""Who files what anybody may: the subsidy for a helmet and the survey; pure, from the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from channels.demo.plan import Decision, Role
from channels.simulators.city.banks import near_banks
from channels.simulators.city.city import Registrant
from channels.simulators.city.differences import Difference, Expected

MOST, STEP = 2_000, 100
"""The subsidy is half the price, in whole hundreds, up to so much."""

PARTS = (
    # On the phone or on the web, what the helmet cost, and what the reviewer makes of it.
    (True, 4_980, Decision.APPROVE),
    (True, 3_590, Decision.RETURN),
    (True, 2_850, Decision.REJECT),
    (False, 2_990, Decision.APPROVE),
    (False, 7_700, Decision.APPROVE),
)
PEOPLE = len(PARTS)


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person with a helmet and its receipt; a `number` of 1 tries to be paid twice."""

    number: int
    registrant: Registrant
    in_line: bool
    price: int
    decision: Decision

    @property
    def subsidy(self) -> int:
        return min(self.price // 2 // STEP * STEP, MOST)

    @property
    def is_paid(self) -> bool:
        return self.decision is not Decision.REJECT

    @property
    def again(self) -> bool:
        return self.number == 1

    @property
    def account(self) -> dict[str, str]:
        """Return the account as the web's form has it, in the person's own name."""
        bank, branches, _ = near_banks()[0]
        return {
            "where": "bank",
            "bank": bank,
            "branch": branches[0],
            "account_type": "1",
            "account_number": f"{7_100_000 + self.number}",
            "holder_kana": self.registrant.person.kana,
        }


@dataclass(frozen=True)
class Applicants:
    """All of them."""

    each: tuple[Applicant, ...]

    @property
    def registrants(self) -> tuple[Registrant, ...]:
        return tuple(one.registrant for one in self.each)

    @property
    def paid(self) -> list[Applicant]:
        return [one for one in self.each if one.is_paid]

    @property
    def total(self) -> int:
        return sum(one.subsidy for one in self.paid)

    @cached_property
    def by_name(self) -> dict[str, Applicant]:
        return {one.registrant.person.name: one for one in self.each}


def cast(roles: Sequence[Role]) -> Applicants:
    """Choose them from the end, first among those who play the smallest part in the rest."""
    names = [role.registrant.person.name for role in roles]

    def oddities(role: Role) -> tuple[bool, bool, bool, bool]:
        registrant = role.registrant
        return (
            # The reviewer knows them by the name on their card.
            registrant.difference is not Difference.NONE,
            names.count(registrant.person.name) > 1,
            registrant.expected is Expected.SUPPRESSED,
            role.decision is not Decision.APPROVE,
        )

    from_the_end = roles[::-1]
    chosen = sorted(from_the_end, key=oddities)[:PEOPLE]
    return Applicants(
        tuple(
            Applicant(number, role.registrant, in_line, price, decision)
            for number, (role, (in_line, price, decision)) in enumerate(
                zip(chosen, PARTS, strict=True), 1
            )
        )
    )
