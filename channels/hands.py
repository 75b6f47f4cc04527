"""How many dispatches an adapter holds and can take; hands are kept for the urgent lanes."""

from collections import Counter
from dataclasses import dataclass

from todoke.v1.dispatches_pb2 import (
    LANE_BULK,
    LANE_EMERGENCY,
    LANE_PERSONAL,
    Lane,
    Ready,
)

LANES = (LANE_BULK, LANE_PERSONAL, LANE_EMERGENCY)
"""From the hands that are open to the most to those that are open to the least."""


@dataclass(frozen=True, slots=True)
class HowMany:
    """Hands for any lane, others for what is personal or an emergency, others for emergencies only.

    Those are few: several adapters share an emergency the more evenly, the less each holds of it.
    """

    any: int = 32
    personal: int = 8
    emergency: int = 4

    @property
    def all(self) -> int:
        return self.any + self.personal + self.emergency


class Hands:
    """The hands of one adapter: each is free, said to the core to be free, or holds a dispatch."""

    def __init__(self, most: HowMany) -> None:
        self._most = dict(zip(LANES, (most.any, most.personal, most.emergency), strict=True))
        self._said: Counter[Lane.ValueType] = Counter()
        self._holding: Counter[Lane.ValueType] = Counter()

    def begin_anew(self) -> None:
        """Forget what was said: a stream knows nothing of the last."""
        self._said.clear()

    def ready(self) -> Ready | None:
        """Return what to say: of each kind what is free, once all that was said before has come."""
        free = {
            lane: self._most[lane] - self._holding[lane] for lane in LANES if not self._said[lane]
        }
        new = {lane: number for lane, number in free.items() if number > 0}
        if not new:
            return None
        self._said.update(new)
        return Ready(
            capacity=new.get(LANE_BULK, 0),
            personal_capacity=new.get(LANE_PERSONAL, 0),
            emergency_capacity=new.get(LANE_EMERGENCY, 0),
        )

    def come(self, lane: Lane.ValueType) -> Lane.ValueType:
        """Count a dispatch of a lane that came; return the kind of hand that it takes."""
        kinds = [kind for kind in LANES if kind >= lane]
        kind = next((kind for kind in kinds if self._said[kind]), kinds[0])
        self._said[kind] = max(0, self._said[kind] - 1)
        return kind

    def hold(self, kind: Lane.ValueType) -> None:
        """Use a hand of a kind."""
        self._holding[kind] += 1

    def let_go(self, kind: Lane.ValueType) -> None:
        """Let a hand of a kind be free again."""
        self._holding[kind] -= 1
