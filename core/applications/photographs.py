"""Several photographs sent at once in a chat: gathered, and taken as one answer when all have come.

A chat's provider tells of each by itself, in any order, perhaps twice, and perhaps of one never.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core.applications import (
    attaching,
    conversations,
    inviting,
    rows,
    rules,
    saying,
    speakers,
    speech,
    talk_rows,
)
from core.applications.attaching import Wanted
from core.applications.chatting import NoConversation, asked_now
from core.applications.knowing import context_of
from core.applications.speakers import Speaking
from core.applications.talk_rows import ImageSet
from core.callers import Caller, the_core
from core.dispatches import actions as dispatches
from core.errors import Refusal
from core.jobs import At
from core.jobs import Step as Done
from core.procedures.blocks.block import Input, Seen, Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Step
from core.procedures.fields import problem_fields
from core.proxies.rules import Scope
from core.residents import contact_rows as contacts
from core.residents.rules import ContactNotRegistered, ContactState

LATE = timedelta(minutes=2)
"""How long those that have come wait for the others."""

log = structlog.get_logger("core")

MEGABYTE = 1024 * 1024

PART = 50
"""Sets that are taken in one transaction."""


@dataclass(frozen=True, slots=True)
class Place:
    """A photograph's place in what was sent at once."""

    set_id: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a photograph: its attachment, or the problem for which there is none."""

    attachment_id: str = ""
    problem: str = ""


def expect(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    place: Place | None,
    known: Catalogue,
    now: datetime,
) -> tuple[Wanted | None, bool]:
    """Return the question that a file in a chat is for, None where none is asked for.

    Beside it, whether it is the first that came of its set. All of a set are for one question.
    """
    contact = contacts.contact_of(session, by, external_id)
    if place is None:
        return _wanted(session, by, external_id, known, now), True
    key = (by.municipality, contact.id, place.set_id)
    kept = session.get(ImageSet, key)
    if kept is not None:
        if kept.application_id is None:
            return None, False
        question = kept.application_id, kept.step
        return _wanted_of(session, by, external_id, question, known=known, now=now), False
    wanted = _wanted(session, by, external_id, known, now)
    session.add(
        ImageSet(
            municipality=by.municipality,
            contact_id=contact.id,
            set_id=place.set_id,
            application_id=wanted.application_id if wanted else None,
            step=wanted.step if wanted else "",
            total=place.total,
            create_time=now,
        )
    )
    session.flush()
    return wanted, True


def take(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    place: Place,
    came: Came,
    known: Catalogue,
    now: datetime,
) -> tuple[dict[str, Any] | None, str]:
    """Take one of a set; return the turn that follows once all have come, and the application's id.

    What comes after the set was taken without it is put beside the others. Raises NoConversation
    where the set was sent for no question.
    """
    contact = contacts.contact_of(session, by, external_id)
    key = (by.municipality, contact.id, place.set_id)
    kept = session.get(ImageSet, key, with_for_update=True, populate_existing=True)
    if kept is None or kept.application_id is None:
        raise NoConversation("no photographs were asked for when this set was sent")
    parts = {**kept.parts, str(place.number): asdict(came)}
    kept.parts_json = json.dumps(parts)
    if kept.settle_time is None and len(parts) < kept.total:
        return None, kept.application_id
    alone = {place.number: came} if kept.settle_time is not None else None
    kept.settle_time = kept.settle_time or now
    try:
        who, row = speakers.of_contact(
            session, by, external_id, kept.application_id, scope=Scope.APPLY, now=now, lock=True
        )
    except (rules.ApplicationUnknown, ContactNotRegistered):
        raise NoConversation("whoever sent this may not answer any more") from None
    turn = _settled(session, by, who, row, kept, alone=alone, known=known, now=now)
    return turn, row.id


def settle_late(session: Session, at: At, *, known: Catalogue) -> Done:
    """Take a part of the sets of which one never came, and tell whoever sent them which."""
    by = the_core(at.municipality)
    due = talk_rows.sets_due(session, at.municipality, before=at.now - LATE, limit=PART)
    for kept in due:
        kept.settle_time = at.now
        _settle_late(session, by, kept, known, at.now)
    return Done("again" if len(due) == PART else "", {"settled": len(due)})


def _settle_late(
    session: Session, by: Caller, kept: ImageSet, known: Catalogue, now: datetime
) -> None:
    contact = contacts.get_contact(session, kept.municipality, kept.contact_id)
    row = rows.find(session, kept.municipality, kept.application_id or "", lock=True)
    if contact is None or row is None or contact.state is not ContactState.REACHABLE:
        return
    who = speakers.holds(session, contact, row, scope=Scope.APPLY, now=now)
    if who is None:
        return
    try:
        turn = _settled(session, by, who, row, kept, alone=None, known=known, now=now)
    except Refusal as refusal:
        # What was asked is not to be answered any more, such as after a program's last day.
        log.info("photographs_not_taken", application=row.id, reason=refusal.reason)
        return
    dispatches.tell(
        session,
        by,
        occasion=f"{row.id}:photographs:{kept.contact_id}:{kept.set_id}",
        resident_id=row.resident_id,
        contact=inviting.recipient(contact),
        content=speech.pushed(turn),
        now=now,
    )


def _settled(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    kept: ImageSet,
    *,
    alone: dict[int, Came] | None,
    known: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Answer with what came, or with one that came late `alone`; say which of it is not taken."""
    procedure = saying.procedure_of(session, row, known)
    step = procedure.step(kept.step)
    parts = alone or {int(number): Came(**one) for number, one in kept.parts.items()}
    asks = step.block.asks(
        Seen(step.key, context_of(session, row, procedure, who.language, now), who.language)
    )
    most = int(asks["most"])
    held = _held(row, step)
    # One that stands full is changed for what is sent; what comes late is never in its place.
    beside = held if alone or len(held) < most else []
    fit = [number for number in sorted(parts) if parts[number].attachment_id]
    is_over = row.state not in rules.WITH_THE_RESIDENT
    taken = [] if is_over else fit[: most - len(beside)]
    given = [*beside, *(parts[number].attachment_id for number in taken)]
    turn = (
        conversations.answer_of(
            session, by, who, row,
            procedure=procedure, step=step.key, given=given, known=known, now=now,
        )
        if taken
        else saying.said_to(session, row, who, known, now)
    )  # fmt: skip
    (said,) = turn.values()
    numbers = set(range(1, kept.total + 1)) if alone is None else set(parts)
    told = list(_untaken(numbers - set(taken), parts, "over" if is_over else "too_many", asks))
    if told and alone is None and (not taken or _held(row, step) == given):
        told.insert(0, Wrong("photographs_taken", taken=str(len(taken)), total=str(kept.total)))
    said["problems"] = [*map(problem_fields, told), *said.get("problems", ())]
    return turn


