"""Wakes those who watch a chat; it only wakes, the store says what is new."""

import asyncio
from collections import defaultdict


class Bell:
    """One bell a person. Take the `next` ring first, then read, then wait: no ring is lost."""

    def __init__(self) -> None:
        self._rings: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.closing = False

    def next(self, person_id: str) -> asyncio.Event:
        return self._rings[person_id]

    def ring(self, person_id: str) -> None:
        if person_id in self._rings:
            self._rings.pop(person_id).set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.closing = True
        for person_id in list(self._rings):
            self.ring(person_id)

    def ring_all(self) -> None:
        """Wake everybody."""
        for person_id in list(self._rings):
            self.ring(person_id)
