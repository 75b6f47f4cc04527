"""What ships waits on a shelf: residents are offered it once the town has published it."""

from core.procedures.loading import shipped
from tests.core.access.links import refused
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, turn_id
from tests.library import scripts
from tests.makers import a_contact
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb

SURVEY = "satisfaction_survey"


@on_sqlite
async def test_what_ships_is_offered_when_the_town_has_published_it(a_town: Town) -> None:
    line = await a_town.channel("line")
    talk = Talk(line, (await a_contact(a_town, line)).external_id)

    before, begun = await talk.offered(), await refused(talk.begin(SURVEY))
    await publish(a_town, shipped()[SURVEY].source)
    (offered,) = await talk.offered("ja-x-easy")

    assert before == []
    assert begun.reason == "PROCEDURE_UNKNOWN"
    assert (offered.key, offered.title) == (SURVEY, "市の サービスの アンケート")
    assert not offered.needs_registration


@on_sqlite
async def test_a_survey_is_answered_in_words_from_the_first_question_to_the_last(
    a_town: Town,
) -> None:
    await publish(a_town, shipped()[SURVEY].source)
    line = await a_town.channel("line")
    talk = Talk(line, (await a_contact(a_town, line)).external_id)

    turn = await talk.begin(SURVEY)
    for said in scripts(a_town.clock().date())[SURVEY].answers:
        assert turn.prompt.step == said.step
        turn = await talk.say(said.words)
    (own,) = await talk.own()

    assert turn.closing.state == pb.APPLICATION_STATE_RECEIVED
    assert own.application_id == turn_id(turn)
