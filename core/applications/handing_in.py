"""Applications whose accounts stayed in the closed network, once decided: they are paid there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications import paying, rows
from core.applications.rules import State
from core.callers import Caller
from core.crossings.handing_over import Decision, Decisions
from core.eligibility.rows import Entitlement
from core.japan import today
from core.sealing.decisions import APPROVED, REJECTED, Decided

_WORDS = {State.APPROVED: APPROVED, State.REJECTED: REJECTED}


def find(session: Session, municipality: str, program_id: str) -> list[Decision]:
    """Return what was decided for rows without an account here, oldest first."""
    query = (
        select(rows.Application, Entitlement.reference)
        .join(
            Entitlement,
            (Entitlement.municipality == rows.Application.municipality)
            & (Entitlement.id == rows.Application.entitlement_id),
        )
        .where(
            rows.Application.municipality == municipality,
            rows.Application.program_id == program_id,
            rows.Application.state.in_(sorted(_WORDS)),
            ~rows.HELD,
            Entitlement.masked_text.is_not(None),
        )
        .order_by(rows.Application.id)
    )
    return [_decision(row, reference) for row, reference in session.execute(query)]


def _decision(row: rows.Application, reference: str) -> Decision:
    decided = "" if row.decide_time is None else today(row.decide_time).isoformat()
    told = Decided(row.resident_id, reference, str(row.amount), _WORDS[row.state], decided)
    return Decision(row.id, row.revision, told)


def take(session: Session, by: Caller, ids: Sequence[str], now: datetime) -> None:
    for row in _locked(session, by, ids):
        if row.state is State.APPROVED:
            paying.put_into_batch(session, by, row, now)


def give_back(session: Session, by: Caller, ids: Sequence[str], now: datetime) -> None:
    for row in _locked(session, by, ids):
        if row.state is State.IN_PAYMENT:
            paying.take_out_of_batch(session, by, row, now)


def _locked(session: Session, by: Caller, ids: Sequence[str]) -> list[rows.Application]:
    return [rows.get(session, by.municipality, id, lock=True) for id in ids]


DECISIONS = Decisions(find=find, take=take, give_back=give_back)
