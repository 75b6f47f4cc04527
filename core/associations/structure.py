"""Associations, groups and households are kept and end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.associations import standings, structure_rows
from core.associations.rows import Association, Group, Household
from core.associations.rules import (
    AssociationExists,
    FieldRefused,
    HouseholdUnknown,
    Standing,
)
from core.callers import Caller
from core.etags import check_etag
from core.ids import new_id
from core.my_number import refuse_my_number


@dataclass(frozen=True, slots=True)
class GroupGiven:
    """A group as it is to be kept; new where `id` is empty."""

    id: str
    name: str
    round_order: int
    etag: str


@dataclass(frozen=True, slots=True)
class HouseholdGiven:
    """A household as it is to be kept; new where `id` is empty."""

    id: str
    group_id: str
    name: str
    address: str
    round_order: int
    paper: bool
    etag: str


def save_association(
    session: Session,
    by: Caller,
    *,
    id: str,
    number: str,
    name: str,
    area: str,
    etag: str,
    now: datetime,
) -> Association:
    """Keep an association, new where `id` is empty.

    Raises AssociationUnknown, AssociationExists, ChangedMeanwhile, MyNumberRefused.
    """
    refuse_my_number(name, field="association.name")
    refuse_my_number(area, field="association.area")
    numbered = structure_rows.find_numbered(session, by.municipality, number)
    if numbered is not None and numbered.id != id:
        raise AssociationExists(f"there is an association {number} already", number=number)
    if id:
        association = structure_rows.get(session, by.municipality, id, lock=True)
        check_etag(association.revision, etag)
        association.number, association.name, association.area = number, name, area
        association.revision += 1
    else:
        association = Association(
            municipality=by.municipality, id=new_id(), number=number, name=name, area=area
        )
        session.add(association)
    session.flush()
    events.record(session, by, "association.saved", association.id, now, details={"number": number})
    return association


def save_group(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    given: GroupGiven,
    now: datetime,
) -> Group:
    """Keep a group, new where its id is empty.

    Raises AssociationUnknown, GroupUnknown, NotInOffice, ChangedMeanwhile, MyNumberRefused.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    standing.check_leads_all()
    refuse_my_number(given.name, field="group.name")
    named = structure_rows.find_group_named(session, association, given.name)
    if named is not None and named.id != given.id:
        raise FieldRefused("the association has a group of this name already", field="group.name")
    if given.id:
        group = structure_rows.get_group(session, association, given.id, lock=True)
        check_etag(group.revision, given.etag)
        group.name, group.round_order = given.name, given.round_order
        group.revision += 1
    else:
        group = Group(
            municipality=by.municipality,
            id=new_id(),
            association_id=association.id,
            name=given.name,
            round_order=given.round_order,
        )
        session.add(group)
    session.flush()
    _record(session, by, "group.saved", group.id, standing=standing, now=now)
    return group


def save_household(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    given: HouseholdGiven,
    now: datetime,
) -> Household:
    """Keep a household, new where its id is empty; it is led by the caller before and after.

    Raises AssociationUnknown, GroupUnknown, HouseholdUnknown, NotInOffice, ChangedMeanwhile,
    MyNumberRefused.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    standing.check_leads_some()
    if given.group_id:
        structure_rows.get_group(session, association, given.group_id)
    standing.check_leads(given.group_id)
    refuse_my_number(given.name, field="household.name")
    refuse_my_number(given.address, field="household.address")
    household = _household(session, association, standing, given)
    household.group_id, household.name = given.group_id, given.name
    household.address, household.paper = given.address, given.paper
    household.round_order = given.round_order
    session.flush()
    _record(session, by, "household.saved", household.id, standing=standing, now=now)
    return household


def _household(
    session: Session, association: Association, standing: Standing, given: HouseholdGiven
) -> Household:
    """Return the household to be changed, as it was read, or a new one."""
    if given.id:
        household = structure_rows.get_household(session, association, given.id, lock=True)
        standing.check_leads(household.group_id)
        check_etag(household.revision, given.etag)
        household.revision += 1
        return household
    household = Household(
        municipality=association.municipality,
        id=new_id(),
        association_id=association.id,
        group_id="",
        name="",
        address="",
    )
    session.add(household)
    return household


def household_led(
    session: Session, by: Caller, *, external_id: str, household_id: str, now: datetime
) -> tuple[Household, Standing]:
    """Return a household, locked, that the caller leads, and who the caller is there.

    Raises HouseholdUnknown in the same words for one that is not there and one of an association of
    which the speaker is no member; and NotInOffice.
    """
    household, standing = household_known(
        session, by, external_id=external_id, household_id=household_id, now=now
    )
    standing.check_leads(household.group_id)
    return structure_rows.find_household(session, by.municipality, household_id, lock=True), (
        standing
    )


def household_known(
    session: Session, by: Caller, *, external_id: str, household_id: str, now: datetime
) -> tuple[Household, Standing]:
    """Return a household and who the caller is in its association; raise HouseholdUnknown."""
    household = structure_rows.look_for_household(session, by.municipality, household_id)
    standing = standings.standing_in(
        session,
        by,
        external_id=external_id,
        association_id=household.association_id if household else "",
        now=now,
    )
    if household is None or standing is None:
        raise HouseholdUnknown("no such household")
    return household, standing


def _record(
    session: Session, by: Caller, kind: str, subject: str, *, standing: Standing, now: datetime
) -> None:
    events.record(
        session, by, kind, subject, now,
        details={"association": standing.association_id}, on_behalf_of=standing.member_id,
    )  # fmt: skip


def note_look(
    session: Session, by: Caller, association_id: str, *, shown: int, now: datetime
) -> None:
    """Write down that staff saw the names at doors; leaders see their own without a line."""
    if not by.is_channel and shown:
        events.record(
            session, by, "households.viewed", association_id, now, details={"shown": str(shown)}
        )
