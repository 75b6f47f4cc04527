"""Every query of circulars and of what was read of them."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, undefer

from core.associations.rows import Group, Household
from core.associations.structure_rows import LAST, Place
from core.circulars.rows import Circular, CircularFile, CircularVersion, Receipt
from core.circulars.rules import OUT, CircularUnknown, State


def find(session: Session, municipality: str, id: str, *, lock: bool = False) -> Circular | None:
    """Return the circular, locked where it will change."""
    key = (municipality, id)
    return session.get(Circular, key, with_for_update=lock or None, populate_existing=lock)


def unknown() -> CircularUnknown:
    """Return the one answer to every id that is nobody's, or not the asker's to know of."""
    return CircularUnknown("no such circular")


def version_of(session: Session, circular: Circular) -> CircularVersion:
    """Return what the circular says now."""
    key = (circular.municipality, circular.id, circular.version)
    return session.get_one(CircularVersion, key)


def content_of(session: Session, circular: Circular) -> dict[str, Any]:
    """Return the newest version's content, with the contract's names."""
    content: dict[str, Any] = json.loads(version_of(session, circular).content_json)
    return content


def page(
    session: Session,
    municipality: str,
    association_id: str,
    *wanted: ColumnElement[bool],
    before: str,
    limit: int | None,
) -> list[Circular]:
    """Return circulars of an association, or the city's, newest first; all without a limit."""
    query = select(Circular).where(
        Circular.municipality == municipality, Circular.association_id == association_id, *wanted
    )
    if before:
        query = query.where(Circular.id < before)
    return list(session.scalars(query.order_by(Circular.id.desc()).limit(limit)))


def reaches_groups(group_ids: Collection[str]) -> ColumnElement[bool]:
    """Match the circulars that are out to a household of these groups."""
    return exists().where(
        Receipt.municipality == Circular.municipality,
        Receipt.circular_id == Circular.id,
        Household.municipality == Receipt.municipality,
        Household.id == Receipt.household_id,
        Household.group_id.in_(group_ids),
    )


def asked(
    session: Session, municipality: str, author_ids: Collection[str], *, since: datetime
) -> Circular | None:
    """Return the draft kept last of those for which an author was asked something since then."""
    query = (
        select(Circular)
        .join(
            CircularVersion,
            (CircularVersion.municipality == Circular.municipality)
            & (CircularVersion.circular_id == Circular.id),
        )
        .where(
            Circular.municipality == municipality,
            Circular.author_id.in_(author_ids),
            Circular.state == State.DRAFT,
            Circular.asked != "",
            CircularVersion.create_time > since,
        )
        .order_by(CircularVersion.create_time.desc(), Circular.id.desc())
    )
    return session.scalars(query.limit(1)).one_or_none()


def due(session: Session, municipality: str, now: datetime) -> Circular | None:
    """Return the scheduled circular whose time came first, locked."""
    query = select(Circular).where(
        Circular.municipality == municipality,
        Circular.state == State.SCHEDULED,
        Circular.publish_time <= now,
    )
    first = query.order_by(Circular.publish_time, Circular.id).limit(1)
    return session.scalars(first.with_for_update()).one_or_none()


@dataclass(frozen=True, slots=True)
class Counts:
    """Households that got a circular, and how many of them have read."""

    households: int = 0
    read: int = 0


OF_RECEIPT = (Household.municipality == Receipt.municipality) & (
    Household.id == Receipt.household_id
)

CONCERNED = or_(Receipt.way.is_not(None), Household.end_time.is_(None))
"""Whether a household read, or still can: who left without having read is waited for no more."""


def counts(
    session: Session,
    municipality: str,
    circular_ids: Collection[str],
    group_ids: Collection[str] | None,
) -> dict[str, Counts]:
    """Return the counts by circular; of these groups' households alone, unless None.

    Who left without having read is waited for no more, and not counted.
    """
    query = (
        select(Receipt.circular_id, func.count(), func.count(Receipt.way))
        .join(Household, OF_RECEIPT)
        .where(
            Receipt.municipality == municipality, Receipt.circular_id.in_(circular_ids), CONCERNED
        )
    )
    if group_ids is not None:
        query = query.where(Household.group_id.in_(group_ids))
    found = session.execute(query.group_by(Receipt.circular_id))
    return {row[0]: Counts(row[1], row[2]) for row in found}


def files(session: Session, municipality: str, ids: Sequence[str]) -> list[CircularFile]:
    """Return files in this order, with the text that stands in them."""
    query = select(CircularFile).where(
        CircularFile.municipality == municipality, CircularFile.id.in_(ids)
    )
    found = {row.id: row for row in session.scalars(query.options(undefer(CircularFile.text)))}
    return [found[id] for id in ids if id in found]


