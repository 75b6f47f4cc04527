"""Residents are linked with who is entitled, and staff decide what is in doubt."""

import asyncio

import pytest

from core import events
from core.callers import Role
from core.eligibility import entitlement_rows
from core.events import verify
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import (
    NO_ACCOUNT,
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
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import matching_pb2


async def a_doubtful_match(town: Town, cards: Cards) -> tuple[Core, pb.Program, matching_pb2.Match]:
    """Register somebody whose address on the roster is an old one."""
    holder = a_holder()
    await a_resident(town, await town.channel(), cards.issue(holder))
    staff = await town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(holder, "1", address="総社市井手１番地")))
    await matched(staff, program)
    (match,) = (await matches(staff, program)).matches
    return staff, program, match


async def refused(staff: Core, request: matching_pb2.DecideMatchRequest) -> CoreError:
    with pytest.raises(CoreError) as error:
        await staff.ask(staff.matching.DecideMatch, request)
    return error.value


async def test_who_is_certain_is_linked_and_who_is_not_goes_to_review(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    certain, doubtful, protected, stranger, absent = (a_holder() for _ in range(5))
    ids = {
        holder.name: (await a_resident(a_town, line, cards.issue(holder))).resident_id
        for holder in (certain, doubtful, protected, stranger)
    }
    program = await a_program(staff)
    await upload(
        staff,
        program,
        a_file(
            a_row(certain, "1"),
            a_row(doubtful, "2", address="総社市井手１番地", account=NO_ACCOUNT),
            a_row(protected, "3", suppressed="1"),
            a_row(absent, "4"),
        ),
    )

    answer = await matched(staff, program)

    assert (answer.accepted, answer.to_review) == (2, 1)
    assert answer.counts == pb.ProgramCounts(
        entitled=4, matched=2, to_review=1, unmatched=2, suppressed=1
    )
    assert (await the_program(staff, program)).counts == answer.counts
    first, second, third = (await matches(staff, program)).matches
    assert [m.resident_id for m in (first, second, third)] == [
        ids[holder.name] for holder in (certain, doubtful, protected)
    ]
    assert (first.match_class, first.decision, first.rule) == (
        matching_pb2.MATCH_CLASS_NORMALISED, matching_pb2.MATCH_DECISION_ACCEPTED, "normalised",
    )  # fmt: skip
    assert first.entitlement.masked_account == "中国銀行 総社支店 普通 ****567"
    assert (second.match_class, second.decision) == (
        matching_pb2.MATCH_CLASS_ADDRESS_DIFFERS, matching_pb2.MATCH_DECISION_TO_REVIEW,
    )  # fmt: skip
    assert second.entitlement.address == "総社市井手１番地"
    assert second.entitlement.masked_account == ""
    assert second.resident_name == doubtful.name
    assert second.resident_birth_date == doubtful.birth_date.isoformat()
    assert second.resident_address == doubtful.address
    assert third.entitlement.suppressed
    to_invite = await a_town.read(
        lambda s: entitlement_rows.to_invite(s, MUNICIPALITY, program.program_id)
    )
    assert [(row.reference, resident) for row, resident in to_invite] == [
        ("1", ids[certain.name]),
        ("3", ids[protected.name]),
    ]


async def test_matching_again_adds_only_who_is_new(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    early, late = a_holder(), a_holder()
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(early, "1"), a_row(late, "2")))
    await a_resident(a_town, line, cards.issue(early))
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    first = await staff.ask(staff.matching.MatchRoster, request)
    await a_resident(a_town, line, cards.issue(late))

    repeat = await staff.ask(staff.matching.MatchRoster, request)
    second = await matched(staff, program)
    third = await matched(staff, program)

    assert repeat == first
    assert first.accepted == 1
    assert second.accepted <= 1  # Who came since may have been matched by the core itself.
    assert (second.counts.matched, third.accepted) == (2, 0)


async def test_runs_at_once_link_everybody_once(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    holders = [a_holder() for _ in range(5)]
    for holder in holders:
        await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(staff)
    await upload(staff, program, a_file(*(a_row(h, str(n)) for n, h in enumerate(holders))))

    answers = await asyncio.gather(*(matched(staff, program) for _ in range(5)))

    assert sum(answer.accepted for answer in answers) == 5
    assert len((await matches(staff, program)).matches) == 5


async def test_a_person_accepts_and_says_why(a_town: Town, cards: Cards) -> None:
    staff, program, match = await a_doubtful_match(a_town, cards)
    request = a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED)

    decided = (await staff.ask(staff.matching.DecideMatch, request)).match

    assert decided.decision == matching_pb2.MATCH_DECISION_ACCEPTED
    assert decided.rule == "戸籍の附票で確かめた"
    assert decided.etag != match.etag
    assert (await staff.ask(staff.matching.DecideMatch, request)).match == decided
    counts = (await the_program(staff, program)).counts
    assert (counts.matched, counts.to_review) == (1, 0)
    (event,) = await a_town.read(lambda s: events.about(s, MUNICIPALITY, match.match_id))
    assert (event.kind, event.reason) == ("match.accepted", "戸籍の附票で確かめた")
    assert event.on_behalf_of == match.resident_id


