"""A rehearsal says what would happen, in the real messages, and leaves no trace."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import schema
from core.callers import Role
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import NO_ACCOUNT, a_file, a_program, a_row, matched, upload
from tests.core.eligibility.test_kept_rules import ACCEPTED, decided, people_of_ide
from tests.core.ledger.makers import City, a_city
from tests.core.ledger.test_ledger import protect
from tests.core.test_applications import delivered
from tests.core.test_dispatches import an_adapter
from tests.makers import a_request_id, a_resident, match_and_invite
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import eligibility_pb2, matching_pb2
from todoke.v1 import ledger_pb2 as pb


async def rehearsed(
    city: City, program: eligibility_pb2.Program, content: bytes, size: int = 500
) -> pb.RehearseProgramResponse:
    async def parts():
        header = pb.RehearsalHeader(program_id=program.program_id)
        yield pb.RehearseProgramRequest(header=header)
        for start in range(0, len(content), size):
            yield pb.RehearseProgramRequest(chunk=content[start : start + size])

    return await city.clerk.upload(city.clerk.ledger.RehearseProgram, parts())


def everything(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table, as it is kept, but of what the core does by itself."""
    return {
        name: sorted(map(str, session.execute(select(table)).all()))
        for name, table in schema.METADATA.tables.items()
        if name not in {"jobs", "changed_residents"}
    }


async def test_every_row_goes_one_way_and_nothing_is_written(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="12345", absent="67")
    await protect(city, "4")
    program = await a_program(city.clerk, code="next", amount=50_000)
    rows = [
        a_row(city.holders["1"], "1"),
        a_row(city.holders["2"], "2", account=NO_ACCOUNT),
        a_row(city.holders["3"], "3", address="総社市井手１番地"),
        a_row(city.holders["4"], "4"),
        a_row(city.holders["5"], "5", suppressed="1"),
        a_row(city.holders["6"], "6"),
        a_row(city.holders["7"], "7", amount="90000"),
    ]
    before = await a_town.read(everything)

    told = await rehearsed(city, program, a_file(*rows))

    assert await a_town.read(everything) == before
    assert dict(told.branches) == {
        "account_on_file": 1, "letter": 1, "no_account": 1, "protected": 2, "review": 1,
    }  # fmt: skip
    assert [(one.row, one.column) for one in told.problems] == [(8, "支給額")]
    assert told.problem_count == 1
    assert told.roster.rows == 7
    assert told.roster.roster_id == ""
    assert (told.counts.entitled, told.counts.matched, told.counts.to_review) == (6, 3, 2)
    assert told.amount == 50_000
    assert (told.sending_cost, told.sending_seconds) == (0, 1)


@on_sqlite
async def test_messages_are_those_that_are_sent_afterwards(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    holders = [a_holder() for _ in range(12)]
    for place, holder in enumerate(holders):
        language = "en" if place == 0 else "ja"
        await a_resident(a_town, city.line, cards.issue(holder), language=language)
    program = await a_program(city.clerk, code="next")
    content = a_file(*(a_row(holder, str(place)) for place, holder in enumerate(holders)))

    told = await rehearsed(city, program, content)
    await upload(city.clerk, program, content)
    await match_and_invite(city.clerk, program.program_id)
    async with an_adapter(city.line) as adapter:
        dispatches = await delivered(adapter, 24)

    sent = [one.prompt for one in dispatches if one.HasField("prompt")][:10]
    shown = list(told.samples)
    assert len(shown) == 10
    assert shown[0].language == "en"
    for one in (*sent, *shown):
        one.ClearField("application_id")
    assert shown == sent
    assert dict(told.branches) == {"account_on_file": 12}


@on_sqlite
async def test_reasons_that_staff_kept_decide_in_a_rehearsal_as_in_matching(
    a_town: Town, cards: Cards
) -> None:
    staff, program, found = await people_of_ide(a_town, cards, 2)
    city = City(a_town, await a_town.channel(), staff, program, {}, {})
    same = await decided(staff, found[0], ACCEPTED)
    following = await a_program(staff, code="next")
    rows = []
    for match in found:
        row = match.entitlement
        born = date.fromisoformat(row.birth_date)
        holder = a_holder(name=row.name, birth_date=born, sex=row.sex, address=row.address)
        rows.append(a_row(holder, row.reference))
    engine_alone = await rehearsed(city, following, a_file(*rows))

    request = matching_pb2.KeepMatchRuleRequest(
        match_id=same.match_id, reason="字の有無", request_id=a_request_id()
    )
    await staff.ask(staff.matching.KeepMatchRule, request)
    with_the_rule = await rehearsed(city, following, a_file(*rows))

    assert dict(engine_alone.branches) == {"review": 2}
    assert dict(with_the_rule.branches) == {"account_on_file": 2}
    assert (with_the_rule.counts.matched, with_the_rule.counts.to_review) == (2, 0)
    await upload(staff, following, a_file(*rows))
    assert (await matched(staff, following)).accepted == 2


@on_sqlite
async def test_only_staff_of_eligibility_rehearse(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="", absent="1")
    city.clerk = await a_town.staff(Role.REVIEWER)

    with pytest.raises(CoreError, match="CALLER_NOT_ALLOWED"):
        await rehearsed(city, city.program, a_file(a_row(city.holders["1"], "1")))


async def test_who_still_sends_is_told_why_nothing_is_rehearsed(a_town: Town, cards: Cards) -> None:
    city = await a_city(a_town, cards, here="1", absent="")
    nowhere = eligibility_pb2.Program(program_id="0198c0de-0000-7000-8000-0000000000ff")

    with pytest.raises(CoreError) as refused:
        await rehearsed(city, nowhere, b"x" * 8_000_000, size=64_000)

    assert refused.value.reason == "PROGRAM_UNKNOWN"
