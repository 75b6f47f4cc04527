"""What reviewers do with an application before they decide: take it, check it, answer for staff."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.applications import attaching, conversations, filing, rows, rules, saying
from core.applications.checking import unfit
from core.applications.history import record
from core.applications.knowing import LANGUAGE, context_of
from core.applications.rules import Verb
from core.callers import Caller, Role
from core.etags import check_etag
from core.procedures import engine
from core.procedures.blocks.block import Wrong
from core.procedures.catalogue import Catalogue
from core.procedures.definition import AnswerNotOffered
from core.procedures.fields import prompt_fields
from core.staff import rows as staff
from core.staff.rules import StaffUnknown


def viewed(session: Session, by: Caller, *, id: str, now: datetime) -> rows.Application:
    """Return an application to a person, and write down that they looked."""
    row = rows.get(session, by.municipality, id)
    events.record(session, by, "application.viewed", row.id, now, on_behalf_of=row.resident_id)
    return row


def assign(
    session: Session, by: Caller, *, id: str, etag: str, staff_id: str, now: datetime
) -> rows.Application:
    """Give an application to somebody who may review it, or to nobody."""
    row = _filed(session, by, id, etag, Verb.ASSIGN)
    if staff_id:
        person = session.get(staff.Staff, (by.municipality, staff_id))
        if person is None or Role.REVIEWER not in person.roles:
            raise StaffUnknown(f"nobody who reviews has the id {staff_id}")
    before, row.assignee_id = row.state, staff_id
    row.state = rules.move(row.state, Verb.ASSIGN if staff_id else Verb.RELEASE)
    row.revision += 1
    what = "assigned" if staff_id else "released"
    record(session, by, row, what, now, before=before, more={"assignee": staff_id})
    return row


def tick(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    checked: Collection[str],
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Say which lines of the checklist are checked."""
    row = _filed(session, by, id, etag, Verb.CHECK)
    lines = [item.key for item in saying.procedure_of(session, row, known).checklist]
    for key in checked:
        if key not in lines:
            raise AnswerNotOffered(f"the checklist has no line {key}", field="checked", step=key)
    row.checked = [key for key in lines if key in checked]
    row.revision += 1
    record(session, by, row, "checked", now, more={"checked": ",".join(row.checked)})
    return row


def answer(
    session: Session,
    by: Caller,
    *,
    id: str,
    etag: str,
    step: str,
    kind: str,
    given: Any,
    known: Catalogue,
    now: datetime,
) -> rows.Application:
    """Answer a step that staff answer; what is calculated from it is calculated anew."""
    conversations.refuse_in(given)
    row = _filed(session, by, id, etag, Verb.CHECK)
    procedure = saying.procedure_of(session, row, known)
    asked = procedure.step(step)
    if not asked.staff:
        raise AnswerNotOffered(f"step {step} is not for staff", field="answer.step", step=step)
    conversations.require_kind(asked, kind)
    context = context_of(session, row, procedure, LANGUAGE, row.submit_time or now)
    try:
        answers = engine.answered(
            procedure, row.answers, context, LANGUAGE, step=step, given=given, staff=True
        )
    except Wrong as wrong:
        raise unfit(step, wrong, "answer") from None
    attaching.name(session, row, procedure, answers)
    row.answers_json = json.dumps(answers)
    filing.calculate(session, row, procedure, now)
    row.revision += 1
    rows.drop_approvals(session, row)
    record(session, by, row, "answered_by_staff", now, more={"step": step})
    return row


def asked(
    session: Session, row: rows.Application, known: Catalogue, now: datetime
) -> list[dict[str, Any]]:
    """Return what staff are asked of an application, with the contract's names."""
    procedure = saying.procedure_of(session, row, known)
    context = context_of(session, row, procedure, LANGUAGE, row.submit_time or now)
    walked = engine.walk(procedure, row.answers, context, LANGUAGE, staff=True)
    found = []
    for step in walked.asked:
        if step.staff and step.block.is_answer:
            said = engine.asked_of_staff(procedure, row.answers, context, LANGUAGE, step.key)
            found.append({**prompt_fields(said, step.block.name), "language": LANGUAGE})
    return found


def _filed(session: Session, by: Caller, id: str, etag: str, verb: Verb) -> rows.Application:
    """Return a locked application that waits for staff; raise WrongState."""
    row = rows.get(session, by.municipality, id, lock=True)
    check_etag(row.revision, etag)
    if row.state not in rules.FILED:
        raise rules.WrongState(
            f"an application that is {row.state} is not with staff: read it again",
            state=row.state,
            verb=verb,
        )
    return row
