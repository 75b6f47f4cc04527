"""Seals streams with age, as text that survives what is done to files between the networks."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

import pyrage

from core.sealing.keys import CityKey, recipient
from core.sealing.refusals import SealBroken

_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 1 << 12


def seal(out: BinaryIO, parts: Iterable[bytes], public_key: str) -> None:
    """Write what the parts add up to, sealed to a public key, without holding it in memory."""
    source = _Parts(iter(parts))
    try:
        pyrage.encrypt_io(source, out, [recipient(public_key)], armored=True)
    except pyrage.EncryptError:
        if source.failure:
            raise source.failure from None
        raise


def unseal(sealed: BinaryIO, out: BinaryIO, keys: Sequence[CityKey]) -> None:
    """Open a sealed stream with whichever key fits; nothing in `out` counts where it raises.

    Raises `SealBroken`.
    """
    identities = [key.identity for key in keys]
    try:
        pyrage.decrypt_io(_Parts(_lines(sealed)), out, identities)
    except pyrage.DecryptError as wrong:
        if "No matching keys" in str(wrong):
            raise SealBroken("KEY_WRONG", "the file is sealed to another key") from wrong
        raise SealBroken("NOT_SEALED", f"the file is not sealed as ours are: {wrong}") from wrong
    except OSError as wrong:
        # The library says so of a part that was changed or cut off.
        raise SealBroken("CHANGED", f"the sealed file was changed: {wrong}") from wrong


def _lines(sealed: BinaryIO) -> Iterator[bytes]:
    """Yield the lines as they were written, whatever was put around them."""
    first = True
    while line := sealed.readline(_LONGEST_LINE):
        plain = (line.removeprefix(_BOM) if first else line).strip()
        if plain:
            first = False
            yield plain + b"\n"


class _Parts(io.RawIOBase):
    """A file to read from, made of parts that are asked for as they are needed."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._next: Callable[[], bytes] = lambda: next(parts, b"")
        self._rest = memoryview(b"")
        self.failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return at most so many bytes, and none at the end."""
        if not self._rest:
            try:
                self._rest = memoryview(self._next())
            except Exception as failure:
                # The library hands on the words of a failure alone.
                self.failure = failure
                raise
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return bytes(taken)
