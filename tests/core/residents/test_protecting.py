"""Protection and the end of a registration: nothing is pushed any more, at once."""

import pytest

from core.callers import Role
from core.residents import fact_rows
from core.residents.rules import Assurance
from tests.cards import Cards, a_holder
from tests.core.residents.makers import clear, close, events_of, get, suppress
from tests.core.test_dispatches import an_adapter
from tests.makers import (
    a_program,
    a_request_id,
    a_resident,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import activity_pb2, dispatches_pb2, matching_pb2
from todoke.v1 import residents_pb2 as pb

MY_NUMBER = "123456789018"


def a_match(program_id: str) -> matching_pb2.MatchRosterRequest:
    return matching_pb2.MatchRosterRequest(program_id=program_id, request_id=a_request_id())


def weaken(session, resident_id: str) -> None:
    """Let the facts have been taken at the counter."""
    fact_rows.facts_of(session, MUNICIPALITY, resident_id).assurance = Assurance.COUNTER


async def counts(staff: Core) -> dict[str, int]:
    request = activity_pb2.GetOverviewRequest()
    return dict((await staff.ask(staff.activity.GetOverview, request)).dispatches)


async def test_what_is_queued_is_dropped_and_nothing_more_is_told(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    card = cards.issue()
    resident = await a_resident(a_town, line, card)
    other = await a_resident(a_town, line, cards.issue())

    shown = await suppress(staff, resident.resident_id)
    await a_resident(a_town, line, card, external_id=resident.external_id)

    assert shown.suppressed
    assert await counts(staff) == {"dropped": 1, "queued": 1}
    (event,) = await events_of(a_town, "resident.suppressed")
    assert event.details == {"dropped": "1", "held": "0"}
    assert event.reason == "支援措置の申出"
    assert not (await get(staff, other.resident_id)).suppressed


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (dispatches_pb2.OUTCOME_RESULT_ACCEPTED, "sent"),
        (dispatches_pb2.OUTCOME_RESULT_TRY_AGAIN, "dropped"),
        (None, "unknown"),
    ],
)
async def test_what_an_adapter_holds_is_told_as_held_and_never_tried_again(
    a_town: Town, cards: Cards, result, state: str
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    resident = await a_resident(a_town, line, cards.issue())
    async with an_adapter(line) as adapter:
        adapter.ready(10)
        held = await adapter.dispatch()

        await suppress(staff, resident.resident_id)
        in_hand = await counts(staff)
        if result is None:
            a_town.clock.pass_by(minutes=2)
            other = await a_resident(a_town, line, cards.issue())
            assert (await adapter.dispatch()).recipients == [other.external_id]
        else:
            adapter.report(held, result)
            assert await adapter.taken()

    (event,) = await events_of(a_town, "resident.suppressed")
    assert event.details == {"dropped": "0", "held": "1"}
    assert in_hand == {"leased": 1}
    assert (await counts(staff))[state] == 1


async def test_protection_ends_by_a_person_of_protection_only(a_town: Town, cards: Cards) -> None:
    line, counter = await a_town.channel(), await a_town.staff(Role.COUNTER)
    protection = await a_town.staff(Role.PROTECTION)
    resident = await a_resident(a_town, line, cards.issue())
    with pytest.raises(CoreError) as not_protected:
        await clear(protection, resident.resident_id)
    await suppress(counter, resident.resident_id)
    with pytest.raises(CoreError) as not_allowed:
        await clear(counter, resident.resident_id)

    cleared = await clear(protection, resident.resident_id)

    assert not_protected.value.reason == "WRONG_STATE"
    assert not_allowed.value.reason == "CALLER_NOT_ALLOWED"
    assert not cleared.suppressed
    assert len(await events_of(a_town, "resident.suppression_cleared")) == 1


@pytest.mark.parametrize("change", [suppress, clear, close])
async def test_a_stale_etag_a_my_number_and_nobody_are_refused(
    a_town: Town, cards: Cards, change
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    resident = await a_resident(a_town, line, cards.issue())
    etag = (await get(staff, resident.resident_id)).etag
    nobody = "01890000-0000-7000-8000-000000000000"
    refusals = []
    for id, changes in (
        (resident.resident_id, {"etag": "99"}),
        (resident.resident_id, {"reason": f"番号 {MY_NUMBER}"}),
        (nobody, {"etag": etag}),
    ):
        with pytest.raises(CoreError) as refused:
            await change(staff, id, **changes)
        refusals.append(refused.value.reason)

    assert refusals == ["CHANGED_MEANWHILE", "MY_NUMBER_REFUSED", "RESIDENT_UNKNOWN"]
    assert (await get(staff, resident.resident_id)).etag == etag


async def test_a_closed_registration_is_silent_until_a_new_proof_opens_it(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    card = cards.issue()
    resident = await a_resident(a_town, line, card)

    closed = await close(staff, resident.resident_id)
    with pytest.raises(CoreError) as again:
        await close(staff, resident.resident_id)
    overview = await staff.ask(staff.activity.GetOverview, activity_pb2.GetOverviewRequest())
    await a_resident(a_town, line, card, external_id=resident.external_id)

    assert closed.closing_cause == pb.CLOSING_CAUSE_MOVED_OUT
    assert closed.closing_date == "2026-11-20"
    assert again.value.reason == "RESIDENT_CLOSED"
    assert overview.residents == 0
    assert await counts(staff) == {"dropped": 1, "queued": 1}
    reopened = await get(staff, resident.resident_id)
    assert reopened.closing_cause == pb.CLOSING_CAUSE_UNSPECIFIED
    assert len(await events_of(a_town, "resident.reopened")) == 1


async def test_nobody_proves_to_be_one_who_died(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    card = cards.issue()
    resident = await a_resident(a_town, line, card)
    await close(staff, resident.resident_id, cause=pb.CLOSING_CAUSE_DIED)

    with pytest.raises(CoreError) as refused:
        await a_resident(a_town, line, card)
    assert refused.value.reason == "RESIDENT_CLOSED"


async def test_no_registration_ends_tomorrow(a_town: Town, cards: Cards) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    resident = await a_resident(a_town, line, cards.issue())
    for day in ("2026-11-25", "2026-02-31"):
        with pytest.raises(CoreError) as refused:
            await close(staff, resident.resident_id, date=day)
        assert refused.value.reason == "FIELD_INVALID"


async def test_who_is_closed_or_verified_too_weakly_is_not_invited_but_counted(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    holders = [a_holder(), a_holder()]
    ids = [(await a_resident(a_town, line, cards.issue(one))).resident_id for one in holders]
    program = await a_program(staff, required_assurance=pb.ASSURANCE_JPKI_SIGNATURE)
    lines = [a_roster_row(holder, number) for number, holder in enumerate(holders, 1)]
    await import_roster(staff, program.program_id, a_roster(*lines))
    await close(staff, ids[0])

    matched, invited = await match_and_invite(staff, program.program_id)

    assert program.required_assurance == pb.ASSURANCE_JPKI_SIGNATURE
    assert (matched.accepted, matched.to_review) == (1, 0)
    assert (invited.invited, invited.closed, invited.assurance_too_low) == (1, 0, 0)


async def test_who_was_matched_before_the_end_or_is_not_sure_enough_is_counted(
    a_town: Town, cards: Cards
) -> None:
    line, staff = await a_town.channel(), await a_town.staff()
    ended, weak = a_holder(), a_holder()
    ids = [(await a_resident(a_town, line, cards.issue(one))).resident_id for one in (ended, weak)]
    program = await a_program(staff, required_assurance=pb.ASSURANCE_JPKI_SIGNATURE)
    await import_roster(
        staff, program.program_id, a_roster(a_roster_row(ended, 1), a_roster_row(weak, 2))
    )
    await staff.ask(staff.matching.MatchRoster, a_match(program.program_id))
    await close(staff, ids[0])
    await a_town.running.db.write(lambda s: weaken(s, ids[1]))

    _, invited = await match_and_invite(staff, program.program_id)

    assert (invited.invited, invited.closed, invited.assurance_too_low) == (0, 1, 1)
