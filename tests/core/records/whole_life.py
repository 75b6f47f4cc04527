"""A resident of whom every table that can hold something of somebody holds something."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from core.access.rows import PasskeyChallenge
from core.access.rules import PasskeyPurpose
from core.applications.desk_rows import BulkDecision, BulkItem
from core.applications.rows import Application
from core.applications.talk_rows import ImageSet
from core.attempts import Attempts
from core.callers import Role
from core.eligibility.rows import Match
from core.ids import new_id
from core.registration.rows import Authentication, Challenge
from core.residents.changed_rows import ChangedResident
from core.residents.rows import Facts
from core.residents.rules import StaleCause
from core.residents.stale_rows import Stale
from core.residents.wish_rows import Choice, Topic
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.applications.desk import CLUB, Reviewer, a_reviewer
from tests.core.applications.desk import filed as filed_for_club
from tests.core.applications.files import HELMET, upload
from tests.core.applications.procedures import BIRTH, SURVEY, WASTE, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_paying import ACCOUNT, a_grant, asked_for
from tests.core.associations.makers import an_association, appoint, ask_to_join, invite, joins
from tests.core.attachments.files import a_photo
from tests.core.inquiries.makers import answer, write
from tests.core.messaging.makers import a_draft, a_topic, send
from tests.core.payments.batches import Office, set_originator
from tests.core.records.test_deleting import lay_down_all_kinds
from tests.core.test_applications import Case, a_case
from tests.makers import a_request_id, a_resident
from tests.town import MUNICIPALITY, Town
from todoke.v1 import campaigns_pb2, circulars_pb2, ledger_pb2, procedures_pb2
from todoke.v1.circulars_pb2 import OFFICE_KIND_CHAIR
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED
from todoke.v1.residents_pb2 import Speaker

PHONE = "080-5555-0123"
SPOKEN = f"日中は {PHONE} へ"
SHOP = "丸橋自転車店"
NEIGHBOUR = "一丁目の花子"
ACCOUNT_NUMBER = ACCOUNT.account_number


@dataclass
class Life:
    """A resident, and what they did: the applications that were decided, and the others."""

    case: Case
    reviewer: Reviewer
    office: Office
    decided: list[str]
    undecided: list[str]

    @property
    def resident_id(self) -> str:
        return self.case.resident.resident_id


async def a_whole_life(town: Town, cards: Cards) -> Life:
    await publish(town, CLUB, SURVEY, WASTE, HELMET, BIRTH)
    case, reviewer = await a_case(town, cards), await a_reviewer(town)
    talk = Talk(case.line, case.resident.external_id)
    other = await a_resident(town, case.line, cards.issue())
    await set_originator(case.clerk)

    await _spoken_with(case)
    await case.tap("other_account")
    await talk.answer(case.application_id, "account", account=ACCOUNT)
    await talk.submit(case.application_id)
    await reviewer.note(case.application_id, SPOKEN)
    await case.decide("Approve")
    grant_id = await a_grant(case.clerk)
    grant = await asked_for(talk, grant_id, 2)
    await reviewer.do("ApproveApplication", grant)
    office = Office(town, grant_id, case.clerk, case.clerk, case.clerk)
    await office.propose()
    survey = turn_id(await talk.begin("survey"))
    await talk.answer(survey, "mark", number=2)
    await talk.answer(survey, "why", text=SPOKEN)
    await talk.answer(survey, "again", choice="no_more")
    await talk.submit(survey)
    await reviewer.do("RejectApplication", survey, reason="対象外のため")

    club = await filed_for_club(talk)
    await reviewer.do("ReturnApplication", club, reason="日数をご確認ください", steps=["days"])
    await reviewer.note(club, SPOKEN)
    waste = turn_id(await talk.begin("bulky_waste"))
    await talk.answer(waste, "day", slot=procedures_pb2.GivenSlot(value="monday", quantity=1))
    await talk.submit(waste)
    helmet = turn_id(await talk.begin("helmet"))
    await talk.answer(helmet, "shop", text=SHOP)
    sent = await upload(talk, helmet, "receipt", a_photo(), name=f"{SHOP}.jpg")
    held = procedures_pb2.AttachedFiles(attachment_ids=[sent.attachment_id])
    await talk.answer(helmet, "receipt", files=held)
    await talk.link(helmet)

    asked = await write(town, case.line, case.resident.external_id, SPOKEN)
    await answer(await town.staff(), asked.inquiry, SPOKEN)

    await _live_in_a_neighbourhood(town, case)
    await _told_by_name(town, case, talk)
    await lay_down_all_kinds(town, case, other.resident_id)
    await _lay_down_what_the_desk_has(town, case, survey)
    await _asked_in_a_chat(case)
    decided = [case.application_id, grant, survey]
    return Life(case, reviewer, office, decided, [club, waste, helmet])


async def _live_in_a_neighbourhood(town: Town, case: Case) -> None:
    """Make the resident chair of an association, and let them ask to join another."""
    section, external_id = await town.staff(Role.ASSOCIATIONS), case.resident.external_id
    joined = await an_association(town, section, case.line, chair=False)
    house = joined.households[0].household_id
    who = await joins(
        town, section, case.line, joined, house, name=NEIGHBOUR, external_id=external_id
    )
    await appoint(town, section, joined, who, OFFICE_KIND_CHAIR)
    other = await an_association(town, section, case.line)
    code = await invite(section, other.association_id)
    await ask_to_join(case.line, external_id, code, NEIGHBOUR)


async def _asked_in_a_chat(case: Case) -> None:
    """Let the resident answer one question of a neighbourhood's survey, and not the next yet."""
    answer = circulars_pb2.SurveyAnswer(question="why", text=SPOKEN)
    request = circulars_pb2.KeepAskedRequest(
        speaker=Speaker(external_id=case.resident.external_id),
        asked=circulars_pb2.AskedInChat(what="again", so_far=[answer]),
        request_id=a_request_id(),
    )
    await case.line.ask(case.line.circulars.KeepAsked, request)


