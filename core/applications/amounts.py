"""How much an application is about: by a calculation, by its entitlement, or by the terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.terms import Terms
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
    terms = None
    if row.program_id:
        program = eligibility.get_program(session, row.municipality, row.program_id)
        terms = version_rows.terms_now(session, program, now)
    return _due(row, procedure, values, terms)


def _due(
    row: Application, procedure: Procedure, values: Mapping[str, Any], terms: Terms | None
) -> int:
    held: int = values["held"]["amount"]
    calculated: int = values[procedure.amount] if procedure.amount else held
    if terms is not None and (procedure.amount or not row.entitlement_id):
        calculated = min(calculated, terms.most)
    return max(calculated, 0)


def require_due(row: Application, walked: Walk, terms: Terms) -> None:
    """Raise AmountDiffers where what was filed, as it stood that day, comes to another amount."""
    comes_to = _due(row, walked.procedure, {**walked.seen, **walked.values()}, terms)
    if row.amount != comes_to or not comes_to:
        raise AmountDiffers(
            f"the application is about {row.amount} yen, and what was filed comes to {comes_to}: "
            "return it",
            amount=str(row.amount),
            due=str(comes_to),
        )
