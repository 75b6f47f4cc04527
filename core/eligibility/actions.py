"""What is done with programs, rosters and matches, each in the caller's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import rows, rules, terms, version_rows
from core.eligibility.roster_intake import Intake
from core.proxies.rules import today


def program_for_roster(
    session: Session, municipality: str, program_id: str, *, lock: bool = False
) -> rows.Program:
    """Return a program that takes a roster; raise ProgramUnknown, ProgramClosed, RosterExists."""
    program = rows.get_program(session, municipality, program_id, lock=lock)
    rules.require_open(program.state)
    roster = rows.find_roster(session, municipality, program_id)
    if roster is not None:
        raise rules.RosterExists(
            "the program has a frozen roster already: make another program for another roster",
            rosterId=roster.id,
        )
    return program


def import_roster(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    roster_id: str,
    intake: Intake,
    file_name: str,
    now: datetime,
) -> rows.Roster:
    """Freeze a roster whose rows were sealed for this `roster_id`."""
    program = program_for_roster(session, by.municipality, program_id, lock=True)
    terms.require_unfrozen(version_rows.terms_now(session, program, now), today(now))
    roster = rows.Roster(
        municipality=by.municipality,
        id=roster_id,
        program_id=program.id,
        row_count=intake.rows,
        total=intake.total,
        content_hash=intake.content_hash,
        file_name=file_name,
        encoding=intake.encoding,
        import_time=now,
        freeze_time=now,
    )
    session.add(roster)
    program.revision += 1
    session.flush()
    rows.add_entitlements(session, intake.values)
    details = {
        "roster": roster.id,
        "rows": str(roster.row_count),
        "total": str(roster.total),
        "hash": roster.content_hash,
    }
    events.record(session, by, "roster.imported", program.id, now, details=details)
    return roster
