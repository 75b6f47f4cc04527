"""Which households a circular is for, looked up when it is kept and again when it goes out."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.associations import structure_rows
from core.associations.member_rows import Member, Office
from core.associations.office_rows import holds
from core.associations.rows import Association, Group, Household
from core.associations.rules import (
    AssociationUnknown,
    GroupUnknown,
    HouseholdUnknown,
    NotInOffice,
    OfficeKind,
    Standing,
)
from core.circulars.targets import Targets, check_may_target


class Target(NamedTuple):
    """A household that a circular is for; of a whole town, so nothing of it is unsealed."""

    id: str
    group_id: str
    association_id: str


def check(session: Session, standing: Standing, municipality: str, targets: Targets) -> None:
    """Raise what is wrong with targets that are kept: of others, unknown, or not the author's."""
    if standing.is_staff:
        _check_associations(session, municipality, targets.association_ids)
        return
    check_may_target(standing, targets)
    query = select(Group.id).where(
        Group.municipality == municipality,
        Group.association_id == standing.association_id,
        Group.id.in_(targets.group_ids),
    )
    if len(set(session.scalars(query))) != len(targets.group_ids):
        raise GroupUnknown("the association has no such group")
    found = _households(session, municipality, standing, Household.id.in_(targets.household_ids))
    if len(found) != len(targets.household_ids):
        raise HouseholdUnknown("no such household")
    _check_led(standing, found)


def _check_associations(session: Session, municipality: str, ids: Collection[str]) -> None:
    query = select(Association.id).where(
        Association.municipality == municipality, Association.id.in_(ids)
    )
    if len(set(session.scalars(query))) != len(ids):
        raise AssociationUnknown("no such association")


def _check_led(standing: Standing, households: Collection[Target]) -> None:
    if not all(standing.leads(one.group_id) for one in households):
        raise NotInOffice("the association's chair or vice writes to others", needed="chair")


def resolve(
    session: Session, standing: Standing, municipality: str, targets: Targets, now: datetime
) -> list[Target]:
    """Return the households that targets hold now, each once; who left is none of them.

    Raises NotInOffice where the author's office of today does not reach them.
    """
    if standing.is_staff:
        return _leaders(session, municipality, targets, now)
    check_may_target(standing, targets)
    wanted: list[ColumnElement[bool]] = [
        Household.group_id.in_(targets.group_ids),
        Household.id.in_(targets.household_ids),
    ]
    if targets.offices:
        members = _in_office(session, municipality, [standing.association_id], now)
        held = {member.household_id for kind, member in members if kind in targets.offices}
        wanted.append(Household.id.in_(held))
    if targets.everybody:
        wanted.append(structure_rows.LIVES)
    found = _households(session, municipality, standing, or_(*wanted))
    _check_led(standing, found)
    return found


def _households(
    session: Session, municipality: str, standing: Standing, wanted: ColumnElement[bool]
) -> list[Target]:
    return _found(
        session,
        Household.municipality == municipality,
        Household.association_id == standing.association_id,
        wanted,
    )


def _found(session: Session, *wanted: ColumnElement[bool]) -> list[Target]:
    query = select(Household.id, Household.group_id, Household.association_id)
    found = session.execute(query.where(structure_rows.LIVES, *wanted).order_by(Household.id))
    return [Target(*row) for row in found]


def leaders_of(
    session: Session, municipality: str, association_ids: Collection[str], now: datetime
) -> list[Member]:
    """Return who leads each association today: its chair, and its vices where there is none."""
    members = _in_office(session, municipality, association_ids, now)
    chaired = {one.association_id for kind, one in members if kind is OfficeKind.CHAIR}
    leading = {
        one.id: one
        for kind, one in members
        if kind is OfficeKind.CHAIR
        or (kind is OfficeKind.VICE and one.association_id not in chaired)
    }
    return list(leading.values())


def _leaders(session: Session, municipality: str, targets: Targets, now: datetime) -> list[Target]:
    query = select(Association.id).where(Association.municipality == municipality)
    if not targets.all_associations:
        query = query.where(Association.id.in_(targets.association_ids))
    leaders = leaders_of(session, municipality, list(session.scalars(query)), now)
    return _found(
        session,
        Household.municipality == municipality,
        Household.id.in_({one.household_id for one in leaders}),
    )


def _in_office(
    session: Session, municipality: str, association_ids: Collection[str], now: datetime
) -> list[tuple[OfficeKind, Member]]:
    """Return who is in office today in associations, with what office.

    The offices first, for of a city's members only who holds one is unsealed; and one after the
    other, for PostgreSQL may not know yet how many there are.
    """
    query = select(Office).where(
        Office.municipality == municipality,
        Office.association_id.in_(association_ids),
        *holds(now),
    )
    held = list(session.scalars(query.order_by(Office.begin_date, Office.id)))
    holders = select(Member).where(
        Member.municipality == municipality,
        Member.id.in_({office.member_id for office in held}),
        Member.end_time.is_(None),
    )
    members = {member.id: member for member in session.scalars(holders)}
    return [
        (office.kind, members[office.member_id]) for office in held if office.member_id in members
    ]
