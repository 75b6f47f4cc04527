"""A shared phone: who signs there is registered, and the phone's resident becomes their proxy.

The contact stays the phone's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.access.codes import check_going_on
from core.callers import Caller
from core.proxies import actions as proxies
from core.proxies.rules import Scope, check_two_people
from core.registration import registering, rows
from core.registration.identity.proof import Proof
from core.residents import consent, contact_rows, fact_rows
from core.residents import rows as residents


@dataclass(frozen=True, slots=True)
class Terms:
    """What the phone's resident may do for the card's holder, and until when."""

    scopes: Sequence[Scope]
    last_day: date


def clause(
    session: Session, by: Caller, contact: contact_rows.Contact, terms: Terms
) -> consent.ProxyClause:
    """Return what is signed besides the consent; it names who becomes the proxy.

    Raises ContactNotRegistered and ResidentClosed.
    """
    proxy = residents.get(session, by.municipality, contact_rows.resident_of(contact))
    check_going_on(proxy)
    name = fact_rows.facts_of(session, by.municipality, proxy.id).name
    return consent.ProxyClause(name, [str(scope) for scope in terms.scopes], terms.last_day)


def register(
    session: Session,
    by: Caller,
    challenge: rows.Challenge,
    contact: contact_rows.Contact,
    proof: Proof,
    *,
    now: datetime,
) -> registering.Registered:
    """Register the holder of a proof, or renew, on no contact; and make the proxy.

    Raises SamePerson where the holder is the phone's resident, also after a move of theirs.
    """
    proxy = residents.get(session, by.municipality, contact_rows.resident_of(contact), lock=True)
    check_going_on(proxy)
    if registering.is_holder(session, by, proxy.id, proof):
        check_two_people(proxy.id, proxy.id)
    registered = registering.register(
        session,
        by,
        None,
        proof,
        consent_version=consent.number(challenge.consent_version),
        now=now,
    )
    proxies.grant(
        session,
        by,
        resident=registered.resident,
        proxy=proxy,
        scopes=[Scope(scope) for scope in challenge.proxy_scopes or ()],
        last_day=challenge.proxy_expire_date or now.date(),
        given_by=proof.assurance,
        now=now,
    )
    return registered
