"""What an adapter can take: hands for any lane, and some that are kept for the urgent ones."""

from dataclasses import dataclass

from core.dispatches.rules import Lane

MOST_AT_ONCE = 100
"""Dispatches leased in one transaction."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many dispatches may be leased at once: of lanes down to `lane`, the urgent first."""

    lane: Lane
    most: int


class Hands:
    """How many dispatches an adapter can take yet; a hand is open to one lane and all before it.

    So an emergency finds a free one while all that take anything are full of campaigns.
    """

    def __init__(self) -> None:
        self._free = dict.fromkeys(Lane, 0)

    def add(self, lane: Lane, number: int) -> None:
        """Add so many hands that are open to this lane and all before it."""
        self._free[lane] += number

    def room(self) -> Room | None:
        """Return what can be leased for the hands that are open to the most; None without any."""
        lane = self._widest(Lane.EMERGENCY)
        return None if lane is None else Room(lane, min(self._free[lane], MOST_AT_ONCE))

    def take(self, lane: Lane) -> None:
        """Use a hand for a dispatch of a lane: one that is open to the most."""
        if (hand := self._widest(lane)) is not None:
            self._free[hand] -= 1

    def _widest(self, lane: Lane) -> Lane | None:
        return next((one for one in reversed(Lane) if one >= lane and self._free[one]), None)
