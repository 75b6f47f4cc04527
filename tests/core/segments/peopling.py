"""People of plain data, laid into a database as the core would have kept them."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core import events
from core.applications.marked_rows import MarkedAnswer
from core.applications.rows import Application
from core.applications.rules import State
from core.associations.member_rows import Member, MemberContact, Office
from core.associations.rows import Association, Group, Household
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Told
from core.campaigns.rules import State as CampaignState
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State as DispatchState
from core.eligibility.rows import Entitlement, Match, Program, Roster
from core.eligibility.rules import Unit
from core.matching import Class, Decision
from core.residents import births, traits
from core.residents.contact_rows import Contact, external_index
from core.residents.rows import Facts, Resident
from core.residents.rules import Assurance, ContactState, Revocation
from core.residents.wish_rows import Choice, Topic
from tests.core.segments.plainly import Membership, Person

TOWN = "332089"
BEGIN = datetime.fromisoformat("2026-11-01T00:00:00+00:00")
PROCEDURE = "health_survey"
ANSWERED = "campaign-1"
BATCHES = {state: number for number, state in enumerate(DispatchState)}


def people(session: Session, persons: list[Person], now: datetime) -> None:
    """Lay out a town with its topics, programs, associations and campaigns, and the persons."""
    _town(session)
    for person in persons:
        _person(session, person)
        for number, membership in enumerate(person.memberships):
            _member(session, person, membership, f"{person.id}-m{number}", now)
    session.flush()


def _town(session: Session) -> None:
    session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=BEGIN))
    session.flush()
    for key, at_first in (("events", True), ("children", False)):
        session.add(Topic(municipality=TOWN, key=key, title={"ja": key}, chosen_at_first=at_first))
    for program in ("program-1", "program-2"):
        session.add(
            Program(
                municipality=TOWN, id=program, code=program, title=program, unit=Unit.PERSON,
                amount=1, budget=1, procedure_key="p", create_time=BEGIN,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            Roster(
                municipality=TOWN, id=f"{program}-r", program_id=program, row_count=1, total=1,
                content_hash="h", file_name="f", encoding="utf-8", import_time=BEGIN,
                freeze_time=BEGIN,
            )
        )  # fmt: skip
    for association in ("association-1", "association-2"):
        session.add(
            Association(
                municipality=TOWN, id=association, number=association, name=association, area=""
            )
        )
        session.flush()
        for group in ("1", "2"):
            session.add(
                Group(
                    municipality=TOWN, id=f"{association}-g{group}",
                    association_id=association, name=group,
                )
            )  # fmt: skip
            for household in ("1", "2"):
                session.add(
                    Household(
                        municipality=TOWN, id=f"{association}-g{group}-h{household}",
                        association_id=association, group_id=f"{association}-g{group}",
                        name="山田", address="",
                    )
                )  # fmt: skip
    for id in ("campaign-1", "campaign-2"):
        session.add(
            Campaign(
                municipality=TOWN, id=id, title=id, kind=Kind.MESSAGE, program_id="",
                state=CampaignState.RUNNING, create_time=BEGIN, start_time=BEGIN,
                procedure_key=PROCEDURE if id == ANSWERED else "",
            )
        )  # fmt: skip
        for state, batch in BATCHES.items():
            session.add(
                Dispatch(
                    municipality=TOWN, id=f"{id}-{batch}", channel="line", lane=2, state=state,
                    retry_key="k", recipients="[]", recipient_count=0, content="{}",
                    create_time=BEGIN, campaign_id=id, batch=batch,
                )
            )  # fmt: skip
    session.flush()


def _person(session: Session, person: Person) -> None:
    session.add(
        Resident(
            municipality=TOWN, id=person.id, create_time=person.registered,
            language=person.language, suppressed=person.protected,
        )
    )  # fmt: skip
    session.flush()
    _facts(session, person)
    for channel in sorted(person.channels | person.lost):
        here = ContactState.VISITING if channel == "web" else ContactState.REACHABLE
        state = ContactState.LOST if channel in person.lost else here
        session.add(
            Contact(
                municipality=TOWN, id=f"{person.id}-{channel}", channel=channel,
                external_id=f"{person.id}-{channel}",
                external_index=external_index(session, f"{person.id}-{channel}"),
                state=state, seen_time=BEGIN, language=person.contact_language,
                resident_id=person.id,
            )
        )  # fmt: skip
    session.flush()
    for topic, wanted in person.topics.items():
        session.add(Choice(municipality=TOWN, resident_id=person.id, topic=topic, wanted=wanted))
    for procedure, step, value in person.marked:
        session.add(
            MarkedAnswer(
                municipality=TOWN, procedure_key=procedure, step=step, value=value,
                resident_id=person.id,
            )
        )  # fmt: skip
    for program in person.entitled:
        _entitle(session, person, program)
    for program, state in person.applied.items():
        _apply(session, person, program, state)
    for campaign, got in person.got.items():
        of_dispatch = got.told in set(DispatchState)
        session.add(
            Recipient(
                municipality=TOWN, campaign_id=campaign, resident_id=person.id, contact_id="",
                batch=BATCHES[DispatchState(got.told)] if of_dispatch else None,
                state=None if of_dispatch else Told(got.told),
                open_time=BEGIN if got.opened else None,
            )
        )  # fmt: skip
    if ANSWERED in person.answered:
        _apply(session, person, "", State.SUBMITTED, submitted=BEGIN + timedelta(hours=1))


def _facts(session: Session, person: Person) -> None:
    written = person.birth.replace("-", "")
    facts = Facts(
        municipality=TOWN, id=f"{person.id}-f", resident_id=person.id,
        person=person.id.encode(), holder=person.id.encode(), name="総社　花子", name_flags="",
        birth_date=births.with_era(written) if births.is_whole(person.birth) else
        (f"4{written}" if written else "000000000"),
        sex=person.sex, address=person.address, address_flags="",
        assurance=Assurance.JPKI_SIGNATURE, revocation=Revocation.NOT_CHECKED,
        consent_version="1", verify_time=BEGIN,
    )  # fmt: skip
    session.add(facts)
    session.flush()
    traits.keep(session, facts)


def _entitle(session: Session, person: Person, program: str) -> None:
    id = f"{person.id}-{program}"
    session.add(
        Entitlement(
            municipality=TOWN, id=id, program_id=program, roster_id=f"{program}-r",
            reference=id, reference_index=id.encode(), household="", name="", kana="",
            birth_date="", sex="", postal_code="", address="", amount=1, account_text=None,
            suppressed=False,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        Match(
            municipality=TOWN, id=id, program_id=program, entitlement_id=id,
            resident_id=person.id, match_class=Class.EXACT, decision=Decision.ACCEPTED,
            rule="", find_time=BEGIN,
        )
    )  # fmt: skip


def _apply(
    session: Session,
    person: Person,
    program: str,
    state: State,
    submitted: datetime | None = None,
) -> None:
    session.add(
        Application(
            municipality=TOWN, id=str(uuid.uuid4()), program_id=program, entitlement_id="",
            resident_id=person.id, state=state, procedure_key="" if program else PROCEDURE,
            procedure_version=1, amount=0, invite_time=BEGIN, submit_time=submitted,
        )
    )  # fmt: skip


def _member(
    session: Session, person: Person, membership: Membership, id: str, now: datetime
) -> None:
    contact = sorted(person.channels | person.lost)
    if not contact:
        return
    session.add(
        Member(
            municipality=TOWN, id=id, association_id=membership.association,
            household_id=membership.household, display_name="花子", join_time=BEGIN,
            end_time=now if membership.ended else None,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        MemberContact(
            municipality=TOWN, member_id=id, contact_id=f"{person.id}-{contact[0]}",
            link_time=BEGIN,
        )
    )  # fmt: skip
    if membership.office is not None:
        session.add(
            Office(
                municipality=TOWN, id=id, association_id=membership.association,
                kind=membership.office, group_id="", member_id=id,
                begin_date=date(2026, 4, 1), end_date=date(2027, 3, 31),
            )
        )  # fmt: skip
