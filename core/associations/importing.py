"""Associations, groups and households of a list are kept: all of it, or nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.associations import structure_rows
from core.associations.rows import Association, Group, Household
from core.associations.sheet import Listed, ListedHousehold, Sheet
from core.callers import Caller
from core.ids import new_id


def take(session: Session, by: Caller, sheet: Sheet, now: datetime) -> None:
    """Keep what a list holds; what is there is brought up to date by its number.

    Nothing is deleted: of what the list does not name, nothing changes. Raises UploadRefused.
    """
    sheet.require_sound()
    for listed in sheet.associations.values():
        _keep(session, by, listed, now)
    details = {
        "associations": str(len(sheet.associations)),
        "groups": str(sheet.groups),
        "households": str(sheet.households),
    }
    events.record(session, by, "associations.imported", by.municipality, now, details=details)


def _keep(session: Session, by: Caller, listed: Listed, now: datetime) -> None:
    association = _association(session, by, listed)
    groups = _groups(session, association, listed)
    known = structure_rows.numbered_households(session, association)
    for number, told in listed.households.items():
        group_id = groups[told.group].id if told.group else ""
        if number in known:
            _set(known[number], **_values(told, group_id))
        else:
            session.add(_new(association, told, group_id))
    session.flush()
    details = {"number": listed.number, "households": str(len(listed.households))}
    events.record(session, by, "association.imported", association.id, now, details=details)


def _association(session: Session, by: Caller, listed: Listed) -> Association:
    """Return the association of the listed number, by the listed name; a new one if need be."""
    association = structure_rows.find_numbered(session, by.municipality, listed.number)
    if association is not None:
        association = structure_rows.get(session, by.municipality, association.id, lock=True)
        _set(association, name=listed.name, area=listed.area)
        return association
    association = Association(
        municipality=by.municipality,
        id=new_id(),
        number=listed.number,
        name=listed.name,
        area=listed.area,
    )
    session.add(association)
    session.flush()
    return association


def _groups(session: Session, association: Association, listed: Listed) -> dict[str, Group]:
    """Return all groups by name, the listed ones in their order."""
    groups = {group.name: group for group in structure_rows.groups_of(session, association)}
    for name, order in listed.groups.items():
        if name in groups:
            _set(groups[name], round_order=order)
            continue
        groups[name] = Group(
            municipality=association.municipality,
            id=new_id(),
            association_id=association.id,
            name=name,
            round_order=order,
        )
        session.add(groups[name])
    return groups


def _new(association: Association, told: ListedHousehold, group_id: str) -> Household:
    return Household(
        municipality=association.municipality,
        id=new_id(),
        association_id=association.id,
        group_id=group_id,
        name=told.name,
        address=told.address,
        round_order=told.order,
        paper=told.paper,
        number=told.number,
    )


def _values(told: ListedHousehold, group_id: str) -> dict[str, str | int | bool]:
    return {
        "group_id": group_id,
        "name": told.name,
        "address": told.address,
        "round_order": told.order,
        "paper": told.paper,
    }


def _set(row: Association | Group | Household, **values: str | int | bool) -> None:
    """Change a row, and its revision where it is another than it was."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
