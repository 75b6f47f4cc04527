"""Who does what in the scripted demonstration, and what must come of it: pure, from the city."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from channels.demo.hearing import Kind
from channels.simulators.city.city import City, Registrant
from channels.simulators.city.differences import Difference, Expected
from channels.simulators.city.entitlements import AMOUNT


class Ways(StrEnum):
    """What a resident does with the invitation."""

    YES = "yes"
    YES_TWICE = "yes_twice"
    """Taps twice at once."""
    OTHER_THEN_YES = "other_then_yes"
    OTHER_ONLY = "other_only"
    IGNORE = "ignore"
    BLOCK = "block"
    """Blocks the account before anybody is invited."""
    NOT_INVITED = "not_invited"


class Decision(StrEnum):
    """What the reviewer makes of the application."""

    APPROVE = "approve"
    RETURN = "return"
    """Sends it back once; the resident taps はい again, and it is approved."""
    REJECT = "reject"
    NONE = "none"


FILED = frozenset({Ways.YES, Ways.YES_TWICE, Ways.OTHER_THEN_YES})

# Of those who could be invited, this share each, at least one; all others tap はい.
WAYS = (
    (Ways.BLOCK, 0.02),
    (Ways.IGNORE, 0.05),
    (Ways.OTHER_ONLY, 0.02),
    (Ways.OTHER_THEN_YES, 0.04),
    (Ways.YES_TWICE, 0.06),
)
RETURNS = REJECTS = 2

TAPS = {
    Ways.YES: [Kind.SUBMITTED],
    Ways.YES_TWICE: [Kind.SUBMITTED, Kind.SUBMITTED],
    Ways.OTHER_THEN_YES: [Kind.HANDED_OVER, Kind.SUBMITTED],
    Ways.OTHER_ONLY: [Kind.HANDED_OVER],
    Ways.IGNORE: [],
}
DECISIONS = {
    Decision.APPROVE: [Kind.APPROVED],
    Decision.RETURN: [Kind.PROMPT, Kind.SUBMITTED, Kind.APPROVED],
    Decision.REJECT: [Kind.REJECTED],
    Decision.NONE: [],
}


@dataclass(frozen=True, slots=True)
class Role:
    """One resident's part in the play."""

    registrant: Registrant
    way: Ways
    decision: Decision

    @property
    def user_id(self) -> str:
        return self.registrant.line_user_id

    @property
    def is_invited(self) -> bool:
        return self.way in TAPS

    @property
    def is_paid(self) -> bool:
        return self.decision in {Decision.APPROVE, Decision.RETURN}

    @property
    def messages(self) -> list[Kind]:
        """All that the city may ever say to this person, in order."""
        registration = [Kind.GREETING, Kind.CHALLENGE, Kind.REGISTERED]
        if not self.is_invited:
            return registration
        return [*registration, Kind.PROMPT, *TAPS[self.way], *DECISIONS[self.decision]]

    @property
    def may_be_asked_to_renew(self) -> bool:
        """Whether the roster has another home: the core asks, if its hour strikes meanwhile."""
        return self.is_invited and self.registrant.difference is Difference.ADDRESS_MOVED


@dataclass(frozen=True)
class Plan:
    """Every resident's part."""

    city: City
    roles: tuple[Role, ...]

    @cached_property
    def by_addressee(self) -> dict[str, Role]:
        return {role.registrant.person.addressee: role for role in self.roles}

    @cached_property
    def by_user(self) -> dict[str, Role]:
        return {role.user_id: role for role in self.roles}

    def without(self, registrants: Collection[Registrant]) -> "Plan":
        """Return the plan of all others."""
        return Plan(self.city, tuple(r for r in self.roles if r.registrant not in registrants))

    def ways(self, *ways: Ways) -> list[Role]:
        return [role for role in self.roles if role.way in ways]

    def decided(self, *decisions: Decision) -> list[Role]:
        return [role for role in self.roles if role.decision in decisions]

    def expected(self, *kinds: Expected) -> int:
        return sum(role.registrant.expected in kinds for role in self.roles)

    @property
    def invited(self) -> list[Role]:
        return [role for role in self.roles if role.is_invited]

    @property
    def paid(self) -> list[Role]:
        return [role for role in self.roles if role.is_paid]

    @property
    def total(self) -> int:
        """What is paid in the end, in yen."""
        return AMOUNT * len(self.paid)

    @property
    def application_states(self) -> dict[str, int]:
        """Count the applications by state once the bank file is out."""
        counted = {
            "invited": len(self.ways(Ways.IGNORE)),
            "started": len(self.ways(Ways.OTHER_ONLY)),
            "rejected": len(self.decided(Decision.REJECT)),
            "in_payment": len(self.paid),
        }
        return {state: number for state, number in counted.items() if number}


def cast(city: City) -> Plan:
    """Give every registrant a part; the same city gets the same plan."""
    able = [one for one in city.registrants if one.expected in {Expected.EXACT, Expected.REVIEW}]
    ways: list[Ways] = []
    for way, share in WAYS:
        ways += [way] * (max(1, round(share * len(able))) if len(able) >= len(WAYS) + 5 else 0)
    ways += [Ways.YES] * (len(able) - len(ways))
    # From the end, so that those in doubt, whom the city draws anywhere, take every part too.
    drawn = dict(zip((one.line_user_id for one in reversed(able)), ways, strict=True))
    seen: Counter[Ways] = Counter()
    roles = []
    for one in city.registrants:
        way = drawn.get(one.line_user_id, Ways.NOT_INVITED)
        seen[way] += 1
        roles.append(Role(one, way, _decision(way, seen[way])))
    return Plan(city, tuple(roles))


def _decision(way: Ways, number: int) -> Decision:
    """Decide by the resident's number among those of the same way."""
    if way not in FILED:
        return Decision.NONE
    if way is Ways.YES and number <= RETURNS:
        return Decision.RETURN
    if way is Ways.YES and number <= RETURNS + REJECTS:
        return Decision.REJECT
    return Decision.APPROVE
