"""Who reads circulars for members by a proxy, and is told of what came to their households."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.associations import standings
from core.associations.member_rows import Member, MemberContact
from core.circulars import queries
from core.circulars.reaching import OF_CONTACT, Reached, is_told_of
from core.proxies import reaching, speaking
from core.proxies.rows import GOING_ON, Proxy
from core.proxies.rules import Scope
from core.residents import fact_rows
from core.residents.contact_rows import Contact


class Acting(NamedTuple):
    """Somebody who acts for a member, on the contact to push to; `name` is the member's."""

    resident_id: str
    name: str
    household_id: str
    contact: Contact


def for_households(
    session: Session,
    municipality: str,
    household_ids: Collection[str],
    own: Collection[Reached],
    now: datetime,
) -> list[Acting]:
    """Return who acts for members of households and is reached, each once for each of them.

    Who is told already as a member of the same household, of those in `own`, is left out.
    """
    told = {(one.resident_id, one.household_id) for one in own}
    found = _acting(session, municipality, household_ids, told, now)
    both = {id for pair in found for id in pair}
    heard = reaching.to_be_told(session, municipality, both) if both else set()
    contacts = reaching.newest(session, municipality, heard)
    names = fact_rows.names_of(session, municipality, heard)
    return [
        Acting(resident_id, names.get(resident_id, ""), household_id, contacts[acting_id])
        for (resident_id, acting_id), household_id in found.items()
        if resident_id in heard and acting_id in contacts
    ]


def _acting(
    session: Session,
    municipality: str,
    household_ids: Collection[str],
    told: Collection[tuple[str | None, str]],
    now: datetime,
) -> dict[tuple[str, str], str]:
    """Return a household for each member and whoever acts for them, none where these are told."""
    query = (
        select(Proxy, Member.household_id)
        .join(
            Contact,
            (Contact.municipality == Proxy.municipality)
            & (Contact.resident_id == Proxy.resident_id),
        )
        .join(
            MemberContact,
            (MemberContact.municipality == Contact.municipality)
            & (MemberContact.contact_id == Contact.id),
        )
        .join(Member, OF_CONTACT)
        .where(
            Proxy.municipality == municipality,
            GOING_ON,
            Member.household_id.in_(household_ids),
            Member.end_time.is_(None),
        )
        .order_by(Proxy.id, Member.join_time, Member.id)
    )
    found: dict[tuple[str, str], str] = {}
    for proxy, household_id in session.execute(query):
        if not speaking.acts(proxy, Scope.CIRCULARS, now):
            continue
        if (proxy.proxy_resident_id, household_id) not in told:
            found.setdefault((proxy.resident_id, proxy.proxy_resident_id), household_id)
    return found


def otherwise(session: Session, municipality: str, occasion: str) -> Contact | None:
    """Return where whoever acts for the one of an occasion is reached now; None where nowhere."""
    acting_id = occasion.rpartition(":")[2]
    return reaching.newest(session, municipality, {acting_id}).get(acting_id)


def still_acts(
    session: Session, municipality: str, told: Mapping[str, str], contact: Contact, now: datetime
) -> bool:
    """Whether a contact's owner may still be told for another; `told` is a CircularTold.

    Their proxy goes on, and whom it is for is still of a household that got the circular, and has
    not read it where they are reminded.
    """
    resident_id = told["for_resident_id"]
    circular = queries.find(session, municipality, told["circular_id"])
    if circular is None or not is_told_of(circular, told) or contact.resident_id is None:
        return False
    if not speaking.granted(
        session,
        municipality,
        resident_id=resident_id,
        proxy_resident_id=contact.resident_id,
        scope=Scope.CIRCULARS,
        now=now,
    ):
        return False
    members = standings.members_of_resident(session, municipality, resident_id)
    households = [one.household_id for one in members]
    got = queries.receipts_of(session, municipality, circular.id, households)
    if told["occasion"] == "CIRCULAR_OCCASION_REMINDER":
        got = [one for one in got if one.way is None]
    return bool(got)
