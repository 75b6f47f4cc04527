"""What came in on paper, by phone or at the counter: asked by the same engine, in the same list."""

from sqlalchemy import select

from core.callers import Role
from core.eligibility.rows import Entitlement
from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.desk import a_citizen, a_reviewer
from tests.core.applications.files import HELMET
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.makers import (
    a_program,
    a_request_id,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

DAY = "2026-11-24"
PAPER, PHONE = pb.ENTRY_SOURCE_PAPER, pb.ENTRY_SOURCE_PHONE


async def enter(
    core: Core, *answers: tuple[str, dict], request_id: str = "", **what
) -> pb.EnterApplicationResponse:
    given = [
        procedures_pb2.GivenAnswer(step=step, answer=procedures_pb2.Answer(**answer))
        for step, answer in answers
    ]
    request = pb.EnterApplicationRequest(
        answers=given, request_id=request_id or a_request_id(),
        **{"source": PAPER, "receive_date": DAY, **what},
    )  # fmt: skip
    return await core.ask(core.applications.EnterApplication, request)


async def entitlements(town: Town, program_id: str) -> list[str]:
    """Return a program's entitlements, in the order of its roster."""
    query = select(Entitlement.id).where(
        Entitlement.municipality == MUNICIPALITY, Entitlement.program_id == program_id
    )
    return await town.read(lambda s: list(s.scalars(query.order_by(Entitlement.id))))


async def test_a_paper_of_somebody_unregistered_is_asked_to_its_end_then_filed(
    a_town: Town,
) -> None:
    await publish(a_town, SURVEY)
    sato = await a_reviewer(a_town, "sato", Role.COUNTER, Role.REVIEWER)
    suzuki = await a_reviewer(a_town, "suzuki")
    mark, why, again = (
        ("mark", {"number": 2}), ("why", {"text": "待ち時間"}), ("again", {"choice": "yes_again"}),
    )  # fmt: skip
    first = await enter(sato.core, procedure="survey")
    second = await enter(sato.core, mark, procedure="survey")
    nothing = await sato.listed()
    done = await enter(sato.core, mark, why, again, procedure="survey", request_id="entry-01")
    same = await enter(sato.core, mark, why, again, procedure="survey", request_id="entry-01")
    id = done.application.application_id
    own = await refused(sato.do("ApproveApplication", id))
    also = await refused(sato.do("RejectApplication", id, reason="だめ"))
    approved = await suzuki.do("ApproveApplication", id)

    assert (first.prompt.step, second.prompt.step) == ("mark", "why")
    assert nothing == []
    assert same == done
    assert (done.application.state, done.application.source) == (
        pb.APPLICATION_STATE_SUBMITTED, PAPER,
    )  # fmt: skip
    assert await suzuki.listed(sources=[PAPER]) == [id]
    assert (own.reason, also.reason) == ("SAME_PERSON", "SAME_PERSON")
    assert approved.state == pb.APPLICATION_STATE_APPROVED


async def test_the_invited_may_file_on_paper_and_once_only(a_town: Town, cards: Cards) -> None:
    clerk = await a_reviewer(a_town, "clerk", *(set(Role) - {Role.CHANNEL}))
    line = await a_town.channel("line")
    holder, other = a_holder(), a_holder()
    resident = await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(clerk.core)
    roster = a_roster(a_roster_row(holder, 1), a_roster_row(other, 2))
    await import_roster(clerk.core, program.program_id, roster)
    await match_and_invite(clerk.core, program.program_id)
    mine, theirs = await entitlements(a_town, program.program_id)
    (invited,) = await clerk.listed()
    yes = ("confirm", {"choice": "confirmed"})

    entered = await enter(clerk.core, yes, entitlement_id=mine)
    turn = await Talk(line, resident.external_id).prompt(invited)
    twice = await refused(enter(clerk.core, yes, entitlement_id=mine))
    stranger = await enter(clerk.core, yes, entitlement_id=theirs, source=PHONE)
    foreign = await refused(
        enter(clerk.core, yes, entitlement_id=theirs, resident_id=resident.resident_id)
    )
    reviewer = await a_reviewer(a_town, "suzuki")
    paid = await reviewer.do("ApproveApplication", stranger.application.application_id)

    assert entered.application.application_id == invited
    assert entered.application.resident_id == resident.resident_id
    assert turn.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert (twice.reason, twice.metadata["applicationId"]) == ("APPLICATION_EXISTS", invited)
    assert stranger.application.resident_id == ""
    assert foreign.reason == "ENTITLEMENT_UNKNOWN"
    assert (paid.state, paid.amount) == (pb.APPLICATION_STATE_APPROVED, 70_000)


@on_sqlite
async def test_what_does_not_fit_is_refused_and_what_lies_in_the_file_may_be_left_out(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY, HELMET)
    core = await a_town.staff(Role.COUNTER)
    talk = await a_citizen(a_town, cards)
    shop, skipped = ("shop", {"text": "自転車店"}), {"skipped": True}
    wrong = await refused(enter(core, ("mark", {"number": 11}), procedure="survey"))
    number = await refused(enter(core, ("shop", {"text": "123456789018"}), procedure="helmet"))
    later = await refused(enter(core, procedure="survey", receive_date="2027-01-01"))
    asked = await enter(core, shop, procedure="helmet")
    done = await enter(core, shop, ("receipt", skipped), ("paper", skipped), procedure="helmet")
    turn_id(await talk.begin("survey"))

    assert (wrong.reason, wrong.metadata["step"]) == ("ANSWER_INVALID", "mark")
    assert number.reason == "MY_NUMBER_REFUSED"
    assert later.reason == "FIELD_INVALID"
    assert (asked.prompt.step, asked.prompt.optional) == ("receipt", True)
    assert done.application.state == pb.APPLICATION_STATE_SUBMITTED
