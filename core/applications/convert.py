"""Applications as messages of the contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.applications import desk_rows, payee, rows, rules, saying, speech
from core.applications.desk_rows import Note
from core.applications.knowing import LANGUAGE
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.etags import etag_of
from core.procedures import texts
from core.procedures.catalogue import Catalogue
from core.residents import fact_rows
from core.staff import rows as staff
from core.wire.convert import to_timestamp
from todoke.v1 import applications_pb2 as pb

TO_STATE = {s: pb.ApplicationState.Value(f"APPLICATION_STATE_{s.name}") for s in rules.State}
FROM_STATE = {value: state for state, value in TO_STATE.items()}
TO_SOURCE = {s: pb.EntrySource.Value(f"ENTRY_SOURCE_{s.name}") for s in rules.Source}
FROM_SOURCE = {value: source for source, value in TO_SOURCE.items()}


def to_pb(
    session: Session, row: rows.Application, known: Catalogue, now: datetime
) -> pb.Application:
    return to_pbs(session, row.municipality, [row], known, now)[0]


def to_pbs(
    session: Session,
    municipality: str,
    found: Collection[rows.Application],
    known: Catalogue,
    now: datetime,
) -> list[pb.Application]:
    """Return the messages of one page, with one query for each kind of thing beside them."""
    names = fact_rows.names_of(session, municipality, {row.resident_id for row in found})
    entitlements = entitlement_rows.by_id(
        session, municipality, {row.entitlement_id for row in found}
    )
    terms = {
        id: version_rows.terms_now(session, eligibility.get_program(session, municipality, id), now)
        for id in {row.program_id for row in found if row.program_id}
    }
    ids = {row.id for row in found}
    approvals = rows.approvals(session, municipality, ids)
    beside = _Beside(
        residents=names,
        staff=staff.names_of(session, municipality, {row.assignee_id for row in found}),
        notices=desk_rows.notice_numbers(session, municipality, ids),
    )
    return [
        _to_pb(
            row,
            terms.get(row.program_id),
            entitlements.get(row.entitlement_id),
            approvals=approvals.get(row.id, ()),
            procedure_title=texts.said(
                saying.procedure_of(session, row, known).title, {}, LANGUAGE
            ),
            beside=beside,
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class _Beside:
    """Names of people by id, and numbers of notices by application."""

    residents: Mapping[str, str]
    staff: Mapping[str, str]
    notices: Mapping[str, str]


def _to_pb(
    row: rows.Application,
    terms: Terms | None,
    entitlement: eligibility.Entitlement | None,
    *,
    approvals: Sequence[rows.Approval],
    procedure_title: str,
    beside: _Beside,
) -> pb.Application:
    return pb.Application(
        application_id=row.id,
        program_id=row.program_id,
        program_title=terms.main_title if terms else "",
        entitlement_id=row.entitlement_id,
        reference=entitlement.reference if entitlement else "",
        resident_id=row.resident_id,
        resident_name=beside.residents.get(row.resident_id, ""),
        amount=row.amount,
        masked_account=payee.masked(row, entitlement),
        state=TO_STATE[row.state],
        answers=_plain(row.answers),
        invite_time=to_timestamp(row.invite_time),
        submit_time=to_timestamp(row.submit_time),
        decide_time=to_timestamp(row.decide_time),
        etag=etag_of(row.revision),
        approvers=[one.staff_name for one in approvals],
        approvals_needed=terms.approvals if terms else 1,
        left_version=row.left_version or 0,
        kept_by=row.kept_by,
        procedure=row.procedure_key,
        procedure_version=row.procedure_version,
        procedure_title=procedure_title,
        assignee_id=row.assignee_id,
        assignee_name=beside.staff.get(row.assignee_id, ""),
        source=TO_SOURCE[row.source] if row.source else pb.ENTRY_SOURCE_UNSPECIFIED,
        checked=row.checked,
        notice_number=beside.notices.get(row.id, ""),
        expire_time=to_timestamp(row.expire_time),
        receipt_number=speech.receipt_number(row),
    )


def _plain(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers that are one value; an account or a person is shown by its block only."""
    return {step: str(one) for step, one in answers.items() if isinstance(one, str | int)}


def step_to_pb(event: events.Event) -> pb.ApplicationStep:
    return pb.ApplicationStep(
        time=to_timestamp(event.time),
        actor=event.actor,
        kind=event.kind,
        reason=event.reason or "",
    )


def note_to_pb(note: Note) -> pb.Note:
    return pb.Note(
        note_id=note.id,
        author=note.author,
        text=note.text,
        create_time=to_timestamp(note.create_time),
    )
