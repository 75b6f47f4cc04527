"""What residents see of their applications, and how one is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core import events
from core.applications import desk_rows, payee, rows, rules, saying, speakers
from core.applications.history import record
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import State, Verb
from core.callers import Caller
from core.eligibility import entitlement_rows
from core.etags import check_etag
from core.my_number import refuse_my_number
from core.procedures import engine
from core.procedures.catalogue import Catalogue
from core.proxies.rules import Scope
from core.proxies.speaking import speaker
from core.residents import contact_rows as contacts


@dataclass(frozen=True, slots=True)
class Own:
    """An application as its resident sees it; `reason` is what staff wrote last."""

    row: rows.Application
    title: str
    masked_account: str
    reason: str
    has_notice: bool


def of_speaker(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    before: str,
    limit: int,
    known: Catalogue,
    now: datetime,
) -> list[Own]:
    """Return the applications of whoever speaks or of whom they are a proxy of, newest first.

    Whoever is not registered has those that they began there.
    """
    contact = contacts.contact_of(session, by, external_id)
    wanted: list[ColumnElement[bool]] = []
    if for_resident_id in {"", contact.resident_id}:
        wanted.append(rows.Application.contact_id == contact.id)
    if contact.resident_id is not None or for_resident_id:
        resident_id = speaker(
            session,
            by,
            external_id=external_id,
            for_resident_id=for_resident_id,
            scope=Scope.READ,
            now=now,
        )
        wanted.append(rows.Application.resident_id == resident_id)
    found = _page(session, by.municipality, or_(*wanted), before=before, limit=limit)
    language = contact.language or LANGUAGE
    return [_own(session, row, language, known, now) for row in found]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An application as it stands in a resident's record, with what was answered."""

    row: rows.Application
    title: str
    lines: tuple[engine.Line, ...]


def recorded(
    session: Session, municipality: str, resident_id: str, known: Catalogue, now: datetime
) -> list[Recorded]:
    """Return a resident's applications with their answers, newest first, in Japanese."""
    query = select(rows.Application).where(
        rows.Application.municipality == municipality, rows.Application.resident_id == resident_id
    )
    found = session.scalars(query.order_by(rows.Application.id.desc()))
    return [
        Recorded(
            row, saying.title(session, row, LANGUAGE, known, now), _lines(session, row, known, now)
        )
        for row in found.all()
    ]


def _lines(
    session: Session, row: rows.Application, known: Catalogue, now: datetime
) -> tuple[engine.Line, ...]:
    if not row.answers:
        return ()
    procedure = saying.procedure_of(session, row, known)
    context = context_of(session, row, procedure, LANGUAGE, now)
    return tuple(engine.lines(engine.walk(procedure, row.answers, context, LANGUAGE)))


def _page(
    session: Session, municipality: str, wanted: ColumnElement[bool], *, before: str, limit: int
) -> Sequence[rows.Application]:
    query = select(rows.Application).where(rows.Application.municipality == municipality, wanted)
    if before:
        query = query.where(rows.Application.id < before)
    return session.scalars(query.order_by(rows.Application.id.desc()).limit(limit)).all()


def _own(
    session: Session, row: rows.Application, language: str, known: Catalogue, now: datetime
) -> Own:
    entitlement = (
        entitlement_rows.get(session, row.municipality, row.entitlement_id)
        if row.entitlement_id
        else None
    )
    notices = desk_rows.notices_of(session, row.municipality, [row.id])
    return Own(
        row,
        saying.title(session, row, language, known, now),
        payee.masked(row, entitlement),
        _reason(session, row),
        bool(notices),
    )


def _reason(session: Session, row: rows.Application) -> str:
    if row.state is State.RETURNED:
        return row.returned_with
    if row.state is not State.REJECTED:
        return ""
    rejections = [
        event.reason
        for event in events.about(session, row.municipality, row.id)
        if event.kind == f"application.{State.REJECTED}"
    ]
    return rejections[-1] or "" if rejections else ""


def withdraw(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    now: datetime,
) -> rows.Application:
    """Take an application back for its resident; what is withdrawn already stays as it is."""
    who, row = speakers.of_contact(
        session,
        by,
        external_id,
        id,
        scope=Scope.APPLY,
        now=now,
        lock=True,
        for_resident_id=for_resident_id,
    )
    if who.page is not None:
        raise rules.ApplicationUnknown(f"there is no application {id} of this contact")
    if row.state is not State.WITHDRAWN:
        _withdraw(session, by, row, now, proxy=who.proxy)
    return row


def withdraw_by_staff(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.Application:
    """Take an application back as its resident asked of staff."""
    refuse_my_number(reason, field="reason")
    row = rows.get(session, by.municipality, id, lock=True)
    check_etag(row.revision, etag)
    _withdraw(session, by, row, now, reason=reason)
    return row


def _withdraw(
    session: Session,
    by: Caller,
    row: rows.Application,
    now: datetime,
    *,
    reason: str | None = None,
    proxy: str = "",
) -> None:
    before, row.state = row.state, rules.move(row.state, Verb.WITHDRAW)
    row.revision += 1
    row.expire_time = row.remind_time = None
    record(session, by, row, row.state, now, before=before, reason=reason, proxy=proxy)
