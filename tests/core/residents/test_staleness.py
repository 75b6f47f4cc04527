"""Facts that should be verified anew are marked; residents are asked by day and not too often."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from core.callers import Role
from core.dispatches.rows import Dispatch
from core.ids import new_id
from core.residents import fact_rows, staleness
from core.residents.rules import ConsentPurpose
from core.residents.wish_rows import Consent
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import a_decision
from tests.core.residents.makers import close, contact_of, events_of, get, run_jobs, suppress
from tests.makers import (
    a_program,
    a_request_id,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
)
from tests.town import MUNICIPALITY, Town, build
from todoke.client import Core
from todoke.v1 import activity_pb2, matching_pb2
from todoke.v1 import residents_pb2 as pb


@pytest.fixture
async def own_town(database: str, tmp_path, tmp_path_factory):
    """A town with an authority of its own, whose lists are nobody else's."""
    authority = Cards(tmp_path_factory.mktemp("authority"))
    town = await build(database, tmp_path, **authority.settings)
    yield town, authority
    await town.close()


async def asked(town: Town) -> list[dict[str, str]]:
    """Return the requests to renew that were queued, oldest first."""
    rows_ = await town.read(lambda s: list(s.scalars(select(Dispatch).order_by(Dispatch.id))))
    notices = [json.loads(row.content)["notice"] for row in rows_]
    return [one for one in notices if one["kind"] == "NOTICE_KIND_PLEASE_RENEW"]


async def stale(staff: Core, **changes) -> pb.ListStaleResidentsResponse:
    request = pb.ListStaleResidentsRequest(**changes)
    return await staff.ask(staff.residents.ListStaleResidents, request)


