"""Hands decisions over to the closed network, which holds the accounts and pays: each once."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.crossings import rows
from core.crossings.exporting import PART_BYTES
from core.crossings.rows import Crossing
from core.eligibility import rows as eligibility
from core.etags import ChangedMeanwhile, etag_of
from core.sealing.decisions import Decided, Parcel, total_of, write_decisions


@dataclass(frozen=True, slots=True)
class Decision:
    """An application that was decided, as it stood at `revision`, and what is told of it."""

    application_id: str
    revision: int
    told: Decided


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is known and done of applications, by those who keep them.

    `find` returns what was decided of a program for rows that are paid in the closed network;
    `take` marks those of the ids that are to be paid as under way there, `give_back` undoes it.
    """

    find: Callable[[Session, str, str], list[Decision]]
    take: Callable[[Session, Caller, Sequence[str], datetime], None]
    give_back: Callable[[Session, Caller, Sequence[str], datetime], None]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What a parcel will hold, and the key to seal it to. It is kept nowhere."""

    parcel: Parcel
    decisions: Sequence[Decision]
    public_key: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A parcel as it is kept: only who holds the city's key reads the parts."""

    parcel: Parcel
    decisions: Sequence[Decision]
    content_hash: str
    parts: Sequence[bytes]

    @property
    def file_name(self) -> str:
        day = self.parcel.create_time[:10].replace("-", "")
        return f"decisions-{self.parcel.program_code}-{day}.age.txt"


def waiting(
    session: Session, municipality: str, program_id: str, decisions: Decisions
) -> list[Decision]:
    """Return what was decided and is in no parcel yet."""
    before = rows.handed_over(session, municipality, program_id)
    found = decisions.find(session, municipality, program_id)
    return [one for one in found if one.application_id not in before]


def gather(
    session: Session, by: Caller, crossing: Crossing, decisions: Decisions, now: datetime
) -> Unsealed:
    """Read what waits to be handed over; raise SealingKeyMissing."""
    municipality = crossing.municipality
    program = eligibility.get_program(session, municipality, crossing.program_id)
    key = rows.newest_key(session, municipality)
    found = waiting(session, municipality, program.id, decisions)
    parcel = Parcel(
        municipality=municipality,
        program_id=program.id,
        program_code=program.code,
        crossing_id=crossing.id,
        count=len(found),
        total=total_of([one.told for one in found]),
        create_time=now.isoformat(timespec="seconds"),
        key=key.fingerprint,
        proposer=crossing.proposer,
        approver=by.name,
    )
    return Unsealed(parcel, found, key.public_key)


def seal(unsealed: Unsealed) -> Sealed:
    """Seal a parcel; slow where it is large, so it runs outside transactions."""
    out = io.BytesIO()
    told = [one.told for one in unsealed.decisions]
    content_hash = write_decisions(out, unsealed.parcel, told, unsealed.public_key)
    whole = out.getvalue()
    parts = [whole[at : at + PART_BYTES] for at in range(0, len(whole), PART_BYTES)]
    return Sealed(unsealed.parcel, unsealed.decisions, content_hash, parts)


def hand_over(
    session: Session,
    by: Caller,
    crossing: Crossing,
    *,
    sealed: Sealed,
    decisions: Decisions,
    now: datetime,
) -> None:
    """Note that decisions are in this parcel and in no other; those to be paid are under way.

    Raises ChangedMeanwhile where one of them changed since it was sealed.
    """
    eligibility.get_program(session, crossing.municipality, crossing.program_id, lock=True)
    still = set(waiting(session, crossing.municipality, crossing.program_id, decisions))
    if not still.issuperset(sealed.decisions):
        raise ChangedMeanwhile(
            "a decision changed since it was read: approve again", etag=etag_of(crossing.revision)
        )
    ids = [one.application_id for one in sealed.decisions]
    rows.add_handed_over(session, crossing, ids)
    decisions.take(session, by, ids, now)


def take_back(
    session: Session, by: Caller, crossing: Crossing, decisions: Decisions, now: datetime
) -> None:
    """Let the decisions of a parcel that never left wait for another."""
    ids = sorted(rows.handed_over(session, crossing.municipality, crossing.program_id, crossing.id))
    decisions.give_back(session, by, ids, now)
