"""Staff find residents by sealed facts, and whatever they look for is written down."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from core.callers import Role
from core.residents.search_rows import SearchKey
from tests.cards import Cards, a_holder
from tests.core.residents.makers import close, events_of, get, run_jobs, search, suppress
from tests.makers import (
    a_program,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import residents_pb2 as pb


async def test_a_name_is_found_in_any_spelling(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER)
    written = await a_resident(a_town, line, cards.issue(a_holder(name="髙橋　ＡＮＮＡ")))
    await a_resident(a_town, line, cards.issue(a_holder(name="高梁　アンナ")))

    for spelling in ("髙橋　ＡＮＮＡ", "高橋 Anna", "高橋anna"):
        assert await search(staff, name=spelling) == [written.resident_id]
    assert await search(staff, name="高橋") == []


async def test_all_that_is_given_must_fit(a_town: Town, cards: Cards) -> None:
    line, web = await a_town.channel(), await a_town.channel("web")
    staff = await a_town.staff(Role.COUNTER)
    holder = a_holder(name="総社　花子")
    namesake = a_holder(name="総社　花子")
    first = await a_resident(a_town, line, cards.issue(holder))
    second = await a_resident(a_town, web, cards.issue(namesake))
    born = holder.birth_date.isoformat()

    assert await search(staff, name="総社花子") == [second.resident_id, first.resident_id]
    assert await search(staff, name="総社花子", birth_date=born) == [first.resident_id]
    assert await search(staff, external_id=second.external_id) == [second.resident_id]
    assert await search(staff, external_id=second.external_id, birth_date=born) == []


async def test_a_former_name_and_a_roster_number_lead_to_the_resident(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    holder = a_holder()
    resident = await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(staff)
    await import_roster(staff, program.program_id, a_roster(a_roster_row(holder, 123)))
    await match_and_invite(staff, program.program_id)
    moved = replace(holder, address="岡山県総社市井手１番地")
    await a_resident(a_town, line, cards.issue(moved), external_id=resident.external_id)

    assert await search(staff, reference="0000000123") == [resident.resident_id]
    assert await search(staff, reference="００００００００１２３"[-10:]) == [resident.resident_id]
    assert await search(staff, reference="123") == [resident.resident_id]
    assert await search(staff, reference="1230") == []
    assert await search(staff, name=holder.name) == [resident.resident_id]


async def test_who_is_protected_or_closed_is_marked_and_pages_go_on(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    ids = [
        (await a_resident(a_town, line, cards.issue(a_holder(name="同姓　同名")))).resident_id
        for _ in range(3)
    ]
    await suppress(staff, ids[0])
    await close(staff, ids[1])
    request = pb.SearchResidentsRequest(name="同姓同名", page_size=2)

    first = await staff.ask(staff.residents.SearchResidents, request)
    request.page_token = first.next_page_token
    second = await staff.ask(staff.residents.SearchResidents, request)

    shown = [*first.residents, *second.residents]
    assert [one.resident_id for one in shown] == ids[::-1]
    assert [one.suppressed for one in shown] == [False, False, True]
    assert [one.closed for one in shown] == [False, True, False]
    assert second.next_page_token == ""


async def test_search_and_everybody_shown_are_in_the_log_without_what_was_asked(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER, name="suzuki")
    holder = a_holder()
    resident = await a_resident(a_town, line, cards.issue(holder))

    await search(staff, name=holder.name, birth_date=holder.birth_date.isoformat())
    await search(staff, name="いない人")

    searched = await events_of(a_town, "residents.searched")
    (found,) = await events_of(a_town, "resident.found")
    assert [one.details for one in searched] == [
        {"by": "name,birth_date", "found": "1"},
        {"by": "name", "found": "0"},
    ]
    assert (found.subject, found.actor) == (resident.resident_id, "staff:suzuki")


async def test_two_hundred_searches_an_hour_are_enough(
    a_town: Town,
) -> None:
    staff, other = await a_town.staff(Role.COUNTER), await a_town.staff(Role.COUNTER)
    for _ in range(200):
        await search(staff, name="総社")

    with pytest.raises(CoreError) as refused:
        await search(staff, name="総社")
    assert refused.value.reason == "TOO_MANY_ATTEMPTS"
    assert await search(other, name="総社") == []
    a_town.clock.pass_by(hours=1)
    assert await search(staff, name="総社") == []


async def test_facts_kept_before_there_were_keys_get_theirs(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff(Role.COUNTER)
    resident = await a_resident(a_town, line, cards.issue(a_holder(name="古い　登録")))
    await a_town.running.db.write(lambda s: s.execute(delete(SearchKey)) and None)
    before = await search(staff, name="古い登録")

    counted = await run_jobs(a_town)

    assert before == []
    assert counted["search_keys"] == {"indexed": 1}
    assert await search(staff, name="古い登録") == [resident.resident_id]
    a_town.clock.pass_by(days=1)
    assert (await run_jobs(a_town))["search_keys"] == {}


async def test_history_is_listed_newest_first_and_the_look_is_kept(
    a_town: Town, cards: Cards
) -> None:
    line, holder = await a_town.channel(), a_holder()
    resident = await a_resident(a_town, line, cards.issue(holder))
    a_town.clock.pass_by(days=3)
    staff = await a_town.staff(Role.COUNTER)
    moved = replace(holder, address="岡山県総社市井手１番地")
    await a_resident(a_town, line, cards.issue(moved), external_id=resident.external_id)
    request = pb.ListResidentHistoryRequest(resident_id=resident.resident_id, page_size=1)

    first = await staff.ask(staff.residents.ListResidentHistory, request)
    request.page_token = first.next_page_token
    second = await staff.ask(staff.residents.ListResidentHistory, request)

    (now,), (then,) = first.periods, second.periods
    assert (now.basic_four.address, now.cause) == (moved.address, "")
    assert (then.basic_four.address, then.cause) == (holder.address, "renewed")
    assert then.end_time.ToDatetime() - then.begin_time.ToDatetime() == timedelta(days=3)
    assert not now.HasField("end_time")
    assert len(await events_of(a_town, "resident.history_viewed")) == 2
    assert (await get(staff, resident.resident_id)).create_time == then.begin_time


async def test_a_search_for_nothing_and_a_day_that_is_none_are_refused(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.COUNTER), await a_town.channel()
    for known in ({}, {"birth_date": "2026-02-31"}):
        with pytest.raises(CoreError) as refused:
            await search(staff, **known)
        assert refused.value.reason == "FIELD_INVALID"
    with pytest.raises(CoreError) as refused:
        await search(line, name="総社")
    assert refused.value.reason == "CALLER_NOT_ALLOWED"
