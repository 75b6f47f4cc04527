"""Where a program asks for it, a decision on a match waits for another person."""

import pytest

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
from tests.makers import a_request_id, a_resident
from tests.town import Town
from todoke.client import Core, CoreError
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import matching_pb2, payments_pb2, procedures_pb2, residents_pb2

ACCEPTED = matching_pb2.MATCH_DECISION_ACCEPTED
REFUSED = matching_pb2.MATCH_DECISION_REFUSED
TO_CONFIRM = matching_pb2.MATCH_DECISION_TO_CONFIRM
TO_REVIEW = matching_pb2.MATCH_DECISION_TO_REVIEW


async def a_strict_program(staff: Core) -> pb.Program:
    """Lay down a program whose matches two people decide."""
    program = await a_program(staff)
    title = procedures_pb2.Text(by_language={"ja": program.title})
    request = pb.ReviseProgramRequest(
        program_id=program.program_id,
        terms=pb.ProgramTerms(
            effective_date="2026-11-24",
            amount=pb.AmountRule(from_roster=pb.RosterAmount(most=70_000)),
            budget=500_000_000_000,
            filing=pb.DateRange(begin_date="2026-11-24", end_date="2027-03-31"),
            required_assurance=residents_pb2.ASSURANCE_COUNTER,
            rails=[payments_pb2.PAYOUT_RAIL_BANK_TRANSFER],
            title=title,
            description=title,
            approvals=1,
            second_eyes=True,
        ),
        reason="二人で確認する",
        etag=program.etag,
        request_id=a_request_id(),
    )
    return (await staff.ask(staff.eligibility.ReviseProgram, request)).program


async def confirmed(staff: Core, match: matching_pb2.Match, *, yes: bool) -> matching_pb2.Match:
    request = matching_pb2.ConfirmMatchRequest(
        match_id=match.match_id,
        confirmed=yes,
        reason="確認した",
        etag=match.etag,
        request_id=a_request_id(),
    )
    return (await staff.ask(staff.matching.ConfirmMatch, request)).match


async def refused(asked) -> str:
    with pytest.raises(CoreError) as error:
        await asked
    return error.value.reason


@pytest.mark.parametrize("decision", [ACCEPTED, REFUSED])
async def test_a_decision_holds_once_another_person_confirms_it(
    a_town: Town, cards: Cards, decision: int
) -> None:
    one, other = await a_town.staff(Role.ELIGIBILITY), await a_town.staff(Role.ELIGIBILITY)
    holder = a_holder()
    await a_resident(a_town, await a_town.channel(), cards.issue(holder))
    program = await a_strict_program(one)
    await upload(one, program, a_file(a_row(holder, "1", address="総社市井手１番地")))
    await matched(one, program)
    (match,) = (await matches(one, program)).matches
    early = await refused(confirmed(other, match, yes=True))

    proposed = (await one.ask(one.matching.DecideMatch, a_decision(match, decision))).match
    waiting = await the_program(one, program)
    own = await refused(confirmed(one, proposed, yes=True))
    back = await confirmed(other, proposed, yes=False)
    again = (await one.ask(one.matching.DecideMatch, a_decision(back, decision))).match
    settled = await confirmed(other, again, yes=True)

    assert (proposed.decision, proposed.proposed) == (TO_CONFIRM, decision)
    assert (waiting.counts.matched, waiting.counts.to_review) == (0, 1)
    assert (early, own) == ("WRONG_STATE", "SAME_PERSON")
    assert (back.decision, back.decided_by, back.reason) == (TO_REVIEW, "", "")
    assert settled.decision == decision
    assert settled.confirmed_by
    assert settled.confirmed_by != settled.decided_by
    assert await refused(confirmed(other, settled, yes=True)) == "WRONG_STATE"
    assert (await the_program(one, program)).counts.matched == int(decision == ACCEPTED)
