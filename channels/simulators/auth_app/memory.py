"""What is remembered for a while, and then forgotten."""

from collections import OrderedDict
from typing import Generic, TypeVar

from channels.simulators.auth_app.settings import Clock

T = TypeVar("T")


class Memory(Generic[T]):
    """Values by key, each for the same number of seconds; a restart forgets them all."""

    def __init__(self, clock: Clock, life: float) -> None:
        self._clock = clock
        self._life = life
        self._kept: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def put(self, key: str, value: T) -> None:
        self._forget()
        self._kept[key] = (self._clock() + self._life, value)

    def get(self, key: str) -> T | None:
        self._forget()
        found = self._kept.get(key)
        return None if found is None else found[1]

    def pop(self, key: str) -> T | None:
        self._forget()
        found = self._kept.pop(key, None)
        return None if found is None else found[1]

    def _forget(self) -> None:
        now = self._clock()
        # They stand in the order in which they end, because all live equally long.
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)
