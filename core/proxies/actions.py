"""How one resident becomes another's proxy, and how that ends; both are told."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import events
from core.access import codes
from core.access.codes import check_going_on
from core.access.rules import CodeKind
from core.callers import Caller, the_core
from core.ids import new_id
from core.japan import end_of, today
from core.proxies import quietness, rows, rules
from core.proxies.rules import ProxyUnknown, Scope
from core.proxies.speaking import is_shown
from core.residents import contact_rows, fact_rows, telling
from core.residents import rows as residents

AT_ONCE = 200
"""Proxies whose last day is past, ended in one transaction."""


def offer(
    session: Session,
    by: Caller,
    *,
    resident: residents.Resident,
    scopes: Sequence[Scope],
    last_day: date,
    now: datetime,
) -> codes.Made:
    """Make the code that a person of trust presents; raise ResidentClosed."""
    return codes.make(
        session,
        by,
        kind=CodeKind.PROXY,
        resident=resident,
        scopes=[str(scope) for scope in scopes],
        last_day=last_day,
        at_latest=end_of(last_day),
        now=now,
    )


def accept(
    session: Session, by: Caller, *, external_id: str, code: str, now: datetime
) -> rows.Proxy:
    """Make the resident of the contact that presents a code a proxy.

    Raises LinkCodeRefused, SamePerson, ResidentClosed.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    proxy = residents.get(session, by.municipality, contact_rows.resident_of(contact), lock=True)
    check_going_on(proxy)
    taken, resident = codes.take(
        session, by, kind=CodeKind.PROXY, typed=code, contact_id=contact.id, now=now
    )
    return grant(
        session,
        by,
        resident=resident,
        proxy=proxy,
        scopes=[Scope(scope) for scope in taken.scopes or ()],
        last_day=taken.proxy_expire_date or today(now),
        given_by="code" if taken.maker.startswith("channel:") else "counter",
        now=now,
    )


def grant(
    session: Session,
    by: Caller,
    *,
    resident: residents.Resident,
    proxy: residents.Resident,
    scopes: Sequence[Scope],
    last_day: date,
    given_by: str,
    now: datetime,
) -> rows.Proxy:
    """Make `proxy` act for the `resident`, on these terms in place of any before."""
    rules.check_two_people(resident.id, proxy.id)
    before = rows.going_on(
        session, by.municipality, resident_id=resident.id, proxy_resident_id=proxy.id
    )
    if before is not None:
        before.end_time = now
        _record(session, by, "proxy.replaced", before, now)
        session.flush()  # Before another goes on.
    made = rows.Proxy(
        municipality=by.municipality,
        id=new_id(),
        resident_id=resident.id,
        proxy_resident_id=proxy.id,
        scopes=[str(scope) for scope in scopes],
        given_by=given_by,
        expire_date=last_day,
        create_time=now,
    )
    session.add(made)
    session.flush()
    if before is not None:
        rows.take_along(session, before, made)
    details = {"scopes": ",".join(made.scopes), "until": last_day.isoformat(), "given_by": given_by}
    _record(session, by, "proxy.given", made, now, **details)
    _tell(session, by, made, ("PROXY_GIVEN", "PROXY_TAKEN"), now)
    return made


def end(
    session: Session, by: Caller, *, resident_id: str, proxy_id: str, now: datetime
) -> rows.Proxy:
    """End a proxy from either side; one that has ended stays as it is. Raises ProxyUnknown."""
    proxy = rows.get(session, by.municipality, proxy_id, resident_id)
    if by.is_channel and not is_shown(session, proxy, resident_id):
        raise ProxyUnknown("the resident has no such proxy")
    if proxy.end_time is None:
        _end(session, by, proxy, now)
    return proxy


def expire_due(session: Session, municipality: str, now: datetime) -> int:
    """End proxies whose last day is past, some at once; return how many, 0 when none is left."""
    found = rows.due(session, municipality, today(now), AT_ONCE)
    for proxy in found:
        _end(session, the_core(proxy.municipality), proxy, now)
    return len(found)


def list_(
    session: Session, by: Caller, *, resident_id: str, with_ended: bool, now: datetime
) -> list[rows.Proxy]:
    """Return the resident's proxies of both sides; a look by staff is written down."""
    since = None if with_ended else today(now)
    found = rows.of_resident(session, by.municipality, resident_id, since=since)
    if by.is_channel:
        return [proxy for proxy in found if is_shown(session, proxy, resident_id)]
    events.record(session, by, "proxies.viewed", resident_id, now)
    return found


def _end(session: Session, by: Caller, proxy: rows.Proxy, now: datetime) -> None:
    proxy.end_time = now
    rows.leave_contacts(session, proxy.municipality, [proxy.id])
    quietness.drop_through(session, proxy, now)
    _record(session, by, "proxy.ended", proxy, now)
    _tell(session, by, proxy, ("PROXY_ENDED", "PROXY_ENDED"), now)


def _tell(
    session: Session, by: Caller, proxy: rows.Proxy, kinds: tuple[str, str], now: datetime
) -> None:
    """Tell the resident and then the proxy, each with the other's name."""
    pair = (proxy.resident_id, proxy.proxy_resident_id)
    names = fact_rows.names_of(session, proxy.municipality, pair)
    for id, other, kind in zip(pair, reversed(pair), kinds, strict=True):
        if not is_shown(session, proxy, id):
            continue
        telling.tell(
            session,
            by,
            resident=residents.get(session, proxy.municipality, id),
            contacts=contact_rows.contacts_of(session, proxy.municipality, id),
            occasion=f"{quietness.occasion(proxy)}:{kind.lower()}",
            kind=kind,
            now=now,
            person=names.get(other, ""),
            until_date=proxy.expire_date.isoformat(),
        )


def _record(
    session: Session, by: Caller, kind: str, proxy: rows.Proxy, now: datetime, **details: str
) -> None:
    events.record(
        session,
        by,
        kind,
        proxy.id,
        now,
        details={"proxy": proxy.proxy_resident_id, **details},
        on_behalf_of=proxy.resident_id,
    )
