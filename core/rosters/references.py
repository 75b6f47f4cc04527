"""Finds reference numbers that repeat, in the same memory for a hundred rows and for a million.

Of each number eight bytes of a keyed digest are kept, with its row: that two numbers of a million
have the same ones by chance is less likely than one in ten million.
"""

import mmap
from collections.abc import Iterable, Iterator

_SLOTS = 1 << 22
_KEY = 8


class References:
    """A table of a fixed size, of which the memory is taken as it fills."""

    def __init__(self) -> None:
        self._keys = memoryview(mmap.mmap(-1, _SLOTS * 8)).cast("Q")
        self._rows = memoryview(mmap.mmap(-1, _SLOTS * 4)).cast("I")

    def repeated(
        self, digests: bytes, width: int, rows: Iterable[int]
    ) -> Iterator[tuple[int, int]]:
        """Take in digests of `width` bytes with their rows; yield each repeat with the first."""
        keys, held = self._keys, self._rows
        for place, row in enumerate(rows):
            start = place * width
            # No key is 0, which is an empty slot.
            key = int.from_bytes(digests[start : start + _KEY], "little") | 1
            slot = key >> 1 & _SLOTS - 1
            while keys[slot] and keys[slot] != key:
                slot = slot + 1 & _SLOTS - 1
            if keys[slot]:
                yield row, held[slot]
            else:
                keys[slot], held[slot] = key, row