async def test_a_certificate_near_its_end_is_told_with_its_last_day_thrice_at_most(
    a_town: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    card = cards.issue(not_after=cards.now + timedelta(days=90))
    resident = await a_resident(a_town, line, card)
    counted = []
    for day in range(0, 200, 10):
        a_town.clock.now = cards.now + timedelta(days=day)
        await run_jobs(a_town)
        counted.append(len(await asked(a_town)))

    assert counted[:4] == [0, 0, 0, 1]
    assert counted[5:7] == [1, 2]
    assert counted[9:] == [3] * 11
    first, _, third = await asked(a_town)
    assert (first["cause"], first["until_date"]) == (
        "STALE_CAUSE_CERTIFICATE_EXPIRING",
        "2027-02-22",
    )
    assert third["cause"] == "STALE_CAUSE_CERTIFICATE_EXPIRED"
    staff = await a_town.staff(Role.COUNTER)
    (one,) = (await stale(staff)).residents
    assert (one.resident.resident_id, one.asked) == (resident.resident_id, 3)
    assert list(one.causes) == [pb.STALE_CAUSE_CERTIFICATE_EXPIRED]
    assert one.since_time.ToDatetime().date() == (cards.now + timedelta(days=30)).date()
    [shown] = await events_of(a_town, "resident.found")
    assert (shown.subject, shown.details) == (resident.resident_id, {"by": "stale"})


async def test_a_revoked_certificate_is_found_and_a_new_one_answers_it(own_town) -> None:
    town, authority = own_town
    line, holder = await town.channel(), a_holder()
    card = authority.issue(holder)
    resident = await a_resident(town, line, card)
    await run_jobs(town)
    before = (await contact_of(line, resident.external_id)).renewal_due
    authority.revoke(card)
    town.clock.pass_by(hours=1)

    counted = await run_jobs(town)
    due = (await contact_of(line, resident.external_id)).renewal_due
    staff = await town.staff()
    shown = await get(staff, resident.resident_id)
    overview = await staff.ask(staff.activity.GetOverview, activity_pb2.GetOverviewRequest())
    await a_resident(town, line, authority.issue(holder), external_id=resident.external_id)

    assert (before, due) == (False, True)
    assert counted["staleness"] == {"marked": 1, "asked": 1}
    assert list(shown.stale_causes) == [pb.STALE_CAUSE_CERTIFICATE_REVOKED]
    assert shown.contacts[0].renewal_due
    assert overview.stale_residents == 1
    assert not (await contact_of(line, resident.external_id)).renewal_due
    assert (await stale(staff)).residents == []


async def test_nobody_is_asked_at_night(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    await a_resident(a_town, line, cards.issue(not_after=cards.now + timedelta(days=30)))
    a_town.clock.pass_by(hours=8)  # From ten in the morning in Japan to six in the evening.
    at_six = await run_jobs(a_town)
    evening = await asked(a_town)
    a_town.clock.pass_by(hours=15)

    at_nine = await run_jobs(a_town)

    assert (at_six["staleness"], evening) == ({"marked": 1}, [])
    assert at_nine["staleness"] == {"asked": 1}


async def test_a_consent_text_that_has_changed_makes_stale_and_who_is_silent_is_not_asked(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    residents = [(await a_resident(a_town, line, cards.issue())).resident_id for _ in range(4)]

    def agree_to_an_old_text(session) -> None:
        for id in residents:
            fact_rows.facts_of(session, MUNICIPALITY, id).consent_version = "v0"
        session.execute(delete(Consent))

    def agree_again(session) -> None:
        session.add(
            Consent(
                municipality=MUNICIPALITY, id=new_id(), resident_id=residents[3],
                purpose=ConsentPurpose.REGISTRATION, version=int(staleness.current()[1:]),
                given_by="tap", give_time=a_town.clock(),
            )
        )  # fmt: skip

    await a_town.running.db.write(agree_to_an_old_text)
    await a_town.running.db.write(agree_again)
    await suppress(staff, residents[0])
    await close(staff, residents[1])

    counted = await run_jobs(a_town)
    page = await stale(staff, cause=pb.STALE_CAUSE_CONSENT_OUTDATED)

    assert counted["staleness"] == {"marked": 2, "asked": 1}
    by_id = {one.resident.resident_id: one for one in page.residents}
    assert by_id.keys() == {residents[0], residents[2]}
    assert not by_id[residents[0]].HasField("ask_time")
    assert by_id[residents[2]].asked == 1
    assert (await stale(staff, cause=pb.STALE_CAUSE_MOVED)).residents == []


async def test_who_is_linked_with_another_address_is_asked_until_a_new_proof(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    holder = a_holder()
    resident = await a_resident(a_town, line, cards.issue(holder))
    program = await a_program(staff)
    row = a_roster_row(holder, 1, address="総社市井手１番地")
    await import_roster(staff, program.program_id, a_roster(row))
    matching = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    await staff.ask(staff.matching.MatchRoster, matching)
    listed = matching_pb2.ListMatchesRequest(program_id=program.program_id)
    (match,) = (await staff.ask(staff.matching.ListMatches, listed)).matches
    await staff.ask(
        staff.matching.DecideMatch, a_decision(match, matching_pb2.MATCH_DECISION_ACCEPTED)
    )

    await run_jobs(a_town)
    shown = await get(staff, resident.resident_id)
    moved = replace(holder, address="岡山県総社市井手１番地")
    await a_resident(a_town, line, cards.issue(moved), external_id=resident.external_id)
    a_town.clock.pass_by(hours=1)
    await run_jobs(a_town)

    assert list(shown.stale_causes) == [pb.STALE_CAUSE_MOVED]
    assert [one["cause"] for one in await asked(a_town)] == ["STALE_CAUSE_MOVED"]
    assert list((await get(staff, resident.resident_id)).stale_causes) == []


async def test_those_waiting_longest_come_first_page_by_page(a_town: Town, cards: Cards) -> None:
    line, ids = await a_town.channel(), []
    for days in (40, 30, 20):
        card = cards.issue(not_after=cards.now + timedelta(days=days))
        ids.append((await a_resident(a_town, line, card)).resident_id)
        a_town.clock.pass_by(hours=1)
        await run_jobs(a_town)
    staff = await a_town.staff(Role.COUNTER)

    first = await stale(staff, page_size=2)
    second = await stale(staff, page_size=2, page_token=first.next_page_token)

    found = [one.resident.resident_id for one in (*first.residents, *second.residents)]
    assert found == ids
    assert second.next_page_token == ""
