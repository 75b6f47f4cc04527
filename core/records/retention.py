"""What was kept long enough goes by itself: steps of a job, one kind of thing after another."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.applications import forgetting as applications
from core.associations import forgetting as associations
from core.callers import the_core
from core.circulars import forgetting as circulars
from core.inquiries import forgetting as inquiries
from core.jobs import At, Step
from core.payments import forgetting as payments
from core.records import deleting
from core.records.deleting import ForgetAnswers
from core.records.terms import Terms
from core.registration import forgetting as registration
from core.residents import consents
from core.residents import forgetting as residents
from core.residents.rows import Resident

PART = 50
"""Residents deleted, or looked at, in one transaction."""

Phase = Callable[[Session, At, str, Terms, ForgetAnswers], tuple[int, str]]
"""Forgets a part after an id; returns how many it forgot, and where to go on, empty at the end."""


def step(session: Session, at: At, *, terms: Terms, forget_answers: ForgetAnswers) -> Step:
    """Forget a part of one kind of thing; the step of a job."""
    names = list(PHASES)
    name, _, after = at.cursor.partition(":")
    name = name or names[0]
    done, after = PHASES[name](session, at, after, terms, forget_answers)
    if after:
        return Step(f"{name}:{after}", {name: done})
    following = names[names.index(name) + 1 :]
    return Step(f"{following[0]}:" if following else "", {name: done})


def _closed(
    session: Session, at: At, after: str, terms: Terms, forget_answers: ForgetAnswers
) -> tuple[int, str]:
    """Delete residents whose registration ended, and was closed, so long ago."""
    query = select(Resident).where(
        Resident.municipality == at.municipality,
        Resident.id > after,
        Resident.closing_date <= (at.now - terms.closed).date(),
        Resident.delete_time.is_(None),
    )
    locked = query.order_by(Resident.id).limit(PART).with_for_update()
    found = list(session.scalars(locked.execution_options(populate_existing=True)))
    # A day that was mistyped as one long past must not delete anybody at once.
    due = [one for one in found if _closed_long_ago(session, one, at, terms)]
    _delete(session, at, due, terms, forget_answers)
    return len(due), found[-1].id if len(found) == PART else ""


def _delete(
    session: Session,
    at: At,
    residents: list[Resident],
    terms: Terms,
    forget_answers: ForgetAnswers,
) -> None:
    for resident in residents:
        deleting.delete(
            session,
            the_core(at.municipality),
            resident,
            terms=terms,
            forget_answers=forget_answers,
            now=at.now,
        )


def _closed_long_ago(session: Session, resident: Resident, at: At, terms: Terms) -> bool:
    log = events.about(session, at.municipality, resident.id)
    closed = [event.time for event in log if event.kind == "resident.closed"]
    return bool(closed) and max(closed) <= at.now - terms.closed


def _withdrawn(
    session: Session, at: At, after: str, terms: Terms, forget_answers: ForgetAnswers
) -> tuple[int, str]:
    """Delete residents who took back the consent to registering as long ago as closed ones."""
    query = select(Resident).where(
        Resident.municipality == at.municipality,
        Resident.id > after,
        Resident.consent_withdrawn,
        Resident.delete_time.is_(None),
    )
    locked = query.order_by(Resident.id).limit(PART).with_for_update()
    found = list(session.scalars(locked.execution_options(populate_existing=True)))
    due = []
    for resident in found:
        since = consents.withdrawn_since(session, resident)
        if since is not None and since <= at.now - terms.closed:
            due.append(resident)
    _delete(session, at, due, terms, forget_answers)
    return len(due), found[-1].id if len(found) == PART else ""


def _contacts(
    session: Session,
    at: At,
    after: str,  # noqa: ARG001 - what is forgotten is found no more.
    terms: Terms,
    forget_answers: ForgetAnswers,
) -> tuple[int, str]:
    """Delete contacts that never registered, are no member's and have long not been seen."""
    before = at.now - terms.contact
    idle = ~associations.speaks_for_somebody()
    found = residents.unseen(session, at.municipality, before, idle, limit=PART)
    deleting.forget_contacts(session, the_core(at.municipality), found, forget_answers, at.now)
    for id in found:
        events.record(session, the_core(at.municipality), "contact.deleted", id, at.now)
    return len(found), found[-1] if len(found) == PART else ""


