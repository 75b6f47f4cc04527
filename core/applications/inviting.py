"""Invites residents: all at once by staff, and by itself who is matched after the others were."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.applications import asking, rows, rules, saying, speech
from core.applications.history import record
from core.applications.knowing import known
from core.applications.moving import move
from core.applications.rules import Verb
from core.callers import Caller
from core.campaigns import rows as campaigns
from core.campaigns.rules import Kind
from core.dispatches import actions as dispatches
from core.dispatches.rules import Recipient
from core.eligibility import contacted_rows, entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.ids import new_id
from core.japan import today
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Procedure, ProcedureUnknown
from core.procedures.offers import asks_account
from core.proxies.reaching import Reached, reach_all
from core.residents import contact_rows as contacts
from core.residents import fact_rows
from core.residents import rows as residents
from core.residents.rules import ContactState, suffices


@dataclass(slots=True)
class Invited:
    """How many were invited, and how many were left out for which reason.

    To those `on_the_web` nothing could be pushed: it lies there for them.
    """

    invited: int = 0
    on_the_web: int = 0
    suppressed: int = 0
    unreachable: int = 0
    without_account: int = 0
    assurance_too_low: int = 0
    closed: int = 0
    declined: int = 0

    def plus(self, other: "Invited") -> "Invited":
        return Invited(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def waiting(
    session: Session, by: Caller, *, program_id: str
) -> list[tuple[eligibility.Entitlement, str]]:
    """Return the matched entitlements with their resident that have no application yet."""
    matched = entitlement_rows.to_invite(session, by.municipality, program_id)
    known = rows.invited(session, by.municipality, [entitlement.id for entitlement, _ in matched])
    return [pair for pair in matched if pair[0].id not in known]


def invite(
    session: Session,
    by: Caller,
    *,
    program: eligibility.Program,
    terms: Terms,
    procedure: Procedure,
    catalogue: Catalogue,
    campaign_id: str,
    pairs: Sequence[tuple[eligibility.Entitlement, str]],
    now: datetime,
) -> Invited:
    """Make an application for each pair, and push its first prompt.

    Whoever is reached by no push, and reads on the web, finds it there. Left out and counted is who
    is under protection, whose registration or consent has ended, who was verified more weakly than
    the program asks, whom nothing reaches, and whose account the city does not hold; so is who told
    staff no, for as long as that stands.
    """
    done = Invited()
    if pairs:
        catalogue.keep(session, by.municipality, procedure, now)
    ids = {resident_id for _, resident_id in pairs}
    # First, since whom it reaches stays as they are: who is protected meanwhile is seen to be.
    reached_by = reach_all(session, by.municipality, ids, now)
    left = ids - reached_by.keys()
    reading = (
        reach_all(session, by.municipality, left, now, state=ContactState.VISITING) if left else {}
    )
    protected = residents.suppressed(session, by.municipality, ids)
    served = fact_rows.served(session, by.municipality, ids)
    listed = [entitlement.id for entitlement, _ in pairs]
    said_no = contacted_rows.said_no(session, by.municipality, program.id, listed)
    for entitlement, resident_id in pairs:
        reached = reached_by.get(resident_id)
        if entitlement.suppressed or resident_id in protected:
            done.suppressed += 1
        elif resident_id not in served:
            done.closed += 1
        elif entitlement.id in said_no:
            done.declined += 1
        elif not suffices(served[resident_id], terms.required_assurance):
            done.assurance_too_low += 1
        elif not (eligibility.masked_account(entitlement) or asks_account(procedure)):
            done.without_account += 1
        elif reached is None and resident_id not in reading:
            done.unreachable += 1
        else:
            _begin(
                session, by, entitlement, resident_id, reached,
                terms=terms, procedure=procedure, campaign_id=campaign_id, now=now,
            )  # fmt: skip
            done.invited += 1
            done.on_the_web += reached is None
    return done


def _begin(
    session: Session,
    by: Caller,
    entitlement: eligibility.Entitlement,
    resident_id: str,
    reached: Reached | None,
    *,
    terms: Terms,
    procedure: Procedure,
    campaign_id: str,
    now: datetime,
) -> None:
    """Make an application; push its first prompt to whoever answers for the resident, if any."""
    application = rows.Application(
        municipality=by.municipality,
        id=new_id(),
        program_id=entitlement.program_id,
        entitlement_id=entitlement.id,
        resident_id=resident_id,
        state=rules.State.INVITED,
        procedure_key=procedure.key,
        procedure_version=procedure.version,
        amount=entitlement.amount,
        invite_time=now,
    )
    session.add(application)
    application.expire_time = saying.last_moment(terms)
    if procedure.remind_days:
        application.remind_time = now + timedelta(days=procedure.remind_days)
    record(session, by, application, "invited", now)
    if reached is None:
        return
    said = _first_turn(
        session, application, entitlement, reached, terms=terms, procedure=procedure, now=now
    )
    dispatches.tell(
        session,
        by,
        occasion=f"{application.id}:invited",
        resident_id=resident_id,
        contact=recipient(reached.contact),
        content=speech.pushed(said),
        now=now,
        campaign_id=campaign_id,
    )


def _first_turn(
    session: Session,
    application: rows.Application,
    entitlement: eligibility.Entitlement,
    reached: Reached,
    *,
    terms: Terms,
    procedure: Procedure,
    now: datetime,
) -> dict[str, Any]:
    """Return what is asked first, and keep that whoever is reached was asked it."""
    language = reached.contact.language
    context = known(
        terms=terms,
        entitlement=entitlement,
        amount=application.amount,
        facts=fact_rows.find_facts(session, application.municipality, application.resident_id),
        language=language,
        day=today(now),
    )
    said = speech.turn(application, procedure, context, language, on_behalf_of=reached.on_behalf_of)
    asking.note(session, application, contact_id=reached.contact.id, turn=said, now=now)
    return said


def invite_newly_matched(
    session: Session,
    by: Caller,
    program: eligibility.Program,
    now: datetime,
    *,
    catalogue: Catalogue,
) -> int:
    """Invite who is linked and was not invited, if the program's residents were; return how many.

    Before staff have invited anybody, and outside the days for filing, nobody is.
    """
    campaign = campaigns.newest(session, by.municipality, program.id, Kind.INVITATION)
    terms = version_rows.terms_now(session, program, now)
    if campaign is None or today(now) not in terms.filing:
        return 0
    try:
        procedure = catalogue.in_force(session, by.municipality, program.procedure_key, now)
    except ProcedureUnknown:
        return 0
    done = invite(
        session,
        by,
        program=program,
        terms=terms,
        procedure=procedure,
        catalogue=catalogue,
        campaign_id=campaign.id,
        pairs=waiting(session, by, program_id=program.id),
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
            move(session, by, row, Verb.WITHDRAW, now)
        elif row.state not in rules.FILED:
            raise rules.WrongState(
                f"the application of this match is {row.state}: it was decided already",
                state=row.state,
                verb="reopen",
            )


def recipient(contact: contacts.Contact) -> Recipient:
    return Recipient(contact.id, contact.channel, contact.external_id)
