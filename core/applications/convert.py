"""Applications as messages of the contract."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.applications import payee, rows, rules
from core.eligibility import entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.etags import etag_of
from core.residents import rows as residents
from core.wire.convert import to_timestamp
from todoke.v1 import applications_pb2 as pb

TO_STATE = {s: pb.ApplicationState.Value(f"APPLICATION_STATE_{s.name}") for s in rules.State}
FROM_STATE = {value: state for state, value in TO_STATE.items()}


def to_pb(session: Session, row: rows.Application, now: datetime) -> pb.Application:
    return to_pbs(session, row.municipality, [row], now)[0]


def to_pbs(
    session: Session, municipality: str, found: Collection[rows.Application], now: datetime
) -> list[pb.Application]:
    """Return the messages of one page, with one query for each kind of thing beside them."""
    names = residents.names_of(session, municipality, {row.resident_id for row in found})
    entitlements = entitlement_rows.by_id(
        session, municipality, {row.entitlement_id for row in found}
    )
    terms = {
        id: version_rows.terms_now(session, eligibility.get_program(session, municipality, id), now)
        for id in {row.program_id for row in found if row.program_id}
    }
    approvals = rows.approvals(session, municipality, {row.id for row in found})
    return [
        _to_pb(
            row,
            terms.get(row.program_id),
            entitlements.get(row.entitlement_id),
            names,
            approvals.get(row.id, ()),
        )
        for row in found
    ]


def _to_pb(
    row: rows.Application,
    terms: Terms | None,
    entitlement: eligibility.Entitlement | None,
    names: Mapping[str, str],
    approvals: Sequence[rows.Approval],
) -> pb.Application:
    return pb.Application(
        application_id=row.id,
        program_id=row.program_id,
        program_title=terms.main_title if terms else "",
        entitlement_id=row.entitlement_id,
        reference=entitlement.reference if entitlement else "",
        resident_id=row.resident_id,
        resident_name=names.get(row.resident_id, ""),
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
        expire_time=to_timestamp(row.expire_time),
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
