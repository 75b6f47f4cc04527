"""The day of a program: on which ages are counted."""

from datetime import date

from sqlalchemy.orm import Session

from core.eligibility import version_rows
from core.eligibility.rows import Roster
from core.proxies.rules import today


def day_of(session: Session, roster: Roster) -> date:
    """Return the day on which the program's terms count ages, or else that of the list."""
    listed = today(roster.freeze_time or roster.import_time)
    for version in version_rows.of_program(session, roster.municipality, roster.program_id):
        if version.effective_date <= listed:
            amount = version.terms.get("amount")
            by_age = amount.get("byAge") if isinstance(amount, dict) else None
            counted = by_age.get("ageDate") if isinstance(by_age, dict) else None
            return date.fromisoformat(counted) if counted else listed
    return listed
