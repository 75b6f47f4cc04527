"""Seals the registrations of an export: read in one transaction, sealed outside of any."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.crossings import rows
from core.crossings.rows import Crossing
from core.crossings.rules import amount_told
from core.eligibility import populations, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.proxies.rules import today
from core.residents import rows as residents
from core.residents.rules import suffices
from core.sealing.exports import SECRET_BYTES, Export, write_export

PART_BYTES = 1 << 18
"""Bytes of a part, as it is kept and sent."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What an export will hold, and the key to seal it to. It is kept nowhere."""

    export: Export
    registrations: Sequence[Sequence[str]]
    public_key: str


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


def count(session: Session, municipality: str, terms: Terms) -> int:
    """Return how many registrations suffice for the terms."""
    return len(_enough(session, municipality, terms))


def gather(session: Session, crossing: Crossing, now: datetime) -> Unsealed:
    """Read the registrations in force that suffice for the program's terms; raise as `newest_key`.

    Those under protection are among them, marked: inside they must be found, but not told.
    """
    municipality = crossing.municipality
    program = eligibility.get_program(session, municipality, crossing.program_id)
    terms = version_rows.terms_now(session, program, now)
    key = rows.newest_key(session, municipality)
    found = _enough(session, municipality, terms)
    since = {id: facts.verify_time for id, facts in found}
    told = amount_told(terms)
    registrations = [
        (
            one.id,
            one.name,
            one.birth_date,
            one.sex,
            one.address,
            today(since[one.id]).isoformat(),
            one.name_flags,
            one.address_flags,
            "1" if one.suppressed else "0",
        )
        for one in populations.registrations(session, municipality, found)
    ]
    export = Export(
        municipality=municipality,
        program_id=program.id,
        program_code=program.code,
        export_id=crossing.id,
        count=len(registrations),
        create_time=now.isoformat(timespec="seconds"),
        key=key.fingerprint,
        amount="" if told is None else str(told),
        secret=secrets.token_bytes(SECRET_BYTES),
    )
    return Unsealed(export, registrations, key.public_key)


def seal(unsealed: Unsealed) -> Sealed:
    """Seal an export; slow where it is large, so it runs outside transactions."""
    out = io.BytesIO()
    content_hash = write_export(out, unsealed.export, unsealed.registrations, unsealed.public_key)
    whole = out.getvalue()
    parts = [whole[at : at + PART_BYTES] for at in range(0, len(whole), PART_BYTES)]
    return Sealed(unsealed.export, content_hash, parts)


def _enough(session: Session, municipality: str, terms: Terms) -> list[tuple[str, residents.Facts]]:
    return [
        (id, facts)
        for id, facts in residents.current_facts(session, municipality)
        if suffices(facts.assurance, terms.required_assurance)
    ]
