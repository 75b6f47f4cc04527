"""Who speaks in an association: oneself; circulars alone are read and answered for another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from core.associations import standings
from core.associations.member_rows import Member
from core.associations.rows import Association
from core.associations.rules import Standing
from core.callers import Caller
from core.proxies import speaking
from core.proxies.rows import Proxy
from core.proxies.rules import Scope
from core.proxies.speaking import speaker as speaks_for
from core.residents import contact_rows
from core.residents.rules import ProxyNotGranted
from todoke.v1.residents_pb2 import Speaker


def in_person(speaker: Speaker) -> str:
    """Return the contact of whoever speaks for themselves; raise ProxyNotGranted for another.

    An office, a place in a household and a word of one's own are nobody else's to use.
    """
    if speaker.for_resident_id:
        raise ProxyNotGranted("nobody does this for another", scope=Scope.CIRCULARS)
    return speaker.external_id


class Asked(Protocol):
    """A request about one association, with its speaker."""

    @property
    def speaker(self) -> Speaker: ...

    association_id: str


def standing_of(
    session: Session, request: Asked, by: Caller, now: datetime
) -> tuple[Association, Standing]:
    """Return the association a request is about, and who its speaker is in it.

    Raises ProxyNotGranted, AssociationUnknown and ContactUnknown.
    """
    return standings.of_association(
        session,
        by,
        external_id=in_person(request.speaker),
        association_id=request.association_id,
        now=now,
    )


def members_of(session: Session, by: Caller, speaker: Speaker, now: datetime) -> Sequence[Member]:
    """Return the members that a contact speaks for, or that whom it is a proxy of is.

    Raises ContactUnknown, ContactNotRegistered, ProxyNotGranted.
    """
    contact = contact_rows.contact_of(session, by, speaker.external_id)
    if speaker.for_resident_id in {"", contact.resident_id}:
        return standings.members_of(session, contact)
    resident_id = speaks_for(
        session,
        by,
        external_id=speaker.external_id,
        for_resident_id=speaker.for_resident_id,
        scope=Scope.CIRCULARS,
        now=now,
    )
    return standings.members_of_resident(session, by.municipality, resident_id)


def proxy_of(session: Session, by: Caller, speaker: Speaker, now: datetime) -> Proxy | None:
    """Return the proxy by which somebody speaks for another; None where it is for oneself.

    Raises ContactUnknown, ContactNotRegistered, ProxyNotGranted.
    """
    contact = contact_rows.contact_of(session, by, speaker.external_id)
    if speaker.for_resident_id in {"", contact.resident_id}:
        return None
    return speaking.proxy_of(session, contact, speaker.for_resident_id, Scope.CIRCULARS, now)
