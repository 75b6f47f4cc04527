"""Staff take decisions back, and keep their reasons for the same difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.applications.rows import Application
from core.callers import Role
from core.eligibility.differences import Writing, difference
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import (
    a_decision,
    a_file,
    a_program,
    a_row,
    matched,
    matches,
    upload,
)
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2, matching_pb2
from todoke.v1 import eligibility_pb2 as pb

ACCEPTED = matching_pb2.MATCH_DECISION_ACCEPTED
REFUSED = matching_pb2.MATCH_DECISION_REFUSED
TO_REVIEW = matching_pb2.MATCH_DECISION_TO_REVIEW


async def people_of_ide(
    town: Town, cards: Cards, count: int
) -> tuple[Core, pb.Program, list[matching_pb2.Match]]:
    """Register people whose roster writes another name of the same place."""
    line, staff = await town.channel(), await town.staff()
    holders = [a_holder(address=f"岡山県総社市井手{n + 1}番地") for n in range(count)]
    for holder in holders:
        await a_resident(town, line, cards.issue(holder))
    program = await a_program(staff)
    rows = [
        a_row(holder, str(n), address=f"総社市井手北原{n + 1}番地")
        for n, holder in enumerate(holders)
    ]
    await upload(staff, program, a_file(*rows))
    await matched(staff, program)
    return staff, program, list((await matches(staff, program)).matches)


async def decided(staff: Core, match: matching_pb2.Match, decision: int) -> matching_pb2.Match:
    return (await staff.ask(staff.matching.DecideMatch, a_decision(match, decision))).match


async def reopened(staff: Core, match: matching_pb2.Match) -> matching_pb2.Match:
    request = matching_pb2.ReopenMatchRequest(
        match_id=match.match_id, reason="見直し", etag=match.etag, request_id=a_request_id()
    )
    return (await staff.ask(staff.matching.ReopenMatch, request)).match


async def kept(staff: Core, match: matching_pb2.Match) -> matching_pb2.MatchRule:
    request = matching_pb2.KeepMatchRuleRequest(
        match_id=match.match_id, reason="小字の有無", request_id=a_request_id()
    )
    return (await staff.ask(staff.matching.KeepMatchRule, request)).rule


async def refused(asked) -> str:
    with pytest.raises(CoreError) as error:
        await asked
    return error.value.reason


async def test_a_kept_reason_decides_the_same_difference_now_and_later(
    a_town: Town, cards: Cards
) -> None:
    staff, program, found = await people_of_ide(a_town, cards, 3)
    assert [match.decision for match in found] == [TO_REVIEW] * 3
    first = await decided(staff, found[0], ACCEPTED)

    rule = await kept(staff, first)

    assert (rule.decision, rule.decided) == (ACCEPTED, 2)
    assert rule.difference == first.difference
    shown = (await matches(staff, program)).matches
    assert [match.decision for match in shown] == [ACCEPTED] * 3
    assert [match.rule_id for match in shown] == ["", rule.rule_id, rule.rule_id]
    listed = await staff.ask(staff.matching.ListMatchRules, matching_pb2.ListMatchRulesRequest())
    assert list(listed.rules) == [rule]


async def test_an_ended_rule_decides_no_more_and_what_it_decided_stays(
    a_town: Town, cards: Cards
) -> None:
    staff, program, (one, other) = await people_of_ide(a_town, cards, 2)
    rule = await kept(staff, await decided(staff, one, ACCEPTED))
    request = matching_pb2.EndMatchRuleRequest(
        rule_id=rule.rule_id, reason="誤り", request_id=a_request_id()
    )
    await staff.ask(staff.matching.EndMatchRule, request)
    _, by_rule = (await matches(staff, program)).matches
    assert by_rule.decision == ACCEPTED

    again = await reopened(staff, by_rule)

    assert (again.decision, again.rule_id, again.reason) == (TO_REVIEW, "", "")
    assert other.match_id == again.match_id
    listed = await staff.ask(staff.matching.ListMatchRules, matching_pb2.ListMatchRulesRequest())
    assert not listed.rules


@on_sqlite
async def test_no_rule_is_kept_of_what_is_undecided_or_tells_people_apart(
    a_town: Town, cards: Cards
) -> None:
    staff, program, (one,) = await people_of_ide(a_town, cards, 1)
    undecided = await refused(kept(staff, one))
    line = await a_town.channel()
    brother = a_holder(name="総社　太一")
    await a_resident(a_town, line, cards.issue(brother))
    second = await a_program(staff, code="second-2026")
    await upload(staff, second, a_file(a_row(brother, "1", name="総社　大一")))
    await matched(staff, second)
    (twin,) = (await matches(staff, second)).matches
    accepted = await decided(staff, twin, ACCEPTED)

    assert undecided == "WRONG_STATE"
    assert twin.difference == ""
    assert await refused(kept(staff, accepted)) == "WRONG_STATE"
    assert program.program_id == one.program_id


async def test_a_decision_is_taken_back_with_the_invitation_but_not_after_staff_decided(
    a_town: Town, cards: Cards
) -> None:
    staff, program, (one, other) = await people_of_ide(a_town, cards, 2)
    for match in (one, other):
        await decided(staff, match, ACCEPTED)
    invite = applications_pb2.InviteResidentsRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await staff.ask(staff.applications.InviteResidents, invite)
    one, other = (await matches(staff, program)).matches

    again = await reopened(staff, one)

    states = await a_town.read(
        lambda s: dict(s.execute(select(Application.resident_id, Application.state)).all())
    )
    assert again.decision == TO_REVIEW
    assert (str(states[one.resident_id]), str(states[other.resident_id])) == (
        "withdrawn",
        "invited",
    )
    assert await refused(reopened(staff, again)) == "WRONG_STATE"
    stale = matching_pb2.ReopenMatchRequest(
        match_id=other.match_id, reason="見直し", etag="99", request_id=a_request_id()
    )
    assert await refused(staff.ask(staff.matching.ReopenMatch, stale)) == "CHANGED_MEANWHILE"
    reviewer = await a_town.staff(Role.REVIEWER)
    assert await refused(reopened(reviewer, other)) == "CALLER_NOT_ALLOWED"


def test_a_character_that_the_card_had_to_write_otherwise_is_a_difference() -> None:
    roster = Writing("\ue001　太郎", "総社市中央1番地")
    card = Writing("高　太郎", "岡山県総社市中央１番地", "1000")

    assert difference(roster, card) == "name: \ue001 for 高"
    assert difference(roster, Writing(card.name, card.address, "0000")) == ""
    assert difference(Writing("中　太郎", roster.address), card) == ""


NAMES = st.text("総社太大一二郎花子髙高", min_size=1, max_size=5)
PLACES = st.text("総社市井手北原", min_size=1, max_size=6)
SIDES = st.tuples(NAMES, PLACES, st.integers(1, 99))


@given(SIDES, SIDES)
def test_a_difference_is_of_one_thing_and_never_of_numbers(
    roster: tuple[str, str, int], card: tuple[str, str, int]
) -> None:
    (theirs, there, their_number), (mine, here, my_number) = roster, card
    said = difference(
        Writing(theirs, f"{there}{their_number}番地"), Writing(mine, f"{here}{my_number}番地")
    )

    assert not said.startswith("name")  # The card marks none of its characters.
    if said:
        assert (there, their_number) != (here, my_number)
        assert their_number == my_number
