"""Who registers after the roster was matched is matched and told without anybody asking."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.applications.rows import Application
from core.callers import Role
from core.dispatches.rows import Delivery
from core.residents.changed_rows import ChangedResident
from tests.cards import Cards, a_holder
from tests.makers import (
    a_program,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import matching_pb2

ACCEPTED = matching_pb2.MATCH_DECISION_ACCEPTED
TO_REVIEW = matching_pb2.MATCH_DECISION_TO_REVIEW


async def looked(town: Town) -> None:
    """Wait until the core has looked at who changed, as it does by itself soon after a commit."""
    changed = select(func.count(ChangedResident.resident_id))
    committed = town.running.db.committed
    while await town.read(lambda s: s.scalar(changed)):
        await committed.wait()
        committed = town.running.db.committed


async def found(staff: Core, program: pb.Program) -> list[matching_pb2.Match]:
    request = matching_pb2.ListMatchesRequest(program_id=program.program_id)
    return list((await staff.ask(staff.matching.ListMatches, request)).matches)


async def told(town: Town) -> int:
    """Return how many were invited and told so."""
    return await town.read(
        lambda s: s.scalar(
            select(func.count(Application.id))
            .join(Delivery, Delivery.resident_id == Application.resident_id)
            .where(Delivery.occasion == Application.id + ":invited")
        )
    )


async def test_who_registers_later_is_invited_at_once(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    early, late = a_holder(), a_holder()
    program = await a_program(staff)
    file = a_roster(a_roster_row(early, 1), a_roster_row(late, 2))
    await import_roster(staff, program.program_id, file)
    await a_resident(a_town, line, cards.issue(early))
    await match_and_invite(staff, program.program_id)
    assert await told(a_town) == 1

    await a_resident(a_town, line, cards.issue(late))
    await looked(a_town)

    assert [match.decision for match in await found(staff, program)] == [ACCEPTED] * 2
    assert await told(a_town) == 2


async def test_nobody_is_matched_or_invited_before_staff_did_so(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    first, second = a_holder(), a_holder()
    program = await a_program(staff)
    file = a_roster(a_roster_row(first, 1), a_roster_row(second, 2))
    await import_roster(staff, program.program_id, file)
    await a_resident(a_town, line, cards.issue(first))
    await looked(a_town)
    unmatched = await found(staff, program)
    request = matching_pb2.MatchRosterRequest(program_id=program.program_id, request_id="matched-1")
    await staff.ask(staff.matching.MatchRoster, request)

    await a_resident(a_town, line, cards.issue(second))
    await looked(a_town)

    assert unmatched == []
    assert len(await found(staff, program)) == 2
    assert await told(a_town) == 0


@on_sqlite
@pytest.mark.parametrize("twin", ["registered", "on_the_roster"])
async def test_a_namesake_of_the_same_day_is_seen_though_nothing_changed_of_theirs(
    a_town: Town, cards: Cards, twin: str
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    born = date(1970, 5, 5)
    one = a_holder(name="総社　花子", birth_date=born, address="岡山県総社市井手１番地")
    other = a_holder(name="総社　花子", birth_date=born, address="岡山県総社市井手１番地")
    program = await a_program(staff)
    rows = [a_roster_row(one, 1), *([a_roster_row(other, 2)] if twin == "on_the_roster" else [])]
    await import_roster(staff, program.program_id, a_roster(*rows))
    if twin == "registered":
        moved = a_holder(name="総社　花子", birth_date=born, address="岡山県総社市中央９番地")
        await a_resident(a_town, line, cards.issue(moved))
    await match_and_invite(staff, program.program_id)

    await a_resident(a_town, line, cards.issue(one))
    await looked(a_town)

    whole = await found(staff, program)
    again = matching_pb2.MatchRosterRequest(program_id=program.program_id, request_id="matched-2")
    answer = await staff.ask(staff.matching.MatchRoster, again)
    assert (answer.accepted, answer.to_review) == (0, 0)
    if twin == "on_the_roster":
        assert {match.decision for match in whole} == {TO_REVIEW}


async def test_the_core_looks_by_itself(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.ELIGIBILITY)
    holder = a_holder()
    program = await a_program(staff)
    await import_roster(staff, program.program_id, a_roster(a_roster_row(holder, 1)))
    request = matching_pb2.MatchRosterRequest(program_id=program.program_id, request_id="matched-1")
    await staff.ask(staff.matching.MatchRoster, request)

    await a_resident(a_town, line, cards.issue(holder))

    await looked(a_town)
    (match,) = await found(staff, program)
    assert match.decision == ACCEPTED


BORN = date(1970, 5, 6)
NOT_WHOLE = {"birth_date": BORN, "birth_date_text": "319700500"}


@on_sqlite
@pytest.mark.parametrize(
    ("on_the_card", "on_the_roster", "rule"),
    [
        ({"birth_date": BORN}, "1970-05-08", "birth_date_differs"),
        ({"birth_date": BORN}, "1970-06-05", "birth_date_differs"),
        ({"birth_date": BORN}, "1960-05-06", "birth_date_differs"),
        ({"birth_date": BORN}, "1970-05-00", "birth_date_unknown"),
        ({"birth_date": BORN}, "不詳", "birth_date_unknown"),
        (NOT_WHOLE, "1970-05-06", "birth_date_unknown"),
        (NOT_WHOLE, "1970-00-00", "birth_date_unknown"),
        ({**NOT_WHOLE, "birth_date_text": "319700000"}, "1970-12-31", "birth_date_unknown"),
        ({**NOT_WHOLE, "birth_date_text": "000000000"}, "1970-05-06", "birth_date_unknown"),
    ],
)
async def test_a_birth_date_mistyped_or_not_wholly_known_comes_before_a_person(
    a_town: Town, cards: Cards, on_the_card: dict, on_the_roster: str, rule: str
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    one = a_holder(name="総社　花子", **on_the_card)
    program = await a_program(staff)
    rows = [a_roster_row(one, 1, birth_date=on_the_roster), a_roster_row(a_holder(), 2)]
    await import_roster(staff, program.program_id, a_roster(*rows))
    await match_and_invite(staff, program.program_id)

    await a_resident(a_town, line, cards.issue(one))
    await looked(a_town)

    (match,) = await found(staff, program)
    assert (match.decision, match.rule) == (TO_REVIEW, rule)
    assert await told(a_town) == 0
    again = matching_pb2.MatchRosterRequest(program_id=program.program_id, request_id="matched-2")
    answer = await staff.ask(staff.matching.MatchRoster, again)
    assert (answer.accepted, answer.to_review) == (0, 0)


@on_sqlite
async def test_a_namesake_born_nobody_knows_when_keeps_the_machine_from_deciding(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    home = "岡山県総社市井手１番地"
    one = a_holder(name="総社　花子", birth_date=BORN, address=home)
    other = a_holder(name="総社　花子", address=home, **NOT_WHOLE)
    program = await a_program(staff)
    await import_roster(staff, program.program_id, a_roster(a_roster_row(one, 1)))
    await match_and_invite(staff, program.program_id)
    await a_resident(a_town, line, cards.issue(other))
    await looked(a_town)

    await a_resident(a_town, line, cards.issue(one))
    await looked(a_town)

    assert {match.decision for match in await found(staff, program)} == {TO_REVIEW}
    assert await told(a_town) == 0
