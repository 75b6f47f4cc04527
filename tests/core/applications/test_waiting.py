"""What waits too long: one reminder, by day, and an end by itself."""

from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.procedures import REPORT, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_beginning import a_stranger
from tests.core.residents.makers import run_jobs
from tests.core.test_applications import a_case
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb


async def steps_told(town: Town) -> list[str]:
    return [content["prompt"]["step"] for _, content in await outbox(town) if "prompt" in content]


async def test_who_stops_is_reminded_once_and_not_by_night(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("road_damage"))
    await walker.answer(id, "what", choice="hole")

    a_town.clock.pass_by(days=2)
    early = await run_jobs(a_town)
    a_town.clock.pass_by(days=1, hours=12)  # 22:00 in Japan.
    by_night = await run_jobs(a_town)
    a_town.clock.pass_by(hours=10)
    by_day = await run_jobs(a_town)
    a_town.clock.pass_by(days=4)
    again = await run_jobs(a_town)

    counts = [done["reminders"].get("reminded", 0) for done in (early, by_night, by_day, again)]
    assert counts == [0, 0, 1, 0]
    assert await steps_told(a_town) == ["wide"]


async def test_what_is_not_filed_in_time_ends_and_is_begun_anew(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("road_damage"))
    a_town.clock.pass_by(days=19)
    await walker.answer(id, "what", choice="hole")
    a_town.clock.pass_by(days=19)
    await run_jobs(a_town)
    (going_on,) = await walker.own()
    a_town.clock.pass_by(days=2)
    done = await run_jobs(a_town)
    (ended,) = await walker.own()

    assert going_on.state == pb.APPLICATION_STATE_STARTED
    assert done["expiry"] == {"expired": 1}
    assert ended.state == pb.APPLICATION_STATE_EXPIRED
    assert (await refused(walker.say("1"))).reason == "NO_CONVERSATION"
    assert turn_id(await walker.begin("road_damage")) != id


@on_sqlite
async def test_what_was_filed_or_is_with_staff_does_not_end(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    await case.decide("Return", "もう一度")
    a_town.clock.pass_by(days=300)
    done = await run_jobs(a_town)
    turn = await Talk(case.line, case.resident.external_id).prompt(case.application_id)

    assert done["expiry"] == {}
    assert turn.prompt.step == "confirm"
