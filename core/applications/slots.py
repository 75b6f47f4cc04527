"""What there are only so many of: how much others have taken, and taking it when it is filed."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.applications.desk_rows import SlotTaking
from core.applications.rows import LIVE, Application
from core.errors import NotNow
from core.procedures.blocks.slot import SlotBlock
from core.procedures.definition import Context, Procedure
from core.procedures.rows import ProcedureVersion

Taken = Mapping[tuple[str, str], int]


class SlotFull(NotNow):
    """The slot was taken meanwhile."""

    reason = "SLOT_FULL"


def taken(session: Session, row: Application, procedure: Procedure) -> Taken:
    """Return how many of each slot others have taken, by step and slot."""
    if not any(isinstance(step.block, SlotBlock) for step in procedure.steps):
        return {}
    query = (
        select(SlotTaking.step, SlotTaking.slot, func.sum(SlotTaking.quantity))
        .join(
            Application,
            (Application.municipality == SlotTaking.municipality)
            & (Application.id == SlotTaking.application_id),
        )
        .where(
            SlotTaking.municipality == row.municipality,
            SlotTaking.procedure_key == procedure.key,
            SlotTaking.application_id != row.id,
            LIVE,
        )
        .group_by(SlotTaking.step, SlotTaking.slot)
    )
    return {(step, slot): int(number) for step, slot, number in session.execute(query)}


def full_step(row: Application, procedure: Procedure, context: Context) -> str:
    """Return the step whose answer cannot be had any more; empty where all can."""
    for step, slot, quantity in _wanted(row.answers, procedure):
        block = procedure.step(step).block
        assert isinstance(block, SlotBlock)  # noqa: S101 - as it was looked for.
        capacity = next((one.capacity for one in block.slots if one.value == slot), 0)
        if context.taken.get((step, slot), 0) + quantity > capacity:
            return step
    return ""


def require_free(row: Application, procedure: Procedure, context: Context) -> None:
    """Raise SlotFull where an answer cannot be had any more."""
    step = full_step(row, procedure, context)
    if step:
        slot = str(row.answers[step]["value"])
        raise SlotFull(f"{slot} was taken meanwhile: choose another", step=step, slot=slot)


def take(
    session: Session, row: Application, procedure: Procedure, answers: Mapping[str, Any]
) -> None:
    """Take what was answered, instead of what was taken when it was filed before."""
    session.execute(
        delete(SlotTaking).where(
            SlotTaking.municipality == row.municipality, SlotTaking.application_id == row.id
        )
    )
    session.add_all(
        SlotTaking(
            municipality=row.municipality,
            application_id=row.id,
            step=step,
            procedure_key=procedure.key,
            slot=slot,
            quantity=quantity,
        )
        for step, slot, quantity in _wanted(answers, procedure)
    )


def lock(session: Session, row: Application, procedure: Procedure) -> None:
    """Let nobody else file for the same slots until this transaction ends."""
    if any(isinstance(step.block, SlotBlock) for step in procedure.steps):
        first = select(ProcedureVersion.version).where(
            ProcedureVersion.municipality == row.municipality,
            ProcedureVersion.key == procedure.key,
        )
        session.execute(first.order_by(ProcedureVersion.version).limit(1).with_for_update())


def _wanted(answers: Mapping[str, Any], procedure: Procedure) -> Iterator[tuple[str, str, int]]:
    for step in procedure.steps:
        answer = answers.get(step.key)
        if isinstance(step.block, SlotBlock) and answer is not None:
            yield step.key, str(answer["value"]), int(answer["quantity"])
