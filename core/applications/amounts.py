"""How much an application is about: by a calculation, by its entitlement, or by the terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.errors import NotNow
from core.procedures.definition import Procedure
from core.procedures.engine import Walk


class AmountDiffers(NotNow):
    """What was filed does not come to the amount of the application; nobody decides that."""

    reason = "AMOUNT_DIFFERS"


def due(
    session: Session,
    row: Application,
    procedure: Procedure,
    values: Mapping[str, Any],
    now: datetime,
) -> int:
    """Return what an application is about in yen.

    What is calculated is never above the most that the program gives; what a roster gives stays
    right under later terms.
    """
    held: int = values["held"]["amount"]
    calculated: int = values[procedure.amount] if procedure.amount else held
    if row.program_id and (procedure.amount or not row.entitlement_id):
        program = eligibility.get_program(session, row.municipality, row.program_id)
        calculated = min(calculated, version_rows.terms_now(session, program, now).most)
    return max(calculated, 0)


def require_due(session: Session, row: Application, walked: Walk, now: datetime) -> None:
    """Raise AmountDiffers where what was filed, as it stood that day, comes to another amount."""
    values = {**walked.seen, **walked.values()}
    comes_to = due(session, row, walked.procedure, values, now)
    if row.amount != comes_to or not comes_to:
        raise AmountDiffers(
            f"the application is about {row.amount} yen, and what was filed comes to {comes_to}: "
            "return it",
            amount=str(row.amount),
            due=str(comes_to),
        )