def _refused(
    session: Session,
    at: At,
    after: str,  # noqa: ARG001 - likewise.
    terms: Terms,
    forget_answers: ForgetAnswers,
) -> tuple[int, str]:
    """Delete registrations that were refused at the counter, or never decided."""
    before = at.now - terms.refused
    found = registration.forget_refused(session, at.municipality, before, limit=PART)
    forget_answers(session, found)
    return len(found), found[-1] if len(found) == PART else ""


def _inquiries(
    session: Session,
    at: At,
    after: str,  # noqa: ARG001 - likewise.
    terms: Terms,
    forget_answers: ForgetAnswers,
) -> tuple[int, str]:
    """Delete what was written in inquiries that were closed so long ago."""
    before = at.now - terms.inquiry
    found = inquiries.forget_closed(session, at.municipality, before, limit=PART)
    forget_answers(session, found)
    return len(found), found[-1] if len(found) == PART else ""


def _kept(
    session: Session,
    at: At,
    after: str,
    terms: Terms,
    forget_answers: ForgetAnswers,  # noqa: ARG001 - went with the resident.
) -> tuple[int, str]:
    """Erase the applications of deleted residents whose term is over, and the last of their ids."""
    query = select(Resident).where(
        Resident.municipality == at.municipality,
        Resident.id > after,
        Resident.delete_time.is_not(None),
    )
    found = list(session.scalars(query.order_by(Resident.id).limit(PART)))
    done = 0
    for resident in found:
        held = applications.of_resident(session, at.municipality, resident.id)
        if any(_in_term(row.decide_time, at, terms.application) for row in held):
            continue
        applications.erase(session, held)
        payments.forget(session, at.municipality, [row.id for row in held])
        session.delete(resident)
        session.flush()
        details = {"applications": str(len(held))}
        core = the_core(at.municipality)
        events.record(session, core, "record.erased", resident.id, at.now, details=details)
        done += 1
    return done, found[-1].id if len(found) == PART else ""


def _entered(
    session: Session, at: At, after: str, terms: Terms, forget_answers: ForgetAnswers
) -> tuple[int, str]:
    """Erase what staff entered for people who are not registered, as long after it was decided."""
    before = at.now - terms.application
    found = applications.of_nobody(session, at.municipality, after=after, before=before, limit=PART)
    due = [row for row in found if not applications.is_erased(row)]
    applications.erase(session, due)
    ids = [row.id for row in due]
    payments.forget(session, at.municipality, ids)
    forget_answers(session, ids)
    for id in ids:
        events.record(
            session, the_core(at.municipality), "record.erased", id, at.now,
            details={"applications": "1"},
        )  # fmt: skip
    return len(ids), found[-1].id if len(found) == PART else ""


def _households(
    session: Session, at: At, after: str, terms: Terms, forget_answers: ForgetAnswers
) -> tuple[int, str]:
    """Erase the names of households that left their association so long ago."""
    before = at.now - terms.household
    erased, following = associations.forget_households(
        session, at.municipality, before, after=after, limit=PART
    )
    _erased(session, at, "household.erased", erased, forget_answers)
    return len(erased), following


def _members(
    session: Session, at: At, after: str, terms: Terms, forget_answers: ForgetAnswers
) -> tuple[int, str]:
    """Erase the names of members who left so long ago, with what they wrote under circulars."""
    before = at.now - terms.household
    erased, following = associations.forget_members(
        session, at.municipality, before, after=after, limit=PART
    )
    circulars.forget_members(session, at.municipality, erased)
    _erased(session, at, "membership.erased", erased, forget_answers)
    return len(erased), following


def _erased(
    session: Session, at: At, kind: str, ids: list[str], forget_answers: ForgetAnswers
) -> None:
    forget_answers(session, ids)
    for id in ids:
        events.record(session, the_core(at.municipality), kind, id, at.now)


def _in_term(moment: datetime | None, at: At, term: timedelta) -> bool:
    return moment is not None and moment > at.now - term


PHASES: dict[str, Phase] = {
    "closed": _closed,
    "withdrawn": _withdrawn,
    "contacts": _contacts,
    "refused": _refused,
    "inquiries": _inquiries,
    "kept": _kept,
    "entered": _entered,
    "households": _households,
    "members": _members,
}
