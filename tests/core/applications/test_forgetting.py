"""What becomes of conversations when their resident goes, and what they are told of them."""

import json

from sqlalchemy import func, select

from core.applications.rows import Application
from core.applications.talk_rows import Asked, Handover
from core.dispatches.rows import Dispatch
from tests.cards import Cards
from tests.core.access.links import refused, speaking
from tests.core.applications.procedures import REPORT, SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_beginning import a_citizen, a_stranger
from tests.core.residents.makers import run_jobs
from tests.makers import a_request_id
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.v1 import records_pb2


async def held(town: Town) -> tuple[list[tuple], int]:
    """Return what is left of applications, and how many rows are left of talks."""

    def work(session) -> tuple[list[tuple], int]:
        rows = session.scalars(select(Application))
        kept = [(row.state, row.answers_json, row.filed_json, row.payee_json) for row in rows]
        counts = [
            session.scalar(select(func.count()).select_from(one)) for one in (Asked, Handover)
        ]
        return kept, sum(counts)

    return await town.read(work)


async def everything_told(town: Town) -> list[tuple[str, str]]:
    """Return to whom and what, as it is kept."""
    return await town.read(
        lambda s: [(one.recipients, one.content) for one in s.scalars(select(Dispatch))]
    )


async def exported(talk: Talk) -> dict:
    request = records_pb2.ExportRecordRequest(
        resident=speaking(talk.external_id), format=records_pb2.EXPORT_FORMAT_JSON
    )
    parts = [part async for part in talk.core.converse(talk.core.records.ExportRecord, request)]
    return json.loads(b"".join(part.chunk for part in parts))


async def test_a_resident_is_given_their_answers_and_takes_them_along(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY, REPORT)
    citizen = await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    await citizen.answer(id, "mark", number=2)
    await citizen.answer(id, "why", text="窓口が遠い")
    await citizen.begin("road_damage")
    await citizen.link(id)
    record = await exported(citizen)
    request = records_pb2.DeleteResidentRequest(
        resident=speaking(citizen.external_id), request_id=a_request_id()
    )
    await citizen.core.ask(citizen.core.records.DeleteResident, request)

    told = {one["program_title"]: one.get("answers", []) for one in record["applications"]}
    assert told["満足度アンケート"] == [
        {"label": "点数", "value": "2"},
        {"label": "理由", "value": "窓口が遠い"},
    ]
    assert told["道路の損傷の通報"] == []
    kept, talks = await held(a_town)
    assert {tuple(one) for one in kept} == {("withdrawn", "{}", None, None)}
    assert talks == 0


@on_sqlite
async def test_what_somebody_unregistered_began_goes_with_their_contact(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("road_damage"))
    await walker.answer(id, "what", choice="hole")
    a_town.clock.pass_by(days=3, hours=1)
    await run_jobs(a_town)
    reminded = await outbox(a_town)
    await walker.link(id)
    a_town.clock.pass_by(days=4000)
    await run_jobs(a_town)

    kept, talks = await held(a_town)
    assert [answers for _, answers, *_ in kept] == ["{}"]
    assert talks == 0
    assert [content["prompt"]["step"] for _, content in reminded] == ["wide"]
    assert await everything_told(a_town) == [("[]", "{}")]
    assert (await refused(walker.own())).reason == "CONTACT_UNKNOWN"
