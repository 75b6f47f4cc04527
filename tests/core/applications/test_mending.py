"""What staff sent back: the resident mends the answers that were named, and no others."""

from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.procedures import SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_beginning import a_citizen
from tests.makers import a_request_id
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb


async def sent_back(clerk: Core, id: str, *steps: str) -> pb.Application:
    found = await clerk.ask(
        clerk.applications.GetApplication, pb.GetApplicationRequest(application_id=id)
    )
    request = pb.ReturnApplicationRequest(
        application_id=id, steps=steps, reason="理由をくわしく", etag=found.application.etag,
        request_id=a_request_id(),
    )  # fmt: skip
    return (await clerk.ask(clerk.applications.ReturnApplication, request)).application


async def filed(talk: Talk) -> str:
    id = turn_id(await talk.begin("survey"))
    await talk.answer(id, "mark", number=2)
    await talk.answer(id, "why", text="遠い")
    await talk.answer(id, "again", choice="no_more")
    await talk.submit(id)
    return id


async def test_only_the_named_answers_are_asked_again_with_what_stood_there(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    clerk, citizen = await a_town.staff(), await a_citizen(a_town, cards)
    id = await filed(citizen)
    returned = await sent_back(clerk, id, "why")
    asked = await citizen.prompt(id)
    early = await refused(citizen.submit(id))
    other = await refused(citizen.answer(id, "mark", number=9))
    review = await citizen.say("窓口が遠く、バスもありません")
    end = await citizen.submit(id)

    assert returned.state == pb.APPLICATION_STATE_RETURNED
    assert (await outbox(a_town))[-1][1]["prompt"]["step"] == "why"
    assert (asked.prompt.step, asked.prompt.current.text) == ("why", "遠い")
    assert asked.prompt.returned_with == "理由をくわしく"
    assert early.metadata == {"step": "why"}
    assert other.reason == "ANSWER_NOT_OFFERED"
    assert {line.step: line.changeable for line in review.review.lines} == {
        "mark": False,
        "why": True,
        "again": False,
    }
    assert end.closing.state == pb.APPLICATION_STATE_SUBMITTED


@on_sqlite
async def test_what_hangs_on_a_mended_answer_is_asked_too(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    clerk, citizen = await a_town.staff(), await a_citizen(a_town, cards)
    id = await filed(citizen)
    await sent_back(clerk, id, "mark", "again")
    first = await citizen.prompt(id)
    second = await citizen.answer(id, "mark", number=2)
    review = await citizen.answer(id, "again", choice="yes_again")
    await citizen.reopen(id, "mark")
    without = await citizen.answer(id, "mark", number=8)
    await citizen.reopen(id, "mark")
    depends = await citizen.answer(id, "mark", number=1)

    assert [first.prompt.step, second.prompt.step] == ["mark", "again"]
    assert [line.value for line in review.review.lines] == ["2", "遠い", "はい"]
    assert [line.step for line in without.review.lines] == ["mark", "again"]
    assert (depends.prompt.step, depends.prompt.current.text) == ("why", "遠い")
    assert (await citizen.answer(id, "why", text="混む")).WhichOneof("kind") == "review"


@on_sqlite
async def test_where_nothing_is_named_all_is_asked_again_and_what_was_not_answered_is_refused(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    clerk, citizen = await a_town.staff(), await a_citizen(a_town, cards)
    id = await filed(citizen)
    unknown = await refused(sent_back(clerk, id, "nowhere"))
    await sent_back(clerk, id)
    asked = await citizen.prompt(id)
    following = await citizen.answer(id, "mark", number=2)

    assert unknown.reason == "ANSWER_NOT_OFFERED"
    assert (asked.prompt.step, asked.prompt.current.number) == ("mark", 2)
    assert (following.prompt.step, following.prompt.current.text) == ("why", "遠い")
