"""Residents who answer at the same moment: what is read for all of them stays each one's own."""

import asyncio

from tests.core.access.links import refused
from tests.core.applications.procedures import REPORT, publish
from tests.core.applications.talks import Talk, turn_id
from tests.makers import a_contact, a_request_id
from tests.town import Town
from todoke.v1 import procedures_pb2 as procedures

NEIGHBOURS = 12


async def those_who_report(town: Town) -> dict[str, Talk]:
    """Contacts by the report that each has begun and been asked about."""
    await publish(town, REPORT)
    line = await town.channel("line")
    talks = [Talk(line, (await a_contact(town, line)).external_id) for _ in range(NEIGHBOURS)]
    turns = await asyncio.gather(*(talk.begin("road_damage") for talk in talks))
    reports = {turn_id(turn): talk for turn, talk in zip(turns, talks, strict=True)}
    assert len(reports) == NEIGHBOURS
    return reports


async def test_each_who_answers_at_once_is_asked_on_about_their_own(a_town: Town) -> None:
    reports = await those_who_report(a_town)
    await asyncio.gather(*(talk.answer(id, "what", choice="hole") for id, talk in reports.items()))

    turns = await asyncio.gather(
        *(
            talk.say(str(number)) if number % 2 else talk.answer(id, "wide", number=number)
            for number, (id, talk) in enumerate(reports.items(), 1)
        )
    )
    back = await asyncio.gather(*(talk.reopen(id, "wide") for id, talk in reports.items()))

    assert [(turn_id(turn), turn.prompt.step) for turn in turns] == [(id, "name") for id in reports]
    assert [turn.prompt.current for turn in back] == [
        procedures.Answer(number=number) for number in range(1, NEIGHBOURS + 1)
    ]


async def test_one_who_is_refused_among_them_is_refused_alone(a_town: Town) -> None:
    reports = await those_who_report(a_town)
    (strange, owner), *others = reports.items()
    meddler = others[0][1]

    refusal, *turns = await asyncio.gather(
        refused(meddler.answer(strange, "what", choice="hole")),
        *(talk.answer(id, "what", choice="hole") for id, talk in others),
    )

    assert refusal.reason == "CONTACT_NOT_REGISTERED"
    assert [(turn_id(turn), turn.prompt.step) for turn in turns] == [
        (id, "wide") for id, _ in others
    ]
    assert (await owner.prompt(strange)).prompt.step == "what"


async def test_taps_that_come_at_once_leave_the_answer_of_the_last(a_town: Town) -> None:
    id, talk = next(iter((await those_who_report(a_town)).items()))
    await talk.answer(id, "what", choice="hole")
    tap = a_request_id()

    turns = await asyncio.gather(
        *(talk.answer(id, "wide", number=number) for number in range(1, 8)),
        *(talk.answer(id, "wide", request_id=tap, number=8) for _ in range(4)),
    )
    back = await talk.reopen(id, "wide")

    assert {turn.prompt.step for turn in turns} == {"name"}
    assert back.prompt.current == procedures.Answer(number=8)
