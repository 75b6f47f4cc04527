"""A member goes on in another place, and consents to be looked after."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from core import events
from core.access.codes import Made
from core.access.rules import folded, new_code
from core.associations import (
    joined_rows,
    joining,
    leaving,
    speakers,
    standings,
    structure,
    structure_rows,
)
from core.associations.member_rows import Member, MemberContact, MemberLink
from core.associations.rules import HouseholdUnknown, MemberUnknown
from core.callers import Caller
from core.proxies import rows as proxy_rows
from core.proxies.rows import Proxy
from core.proxies.rules import Scope
from core.proxies.speaking import is_granted
from core.residents import contact_rows
from core.residents.contact_rows import Contact
from core.residents.rules import ContactUnknown
from todoke.v1.residents_pb2 import Speaker

LINK_LENGTH = timedelta(minutes=10)


class Completed(NamedTuple):
    """For whom a contact goes on; `proxy` is set where it is for another."""

    member: Member
    proxy: Proxy | None = None


def begin(session: Session, by: Caller, *, speaker: Speaker, member_id: str, now: datetime) -> Made:
    """Make a single-use code for a member of the speaker, or of whom they are a proxy of.

    Those that the same made before are good no more. Raises ContactUnknown, ContactNotRegistered,
    MemberUnknown, ProxyNotGranted.
    """
    proxy = speakers.proxy_of(session, by, speaker, now)
    members = speakers.members_of(session, by, speaker, now)
    member = next((one for one in members if one.id == member_id), None)
    if member is None:
        raise MemberUnknown("no such member")
    proxy_id = proxy.id if proxy else ""
    joined_rows.end_links(session, by.municipality, member.id, proxy_id=proxy_id)
    made = Made(new_code(), now + LINK_LENGTH)
    session.add(
        MemberLink(
            municipality=by.municipality,
            digest=joined_rows.link_digest(session, made.code),
            member_id=member.id,
            proxy_id=proxy_id,
            expire_time=made.expire_time,
        )
    )
    details = {"proxy": proxy_id} if proxy_id else {}
    events.record(
        session, by, "member_link.made", member.id, now, details=details, on_behalf_of=member.id
    )
    return made


def complete(
    session: Session, by: Caller, *, external_id: str, code: str, now: datetime
) -> Completed:
    """Let the contact speak for the member of a code; in that association for no other any more.

    By a proxy's code it reads for the member besides. Raises ContactUnknown; InvitationRefused
    before anything is changed; and TooManyAttempts where this contact, or its channel, guessed too
    often.
    """
    contact = contact_rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    joining.check_guesses(session, by, contact, now)
    link = joined_rows.find_link(session, by.municipality, folded(code))
    if link is None or now >= link.expire_time:
        raise joining.refused()
    member = joined_rows.find_member(session, by.municipality, link.member_id)
    proxy = _still_acting(session, link, now)
    if member is None or (link.proxy_id and proxy is None):
        raise joining.refused()
    session.delete(link)
    if proxy is None:
        _speak_for(session, by, member, contact, now)
    else:
        proxy_rows.go_on_at(session, proxy, contact.id, now)
    details = {"contact": contact.id} | ({"proxy": proxy.id} if proxy else {})
    events.record(
        session, by, "member_link.used", member.id, now, details=details, on_behalf_of=member.id
    )
    return Completed(member, proxy)


def _still_acting(session: Session, link: MemberLink, now: datetime) -> Proxy | None:
    """Return the proxy whose code it is, as long as it goes on."""
    if not link.proxy_id:
        return None
    proxy = session.get(Proxy, (link.municipality, link.proxy_id))
    return proxy if proxy and is_granted(session, proxy, Scope.CIRCULARS, now) else None


def _speak_for(
    session: Session, by: Caller, member: Member, contact: Contact, now: datetime
) -> None:
    """Let a contact speak for a member, and in their association for nobody else."""
    before = standings.member_of(session, contact, member.association_id)
    if before is not None and before.id == member.id:
        return
    if before is not None:
        _let_go(session, by, before, contact, now)
    session.add(
        MemberContact(
            municipality=by.municipality,
            member_id=member.id,
            contact_id=contact.id,
            link_time=now,
        )
    )
    session.flush()


def set_care(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    household_id: str,
    consented: bool,
    now: datetime,
) -> Member | None:
    """Take the consent of the speaker's own household, or end it, and return who spoke.

    What one of which nobody joined agreed to in person, who leads it writes down: then nobody of
    the household spoke. Raises ContactUnknown, MemberUnknown.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    members = standings.members_of(session, contact)
    member = next((one for one in members if one.household_id == household_id), None)
    speaker_id = member.id if member else _leader_of(session, by, external_id, household_id, now)
    household = structure_rows.find_household(session, by.municipality, household_id, lock=True)
    if consented != (household.care_time is not None):
        household.care_time = now if consented else None
        kind = "care.consented" if consented else "care.ended"
        events.record(session, by, kind, household.id, now, on_behalf_of=speaker_id)
    return member


def _leader_of(
    session: Session, by: Caller, external_id: str, household_id: str, now: datetime
) -> str:
    """Return the member who leads a household of which nobody joined; raise MemberUnknown."""
    try:
        household, standing = structure.household_known(
            session, by, external_id=external_id, household_id=household_id, now=now
        )
    except HouseholdUnknown:
        raise MemberUnknown("no such member") from None
    joined = joined_rows.members_of_household(session, by.municipality, household.id, limit=1)
    if joined or not standing.leads(household.group_id):
        raise MemberUnknown("no such member")
    return standing.member_id


def own_member(session: Session, by: Caller, *, external_id: str, member_id: str) -> Member:
    """Return a member that the speaker speaks for; raise ContactUnknown, MemberUnknown."""
    contact = contact_rows.contact_of(session, by, external_id)
    members = standings.members_of(session, contact)
    member = next((one for one in members if one.id == member_id), None)
    if member is None:
        raise MemberUnknown("no such member")
    return member


def _let_go(session: Session, by: Caller, before: Member, contact: Contact, now: datetime) -> None:
    """End that a contact speaks for a member, and the membership if nobody else does."""
    contacts = joined_rows.contacts_by_member(session, by.municipality, [before.id])
    if len(contacts.get(before.id, [])) > 1:
        joined_rows.unlink(session, by.municipality, before.id, contact.id)
        return
    leaving.end_alone(session, by, before, now)
    joined_rows.unlink(session, by.municipality, before.id, contact.id)
