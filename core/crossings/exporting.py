"""Seals the registrations of an export while they are read, a page at a time."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from core.crossings import registered_rows, rows
from core.crossings.rows import Crossing
from core.crossings.rules import amount_told
from core.eligibility import populations, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.etags import ChangedMeanwhile, etag_of
from core.japan import today
from core.sealing.exports import SECRET_BYTES, Export, write_export

PART_BYTES = 1 << 18
"""Bytes of a part, as it is kept and sent."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An export as it is kept: only who holds the city's key reads the parts."""

    export: Export
    content_hash: str
    parts: Sequence[bytes]

    @property
    def file_name(self) -> str:
        day = self.export.create_time[:10].replace("-", "")
        return f"registrations-{self.export.program_code}-{day}.age.txt"


class Parts:
    """A file to write to, that is kept in parts as they are sent."""

    def __init__(self) -> None:
        self.whole: list[bytes] = []
        self._rest = bytearray()

    def write(self, content: bytes) -> int:
        """Take in bytes, and return how many."""
        self._rest += content
        while len(self._rest) >= PART_BYTES:
            self.whole.append(bytes(self._rest[:PART_BYTES]))
            del self._rest[:PART_BYTES]
        return len(content)

    def flush(self) -> None:
        """Do nothing: a part is kept once it is whole."""

    def parts(self) -> list[bytes]:
        """Return all parts; nothing may be written after."""
        return [*self.whole, *([bytes(self._rest)] if self._rest else [])]


def count(session: Session, municipality: str, terms: Terms) -> int:
    """Return how many registrations suffice for the terms."""
    return registered_rows.count(session, municipality, terms.required_assurance)


def seal(session: Session, crossing: Crossing, now: datetime) -> Sealed:
    """Seal the registrations that suffice for the program's terms, while they are read.

    Those under protection are among them, marked: inside they must be found, but not told. Memory
    holds a page of them and what is sealed; where one is deleted meanwhile nothing is sealed.
    Raises SealingKeyMissing, ChangedMeanwhile.
    """
    municipality = crossing.municipality
    program = eligibility.get_program(session, municipality, crossing.program_id)
    terms = version_rows.terms_now(session, program, now)
    key = rows.newest_key(session, municipality)
    facts = registered_rows.ids(session, municipality, terms.required_assurance)
    told = amount_told(terms)
    export = Export(
        municipality=municipality,
        program_id=program.id,
        program_code=program.code,
        export_id=crossing.id,
        count=len(facts),
        create_time=now.isoformat(timespec="seconds"),
        key=key.fingerprint,
        amount="" if told is None else str(told),
        secret=secrets.token_bytes(SECRET_BYTES),
    )
    out = Parts()
    lines = _lines(session, crossing, facts)
    content_hash = write_export(cast("BinaryIO", out), export, lines, key.public_key)
    return Sealed(export, content_hash, out.parts())


def _lines(session: Session, crossing: Crossing, ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield registrations in the order of the ids."""
    municipality, read = crossing.municipality, 0
    for page in registered_rows.pages(session, municipality, ids):
        read += len(page)
        found = [(facts.resident_id, facts) for facts in page]
        people = populations.registrations(session, municipality, found)
        for facts, one in zip(page, people, strict=True):
            yield (
                one.id,
                one.name,
                one.birth_date,
                one.sex,
                one.address,
                today(facts.verify_time).isoformat(),
                one.name_flags,
                one.address_flags,
                "1" if one.suppressed else "0",
            )
    if read != len(ids):
        raise ChangedMeanwhile(
            "a registration was deleted while it was read: approve again",
            etag=etag_of(crossing.revision),
        )
