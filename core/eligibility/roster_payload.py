"""The rows of a roster as a database takes them fastest, personal values sealed.

Column by column: a process beside the core makes them, so that the core need not.
"""

import os
import pickle
import struct
from collections.abc import Callable, Sequence
from itertools import chain, repeat
from typing import Any

from core.crypto import Vault
from core.eligibility import accounts
from core.rosters.rows import RosterRow

_INTEGER = struct.Struct(">ii")
_LENGTH = struct.Struct(">i")
_NULL = _LENGTH.pack(-1)
_TRUE, _FALSE = (_LENGTH.pack(1) + value for value in (b"\1", b"\0"))
_BEGINS = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_ENDS = struct.pack(">h", -1)

Encoder = Callable[[Sequence[Any]], list[bytes]]


def _texts(values: Sequence[str]) -> list[bytes]:
    return _blobs([value.encode() for value in values])


def _blobs(values: Sequence[bytes | None]) -> list[bytes]:
    length = _LENGTH.pack
    return [_NULL if value is None else length(len(value)) + value for value in values]


def _integers(values: Sequence[int | None]) -> list[bytes]:
    return [_NULL if value is None else _INTEGER.pack(4, value) for value in values]


def _flags(values: Sequence[bool]) -> list[bytes]:
    return [_TRUE if value else _FALSE for value in values]


_ENCODERS: dict[str, Encoder] = {
    "municipality": _texts,
    "id": _texts,
    "program_id": _texts,
    "roster_id": _texts,
    "reference": _blobs,
    "reference_index": _blobs,
    "household": _blobs,
    "name": _blobs,
    "kana": _blobs,
    "birth_date": _blobs,
    "sex": _blobs,
    "postal_code": _blobs,
    "address": _blobs,
    "amount": _integers,
    "account_text": _blobs,
    "suppressed": _flags,
    "birth_index": _blobs,
    "content_digest": _blobs,
    "household_size": _integers,
}
COLUMNS = tuple(_ENCODERS)
"""What of an entitlement is written, in the order of the values of a row."""

_FIELDS = struct.pack(">h", len(COLUMNS))

Columns = Sequence[Sequence[Any]]


def sealed(
    vault: Vault,
    rows: Sequence[RosterRow],
    *,
    amounts: Sequence[int],
    references: Sequence[bytes],
    digests: Sequence[bytes],
    municipality: str,
    program_id: str,
    roster_id: str,
) -> Columns:
    """Return the values of a roster's rows, by `COLUMNS`."""
    count = len(rows)

    def seal(name: str, texts: Sequence[str]) -> list[bytes]:
        return vault.seal_each(texts, f"entitlements.{name}")

    account_texts = [accounts.to_text(row.account) for row in rows if row.account]
    account = iter(seal("account_text", account_texts))
    born = [row.birth_date for row in rows]
    return (
        [municipality] * count,
        _ids(roster_id, [row.row for row in rows]),
        [program_id] * count,
        [roster_id] * count,
        seal("reference", [row.reference for row in rows]),
        references,
        seal("household", [row.household for row in rows]),
        seal("name", [row.name for row in rows]),
        seal("kana", [row.name_kana for row in rows]),
        seal("birth_date", born),
        seal("sex", [row.sex or "" for row in rows]),
        seal("postal_code", [row.postcode for row in rows]),
        seal("address", [row.address for row in rows]),
        amounts,
        [next(account) if row.account else None for row in rows],
        [row.suppressed for row in rows],
        _birth_indexes(vault, born),
        digests,
        [row.household_size for row in rows],
    )


def _birth_indexes(vault: Vault, born: Sequence[str]) -> list[bytes | None]:
    whole = sorted(filter(is_whole, set(born)))
    indexes = vault.digest_each((day.encode() for day in whole), "entitlements.birth_date")
    by_day = dict(zip(whole, indexes, strict=True))
    return [by_day.get(day) for day in born]


def is_whole(born: str) -> bool:
    """Whether all of a birth date is known."""
    return bool(born) and "-00" not in born


def _ids(roster_id: str, rows: Sequence[int]) -> list[str]:
    """Return UUIDv7s (RFC 9562) of the roster's moment that count its rows, so that ids sort."""
    began = int(roster_id.replace("-", "")[:12], 16) << 80
    drawn = iter(struct.unpack(f">{len(rows)}Q", os.urandom(8 * len(rows))))
    ids: list[str] = []
    for row in rows:
        low = 0b10 << 62 | (row & 0xFFFFF) << 42 | next(drawn) >> 22
        text = f"{began | (0x7000 | row >> 20) << 64 | low:032x}"
        ids.append(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
    return ids


def packed(dialect: str, columns: Columns) -> bytes:
    """Return rows as `COPY` takes them, or as `rows_of` unpacks them."""
    if dialect != "postgresql":
        return pickle.dumps(list(zip(*columns, strict=True)), pickle.HIGHEST_PROTOCOL)
    fields = [encode(one) for encode, one in zip(_ENCODERS.values(), columns, strict=True)]
    rows = chain.from_iterable(zip(repeat(_FIELDS), *fields, strict=False))
    return b"".join((_BEGINS, *rows, _ENDS))


def rows_of(payload: bytes) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = pickle.loads(payload)  # noqa: S301 - made by the core's own process.
    return rows
