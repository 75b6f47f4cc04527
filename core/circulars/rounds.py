"""What went round, as the city's section may know of it: when, of what kind, and how many read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from core.associations import structure_rows
from core.associations.rows import Association
from core.callers import Caller
from core.circulars import queries, receipts
from core.circulars.queries import Counts
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import OUT


@dataclass(frozen=True, slots=True)
class Round:
    """A circular that is out, and how many households have read it."""

    circular: Circular
    counts: Counts


@dataclass(frozen=True, slots=True)
class Forward:
    """An association whose leaders got the city's circular, and how it went round there."""

    association: Association
    leaders: Counts
    remind_time: datetime | None
    round: Round | None


def of_association(
    session: Session, by: Caller, *, association_id: str, before: str, limit: int
) -> list[Round]:
    """Return what went round in an association, newest first; raise AssociationUnknown."""
    association = structure_rows.get(session, by.municipality, association_id)
    is_out = Circular.state.in_(OUT)
    found = queries.page(
        session, by.municipality, association.id, is_out, before=before, limit=limit
    )
    return _counted(session, by.municipality, found)


def last(session: Session, municipality: str, association_ids: Collection[str]) -> list[Round]:
    """Return what went out last in each of these associations."""
    place = func.row_number().over(
        partition_by=Circular.association_id,
        order_by=(Circular.publish_time.desc(), Circular.id.desc()),
    )
    placed = (
        select(Circular.id, place.label("place"))
        .where(
            Circular.municipality == municipality,
            Circular.association_id.in_(association_ids),
            Circular.state.in_(OUT),
        )
        .subquery()
    )
    newest = select(placed.c.id).where(placed.c.place == 1)
    query = select(Circular).where(Circular.municipality == municipality, Circular.id.in_(newest))
    return _counted(session, municipality, list(session.scalars(query)))


def forwards(
    session: Session,
    by: Caller,
    *,
    circular_id: str,
    waiting: bool,
    after: tuple[str, str] | None,
    limit: int,
    now: datetime,
) -> list[Forward]:
    """Return the associations that the city's circular went to, by name, after a (name, id).

    With `waiting` only those that have not passed it on. Raises CircularUnknown.
    """
    led = receipts.out(session, by, external_id="", circular_id=circular_id, now=now)
    municipality = by.municipality
    query = _led_to(led.circular)
    if waiting:
        query = query.where(~_passed_on(led.circular))
    places = (Association.name, Association.id)
    if after is not None:
        query = query.where(tuple_(*places) > tuple_(*after))
    found = session.execute(query.order_by(*places).limit(limit)).all()
    ids = [row[0].id for row in found]
    circulars = queries.forwarded(session, municipality, [led.circular.id], ids)
    rounds = {
        one.circular.association_id: one
        for one in _counted(session, municipality, list(circulars.values()))
    }
    return [Forward(row[0], Counts(row[1], row[2]), row[3], rounds.get(row[0].id)) for row in found]


def _led_to(circular: Circular) -> Select[Association, int, int, datetime | None]:
    """Return each association it went to: its leaders, who of them read, and the reminder."""
    return (
        select(
            Association,
            func.count(),
            func.count(Receipt.way),
            func.max(Receipt.remind_time),
        )
        .join(
            Receipt,
            (Receipt.municipality == Association.municipality)
            & (Receipt.association_id == Association.id),
        )
        .where(
            Association.municipality == circular.municipality, Receipt.circular_id == circular.id
        )
        .group_by(Association.municipality, Association.id)
    )


def _passed_on(circular: Circular) -> ColumnElement[bool]:
    """Whether the association made it a circular of its own."""
    own = select(Circular.id).where(
        Circular.municipality == circular.municipality,
        Circular.association_id == Association.id,
        Circular.forwarded_from == circular.id,
    )
    return own.exists()


def _counted(session: Session, municipality: str, found: Collection[Circular]) -> list[Round]:
    counts = queries.counts(session, municipality, [one.id for one in found], None)
    return [Round(one, counts.get(one.id, Counts())) for one in found]
