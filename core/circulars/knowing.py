"""Who may know of a circular, asked anew in every request; what is another's is as what is not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.associations import standings, structure_rows
from core.associations.member_rows import Member
from core.associations.rows import Association
from core.associations.rules import NotInOffice, Standing
from core.callers import Caller, Role
from core.circulars import queries
from core.circulars.queries import unknown
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import OUT
from core.circulars.targets import Targets, check_may_target
from core.proxies.rules import Scope
from core.proxies.speaking import speaker
from core.residents import contact_rows


@dataclass(frozen=True, slots=True)
class Reader:
    """A contact, and the members that it speaks for, or for another: at most one an association."""

    contact_id: str
    members: tuple[Member, ...]
    for_another: bool = False

    @property
    def household_ids(self) -> list[str]:
        """The households, by when their members joined."""
        return list(dict.fromkeys(member.household_id for member in self.members))

    def member_of(self, household_id: str) -> Member:
        """Return the member whom the contact speaks for in the household."""
        return next(one for one in self.members if one.household_id == household_id)


def reader(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    scope: Scope,
    now: datetime,
) -> Reader:
    """Return for whom a contact reads; raise ContactUnknown, ProxyNotGranted."""
    contact = contact_rows.contact_of(session, by, external_id)
    if not for_resident_id or for_resident_id == contact.resident_id:
        return Reader(contact.id, tuple(standings.members_of(session, contact)))
    speaker(
        session, by, external_id=external_id, for_resident_id=for_resident_id, scope=scope, now=now
    )
    members = standings.members_of_resident(session, by.municipality, for_resident_id)
    return Reader(contact.id, tuple(members), for_another=True)


def for_reader(
    session: Session, by: Caller, who: Reader, circular_id: str, *, lock: bool = False
) -> tuple[Circular, list[Receipt]]:
    """Return a circular that the reader got, and the receipts of the reader's households.

    The receipts are locked where they will change. Raises CircularUnknown.
    """
    circular = queries.find(session, by.municipality, circular_id)
    households = who.household_ids
    receipts = queries.receipts_of(session, by.municipality, circular_id, households, lock=lock)
    if circular is None or circular.state not in OUT or not receipts:
        raise unknown()
    order = {id: place for place, id in enumerate(who.household_ids)}
    return circular, sorted(receipts, key=lambda one: order[one.household_id])


@dataclass(frozen=True, slots=True)
class Led:
    """A circular as one of its association's officers has it, or as staff have the city's."""

    circular: Circular
    standing: Standing
    association: Association | None = None

    @property
    def group_ids(self) -> frozenset[str] | None:
        """The groups whose households are seen of it; None means all."""
        return self.standing.seen_groups

    def groups_of(self, group_id: str) -> frozenset[str] | None:
        """Return the groups that are seen, or only the one that is asked for; raise NotInOffice."""
        if not group_id:
            return self.group_ids
        self.standing.check_sees_group(group_id)
        return frozenset({group_id})

    @property
    def led_group_ids(self) -> frozenset[str] | None:
        """The groups whose households are led; None means all."""
        leads_all = self.standing.is_staff or self.standing.leads_all
        return None if leads_all else self.standing.groups


def for_officer(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    now: datetime,
    lock: bool = False,
) -> Led:
    """Return a circular for whoever holds an office in its association that lets them see it.

    Raises CircularUnknown where there is none and to whoever may not know of it; NotInOffice to
    whoever wrote or got it and holds no office today.
    """
    if not by.is_channel:
        circular = queries.find(session, by.municipality, circular_id, lock=lock)
        if circular is None or circular.association_id or Role.ASSOCIATIONS not in by.roles:
            raise unknown()
        return Led(circular, Standing("", is_staff=True))
    contact = contact_rows.contact_of(session, by, external_id)
    members = standings.members_of(session, contact)
    circular = queries.find(session, by.municipality, circular_id, lock=lock)
    member = next((one for one in members if circular and _is_its(circular, one)), None)
    households = [one.household_id for one in members]
    got = queries.receipts_of(session, by.municipality, circular_id, households)
    if circular is None or (member is None and not got):
        raise unknown()
    standing = standings.standing_of(session, member, now) if member else Standing("")
    if member is not None and _sees(session, circular, standing):
        association = structure_rows.get(session, by.municipality, circular.association_id)
        return Led(circular, standing, association)
    is_author = member is not None and circular.author_id == member.id
    if is_author or (got and circular.state in OUT):
        raise NotInOffice("the association's officers see this", needed="officer")
    raise unknown()


def _is_its(circular: Circular, member: Member) -> bool:
    return bool(circular.association_id) and member.association_id == circular.association_id


def _sees(session: Session, circular: Circular, standing: Standing) -> bool:
    """Whether an office lets see a circular: a draft is seen by who may write it to its targets."""
    if standing.leads_all:
        return True
    if circular.state in OUT:
        return standing.sees("") or (
            bool(standing.groups) and bool(_reached(session, circular, standing))
        )
    return bool(standing.groups) and circular.author_id == standing.member_id


def _reached(session: Session, circular: Circular, standing: Standing) -> int:
    found = queries.counts(session, circular.municipality, [circular.id], standing.groups)
    return found[circular.id].households if circular.id in found else 0


def check_writes(led: Led, targets: Targets) -> None:
    """Raise NotInOffice unless the circular may be changed: by chair, vice, staff, or its author.

    A group's head changes what they wrote themselves to the own group.
    """
    standing = led.standing
    if standing.is_staff or standing.leads_all:
        return
    if led.circular.author_id != standing.member_id:
        raise NotInOffice("the association's chair or vice does this", needed="chair")
    check_may_target(standing, targets)


def check_all_seen(session: Session, led: Led) -> None:
    """Raise NotInOffice for a group's head where households of other groups got it, too."""
    if led.group_ids is None:
        return
    ids, municipality = [led.circular.id], led.circular.municipality
    seen = queries.counts(session, municipality, ids, led.group_ids)
    if seen != queries.counts(session, municipality, ids, None):
        raise NotInOffice("other groups got it, too", needed="chair")