def receipts_of(
    session: Session,
    municipality: str,
    circular_id: str,
    household_ids: Collection[str],
    *,
    lock: bool = False,
) -> list[Receipt]:
    """Return the receipts of these households that a circular is for, locked to be changed."""
    query = select(Receipt).where(
        Receipt.municipality == municipality,
        Receipt.circular_id == circular_id,
        Receipt.household_id.in_(household_ids),
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query.order_by(Receipt.household_id)))


def has_receipts(
    session: Session,
    circular: Circular,
    group_ids: Collection[str] | None,
    household_ids: Collection[str],
) -> bool:
    """Whether a circular is for all of these households; of these groups, unless None."""
    query = select(Receipt.household_id).where(
        Receipt.municipality == circular.municipality,
        Receipt.circular_id == circular.id,
        Receipt.household_id.in_(household_ids),
        *_of_groups(group_ids),
    )
    return set(session.scalars(query)) == set(household_ids)


def last_reminded(
    session: Session, circular: Circular, group_ids: Collection[str] | None
) -> datetime | None:
    """Return when one of the households that have not read was reminded last."""
    query = select(func.max(Receipt.remind_time)).where(
        Receipt.municipality == circular.municipality,
        Receipt.circular_id == circular.id,
        Receipt.way.is_(None),
        *_of_groups(group_ids),
    )
    return session.scalars(query).one()


def _of_groups(group_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Match receipts of households of these groups, or of all where None."""
    if group_ids is None:
        return []
    return [exists().where(OF_RECEIPT, Household.group_id.in_(group_ids))]


def receipts_in_round(
    session: Session,
    circular: Circular,
    *,
    group_ids: Collection[str] | None,
    unread: bool = False,
    after: Place | None = None,
    limit: int | None = None,
) -> list[tuple[Receipt, Household, Place]]:
    """Return receipts with their households in the order of the round; `group_ids` None means all.

    Those that left are among them where they had read.
    """
    places = (
        func.coalesce(Group.round_order, LAST),
        func.coalesce(Group.id, ""),
        Household.round_order,
        Household.id,
    )
    query = (
        select(Receipt, Household, *places[:2])
        .join(Household, OF_RECEIPT)
        .outerjoin(
            Group,
            (Group.municipality == Household.municipality) & (Group.id == Household.group_id),
        )
        .where(
            Receipt.municipality == circular.municipality,
            Receipt.circular_id == circular.id,
            CONCERNED,
        )
    )
    if group_ids is not None:
        query = query.where(Household.group_id.in_(group_ids))
    if unread:
        query = query.where(Receipt.way.is_(None))
    if after is not None:
        query = query.where(tuple_(*places) > tuple_(*after))
    found = session.execute(query.order_by(*places).limit(limit))
    return [(row[0], row[1], (row[2], row[3], row[1].round_order, row[1].id)) for row in found]


def got_by(
    session: Session, municipality: str, household_ids: Collection[str]
) -> list[tuple[Circular, Receipt]]:
    """Return what these households got, newest first."""
    query = (
        select(Circular, Receipt)
        .join(
            Receipt,
            (Receipt.municipality == Circular.municipality) & (Receipt.circular_id == Circular.id),
        )
        .where(
            Receipt.municipality == municipality,
            Receipt.household_id.in_(household_ids),
            Circular.state.in_(OUT),
        )
    )
    newest_first = query.order_by(Circular.publish_time.desc(), Circular.id.desc())
    return [(row[0], row[1]) for row in session.execute(newest_first)]


def contents(session: Session, circulars: Iterable[Circular]) -> dict[str, CircularVersion]:
    """Return what circulars say now, by circular."""
    wanted = [(one.municipality, one.id, one.version) for one in circulars]
    of = (CircularVersion.municipality, CircularVersion.circular_id, CircularVersion.version)
    query = select(CircularVersion).where(tuple_(*of).in_(wanted))
    return {row.circular_id: row for row in session.scalars(query)}


def forwarded(
    session: Session,
    municipality: str,
    circular_ids: Collection[str],
    association_ids: Collection[str],
) -> dict[tuple[str, str], Circular]:
    """Return what associations passed on, by the city's circular and the association."""
    query = select(Circular).where(
        Circular.municipality == municipality,
        Circular.association_id.in_(association_ids),
        Circular.forwarded_from.in_(circular_ids),
        Circular.forwarded_from != "",
    )
    return {(one.forwarded_from, one.association_id): one for one in session.scalars(query)}


def is_for(session: Session, circular: Circular, association_id: str) -> bool:
    """Whether the city's circular is out to leaders of an association."""
    query = select(Receipt.household_id).where(
        Receipt.municipality == circular.municipality,
        Receipt.circular_id == circular.id,
        Receipt.association_id == association_id,
    )
    is_out = circular.state in OUT and not circular.association_id
    return is_out and session.scalars(query.limit(1)).first() is not None
