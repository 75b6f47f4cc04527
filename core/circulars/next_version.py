"""A draft that is to be the next version of a circular that is out."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import knowing, queries
from core.circulars.knowing import Led
from core.circulars.rows import Circular
from core.circulars.rules import State, WrongState
from core.circulars.targets import Targets
from core.ids import new_id


def corrected(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    circular_id: str,
    now: datetime,
) -> Led:
    """Return the circular that is corrected, for who may; raise what the contract names."""
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now
    )
    circular = led.circular
    if circular.association_id != association_id:
        raise queries.unknown()
    knowing.check_writes(led, Targets.of(json.loads(circular.targets_json)))
    knowing.check_all_seen(session, led)
    if circular.state is not State.PUBLISHED:
        raise WrongState("only what is out is corrected", state=circular.state)
    return led


def is_overtaken(session: Session, draft: Circular) -> bool:
    """Whether a draft that corrects comes too late: after another version, or the end."""
    of = queries.find(session, draft.municipality, draft.corrects)
    return of is None or of.state is not State.PUBLISHED or of.version + 1 != draft.version


def begin(session: Session, by: Caller, led: Led, now: datetime) -> Circular:
    """Begin a draft of the next version: for the same, of the same kind, until the same day.

    Who had begun one begins it anew.
    """
    of = led.circular
    begun = select(Circular).where(
        Circular.municipality == of.municipality,
        Circular.association_id == of.association_id,
        Circular.corrects == of.id,
        Circular.state == State.DRAFT,
        Circular.author_id == (led.standing.member_id or by.id),
    )
    found = session.scalars(begun.limit(1).with_for_update()).one_or_none()
    if found is not None:
        # Another version may have come out since it was begun.
        found.version, found.due_date = of.version + 1, of.due_date
        found.targets_json = of.targets_json
        found.revision += 1
        return found
    circular = Circular(
        municipality=of.municipality,
        id=new_id(),
        association_id=of.association_id,
        kind=of.kind,
        state=State.DRAFT,
        author_id="",
        author_name="",
        targets_json=of.targets_json,
        create_time=now,
        version=of.version + 1,
        due_date=of.due_date,
        corrects=of.id,
    )
    session.add(circular)
    session.flush()
    return circular
