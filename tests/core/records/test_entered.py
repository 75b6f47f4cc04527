"""What staff entered for people who are not registered goes when its own term is over."""

from core.applications.rows import Application
from core.callers import Role
from tests.core.applications.desk import a_reviewer
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.test_entering import enter
from tests.core.records.makers import traces
from tests.core.residents.makers import events_of, run_jobs
from tests.town import MUNICIPALITY, Town

SPOKEN = "待ち時間が長い 080-5555-0123"


async def test_a_paper_of_somebody_unregistered_is_erased_five_years_after_its_decision(
    a_town: Town,
) -> None:
    await publish(a_town, SURVEY)
    sato = await a_reviewer(a_town, "sato", Role.COUNTER, Role.REVIEWER)
    suzuki = await a_reviewer(a_town, "suzuki")
    given = ("mark", {"number": 2}), ("why", {"text": SPOKEN}), ("again", {"choice": "no_more"})
    decided = (await enter(sato.core, *given, procedure="survey")).application.application_id
    open_one = (await enter(sato.core, *given, procedure="survey")).application.application_id
    await suzuki.note(decided, SPOKEN)
    await suzuki.do("ApproveApplication", decided)
    a_town.clock.pass_by(days=5 * 365 + 1)
    kept = await run_jobs(a_town)
    a_town.clock.pass_by(days=2)

    erased, again = await run_jobs(a_town), await run_jobs(a_town)

    assert "entered" not in kept["retention"]
    assert erased["retention"]["entered"] == again["retention"]["entered"] == 1
    answers = await a_town.read(
        lambda s: {
            id: s.get_one(Application, (MUNICIPALITY, id)).answers for id in (decided, open_one)
        }
    )
    assert answers[decided] == {}
    assert answers[open_one]["why"] == SPOKEN
    assert [event.subject for event in await events_of(a_town, "record.erased")] == [decided]
    left = await a_town.read(lambda s: traces(s, SPOKEN))
    assert left <= {"applications.answers_json", "applications.filed_json"}
