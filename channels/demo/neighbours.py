"""Who plays the neighbourhood association: its chair, and two of its members; pure, from the city.

They never register: to read what goes round, one need not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from channels.demo.plan import Decision, Role, Ways
from channels.simulators.city.city import Registrant

PEOPLE = 3
HOUSEHOLDS = PEOPLE + 1
"""Each has a household of their own; one more reads on paper."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where each of them reads."""

    chair: Registrant
    """Joins in LINE, and goes on in a browser at the desk."""
    in_line: Registrant
    in_browser: Registrant

    @property
    def all(self) -> tuple[Registrant, ...]:
        return self.chair, self.in_line, self.in_browser


def cast(roles: Sequence[Role]) -> Neighbours:
    """Choose them from the end, first among those who play the smallest part in the rest."""

    def oddities(role: Role) -> tuple[bool, bool]:
        return role.way is not Ways.YES, role.decision is not Decision.APPROVE

    from_the_end = roles[::-1]
    chosen = sorted(from_the_end, key=oddities)[:PEOPLE]
    return Neighbours(*(role.registrant for role in chosen))
