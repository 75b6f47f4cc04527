"""Of what nobody can know whether it was sent, a person decides; it is never sent again blindly."""

import pytest

from core.callers import Role
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.messaging.makers import a_topic, get, send
from tests.core.messaging.test_campaigns import finished, people
from tests.core.residents.makers import suppress
from tests.makers import a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2
from todoke.v1 import dispatches_pb2 as pb


async def resolve(
    staff: Core, dispatch_id: str, resolution: pb.Resolution.ValueType
) -> pb.ResolveDispatchResponse:
    request = pb.ResolveDispatchRequest(
        dispatch_id=dispatch_id, resolution=resolution, reason="電話で確かめた",
        request_id=a_request_id(),
    )  # fmt: skip
    return await staff.ask(staff.dispatches.ResolveDispatch, request)


async def in_doubt(town: Town, line: Core) -> tuple[Core, pb.Dispatch]:
    """Let an adapter take a dispatch and say no more until its key is forgotten; return staff."""
    async with an_adapter(line) as lost:
        lost.ready(1)
        dispatch = await lost.dispatch()
    town.clock.pass_by(hours=25)
    await town.running.jobs.run_due()
    staff = await town.staff()  # Whoever signed in yesterday is signed out.
    status = await staff.ask(staff.dispatches.GetDeliveryStatus, pb.GetDeliveryStatusRequest())
    assert (status.unknown, dict(status.amiss)) == (1, {"given_up": 1})
    return staff, dispatch


async def test_a_campaign_goes_on_for_what_is_sent_again_by_a_persons_word(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    residents = await people(a_town, cards, 2)
    campaign = await send(staff)
    await a_town.do_waiting()
    staff, first = await in_doubt(a_town, line)
    ended = await finished(a_town, staff, campaign)

    hides = residents[0]
    await suppress(staff, hides.resident_id)
    said = await resolve(staff, first.dispatch_id, pb.RESOLUTION_SEND_AGAIN)
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        again = await adapter.dispatch()
        adapter.report(again, pb.OUTCOME_RESULT_ACCEPTED)
        assert await adapter.taken()

    assert dict(ended.deliveries) == {"unknown": 2}
    assert ended.state == campaigns_pb2.CAMPAIGN_STATE_FINISHED
    assert said.new_dispatch_id == again.dispatch_id
    assert said.dispatch.state == pb.DISPATCH_STATE_SPLIT
    assert again.retry_key != first.retry_key
    assert list(again.recipients) == [residents[1].external_id]
    told = await finished(a_town, staff, campaign)
    assert dict(told.deliveries) == {"sent": 1, "dropped": 1}
    assert told.state == campaigns_pb2.CAMPAIGN_STATE_FINISHED


@on_sqlite
@pytest.mark.parametrize(
    ("resolution", "state"), [(pb.RESOLUTION_SENT, "sent"), (pb.RESOLUTION_NOT_SENT, "failed")]
)
async def test_what_a_person_knows_is_what_became_of_it(
    a_town: Town, cards: Cards, resolution: pb.Resolution.ValueType, state: str
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_topic(staff)
    await people(a_town, cards, 2)
    campaign = await send(staff)
    await a_town.do_waiting()
    staff, dispatch = await in_doubt(a_town, line)

    await resolve(staff, dispatch.dispatch_id, resolution)

    assert dict((await get(staff, campaign)).deliveries) == {state: 2}
    with pytest.raises(CoreError) as twice:
        await resolve(staff, dispatch.dispatch_id, pb.RESOLUTION_SEND_AGAIN)
    assert twice.value.reason == "WRONG_STATE"
    assert twice.value.metadata == {"state": state, "problem": "DECIDED"}


async def test_a_single_notice_is_sent_again_as_it_was_but_not_to_whom_is_protected_since(
    a_town: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue())
    staff, first = await in_doubt(a_town, line)
    request = pb.ListDispatchesRequest(state=pb.DISPATCH_STATE_UNKNOWN)
    [listed] = (await staff.ask(staff.dispatches.ListDispatches, request)).dispatches

    said = await resolve(staff, first.dispatch_id, pb.RESOLUTION_SEND_AGAIN)
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        again = await adapter.dispatch()
    a_town.clock.pass_by(hours=25)
    await a_town.running.jobs.run_due()
    staff = await a_town.staff()
    await suppress(staff, resident.resident_id)
    with pytest.raises(CoreError) as protected:
        await resolve(staff, again.dispatch_id, pb.RESOLUTION_SEND_AGAIN)

    assert (listed.carries, listed.resident_id) == ("notice", resident.resident_id)
    assert again.dispatch_id == said.new_dispatch_id
    assert again.retry_key != first.retry_key
    assert (again.notice, again.recipients) == (first.notice, first.recipients)
    assert protected.value.reason == "WRONG_STATE"
    assert protected.value.metadata["problem"] == "NOBODY_LEFT"


@on_sqlite
async def test_only_who_sends_messages_decides_and_only_of_what_there_is(a_town: Town) -> None:
    staff, reviewer = await a_town.staff(), await a_town.staff(Role.REVIEWER)
    nothing = "0198c0de-0000-7000-8000-000000000001"
    with pytest.raises(CoreError) as unknown:
        await resolve(staff, nothing, pb.RESOLUTION_SENT)
    with pytest.raises(CoreError) as other:
        await resolve(reviewer, nothing, pb.RESOLUTION_SENT)
    assert unknown.value.reason == "DISPATCH_UNKNOWN"
    assert other.value.reason != "DISPATCH_UNKNOWN"
