"""What becomes of applications when their resident is deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from core.applications import desk_rows, marking, rows, rules
from core.applications.moving import move
from core.applications.rules import Verb
from core.applications.talk_rows import Asked, Handover, ImageSet
from core.attachments import rows as attachments
from core.callers import Caller
from core.eligibility import opening

UNDECIDED = rules.WITH_THE_RESIDENT | rules.FILED


def of_resident(session: Session, municipality: str, resident_id: str) -> list[rows.Application]:
    """Return a resident's applications, newest first, locked."""
    query = select(rows.Application).where(
        rows.Application.municipality == municipality,
        rows.Application.resident_id == resident_id,
    )
    locked = query.order_by(rows.Application.id.desc()).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A resident's applications, by id, and when the latest was decided that is kept."""

    ids: list[str]
    kept: datetime | None


def forget(
    session: Session, by: Caller, *, resident_id: str, kept_since: datetime, now: datetime
) -> Forgotten:
    """Withdraw what is not decided, and erase what was answered.

    What was decided after `kept_since` is kept whole, but for notes and the name on its notice.
    """
    kept = None
    found = of_resident(session, by.municipality, resident_id)
    for row in found:
        if row.state in UNDECIDED:
            move(session, by, row, Verb.WITHDRAW, now)
        elif row.decide_time is not None and row.decide_time > kept_since:
            kept = max(kept or row.decide_time, row.decide_time)
            desk_rows.forget_person(session, by.municipality, row.id)
            continue
        erase(session, [row])
    _forget_talks(session, by.municipality, application_ids=[row.id for row in found])
    marking.forget(session, by.municipality, resident_id)
    session.flush()
    return Forgotten([row.id for row in found], kept)


def forget_contacts(
    session: Session, by: Caller, contact_ids: Collection[str], now: datetime
) -> list[str]:
    """Forget what contacts began that belong to nobody registered, and where they were asked.

    Returns the ids of those applications.
    """
    query = select(rows.Application).where(
        rows.Application.municipality == by.municipality,
        rows.Application.contact_id.in_(contact_ids),
    )
    locked = query.order_by(rows.Application.id).with_for_update()
    found = session.scalars(locked.execution_options(populate_existing=True)).all()
    for row in found:
        if row.state in UNDECIDED:
            move(session, by, row, Verb.WITHDRAW, now)
    erase(session, found)
    _forget_talks(
        session,
        by.municipality,
        application_ids=[row.id for row in found],
        contact_ids=contact_ids,
    )
    session.flush()
    return [row.id for row in found]


def of_nobody(
    session: Session, municipality: str, *, after: str, before: datetime, limit: int
) -> list[rows.Application]:
    """Return some of what staff entered for people who are not registered, and ended before."""
    row = rows.Application
    ended = func.coalesce(row.decide_time, row.submit_time, row.invite_time)
    query = select(row).where(
        row.municipality == municipality,
        row.id > after,
        row.resident_id == "",
        row.contact_id == "",
        row.state.not_in(sorted(UNDECIDED)),
        ended <= before,
    )
    locked = query.order_by(row.id).limit(limit).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def is_erased(row: rows.Application) -> bool:
    return row.filed_json is None and not row.answers


def _forget_talks(
    session: Session,
    municipality: str,
    *,
    application_ids: Collection[str] = (),
    contact_ids: Collection[str] = (),
) -> None:
    """Delete what contacts were asked, and the links from one channel to another."""
    for kept, contact in (
        (Asked, Asked.contact_id),
        (Handover, Handover.from_contact_id),
        (Handover, Handover.taken_by),
        (ImageSet, ImageSet.contact_id),
    ):
        session.execute(
            delete(kept).where(
                kept.municipality == municipality,
                or_(kept.application_id.in_(application_ids), contact.in_(contact_ids)),
            )
        )


def erase(session: Session, applications: Sequence[rows.Application]) -> None:
    """Erase what was said in applications; who filed what for which program stays, by ids."""
    for municipality in {row.municipality for row in applications}:
        ids = [row.id for row in applications]
        attachments.forget(session, municipality, ids)
        desk_rows.forget(session, municipality, ids)
        opening.forget(session, municipality, [row.entitlement_id for row in applications])
    for row in applications:
        row.answers_json, row.returned_with = "{}", ""
        row.filed_json = row.before_json = row.values_json = row.payee_json = None
        row.expire_time = row.remind_time = None
