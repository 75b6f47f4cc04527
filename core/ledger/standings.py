"""What is known of one resident and one program, gathered for explaining it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.eligibility import rows as eligibility
from core.eligibility import version_rows
from core.eligibility.rules import ProgramState
from core.eligibility.terms import Terms
from core.japan import today
from core.ledger.explaining import Known
from core.matching import Decision
from core.residents import fact_rows
from core.residents import rows as residents

UNDECIDED = (Decision.TO_REVIEW, Decision.TO_CONFIRM)


@dataclass(frozen=True, slots=True)
class Found:
    """What is known, with what names it."""

    known: Known
    terms: Terms
    application_id: str = ""
    amount: int = 0


def gather(
    session: Session,
    resident: residents.Resident,
    program_id: str,
    *,
    to_staff: bool,
    now: datetime,
) -> Found:
    """Return what is known; raise ProgramUnknown."""
    of = resident.municipality
    program = eligibility.get_program(session, of, program_id)
    terms = version_rows.terms_now(session, program, now)
    roster = eligibility.find_roster(session, of, program.id)
    application = _application(session, resident, program.id)
    held = fact_rows.served(session, of, [resident.id]).get(resident.id)
    matches = _matches(session, resident, roster) if roster else []
    linked = next((row for match, row in matches if match.decision is Decision.ACCEPTED), None)
    in_review = [match.match_class for match, _ in matches if match.decision in UNDECIDED]
    hidden = not to_staff and (resident.suppressed or (linked is not None and linked.suppressed))
    listed = today(roster.freeze_time or roster.import_time) if roster else None
    known = Known(
        to_staff=to_staff,
        hidden=hidden,
        held=held,
        required=terms.required_assurance,
        linked=linked is not None,
        payable=linked is not None and bool(eligibility.masked_account(linked)),
        in_review=in_review,
        application=application.state if application else None,
        listed=listed,
        program_open=program.state is ProgramState.OPEN,
        open_to_all=program.open_to_all,
        filing_ends=terms.filing.end,
        today=today(now),
    )
    if hidden or (application is None and linked is None):
        return Found(known, terms)
    return Found(
        known,
        terms,
        application.id if application else "",
        application.amount if application else linked.amount if linked else 0,
    )


def _application(
    session: Session, resident: residents.Resident, program_id: str
) -> Application | None:
    query = select(Application).where(
        Application.municipality == resident.municipality,
        Application.resident_id == resident.id,
        Application.program_id == program_id,
    )
    return session.scalars(query.order_by(Application.id.desc()).limit(1)).first()


def _matches(
    session: Session, resident: residents.Resident, roster: eligibility.Roster
) -> list[tuple[eligibility.Match, eligibility.Entitlement]]:
    query = (
        select(eligibility.Match, eligibility.Entitlement)
        .join(eligibility.Entitlement, eligibility.SAME_ENTITLEMENT)
        .where(
            eligibility.Match.municipality == resident.municipality,
            eligibility.Match.resident_id == resident.id,
            eligibility.Match.program_id == roster.program_id,
            eligibility.Entitlement.roster_id == roster.id,
        )
    )
    return [(row[0], row[1]) for row in session.execute(query)]
