"""Proxies and their terms, between rows and the contract's messages."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.proxies import rows, rules
from core.proxies.rules import Scope
from core.residents import fact_rows
from core.wire.convert import to_date, to_timestamp
from core.wire.door import FieldInvalid
from todoke.v1 import proxies_pb2 as pb

TO_SCOPE = {scope: pb.ProxyScope.Value(f"PROXY_SCOPE_{scope.name}") for scope in Scope}
FROM_SCOPE = {value: scope for scope, value in TO_SCOPE.items()}


def terms_of(terms: pb.ProxyTerms, now: datetime, *, field: str) -> tuple[list[Scope], date]:
    """Return the scopes and the last day; raise FieldInvalid for a day that may not be."""
    try:
        last_day = date.fromisoformat(terms.expire_date)
    except ValueError:
        raise FieldInvalid("there is no such day", field=field) from None
    if not rules.may_last_until(last_day, now):
        raise FieldInvalid("the last day is past, or more than two years ahead", field=field)
    return [FROM_SCOPE[scope] for scope in terms.scopes], last_day


def terms_to_pb(scopes: Iterable[str], last_day: date) -> pb.ProxyTerms:
    return pb.ProxyTerms(
        scopes=[TO_SCOPE[Scope(scope)] for scope in scopes], expire_date=to_date(last_day)
    )


def proxy_to_pb(session: Session, proxy: rows.Proxy) -> pb.Proxy:
    return proxies_to_pb(session, [proxy])[0]


def proxies_to_pb(session: Session, proxies: list[rows.Proxy]) -> list[pb.Proxy]:
    """Return the messages, with one query for all the names."""
    if not proxies:
        return []
    ids = {id for one in proxies for id in (one.resident_id, one.proxy_resident_id)}
    names = fact_rows.names_of(session, proxies[0].municipality, ids)
    return [
        pb.Proxy(
            proxy_id=one.id,
            resident_id=one.resident_id,
            resident_name=names.get(one.resident_id, ""),
            proxy_resident_id=one.proxy_resident_id,
            proxy_name=names.get(one.proxy_resident_id, ""),
            scopes=[TO_SCOPE[Scope(scope)] for scope in one.scopes],
            expire_date=to_date(one.expire_date),
            create_time=to_timestamp(one.create_time),
            end_time=to_timestamp(one.end_time),
        )
        for one in proxies
    ]