async def _told_by_name(town: Town, case: Case, talk: Talk) -> None:
    """Tell the resident, and whoever chose as they did, of something by their name."""
    staff = await town.staff()
    await a_topic(staff)
    chose = campaigns_pb2.MarkedAnswer(procedure="survey", step="again", value="no_more")
    them = campaigns_pb2.Condition(answer=chose)
    campaign = await send(staff, a_draft("{name}様", recipients=them))
    await town.do_waiting()
    async with an_adapter(talk.core) as adapter:
        adapter.ready(100)
        while (told := await adapter.dispatch()).campaign.campaign_id != campaign:
            pass
        adapter.report(told, OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()


async def _spoken_with(case: Case) -> None:
    """Write into the ledger what was said on the phone."""
    program_id = (await case.application()).program_id
    listed = await case.clerk.ask(
        case.clerk.ledger.ListLedger, ledger_pb2.ListLedgerRequest(program_id=program_id)
    )
    request = ledger_pb2.RecordContactRequest(
        entitlement_id=listed.entries[0].entitlement.entitlement_id,
        way=ledger_pb2.CONTACT_WAY_PHONE, reached=True, note=SPOKEN, request_id=a_request_id(),
    )  # fmt: skip
    request.contact_time.FromDatetime(case.town.clock())
    await case.clerk.ask(case.clerk.ledger.RecordContact, request)


async def _lay_down_what_the_desk_has(town: Town, case: Case, application_id: str) -> None:
    """Give the resident one of each thing that no call above left behind."""
    now, contact_id = town.clock(), case.resident.contact_id
    later, bulk_id = now + timedelta(minutes=15), new_id()
    of = {"municipality": MUNICIPALITY, "resident_id": case.resident.resident_id}

    def work(session) -> None:
        session.add_all(
            [
                Topic(municipality=MUNICIPALITY, key="sports", title={"ja": "運動"},
                      chosen_at_first=False),
                Choice(**of, topic="sports", wanted=True),
                BulkDecision(
                    municipality=MUNICIPALITY, id=bulk_id, program_id="", verb="reject",
                    state="done", reason="対象外のため", author_id="s1", author="sato", total=1,
                    create_time=now,
                ),
                Challenge(
                    municipality=MUNICIPALITY, digest=b"challenge", contact_id=contact_id,
                    consent_version="1", text=SPOKEN, expire_time=later,
                ),
                Authentication(
                    municipality=MUNICIPALITY, digest=b"authentication", contact_id=contact_id,
                    redirect_uri="", consent_version="1", nonce="n", code_verifier="v",
                    expire_time=later,
                ),
                PasskeyChallenge(
                    municipality=MUNICIPALITY, digest=b"passkey", channel="line",
                    purpose=PasskeyPurpose.CREATE, origin="", challenge=b"c",
                    expire_time=later, contact_id=contact_id,
                ),
                ImageSet(
                    municipality=MUNICIPALITY, contact_id=contact_id, set_id="set",
                    application_id=application_id, step="receipt", total=2, create_time=now,
                ),
                Attempts(municipality=MUNICIPALITY, kind="link_code", subject=contact_id,
                         count=1, begin_time=now, end_time=later),
            ]
        )  # fmt: skip
        session.merge(Stale(**of, cause=StaleCause.MOVED, since_time=now))
        session.merge(ChangedResident(**of, change_time=now))
        session.add(
            ImageSet(municipality=MUNICIPALITY, contact_id=case.resident.contact_id, set_id="1",
                     application_id=application_id, step="receipt", total=2, create_time=now)
        )  # fmt: skip
        session.flush()
        session.add(
            BulkItem(municipality=MUNICIPALITY, bulk_decision_id=bulk_id,
                     application_id=application_id, revision=1)
        )  # fmt: skip

    await town.running.db.write(work)


def ids_of(session, life: Life) -> set[str]:
    """Return the ids by which tables know the resident: their own and those of what is theirs."""
    ids = {life.resident_id, life.case.resident.contact_id}
    for column in (Application.id, Match.entitlement_id, Facts.id):
        owner = column.class_.resident_id
        ids.update(session.scalars(select(column).where(owner == life.resident_id)))
    ids.update(session.scalars(select(Application.entitlement_id).where(Application.id.in_(ids))))
    return ids - {""}
