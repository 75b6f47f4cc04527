"""Files that residents send for an answer: taken for a step, named by its answer, swept if not."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy.orm import Session

from core import attempts, events
from core.applications import rows, rules, saying, speakers
from core.applications.knowing import LANGUAGE, context_of
from core.attachments import cleaning
from core.attachments import rows as attachments
from core.attachments.making import Made
from core.attachments.rows import Attachment
from core.attachments.rules import AttachmentUnknown
from core.attempts import Bound
from core.callers import Caller
from core.ids import new_id
from core.jobs import At, Step
from core.my_number import refuse_my_number
from core.procedures import engine
from core.procedures.blocks.block import Seen
from core.procedures.catalogue import Catalogue
from core.procedures.definition import AnswerNotOffered, Answers, Procedure
from core.proxies.rules import Scope

UNNAMED = timedelta(days=1)
"""How long a file waits for an answer that names it."""

PART = 20
"""Files that are deleted in one transaction."""

BOUND = Bound("uploads", 100, timedelta(days=1))
"""Of one contact, also of one that nobody knows."""

ENDINGS = {cleaning.JPEG: ".jpg", cleaning.PNG: ".png", cleaning.PDF: ".pdf"}
PHOTOGRAPHS = (cleaning.JPEG, cleaning.PNG, cleaning.WEBP)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step takes: kinds by media type, and the most bytes; 0 where it does not say."""

    application_id: str
    step: str
    contact_id: str
    media_types: tuple[str, ...]
    most_bytes: int = 0


def wanted(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    step: str,
    known: Catalogue,
    now: datetime,
) -> Wanted:
    """Return what a step takes of whoever speaks. Raises AnswerNotOffered where it takes no files.

    Raises WrongState where an answer changes nothing any more.
    """
    who, row = speakers.of_contact(
        session,
        by,
        external_id,
        id,
        scope=Scope.APPLY,
        now=now,
        lock=False,
        for_resident_id=for_resident_id,
    )
    if row.state not in rules.WITH_THE_RESIDENT:
        raise rules.WrongState(
            f"an application that is {row.state} takes no files",
            state=row.state,
            verb=rules.Verb.ANSWER,
        )
    procedure = saying.procedure_of(session, row, known)
    kinds, most_bytes = taken(session, row, procedure, step, now)
    return Wanted(row.id, step, who.contact.id, kinds, most_bytes)


def taken(
    session: Session, row: rows.Application, procedure: Procedure, step: str, now: datetime
) -> tuple[tuple[str, ...], int]:
    """Return the media types that a step takes, and its most bytes. Raises AnswerNotOffered."""
    asked = procedure.step(step)
    takes: dict[str, Any] = asked.block.asks(
        Seen(step, context_of(session, row, procedure, LANGUAGE, now), LANGUAGE)
    )
    if asked.staff or not (takes.get("media_types") or takes.get("passbook")):
        raise AnswerNotOffered(f"step {step} takes no files", field="header.step", step=step)
    return tuple(takes.get("media_types", PHOTOGRAPHS)), takes.get("most_bytes", 0)


def count(session: Session, by: Caller, contact_id: str, now: datetime) -> None:
    """Count an upload; raise TooManyAttempts where a contact has sent enough for a day."""
    attempts.check(session, BOUND, by.municipality, contact_id, now)
    attempts.count(session, BOUND, by.municipality, contact_id, now)


def keep(
    session: Session, by: Caller, wanted: Wanted, made: Made, *, file_name: str, now: datetime
) -> Attachment:
    """Keep a file that was made anew, until an answer names it or a day is over."""
    row = new(by, made, step=wanted.step, file_name=file_name, now=now)
    row.application_id = wanted.application_id
    session.add(row)
    return row


def new(by: Caller, made: Made, *, step: str, file_name: str, now: datetime) -> Attachment:
    """Return the row of a file, of no application yet. Raises MyNumberRefused."""
    refuse_my_number(file_name, field="header.file_name")
    return Attachment(
        municipality=by.municipality,
        id=new_id(),
        application_id="",
        step=step,
        file_name=named_by(file_name, made.media_type),
        media_type=made.media_type,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
        content=made.content,
        create_time=now,
        scanned=made.scanned,
    )


def named_by(file_name: str, media_type: str) -> str:
    """Return a file's own name without folders and signs of control, with the ending it has now."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", "", file_name)
    stem = PurePath(plain.replace("\\", "/")).stem.strip(". ") or "file"
    return stem[:200] + ENDINGS[media_type]


def name(session: Session, row: rows.Application, procedure: Procedure, answers: Answers) -> None:
    """Mark the files that answers name, or that were filed, and let the others go after a day.

    Raises AttachmentUnknown for one that was not uploaded for its step of this application.
    """
    now_named, filed = named_in(procedure, answers), named_in(procedure, row.filed)
    if not now_named and not named_in(procedure, row.answers):
        return
    held = attachments.of_application(session, row.municipality, row.id)
    for id, step in now_named.items():
        if id not in held or held[id].step != step:
            raise AttachmentUnknown(f"there is no attachment {id} for step {step}")
    for id, one in held.items():
        one.named = id in now_named or id in filed


def named_in(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the step by the id of each file that answers name."""
    blocks = {step.key: step.block for step in procedure.steps}
    return {
        id: step
        for step, answer in answers.items()
        if step in blocks and answer is not engine.SKIPPED
        for id in blocks[step].attachments(answer)
    }


def shown_to_staff(session: Session, by: Caller, id: str, now: datetime) -> Attachment:
    """Return a file with its bytes, and write down that it was looked at."""
    row = attachments.get(session, by.municipality, id)
    if not row.application_id:
        raise AttachmentUnknown(f"attachment {id} is of no application that was filed")
    return _viewed(session, by, row, now)


def shown_to(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    now: datetime,
) -> Attachment:
    """Return a file with its bytes to whom its application is, and write down the look."""
    row = attachments.get(session, by.municipality, id)
    try:
        speakers.of_contact(
            session,
            by,
            external_id,
            row.application_id,
            scope=Scope.READ,
            now=now,
            lock=False,
            for_resident_id=for_resident_id,
        )
    except rules.ApplicationUnknown:
        raise AttachmentUnknown(f"there is no attachment {id} of this contact") from None
    return _viewed(session, by, row, now)


def _viewed(session: Session, by: Caller, row: Attachment, now: datetime) -> Attachment:
    application = rows.get(session, by.municipality, row.application_id)
    events.record(
        session,
        by,
        "attachment.viewed",
        row.application_id,
        now,
        details={"attachment": row.id},
        on_behalf_of=application.resident_id,
    )
    _ = (
        row.content
    )  # Read within the transaction; it is sealed and large, and else left where it is.
    return row


def sweep(session: Session, at: At) -> Step:
    """Delete a part of what no answer names."""
    done = attachments.sweep(session, at.municipality, before=at.now - UNNAMED, limit=PART)
    return Step("again" if done == PART else "", {"deleted": done})
