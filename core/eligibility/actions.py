"""What is done with rosters, each in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import (
    closed_rows,
    mapping_rows,
    replacing,
    rows,
    rules,
    terms,
    version_rows,
)
from core.eligibility.replacing import Applied
from core.eligibility.roster_intake import Intake
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number
from core.rosters.columns import Column


def program_for_roster(
    session: Session, municipality: str, program_id: str, now: datetime, *, lock: bool = False
) -> rows.Program:
    """Return a program that takes rosters; raise ProgramUnknown, ProgramClosed, ProgramFrozen."""
    program = rows.get_program(session, municipality, program_id, lock=lock)
    rules.require_open(program.state)
    terms.require_unfrozen(version_rows.terms_now(session, program, now), today(now))
    return program


def require_none(session: Session, by: Caller, program_id: str) -> None:
    """Raise RosterExists where the program has a roster in force."""
    roster = rows.find_roster(session, by.municipality, program_id)
    if roster is not None:
        raise rules.RosterExists("the program has a roster already: replace it", rosterId=roster.id)


def in_force(session: Session, by: Caller, program_id: str) -> rows.Roster:
    """Return the roster that another is to replace; raise RosterMissing, or RosterExists inside."""
    roster = rows.find_roster(session, by.municipality, program_id)
    if roster is None:
        raise rules.RosterMissing("the program has no roster yet: import it first")
    if rows.get_program(session, by.municipality, program_id).open_to_all:
        raise rules.RosterExists(
            "the program is open to all: its list grows with what is approved", rosterId=roster.id
        )
    if closed_rows.is_without_facts(roster):
        raise rules.RosterExists(
            "the program's roster is in the closed network: match it there", rosterId=roster.id
        )
    return roster


def import_roster(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    roster_id: str,
    intake: Intake,
    now: datetime,
) -> rows.Roster:
    """Freeze a roster whose rows are written."""
    program = program_for_roster(session, by.municipality, program_id, now, lock=True)
    require_none(session, by, program_id)
    roster = _frozen(session, program, roster_id, intake, now, version=1)
    events.record(session, by, "roster.imported", program.id, now, details=_told(roster))
    return roster


def replace_roster(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    before_id: str,
    roster_id: str,
    intake: Intake,
    applied: Applied,
    reason: str,
    now: datetime,
) -> rows.Roster:
    """Freeze a roster in the place of `before_id`, and carry over what hangs on its rows.

    Raises RosterDifferenceChanged where another roster has come into force meanwhile.
    """
    refuse_my_number(reason, field="reason")
    program = program_for_roster(session, by.municipality, program_id, now, lock=True)
    before = in_force(session, by, program_id)
    if before.id != before_id:
        raise rules.difference_changed("")
    before.replace_time = now
    session.flush()
    roster = _frozen(session, program, roster_id, intake, now, version=before.version + 1)
    counted = replacing.carry_over(
        session, by, before=before, roster_id=roster_id, applied=applied, reason=reason, now=now
    )
    details = _told(roster) | {"before": before.id}
    details |= {name: str(number) for name, number in counted.items()}
    events.record(session, by, "roster.replaced", program.id, now, details=details, reason=reason)
    return roster


def look_at_differences(
    session: Session, by: Caller, *, after: rows.Roster, shown: int, now: datetime
) -> None:
    """Write down that somebody looked at so many people."""
    details = {"roster": after.id, "count": str(shown)}
    events.record(session, by, "roster.compared", after.program_id, now, details=details)


def save_mapping(
    session: Session,
    by: Caller,
    *,
    id: str,
    name: str,
    columns: Mapping[str, Column | None],
    etag: str,
    now: datetime,
) -> mapping_rows.ColumnMapping:
    """Keep a mapping, a new one or a change; raise ColumnMappingUnknown, ChangedMeanwhile."""
    refuse_my_number(name, field="mapping.name")
    kept = [[title, column.value if column else ""] for title, column in columns.items()]
    row = (
        mapping_rows.get(session, by.municipality, id, lock=True)
        if id
        else mapping_rows.named(session, by.municipality, name)
    )
    if row is not None:
        # Of two under one name the second is a change, too, of what its author has not seen.
        check_etag(row.revision, etag)
        row.name, row.columns = name, kept
        row.revision += 1
    else:
        row = mapping_rows.ColumnMapping(
            municipality=by.municipality, id=new_id(), name=name, columns=kept
        )
        session.add(row)
    session.flush()
    events.record(session, by, "column_mapping.saved", row.id, now)
    return row


def _frozen(
    session: Session,
    program: rows.Program,
    roster_id: str,
    intake: Intake,
    now: datetime,
    *,
    version: int,
) -> rows.Roster:
    roster = session.get_one(rows.Roster, (program.municipality, roster_id))
    roster.row_count, roster.total = intake.rows, intake.total
    roster.content_hash, roster.encoding = intake.content_hash, intake.encoding
    roster.freeze_time, roster.version = now, version
    program.revision += 1
    session.flush()
    return roster


def _told(roster: rows.Roster) -> dict[str, str]:
    return {
        "roster": roster.id,
        "rows": str(roster.row_count),
        "total": str(roster.total),
        "hash": roster.content_hash,
    }
