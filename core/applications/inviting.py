"""Invites residents without being asked each time: who is matched after the others were invited."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import conversations, rows, rules
from core.applications.conversations import Procedures
from core.applications.history import record
from core.applications.rules import State, Verb
from core.callers import Caller
from core.campaigns import rows as campaigns
from core.campaigns.rules import Kind
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.proxies.rules import today


def invite_newly_matched(
    session: Session,
    by: Caller,
    program: eligibility.Program,
    now: datetime,
    *,
    known: Procedures,
) -> int:
    """Invite who is linked and was not invited, if the program's residents were; return how many.

    Before staff have invited anybody, and outside the days for filing, nobody is.
    """
    campaign = campaigns.newest(session, by.municipality, program.id, Kind.INVITATION)
    procedure = known.get(program.procedure_key)
    terms = version_rows.terms_now(session, program, now)
    if campaign is None or procedure is None or today(now) not in terms.filing:
        return 0
    done = conversations.invite(
        session,
        by,
        program=program,
        terms=terms,
        procedure=procedure,
        campaign_id=campaign.id,
        pairs=conversations.waiting(session, by, program_id=program.id),
        now=now,
    )
    return done.invited


def take_back(session: Session, by: Caller, match: eligibility.Match, now: datetime) -> None:
    """Withdraw what was begun for a match that is open again; what was filed waits with staff.

    Raises WrongState where it was decided already.
    """
    for row in rows.of_entitlement(session, by.municipality, match.entitlement_id):
        if row.resident_id != match.resident_id or row.state in rules.DEAD:
            continue
        if row.state in rules.WITH_THE_RESIDENT:
            before, row.state = row.state, rules.move(row.state, Verb.WITHDRAW)
            row.revision += 1
            record(session, by, row, row.state, now, before=before)
        elif row.state is not State.SUBMITTED:
            raise rules.WrongState(
                f"the application of this match is {row.state}: it was decided already",
                state=row.state,
                verb="reopen",
            )
