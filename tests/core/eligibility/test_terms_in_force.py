"""What the terms in force let nobody do: out of the days for filing, while frozen, alone."""

from core.callers import Role
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import (
    a_decision,
    a_file,
    a_program,
    a_row,
    matched,
    matches,
    the_program,
    upload,
)
from tests.core.eligibility.test_versions import (
    TODAY,
    a_range,
    close,
    reason_of,
    revise,
    the_only_program,
)
from tests.core.test_applications import a_case
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2, matching_pb2
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import payments_pb2 as payments


async def test_a_closed_program_invites_and_takes_nobody_and_decides_what_was_filed(
    a_town: Town, cards: Cards
) -> None:
    filed = await a_case(a_town, cards)
    await filed.tap("confirmed")
    staff = filed.clerk
    closed = await close(staff, await the_only_program(staff))

    assert closed.state == pb.PROGRAM_STATE_CLOSED
    assert await reason_of(close(staff, closed)) == "PROGRAM_CLOSED"
    assert await reason_of(revise(staff, closed)) == "PROGRAM_CLOSED"
    assert await reason_of(_invite(staff, closed)) == "PROGRAM_CLOSED"
    decided = await filed.decide("Approve")
    assert decided.state == applications_pb2.APPLICATION_STATE_APPROVED


async def _invite(staff: Core, program: pb.Program):
    request = applications_pb2.InviteResidentsRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    return await staff.ask(staff.applications.InviteResidents, request)


async def test_outside_the_days_for_filing_nothing_is_invited_or_filed(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    program = await the_only_program(case.clerk)
    await revise(case.clerk, program, filing=a_range(TODAY, "2026-11-25"))

    a_town.clock.pass_by(days=2)
    case.clerk = await a_town.staff()
    late = await reason_of(case.tap("confirmed"))
    invited = await reason_of(_invite(case.clerk, program))

    assert (late, invited) == ("PROGRAM_CLOSED", "PROGRAM_CLOSED")
    assert (await case.application()).state == applications_pb2.APPLICATION_STATE_INVITED


async def test_what_was_filed_in_time_and_returned_may_be_mended_afterwards(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await revise(case.clerk, await the_only_program(case.clerk), filing=a_range(TODAY, TODAY))
    await case.tap("confirmed")
    await case.decide("Return", reason="口座を確かめてください")

    a_town.clock.pass_by(days=5)
    case.clerk = await a_town.staff()
    await case.tap("confirmed")

    assert (await case.application()).state == applications_pb2.APPLICATION_STATE_SUBMITTED


async def test_while_frozen_nothing_is_imported_decided_or_proposed(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    holder = a_holder()
    await a_resident(a_town, case.line, cards.issue(holder))
    staff = case.clerk
    frozen = [a_range(TODAY, "2026-11-26")]
    doubtful = await a_program(staff, code="doubtful")
    await upload(staff, doubtful, a_file(a_row(holder, "1", address="総社市井手１番地")))
    await matched(staff, doubtful)
    (match,) = (await matches(staff, doubtful)).matches
    empty = await a_program(staff, code="empty")
    page = await staff.ask(staff.eligibility.ListPrograms, pb.ListProgramsRequest())
    for program in page.programs:
        await revise(staff, program, freezes=frozen)
    decision = a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED)
    proposal = payments.ProposeTransferBatchRequest(
        program_id=doubtful.program_id, transfer_date="2026-12-10", request_id=a_request_id()
    )

    reasons = [
        await reason_of(upload(staff, empty, a_file(a_row(holder, "1")))),
        await reason_of(staff.ask(staff.matching.DecideMatch, decision)),
        await reason_of(case.decide("Approve")),
        await reason_of(case.decide("Reject", reason="要件を満たさない")),
        await reason_of(staff.ask(staff.payments.ProposeTransferBatch, proposal)),
    ]
    a_town.clock.pass_by(days=3)
    case.clerk = await a_town.staff()
    decided = await case.decide("Approve")

    assert reasons == ["PROGRAM_FROZEN"] * 5
    assert decided.state == applications_pb2.APPLICATION_STATE_APPROVED


async def test_several_people_approve_one_after_the_other_and_none_twice(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await revise(case.clerk, await the_only_program(case.clerk), approvals=3)
    await case.tap("confirmed")
    a, b, c = [await a_town.staff(Role.REVIEWER, name=name) for name in ("abe", "baba", "chiba")]

    first = await case.decide("Approve", core=a)
    again = await reason_of(case.decide("Approve", core=a))
    stale = await reason_of(case.decide("Approve", core=b, etag="1"))
    await case.decide("Approve", core=b)
    last = await case.decide("Approve", core=c)

    assert first.state == applications_pb2.APPLICATION_STATE_SUBMITTED
    assert (list(first.approvers), first.approvals_needed) == (["abe"], 3)
    assert (again, stale) == ("SAME_PERSON", "CHANGED_MEANWHILE")
    assert last.state == applications_pb2.APPLICATION_STATE_APPROVED
    assert list(last.approvers) == ["abe", "baba", "chiba"]


async def test_what_is_filed_anew_is_approved_anew(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await revise(case.clerk, await the_only_program(case.clerk), approvals=2)
    await case.tap("confirmed")
    a, b = [await a_town.staff(Role.REVIEWER) for _ in range(2)]
    await case.decide("Approve", core=a)
    await case.decide("Return", reason="口座を確かめてください", core=b)
    await case.tap("confirmed")

    one = await case.decide("Approve", core=b)
    two = await case.decide("Approve", core=a)

    assert len(one.approvers) == 1
    assert two.state == applications_pb2.APPLICATION_STATE_APPROVED


async def test_only_those_named_decide_where_the_program_names_any(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await revise(case.clerk, await the_only_program(case.clerk), deciders=["abe"])
    await case.tap("confirmed")
    named, other = [await a_town.staff(Role.REVIEWER, name=name) for name in ("abe", "baba")]

    refused = [
        await reason_of(case.decide("Approve", core=other)),
        await reason_of(case.decide("Reject", reason="要件を満たさない", core=other)),
    ]
    decided = await case.decide("Approve", core=named)

    assert refused == ["CALLER_NOT_ALLOWED"] * 2
    assert decided.state == applications_pb2.APPLICATION_STATE_APPROVED


@on_sqlite
async def test_a_second_person_confirms_matches_where_the_terms_say_so(
    a_town: Town, cards: Cards
) -> None:
    holder = a_holder()
    await a_resident(a_town, await a_town.channel(), cards.issue(holder))
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(holder, "1", address="総社市井手１番地")))
    await matched(staff, program)
    (match,) = (await matches(staff, program)).matches
    await revise(staff, await the_program(staff, program), second_eyes=True)

    decision = a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED)
    decided = await staff.ask(staff.matching.DecideMatch, decision)

    assert decided.match.decision == matching_pb2.MATCH_DECISION_TO_CONFIRM