def _untaken(
    numbers: Iterable[int], parts: dict[int, Came], otherwise: str, asks: dict[str, Any]
) -> Iterable[Wrong]:
    """Yield why each was not taken; `otherwise` is why one was not that came well."""
    for number in sorted(numbers):
        came = parts.get(number)
        problem = "missing" if came is None else came.problem or otherwise
        limit = asks["most_bytes"] // MEGABYTE if problem == "too_large" else asks["most"]
        yield Wrong(f"photograph_{problem}", number=str(number), limit=str(limit))


def _held(row: rows.Application, step: Step) -> list[str]:
    answer = row.answers.get(step.key)
    return list(answer) if answer else []


def _wanted(
    session: Session, by: Caller, external_id: str, known: Catalogue, now: datetime
) -> Wanted | None:
    """Return what is asked in a chat now, where that is files; None where it is not."""
    asked = asked_now(session, by, external_id=external_id, known=known, now=now)
    if asked is None:
        return None
    row, step = asked
    if step.block.input is not Input.FILES or step.sensitive:
        return None
    return _wanted_of(session, by, external_id, (row.id, step.key), known=known, now=now)


def _wanted_of(
    session: Session,
    by: Caller,
    external_id: str,
    question: tuple[str, str],
    *,
    known: Catalogue,
    now: datetime,
) -> Wanted | None:
    """Return what a question takes, by its application and step; None where it takes no more."""
    id, step = question
    try:
        return attaching.wanted(
            session,
            by,
            external_id=external_id,
            for_resident_id="",
            id=id,
            step=step,
            known=known,
            now=now,
        )
    except (rules.WrongState, rules.ApplicationUnknown, ContactNotRegistered):
        return None
