"""Gathers all that is held of a resident into the contract's message."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import events
from core.access.rows import Passkey
from core.applications import own
from core.dispatches import deliveries
from core.inquiries import rows as inquiries
from core.messaging.inbox_rows import recorded as recipients_of
from core.procedures.catalogue import Catalogue
from core.proxies import forgetting as proxies
from core.proxies import speaking
from core.proxies.rows import Proxy
from core.records import letters
from core.residents import actions as residents
from core.residents import contact_rows, fact_rows, rows, wishes
from core.residents.convert import TO_PURPOSE, choices_to_pb, period_to_pb, resident_to_pb
from core.residents.wish_rows import Consent
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import access_pb2, proxies_pb2, records_pb2, residents_pb2

MOST = 1000
"""Messages and looks that are shown."""


def gather(
    session: Session, resident: rows.Resident, procedures: Catalogue, now: datetime
) -> records_pb2.ResidentRecord:
    """Return the record of a resident who has facts in force; raise ResidentUnknown."""
    whole = resident_to_pb(*residents.whole(session, resident))
    key = resident.municipality, resident.id
    filed = _applications(session, *key, procedures, now)
    agreed = [
        proxy
        for proxy in proxies.of_resident(session, *key)
        if speaking.is_shown(session, proxy, resident.id)
    ]
    subjects = [resident.id]
    subjects += [contact.contact_id for contact in whole.contacts]
    subjects += [application.application_id for application in filed]
    subjects += [proxy.id for proxy in agreed]
    subjects += inquiries.ids_of(session, _inquiries(session, resident))
    return records_pb2.ResidentRecord(
        resident=whole,
        choices=choices_to_pb(wishes.choices_of(session, resident)),
        consents=_consents(session, *key),
        proxies=_proxies(session, agreed),
        history=[period_to_pb(facts) for facts in reversed(fact_rows.history_of(session, *key))],
        passkeys=_passkeys(session, *key),
        applications=filed,
        messages=_messages(session, *key),
        letters=letters.printed_for(session, resident, whole.basic_four, now, limit=MOST),
        looks=[
            records_pb2.RecordedLook(
                time=to_timestamp(event.time), by=event.actor.split(":")[0], kind=event.kind
            )
            for event in events.newest_about(session, resident.municipality, subjects, MOST)
        ],
    )


def _messages(
    session: Session, municipality: str, resident_id: str
) -> list[records_pb2.RecordedMessage]:
    """Return what was told to them alone and by campaigns, newest first."""
    alone = [
        (delivery.create_time, _occasion(delivery.occasion), channel, delivery.state.value)
        for delivery, channel in deliveries.told_to(session, municipality, resident_id, limit=MOST)
    ]
    by_campaigns = [
        (time, "message", channel, state)
        for time, channel, state in recipients_of(session, municipality, resident_id, limit=MOST)
    ]
    newest = sorted([*alone, *by_campaigns], key=lambda one: one[0], reverse=True)[:MOST]
    return [
        records_pb2.RecordedMessage(
            occasion=occasion, channel=channel, state=state, create_time=to_timestamp(time)
        )
        for time, occasion, channel, state in newest
    ]


def written(session: Session, resident: rows.Resident) -> list[records_pb2.RecordedInquiryMessage]:
    """Return what the resident and the city wrote to each other; no proxy is to read it."""
    whose = _inquiries(session, resident)
    return [
        records_pb2.RecordedInquiryMessage(
            time=to_timestamp(one.time), from_city=bool(one.staff_id), text=one.text
        )
        for one in inquiries.own_messages(session, whose, before=None, limit=MOST)
    ]


def _inquiries(session: Session, resident: rows.Resident) -> ColumnElement[bool]:
    key = resident.municipality, resident.id
    contacts = [one.id for one in contact_rows.contacts_of(session, *key)]
    return inquiries.own(resident.municipality, contacts, resident.id)


def _occasion(occasion: str) -> str:
    """Return an occasion without the ids that make it one of a kind."""
    words = [word for word in occasion.split(":") if word.isascii() and word.isalpha()]
    return words[0] if words else "notice"


def _consents(session: Session, municipality: str, resident_id: str) -> list[residents_pb2.Consent]:
    query = select(Consent).where(
        Consent.municipality == municipality, Consent.resident_id == resident_id
    )
    return [
        residents_pb2.Consent(
            consent_id=one.id,
            purpose=TO_PURPOSE[one.purpose],
            version=one.version,
            give_time=to_timestamp(one.give_time),
            withdraw_time=to_timestamp(one.withdraw_time),
        )
        for one in session.scalars(query.order_by(Consent.id.desc()))
    ]


def _proxies(session: Session, found: list[Proxy]) -> list[proxies_pb2.Proxy]:
    ids = {id for proxy in found for id in (proxy.resident_id, proxy.proxy_resident_id)}
    names = fact_rows.names_of(session, found[0].municipality, ids) if found else {}
    return [
        proxies_pb2.Proxy(
            proxy_id=proxy.id,
            resident_id=proxy.resident_id,
            resident_name=names.get(proxy.resident_id, ""),
            proxy_resident_id=proxy.proxy_resident_id,
            proxy_name=names.get(proxy.proxy_resident_id, ""),
            scopes=[
                proxies_pb2.ProxyScope.Value(f"PROXY_SCOPE_{scope.upper()}")
                for scope in proxy.scopes
            ],
            expire_date=to_date(proxy.expire_date),
            create_time=to_timestamp(proxy.create_time),
            end_time=to_timestamp(proxy.end_time),
        )
        for proxy in found
    ]


def _passkeys(session: Session, municipality: str, resident_id: str) -> list[access_pb2.Passkey]:
    query = select(Passkey).where(
        Passkey.municipality == municipality, Passkey.resident_id == resident_id
    )
    return [
        access_pb2.Passkey(
            passkey_id=one.id,
            label=one.label,
            create_time=to_timestamp(one.create_time),
            use_time=to_timestamp(one.use_time),
        )
        for one in session.scalars(query.order_by(Passkey.id.desc()))
    ]


def _applications(
    session: Session, municipality: str, resident_id: str, procedures: Catalogue, now: datetime
) -> list[records_pb2.RecordedApplication]:
    return [
        records_pb2.RecordedApplication(
            application_id=one.row.id,
            program_title=one.title,
            state=one.row.state.value,
            amount=one.row.amount,
            invite_time=to_timestamp(one.row.invite_time),
            submit_time=to_timestamp(one.row.submit_time),
            decide_time=to_timestamp(one.row.decide_time),
            answers=[
                records_pb2.RecordedAnswer(label=line.label, value=line.value) for line in one.lines
            ],
        )
        for one in own.recorded(session, municipality, resident_id, procedures, now)
    ]