async def test_who_was_refused_is_not_proposed_again(a_town: Town, cards: Cards) -> None:
    staff, program, match = await a_doubtful_match(a_town, cards)
    request = a_decision(match, matching_pb2.MATCH_DECISION_REFUSED)
    await staff.ask(staff.matching.DecideMatch, request)

    again = await matched(staff, program)

    assert (again.accepted, again.to_review) == (0, 0)
    assert again.counts.unmatched == 1
    (shown,) = (await matches(staff, program, matching_pb2.MATCH_DECISION_REFUSED)).matches
    assert shown.match_id == match.match_id


async def test_a_decision_that_cannot_be_taken_is_refused(a_town: Town, cards: Cards) -> None:
    staff, _, match = await a_doubtful_match(a_town, cards)
    accept = matching_pb2.MATCH_DECISION_ACCEPTED
    unknown = "01980000-0000-7000-8000-000000000000"

    changed = await refused(staff, a_decision(match, accept, etag="7"))
    absent = await refused(staff, a_decision(match, accept, match_id=unknown))
    invalid = await refused(staff, a_decision(match, matching_pb2.MATCH_DECISION_TO_REVIEW))
    number = await refused(staff, a_decision(match, accept, reason="個人番号 123456789018"))
    reviewer = await a_town.staff(Role.REVIEWER)
    stranger = await refused(reviewer, a_decision(match, accept))
    await staff.ask(staff.matching.DecideMatch, a_decision(match, accept))
    late = await refused(staff, a_decision(match, accept))

    assert changed.reason == "CHANGED_MEANWHILE"
    assert absent.reason == "MATCH_UNKNOWN"
    assert invalid.reason == "FIELD_INVALID"
    assert number.reason == "MY_NUMBER_REFUSED"
    assert stranger.reason == "CALLER_NOT_ALLOWED"
    assert (late.reason, late.metadata) == ("MATCH_DECIDED", {"decision": "accepted"})


async def test_nobody_is_linked_twice_whoever_decides_at_once(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    one = a_holder()
    namesakes = [
        one,
        a_holder(
            name=one.name,
            birth_date=one.birth_date,
            sex=one.sex,
            address=one.address + "　総社ハイツ１０１号",
        ),
    ]
    for holder in namesakes:
        await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(one, "1")))
    assert (await matched(staff, program)).to_review == 2
    found = (await matches(staff, program, matching_pb2.MATCH_DECISION_TO_REVIEW)).matches

    outcomes = await asyncio.gather(
        *(
            staff.ask(
                staff.matching.DecideMatch, a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED)
            )
            for match in found
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, matching_pb2.DecideMatchResponse) for one in outcomes) == 1
    assert [one.reason for one in outcomes if isinstance(one, CoreError)] == ["MATCH_CONFLICTS"]
    assert (await the_program(staff, program)).counts.matched == 1


async def test_matches_come_page_by_page_and_each_look_is_logged(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    holders = [a_holder() for _ in range(3)]
    for holder in holders:
        await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(staff)
    await upload(staff, program, a_file(*(a_row(h, str(n)) for n, h in enumerate(holders))))
    await matched(staff, program)

    first = await matches(staff, program, page_size=2)
    second = await matches(staff, program, page_size=2, page_token=first.next_page_token)

    shown = [match.entitlement.reference for match in (*first.matches, *second.matches)]
    assert shown == ["0", "1", "2"]
    assert not second.next_page_token
    looks = await a_town.read(lambda s: events.about(s, MUNICIPALITY, program.program_id))
    assert [e.details["count"] for e in looks if e.kind == "matches.listed"] == ["2", "1"]
    assert (await a_town.read(lambda s: verify(s, MUNICIPALITY))).broken_at == 0


async def test_without_a_roster_there_is_nothing_to_match(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)

    with pytest.raises(CoreError) as error:
        await matched(staff, program)

    assert error.value.reason == "ROSTER_MISSING"


async def test_another_municipality_sees_no_match(a_town: Town, cards: Cards) -> None:
    _, program, match = await a_doubtful_match(a_town, cards)
    await a_town.found("332011", "岡山市")
    stranger = await a_town.staff(Role.ELIGIBILITY, municipality="332011")

    with pytest.raises(CoreError) as listed:
        await matches(stranger, program)
    decided = await refused(stranger, a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED))

    assert listed.value.reason == "PROGRAM_UNKNOWN"
    assert decided.reason == "MATCH_UNKNOWN"
