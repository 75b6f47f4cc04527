"""Circulars that are out are corrected in a new version, or taken back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import announcing, drafting, knowing, queries, reading
from core.circulars.knowing import Led
from core.circulars.rows import Circular
from core.circulars.rules import (
    DRAFTED,
    ContentRefused,
    Occasion,
    State,
    WrongState,
    check_kind,
)
from core.circulars.targets import Targets
from core.etags import ChangedMeanwhile, check_etag, etag_of
from core.my_number import refuse_my_number

FIXED = ("questions", "vote", "answers_shown")
"""What was asked stays as it was: others have answered it."""


def correct(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    content: Mapping[str, Any],
    correction: str,
    etag: str,
    now: datetime,
) -> Circular:
    """Publish a new version, and tell those who read an old one what changed.

    Raises CircularUnknown, NotInOffice, WrongState, AttachmentUnknown, ChangedMeanwhile.
    """
    led = _changing(session, by, external_id, circular_id, etag=etag, now=now)
    circular = led.circular
    if circular.state is not State.PUBLISHED:
        raise WrongState("only what is out is corrected", state=circular.state)
    before = queries.content_of(session, circular)
    if any(before.get(name) != content.get(name) for name in FIXED):
        raise ContentRefused("questions and the rules of a vote stay as they are", field="content")
    check_kind(circular.kind, content)
    drafting.check_screen(Targets.of(json.loads(circular.targets_json)), content)
    drafting.check_comments(content, is_of_city=not circular.association_id)
    drafting.refuse_numbers(content)
    refuse_my_number(correction, field="correction")
    circular.version += 1
    circular.revision += 1
    drafting.keep_content(session, circular, content, now, correction=correction)
    reading.read_by_writer(session, circular, led.standing, now)
    announcing.begin(
        session, circular, Occasion.CORRECTED, mark=str(circular.version),
        but=led.standing.member_id, now=now,
    )  # fmt: skip
    drafting.record(session, by, circular, "corrected", now, on_behalf_of=led.standing.member_id)
    return circular


def by_draft(
    session: Session,
    by: Caller,
    led: Led,
    *,
    external_id: str,
    publish_time: datetime | None,
    now: datetime,
) -> Circular:
    """Let a draft become the next version of what it corrects; nothing else of it is left.

    Raises what `correct` does, and ContentRefused where it says nothing of what was changed.
    """
    draft = led.circular
    version = queries.version_of(session, draft)
    if publish_time is not None:
        raise ContentRefused("a correction goes out at once", field="publish_time")
    if not version.correction:
        raise ContentRefused("it says what was changed", field="correction")
    before = queries.find(session, by.municipality, draft.corrects, lock=True)
    if before is None or before.version + 1 != draft.version:
        raise ChangedMeanwhile("it was corrected meanwhile: look at it, and begin again")
    draft.state, draft.asked = State.WITHDRAWN, ""
    draft.revision += 1
    return correct(
        session,
        by,
        external_id=external_id,
        circular_id=before.id,
        content=queries.content_of(session, draft),
        correction=version.correction,
        etag=etag_of(before.revision),
        now=now,
    )


def withdraw(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    reason: str,
    etag: str,
    now: datetime,
) -> Circular:
    """Take a circular back: whoever opens it reads only that and why.

    A draft, and what was to go out later, are thrown away: nobody lists them any more.

    Raises CircularUnknown, NotInOffice, WrongState, ChangedMeanwhile.
    """
    led = _changing(session, by, external_id, circular_id, etag=etag, now=now)
    circular = led.circular
    if circular.state is State.WITHDRAWN:
        raise WrongState("it was taken back already", state=circular.state)
    refuse_my_number(reason, field="reason")
    was_out = circular.state not in DRAFTED
    circular.state, circular.withdrawn_with = State.WITHDRAWN, reason
    circular.revision += 1
    if not was_out:
        circular.publish_time = None
    else:
        announcing.end(session, circular)
        announcing.begin(
            session, circular, Occasion.WITHDRAWN, mark=str(circular.version),
            but=led.standing.member_id, now=now,
        )  # fmt: skip
    drafting.record(session, by, circular, "withdrawn", now, on_behalf_of=led.standing.member_id)
    return circular


def _changing(
    session: Session, by: Caller, external_id: str, circular_id: str, *, etag: str, now: datetime
) -> Led:
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True
    )
    knowing.check_writes(led, Targets.of(json.loads(led.circular.targets_json)))
    knowing.check_all_seen(session, led)
    check_etag(led.circular.revision, etag)
    return led
