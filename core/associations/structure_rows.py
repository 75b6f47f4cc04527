"""Every query of associations, groups and households."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from core.associations.member_rows import Member
from core.associations.rows import Association, Group, Household
from core.associations.rules import AssociationUnknown, GroupUnknown, HouseholdUnknown

LAST = 2**31 - 1
Place = tuple[int, str, int, str]
"""A household's place in the round: its group's, the group's id, its own in it, its id."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Groups, households, and households of which somebody joined."""

    groups: int
    households: int
    joined: int


LIVES = Household.end_time.is_(None)


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Association:
    """Return the association, locked where it will change; raise AssociationUnknown."""
    row = session.get(Association, (municipality, id), with_for_update=lock or None)
    if row is None:
        raise AssociationUnknown("no such association")
    return row


def find_numbered(session: Session, municipality: str, number: str) -> Association | None:
    """Return the association of the city's own number."""
    query = select(Association).where(
        Association.municipality == municipality, Association.number == number
    )
    return session.scalars(query).one_or_none()


def page(
    session: Session, municipality: str, *, after: tuple[str, str], limit: int
) -> list[Association]:
    """Return associations by name, after a (name, id)."""
    query = select(Association).where(
        Association.municipality == municipality,
        (Association.name > after[0])
        | ((Association.name == after[0]) & (Association.id > after[1])),
    )
    return list(session.scalars(query.order_by(Association.name, Association.id).limit(limit)))


def get_group(session: Session, of: Association, id: str, *, lock: bool = False) -> Group:
    """Return a group of the association; raise GroupUnknown."""
    row = session.get(Group, (of.municipality, id), with_for_update=lock or None)
    if row is None or row.association_id != of.id:
        raise GroupUnknown("the association has no such group")
    return row


def groups_of(session: Session, of: Association) -> list[Group]:
    """Return the association's groups in the order of the round."""
    query = select(Group).where(
        Group.municipality == of.municipality, Group.association_id == of.id
    )
    return list(session.scalars(query.order_by(Group.round_order, Group.name, Group.id)))


def find_household(
    session: Session, municipality: str, id: str, *, lock: bool = False
) -> Household:
    """Return a household that did not leave; raise HouseholdUnknown."""
    row = look_for_household(session, municipality, id, lock=lock)
    if row is None:
        raise HouseholdUnknown("no such household")
    return row


def look_for_household(
    session: Session, municipality: str, id: str, *, lock: bool = False
) -> Household | None:
    """Return a household that did not leave, or None."""
    row = session.get(
        Household, (municipality, id), with_for_update=lock or None, populate_existing=lock
    )
    return None if row is None or row.end_time is not None else row


def get_household(session: Session, of: Association, id: str, *, lock: bool = False) -> Household:
    """Return a household of the association that did not leave; raise HouseholdUnknown."""
    row = look_for_household(session, of.municipality, id, lock=lock)
    if row is None or row.association_id != of.id:
        raise HouseholdUnknown("no such household")
    return row


def numbered_households(session: Session, of: Association) -> dict[str, Household]:
    """Return the households that did not leave and have a number of the importing system."""
    query = select(Household).where(
        Household.municipality == of.municipality,
        Household.association_id == of.id,
        Household.number != "",
        LIVES,
    )
    return {household.number: household for household in session.scalars(query)}


def find_group_named(session: Session, of: Association, name: str) -> Group | None:
    """Return the association's group of a name."""
    query = select(Group).where(
        Group.municipality == of.municipality,
        Group.association_id == of.id,
        Group.name == name,
    )
    return session.scalars(query).one_or_none()


def households_of(
    session: Session,
    of: Association,
    *,
    group_ids: Collection[str] | None,
    after: Place | None,
    limit: int,
) -> list[tuple[Household, int, Place]]:
    """Return households in the order of the round: each with how many joined, and its place.

    `group_ids` None means all. Those in no group come last.
    """
    group_order = func.coalesce(Group.round_order, LAST)
    group_id = func.coalesce(Group.id, "")
    places = (group_order, group_id, Household.round_order, Household.id)
    joined = (
        select(func.count())
        .select_from(Member)
        .where(
            Member.municipality == Household.municipality,
            Member.household_id == Household.id,
            Member.end_time.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(Household, joined, *places[:2])
        .outerjoin(
            Group,
            (Group.municipality == Household.municipality) & (Group.id == Household.group_id),
        )
        .where(Household.municipality == of.municipality, Household.association_id == of.id, LIVES)
    )
    if group_ids is not None:
        query = query.where(Household.group_id.in_(group_ids))
    if after is not None:
        query = query.where(tuple_(*places) > tuple_(*after))
    found = session.execute(query.order_by(*places).limit(limit))
    return [(row[0], row[1], (row[2], row[3], row[0].round_order, row[0].id)) for row in found]


def counts(
    session: Session,
    municipality: str,
    association_ids: Collection[str],
    *,
    group_ids: Collection[str] | None = None,
) -> dict[str, Counts]:
    """Return what each association counts; of these groups alone where any are named."""
    groups = (
        select(Group.association_id, func.count())
        .where(Group.municipality == municipality, Group.association_id.in_(association_ids))
        .group_by(Group.association_id)
    )
    households = (
        select(Household.association_id, func.count(Household.id.distinct()))
        .where(
            Household.municipality == municipality,
            Household.association_id.in_(association_ids),
            LIVES,
        )
        .group_by(Household.association_id)
    )
    joined = households.join(
        Member,
        (Member.municipality == Household.municipality)
        & (Member.household_id == Household.id)
        & Member.end_time.is_(None),
    )
    if group_ids is not None:
        groups = groups.where(Group.id.in_(group_ids))
        households = households.where(Household.group_id.in_(group_ids))
        joined = joined.where(Household.group_id.in_(group_ids))
    found = [
        {id: count for id, count, *_ in session.execute(query)}
        for query in (groups, households, joined)
    ]
    return {id: Counts(*(of.get(id, 0) for of in found)) for id in association_ids}
