"""From the invitation to the decision: what residents answer, what staff decide, and only once."""

import asyncio
from dataclasses import dataclass

import pytest

from core.callers import Role
from tests.adapter import Adapter, an_adapter
from tests.cards import Cards, a_holder
from tests.makers import (
    Registered,
    a_program,
    a_request_id,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import activity_pb2, dispatches_pb2
from todoke.v1 import applications_pb2 as pb


@dataclass
class Case:
    """One invited resident, and who has to do with them."""

    town: Town
    line: Core
    clerk: Core
    resident: Registered
    application_id: str

    def answer(self, choice: str, request_id: str = "", **changes) -> pb.AnswerPromptRequest:
        request = pb.AnswerPromptRequest(
            external_id=self.resident.external_id, application_id=self.application_id,
            step="confirm", choice=choice, request_id=request_id or a_request_id(),
        )  # fmt: skip
        for name, value in changes.items():
            setattr(request, name, value)
        return request

    async def tap(self, choice: str, **changes) -> pb.Turn:
        answer = self.answer(choice, **changes)
        # A thousand at once take long where other tests run beside; how long is not asked here.
        request = self.line.ask(self.line.applications.AnswerPrompt, answer, seconds=90.0)
        return (await request).turn

    async def application(self) -> pb.Application:
        request = pb.GetApplicationRequest(application_id=self.application_id)
        return (await self.clerk.ask(self.clerk.applications.GetApplication, request)).application

    async def decide(self, verb: str, reason: str = "", etag: str = "", core: Core | None = None):
        core = core or self.clerk
        etag = etag or (await self.application()).etag
        words = {"reason": reason} if reason else {}
        request = getattr(pb, f"{verb}ApplicationRequest")(
            application_id=self.application_id, etag=etag, request_id=a_request_id(), **words
        )
        return (
            await core.ask(getattr(core.applications, f"{verb}Application"), request)
        ).application


async def a_case(town: Town, cards: Cards, *, language: str = "ja", **row: str) -> Case:
    line, clerk = await town.channel("line"), await town.staff()
    holder = a_holder()
    resident = await a_resident(town, line, cards.issue(holder), language=language)
    program = await a_program(clerk)
    roster = a_roster(a_roster_row(holder, 1, **row))
    await import_roster(clerk, program.program_id, roster)
    await match_and_invite(clerk, program.program_id)
    page = await clerk.ask(clerk.applications.ListApplications, pb.ListApplicationsRequest())
    application_id = page.applications[0].application_id if page.applications else ""
    return Case(town, line, clerk, resident, application_id)


async def delivered(adapter: Adapter, number: int) -> list[dispatches_pb2.Dispatch]:
    """Return what the channel was told to send, all of it accepted."""
    adapter.ready(number)
    found = [await adapter.dispatch() for _ in range(number)]
    for dispatch in found:
        adapter.report(dispatch, dispatches_pb2.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()
    return found


async def test_a_matched_resident_is_pushed_the_account_and_one_tap_files(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    async with an_adapter(case.line) as adapter:
        registered, invitation = await delivered(adapter, 2)

    turn = await case.tap("confirmed")
    application = await case.application()

    assert registered.notice.kind == dispatches_pb2.NOTICE_KIND_REGISTERED
    assert list(invitation.recipients) == [case.resident.external_id]
    facts = {fact.label: fact.value for fact in invitation.prompt.facts}
    assert facts == {"支給額": "70,000円", "振込口座": "中国銀行 総社支店 普通 ****001"}
    assert [choice.label for choice in invitation.prompt.choices] == ["はい", "別の口座"]
    assert turn.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert "受け付けました" in turn.closing.text
    assert application.state == pb.APPLICATION_STATE_SUBMITTED
    assert dict(application.answers) == {"confirm": "confirmed"}


@on_sqlite
@pytest.mark.parametrize(
    ("language", "label", "amount"),
    [("", "支給額", "70,000円"), ("en", "Amount", "¥70,000"), ("fr", "支給額", "70,000円")],
)
async def test_the_prompt_is_in_the_residents_language_or_in_japanese(
    a_town: Town, cards: Cards, language: str, label: str, amount: str
) -> None:
    case = await a_case(a_town, cards, language=language)
    async with an_adapter(case.line) as adapter:
        _, invitation = await delivered(adapter, 2)
    assert (invitation.prompt.facts[0].label, invitation.prompt.facts[0].value) == (label, amount)


@pytest.mark.parametrize("taps", [100, pytest.param(1000, marks=pytest.mark.slow)])
async def test_any_number_of_double_taps_gives_one_application(
    a_town: Town, cards: Cards, taps: int
) -> None:
    case = await a_case(a_town, cards)

    turns = await asyncio.gather(*(case.tap("confirmed") for _ in range(taps)))
    page = await case.clerk.ask(
        case.clerk.applications.ListApplications, pb.ListApplicationsRequest()
    )
    history = await case.clerk.ask(
        case.clerk.applications.GetApplication,
        pb.GetApplicationRequest(application_id=case.application_id),
    )

    assert {turn.closing.state for turn in turns} == {pb.APPLICATION_STATE_SUBMITTED}
    assert page.total_size == 1
    kinds = [step.kind for step in history.history]
    assert kinds == ["application.invited", "application.submitted"]


async def test_inviting_twice_at_once_invites_each_once(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    program_id = (await case.application()).program_id

    answers = await asyncio.gather(*(match_and_invite(case.clerk, program_id) for _ in range(8)))

    assert sum(invited.invited for _, invited in answers) == 0
    page = await case.clerk.ask(
        case.clerk.applications.ListApplications, pb.ListApplicationsRequest()
    )
    assert page.total_size == 1


async def test_another_account_is_asked_for_and_the_one_held_may_do_after_all(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)

    asked = await case.tap("other_account")
    started = (await case.application()).state
    taken_back = await case.tap("confirmed")

    assert started == pb.APPLICATION_STATE_STARTED
    assert (asked.prompt.step, asked.prompt.sensitive) == ("account", True)
    assert taken_back.closing.state == pb.APPLICATION_STATE_SUBMITTED


async def test_once_filed_another_answer_changes_nothing(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")

    turn = await case.tap("other_account")

    assert turn.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert dict((await case.application()).answers) == {"confirm": "confirmed"}


async def test_an_answer_that_is_not_offered_is_refused(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    for wrong in ({"choice": "gold_bars"}, {"choice": "confirmed", "step": "nowhere"}):
        with pytest.raises(CoreError) as refused:
            await case.tap(**wrong)
        assert refused.value.reason == "ANSWER_NOT_OFFERED"
    assert (await case.application()).state == pb.APPLICATION_STATE_INVITED


async def test_another_residents_contact_and_another_channel_know_nothing_of_it(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    stranger = await a_resident(a_town, case.line, cards.issue(a_holder()))
    radio = await a_town.channel("radio")

    with pytest.raises(CoreError) as unknown:
        await case.tap("confirmed", external_id=stranger.external_id)
    with pytest.raises(CoreError) as elsewhere:
        await radio.ask(radio.applications.AnswerPrompt, case.answer("confirmed"))

    assert unknown.value.reason == "APPLICATION_UNKNOWN"
    assert elsewhere.value.reason == "CONTACT_UNKNOWN"
    assert (await case.application()).state == pb.APPLICATION_STATE_INVITED


async def test_who_is_protected_or_without_account_is_left_out_and_counted(
    a_town: Town, cards: Cards
) -> None:
    clerk, line = await a_town.staff(), await a_town.channel()
    protected, without = a_holder(), a_holder()
    for holder in (protected, without):
        await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(clerk)
    parts = ("bank", "branch", "account_type", "account_number", "account_name")
    no_account = dict.fromkeys(parts, "")
    roster = a_roster(
        a_roster_row(protected, 1, suppressed="1"), a_roster_row(without, 2, **no_account)
    )
    await import_roster(clerk, program.program_id, roster)

    matched, invited = await match_and_invite(clerk, program.program_id)

    assert matched.accepted == 2
    assert (invited.invited, invited.suppressed, invited.without_account) == (0, 1, 1)
    assert not invited.campaign_id


async def test_only_a_reviewer_decides_and_every_look_is_written_down(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    proposer = await a_town.staff(Role.PAYMENT_PROPOSER)
    administrator = await a_town.staff(Role.ADMINISTRATOR)

    with pytest.raises(CoreError) as cannot:
        await case.decide("Approve", core=proposer)
    with pytest.raises(CoreError) as blind:
        await administrator.ask(
            administrator.applications.GetApplication,
            pb.GetApplicationRequest(application_id=case.application_id),
        )
    log = await case.clerk.ask(
        case.clerk.activity.ListEvents,
        activity_pb2.ListEventsRequest(subject=case.application_id),
    )

    assert {cannot.value.reason, blind.value.reason} == {"CALLER_NOT_ALLOWED"}
    assert "application.viewed" in [event.kind for event in log.events]


async def test_another_municipality_sees_nothing(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await a_town.found("332020", "倉敷市")
    neighbour = await a_town.staff(municipality="332020")

    with pytest.raises(CoreError) as unknown:
        await neighbour.ask(
            neighbour.applications.GetApplication,
            pb.GetApplicationRequest(application_id=case.application_id),
        )
    page = await neighbour.ask(
        neighbour.applications.ListApplications, pb.ListApplicationsRequest()
    )

    assert unknown.value.reason == "APPLICATION_UNKNOWN"
    assert page.total_size == 0
