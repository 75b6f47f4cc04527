"""What each contact was asked last, so that words in a chat are read as the answer to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import talk_rows
from core.applications.rows import Application
from core.applications.talk_rows import Asked


def step_asked(turn: Mapping[str, Any]) -> str | None:
    """Return the step that a turn asks, empty for the review; None where it asks nothing."""
    if prompt := turn.get("prompt"):
        return str(prompt["step"])
    if "review" in turn:
        return ""
    closing = turn["closing"]
    return str(closing["step"]) if closing.get("choices") else None


def is_noted(
    session: Session, municipality: str, *, contact_id: str, turn: Mapping[str, Any]
) -> bool:
    """Whether it is known already that a contact is asked this."""
    return _is(talk_rows.asked_of(session, municipality, contact_id), turn)


def note(
    session: Session,
    row: Application,
    *,
    contact_id: str,
    turn: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep what a turn asks a contact; after an end, its conversation asks nothing more."""
    asked, step = talk_rows.asked_of(session, row.municipality, contact_id), step_asked(turn)
    if _is(asked, turn):
        return
    if step is None:
        session.delete(asked)
    elif asked is None:
        session.add(
            Asked(
                municipality=row.municipality,
                contact_id=contact_id,
                application_id=row.id,
                step=step,
                ask_time=now,
                revision=row.revision,
            )
        )
    else:
        asked.application_id, asked.step, asked.ask_time = row.id, step, now
        asked.revision = row.revision


def _is(asked: Asked | None, turn: Mapping[str, Any]) -> bool:
    (said,) = turn.values()
    step = step_asked(turn)
    if asked is None or asked.application_id != said["application_id"]:
        return step is None
    return asked.step == step
