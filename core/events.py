"""The log: every change is an event, written in the change's own transaction, in one hash chain.

The chain is the municipality's: `seq` has no gaps, in the order of commits, so that a cursor is one
number and whoever watches misses nothing. It costs a lock on the municipality's head, taken at the
end of the transaction and held through the commit; municipalities do not wait for each other.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import crypto
from core.callers import Caller
from core.crypto import Sealed, Unsealable
from core.db import Instant, Row, later

GENESIS = b"\0" * 32
REASON = "events.reason"


class Municipality(Row):
    """A tenant, and the head of its chain."""

    __tablename__ = "municipalities"

    municipality: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_hash: Mapped[bytes] = mapped_column(default=GENESIS)


class Event(Row):
    """A line of the log. `details` never holds personal data; a person's `reason` is sealed."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "subject"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]
    on_behalf_of: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(Sealed(REASON))
    reason_digest: Mapped[bytes | None]
    hash: Mapped[bytes]


EVENTS: Table = Event.__table__  # type: ignore[assignment]  # A mapped class's table is a Table.
HEADS: Table = Municipality.__table__  # type: ignore[assignment]  # Likewise.

_INSERT = insert(EVENTS)
_MOVE_HEAD = (
    update(HEADS)
    .where(HEADS.c.municipality == bindparam("of"))
    .values(chain_seq=bindparam("seq"), chain_hash=bindparam("hash"))
)


@dataclass(slots=True)
class _Unwritten:
    municipality: str
    time: datetime
    actor: str
    on_behalf_of: str
    kind: str
    subject: str
    details: dict[str, str]
    reason: str | None


def record(
    session: Session,
    by: Caller,
    kind: str,
    subject: str,
    now: datetime,
    *,
    details: dict[str, str] | None = None,
    reason: str | None = None,
    on_behalf_of: str = "",
) -> None:
    """Put an event into the log at the end of this transaction.

    `details` are states, counts and ids, never personal data. `reason` is what a person wrote.
    """
    later(session, "events").append(
        _Unwritten(
            by.municipality, now, by.actor, on_behalf_of, kind, subject, details or {}, reason
        )
    )


def append(session: Session) -> None:
    """Write what was recorded, numbered and chained; the `finish` of every writing transaction."""
    unwritten: list[_Unwritten] = later(session, "events")
    if not unwritten:
        return
    session.flush()
    # In one order, so that two processes with the same municipalities cannot wait crosswise.
    for municipality in sorted({one.municipality for one in unwritten}):
        _append(session, municipality, [o for o in unwritten if o.municipality == municipality])
    unwritten.clear()


def _append(session: Session, municipality: str, unwritten: list[_Unwritten]) -> None:
    head = select(HEADS.c.chain_seq, HEADS.c.chain_hash).where(HEADS.c.municipality == municipality)
    # Not the key: each new row refers to it, and would wait for us while we wait for it.
    seq, hash_ = session.execute(head.with_for_update(key_share=True)).one()
    rows = []
    for one in unwritten:
        seq += 1
        digest = _reason_digest(session, one.reason)
        hash_ = _chained(hash_, seq, one, digest)
        rows.append(
            {
                "municipality": municipality,
                "seq": seq,
                "time": one.time,
                "actor": one.actor,
                "on_behalf_of": one.on_behalf_of,
                "kind": one.kind,
                "subject": one.subject,
                "details": one.details,
                "reason": one.reason,
                "reason_digest": digest,
                "hash": hash_,
            }
        )
    session.execute(_INSERT, rows)
    session.execute(_MOVE_HEAD, {"of": municipality, "seq": seq, "hash": hash_})


def _reason_digest(session: Session, reason: str | None) -> bytes | None:
    """Return a keyed digest, so that the chain covers the reason and survives new keys."""
    return None if reason is None else crypto.vault_of(session).index(reason, REASON)


def _chained(before: bytes, seq: int, event: "_Unwritten | Event", digest: bytes | None) -> bytes:
    content = [
        event.municipality,
        seq,
        event.time.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.on_behalf_of,
        event.kind,
        event.subject,
        sorted(event.details.items()),
        digest.hex() if digest else None,
    ]
    canonical = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(before + canonical.encode()).digest()


def held(session: Session, municipality: str) -> Municipality:
    """Return the municipality, locked to the transaction's end: nobody else records meanwhile."""
    # Not the key: whatever is new refers to it.
    return session.get_one(Municipality, municipality, with_for_update={"key_share": True})


def newest(session: Session, municipality: str) -> int:
    """Return the number of the municipality's last event; 0 where there is none."""
    query = select(HEADS.c.chain_seq).where(HEADS.c.municipality == municipality)
    return session.scalars(query).one_or_none() or 0


def after(session: Session, municipality: str, seq: int, limit: int) -> list[Event]:
    """Return what follows `seq`, oldest first."""
    query = select(Event).where(Event.municipality == municipality, Event.seq > seq)
    return list(session.scalars(query.order_by(Event.seq).limit(limit)))


def before(
    session: Session, municipality: str, seq: int | None, limit: int, subject: str = ""
) -> list[Event]:
    """Return what precedes `seq`, or the end of the log, newest first."""
    query = select(Event).where(Event.municipality == municipality)
    if seq is not None:
        query = query.where(Event.seq < seq)
    if subject:
        query = query.where(Event.subject == subject)
    return list(session.scalars(query.order_by(Event.seq.desc()).limit(limit)))


def about(session: Session, municipality: str, subject: str) -> list[Event]:
    """Return everything about one thing, oldest first."""
    query = select(Event).where(Event.municipality == municipality, Event.subject == subject)
    return list(session.scalars(query.order_by(Event.seq)))


def newest_about(
    session: Session, municipality: str, subjects: Collection[str], limit: int
) -> list[Event]:
    """Return the last events about any of these things, newest first."""
    query = select(Event).where(Event.municipality == municipality, Event.subject.in_(subjects))
    return list(session.scalars(query.order_by(Event.seq.desc()).limit(limit)))


@dataclass(frozen=True, slots=True)
class Verified:
    """How the walk along the chain ended: events walked, the last hash, and where it is broken."""

    events: int
    head: bytes
    broken_at: int = 0


def verify(session: Session, municipality: str) -> Verified:
    """Walk the chain from the first event to the head, and name the first event that breaks it."""
    hash_, seq = GENESIS, 0
    try:
        for event in _walk(session, municipality):
            digest = _reason_digest(session, event.reason)
            intact = event.seq == seq + 1 and digest == event.reason_digest
            if not intact or _chained(hash_, event.seq, event, digest) != event.hash:
                return Verified(seq, hash_, seq + 1)
            seq, hash_ = event.seq, event.hash
    except Unsealable:
        return Verified(seq, hash_, seq + 1)
    head = session.execute(
        select(HEADS.c.chain_seq, HEADS.c.chain_hash).where(HEADS.c.municipality == municipality)
    ).one_or_none()
    broken = head is not None and (head.chain_seq, head.chain_hash) != (seq, hash_)
    return Verified(seq, hash_, seq + 1 if broken else 0)


def _walk(session: Session, municipality: str) -> Iterator[Event]:
    """Yield the log from its first event; raise Unsealable at one whose reason was changed."""
    seq = 0
    limit = 1000
    while True:
        try:
            page = after(session, municipality, seq, limit)
        except Unsealable:
            if limit == 1:
                raise
            limit = 1  # One by one, up to the event whose reason was changed.
            continue
        if not page:
            return
        yield from page
        seq = page[-1].seq
        session.expunge_all()
