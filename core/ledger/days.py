"""The day of a program: on which ages are counted."""

from datetime import date

from sqlalchemy.orm import Session

from core.eligibility import version_rows
from core.eligibility.rows import Roster, get_program
from core.eligibility.terms import ByAge
from core.japan import today


def day_of(session: Session, roster: Roster) -> date:
    """Return the day on which the program's terms count ages, or else that of the list."""
    listed = roster.freeze_time or roster.import_time
    program = get_program(session, roster.municipality, roster.program_id)
    amount = version_rows.terms_now(session, program, listed).amount
    return amount.age_date if isinstance(amount, ByAge) else today(listed)
