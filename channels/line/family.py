"""家族の代理: one resident acts for another, by the other's card or by a code of theirs."""

from datetime import date

from channels import wording
from channels.line import family_messages, menu, messages
from channels.line.menu_messages import said
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.v1.proxies_pb2 import (
    PROXY_SCOPE_APPLY,
    PROXY_SCOPE_CIRCULARS,
    PROXY_SCOPE_READ,
    EndProxyRequest,
    OfferProxyRequest,
    Proxy,
    ProxyTerms,
)
from todoke.v1.registration_pb2 import BeginVerificationRequest

SCOPES = {
    "apply": (PROXY_SCOPE_READ, PROXY_SCOPE_APPLY),
    "circulars": (PROXY_SCOPE_READ, PROXY_SCOPE_APPLY, PROXY_SCOPE_CIRCULARS),
}
MONTHS = {"months3": 3, "years1": 12, "years2": 24}


async def show(visit: Visit) -> list[Message]:
    if not visit.contact.registered:
        return menu.not_registered(visit)
    return family_messages.explained(visit.language)


async def by_card(visit: Visit) -> list[Message]:
    return family_messages.by_card("apply", visit.language)


async def by_card_circulars(visit: Visit) -> list[Message]:
    return family_messages.by_card("circulars", visit.language)


async def by_card_until(visit: Visit, term: str, tasks: str) -> list[Message]:
    """Begin a challenge whose text, signed by the other's card, makes the reader their proxy."""
    core = visit.core
    request = BeginVerificationRequest(
        external_id=visit.event.contact, request_id=visit.event.id, proxy=_terms(visit, term, tasks)
    )
    began = await core.ask(core.registration.BeginVerification, request)
    until = wording.day(began.verification.proxy.expire_date, visit.language)
    public_url = visit.account.public_url
    return family_messages.challenge(began.verification, public_url, until, visit.language)


async def by_code(visit: Visit) -> list[Message]:
    return said("by_code", visit.language)


async def offer(visit: Visit) -> list[Message]:
    return family_messages.offer("apply", visit.language)


async def offer_circulars(visit: Visit) -> list[Message]:
    return family_messages.offer("circulars", visit.language)


async def offer_until(visit: Visit, term: str, tasks: str) -> list[Message]:
    core = visit.core
    terms = _terms(visit, term, tasks)
    request = OfferProxyRequest(resident=visit.resident, terms=terms, request_id=visit.event.id)
    offered = await core.ask(core.proxies.OfferProxy, request)
    until = wording.day(terms.expire_date, visit.language)
    return family_messages.offered(offered, until, visit.language)


async def proxies(visit: Visit, page: str) -> list[Message]:
    held, self_id = await _held(visit)
    return family_messages.listed(held, self_id, int(page), visit.language)


async def end(visit: Visit, proxy_id: str) -> list[Message]:
    held, self_id = await _held(visit)
    named = {proxy.proxy_id: proxy for proxy in held}
    if proxy_id not in named:
        return messages.refusal("PROXY_UNKNOWN", visit.language)
    return family_messages.end(named[proxy_id], self_id, visit.asked, visit.language)


async def end_surely(visit: Visit, proxy_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await end(visit, proxy_id)
    core = visit.core
    request = EndProxyRequest(resident=visit.resident, proxy_id=proxy_id, request_id=visit.event.id)
    await core.ask(core.proxies.EndProxy, request)
    return said("proxy_ended", visit.language)


async def _held(visit: Visit) -> tuple[list[Proxy], str]:
    """List the proxies in force, and the id of the resident who reads, to tell the sides apart."""
    record = await menu.record(visit)
    today = visit.event.time.astimezone(wording.JAPAN).date().isoformat()
    held = [
        proxy
        for proxy in record.proxies
        if not proxy.HasField("end_time") and proxy.expire_date >= today
    ]
    return held, record.resident.resident_id


def _terms(visit: Visit, term: str, tasks: str) -> ProxyTerms:
    """Count from the day of the tap in Japan, so that a redelivery asks for the same."""
    today = visit.event.time.astimezone(wording.JAPAN).date()
    return ProxyTerms(
        scopes=SCOPES[tasks],
        expire_date=months_after(today, MONTHS[term]).isoformat(),
    )


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that lacks it."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    for last in range(day.day, 27, -1):
        try:
            return first.replace(day=last)
        except ValueError:
            continue
    return first.replace(day=day.day)
