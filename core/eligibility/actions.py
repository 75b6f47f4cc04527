"""What is done with programs, rosters and matches, each in the caller's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import rows, rules
from core.eligibility.roster_intake import Intake
from core.ids import new_id
from core.my_number import refuse_my_number
from core.residents.rules import Assurance


def create_program(
    session: Session,
    by: Caller,
    *,
    code: str,
    title: str,
    unit: rules.Unit,
    amount: int,
    budget: int,
    procedure_key: str,
    required_assurance: Assurance,
    now: datetime,
) -> rows.Program:
    refuse_my_number(title, field="title")
    if rows.find_by_code(session, by.municipality, code) is not None:
        raise rules.ProgramExists(f"{code} is there already: choose another code", code=code)
    program = rows.Program(
        municipality=by.municipality,
        id=new_id(),
        code=code,
        title=title,
        unit=unit,
        amount=amount,
        budget=budget,
        procedure_key=procedure_key,
        required_assurance=required_assurance,
        create_time=now,
    )
    session.add(program)
    session.flush()
    details = {
        "code": code,
        "amount": str(amount),
        "budget": str(budget),
        "assurance": required_assurance.value,
    }
    events.record(session, by, "program.created", program.id, now, details=details)
    return program


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
