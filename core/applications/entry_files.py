"""Files of what staff enter: uploaded before there is an application, given to it in filing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.applications import attaching, rows
from core.attachments import rows as attachments
from core.attachments.making import Made
from core.attachments.rows import Attachment
from core.attachments.rules import AttachmentUnknown
from core.attempts import Bound
from core.callers import Caller
from core.procedures.definition import Answers, Procedure

BOUND = Bound("entry_uploads", 1000, timedelta(days=1))
"""Of one of the staff: what a day's post may bring, and no more than can be made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOfEntry:
    """What a step of a procedure takes, for a resident or somebody who is not registered."""

    resident_id: str
    procedure: str
    step: str
    media_types: tuple[str, ...]
    most_bytes: int


def count(session: Session, by: Caller, now: datetime) -> None:
    """Count an upload; raise TooManyAttempts where one person has sent enough for a day."""
    attempts.check(session, BOUND, by.municipality, by.id, now)
    attempts.count(session, BOUND, by.municipality, by.id, now)


def keep(
    session: Session,
    by: Caller,
    wanted: WantedOfEntry,
    made: Made,
    *,
    file_name: str,
    now: datetime,
) -> Attachment:
    """Keep a file for what is entered, until it is filed or a day is over, and write it down."""
    file = attaching.new(by, made, step=wanted.step, file_name=file_name, now=now)
    file.entered_by, file.procedure_key = by.id, wanted.procedure
    session.add(file)
    events.record(
        session,
        by,
        "attachment.entered",
        file.id,
        now,
        details={"procedure": wanted.procedure, "step": wanted.step},
        on_behalf_of=wanted.resident_id,
    )
    return file


def require(
    session: Session, by: Caller, procedure: Procedure, answers: Answers
) -> list[Attachment]:
    """Return the files that answers name.

    Raises AttachmentUnknown for one that this person did not upload for its step of this
    procedure, or that was filed already.
    """
    named = []
    for id, step in attaching.named_in(procedure, answers).items():
        file = attachments.get(session, by.municipality, id)
        belongs = (file.entered_by, file.procedure_key, file.step) == (by.id, procedure.key, step)
        if not belongs or file.application_id:
            raise AttachmentUnknown(f"attachment {id} was not uploaded for step {step}")
        named.append(file)
    return named


def hand_in(
    session: Session, by: Caller, row: rows.Application, procedure: Procedure, answers: Answers
) -> int:
    """Give the files that answers name to the application; return how many. Raises likewise."""
    files = require(session, by, procedure, answers)
    for file in files:
        file.application_id, file.named = row.id, True
    return len(files)
