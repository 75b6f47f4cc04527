"""Words in a chat, read as the answer to what was asked there last."""

from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.procedures import LEAVES, REPORT, SURVEY, WHERE, publish
from tests.core.applications.talks import Talk, problems, turn_id
from tests.core.applications.test_beginning import a_citizen, a_stranger
from tests.core.residents.makers import run_jobs
from tests.core.test_applications import a_case
from tests.makers import a_resident
from tests.town import Town, on_sqlite
from todoke.v1 import applications_pb2 as pb


async def test_a_procedure_is_gone_through_in_words_alone(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    citizen = await a_citizen(a_town, cards)
    await citizen.begin("survey")

    asked = [
        (await citizen.say(words)).prompt.step for words in ("まあまあ", "３点です", "窓口が遠い")
    ]
    review = await citizen.say("２")
    back = await citizen.say("1")
    changed = await citizen.say("10")
    end = await citizen.say("はい")

    assert asked == ["mark", "why", "again"]
    assert [line.value for line in review.review.lines] == ["3", "窓口が遠い", "いいえ"]
    assert (back.prompt.step, back.prompt.current.number) == ("mark", 3)
    assert [line.step for line in changed.review.lines] == ["mark", "again"]
    assert end.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert (await refused(citizen.say("はい"))).reason == "NO_CONVERSATION"


async def test_an_invitation_that_was_pushed_is_answered_in_words(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    chat = Talk(case.line, case.resident.external_id)

    lost = await chat.say("こんにちは")
    account = await chat.say("別の口座")
    in_chat = await chat.say("みずほ銀行 本店 1234567")
    await chat.say("戻る")
    end = await chat.say("はい")

    assert problems(lost) == ["not_understood"]
    assert lost.prompt.step == "confirm"
    assert account.prompt.step == in_chat.prompt.step == "account"
    assert problems(in_chat) == ["sensitive"]
    assert end.closing.state == pb.APPLICATION_STATE_SUBMITTED


@on_sqlite
async def test_a_chat_can_be_told_again_what_it_was_asked_last(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY, REPORT)
    citizen = await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    await citizen.say("3")

    asked = await citizen.prompt("")
    other = turn_id(await citizen.begin("road_damage"))

    assert (turn_id(asked), asked.prompt.step) == (id, "why")
    assert turn_id(await citizen.prompt("")) == other
    await citizen.withdraw(other)
    assert (await refused(citizen.prompt(""))).reason == "NO_CONVERSATION"


@on_sqlite
async def test_whom_nothing_is_asked_is_told_so(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    citizen, stranger = await a_citizen(a_town, cards), await a_stranger(a_town)
    id = turn_id(await citizen.begin("survey"))
    await citizen.withdraw(id)
    for talk in (citizen, stranger):
        assert (await refused(talk.say("はい"))).reason == "NO_CONVERSATION"


@on_sqlite
async def test_a_sensitive_answer_is_not_taken_in_a_chat_and_stopping_is_explained(
    a_town: Town,
) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("road_damage"))
    stopping = await walker.say("やめる")
    await walker.say("へこみ")
    wide = await walker.say("30")
    sensitive = await walker.say("総社太郎")
    back = await walker.say("戻る")

    assert (problems(stopping), stopping.prompt.step) == (["stopping"], "what")
    assert wide.prompt.step == "name"
    assert problems(sensitive) == ["sensitive"]
    assert not sensitive.prompt.HasField("current")
    assert (back.prompt.step, back.prompt.current.number) == ("wide", 30)
    again = await walker.say("31")
    assert again.prompt.step == "name"
    await walker.answer(id, "name", skipped=True)
    assert (await walker.say("スキップ")).WhichOneof("kind") == "review"


@on_sqlite
async def test_a_sensitive_answer_that_may_be_left_out_is_left_out_in_words(a_town: Town) -> None:
    await publish(a_town, REPORT)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("road_damage"))
    await walker.say("へこみ")
    await walker.say("30")
    for words in ("スキップ", "Skip", "とばす", "なし"):
        assert (await walker.say(words)).prompt.step == "note"
        await walker.reopen(id, "name")
    await walker.say("Skip")
    told = await walker.say("なし")
    assert [line.value for line in told.review.lines][-2:] == ["", ""]


@on_sqlite
async def test_no_my_number_is_taken_however_it_is_given(a_town: Town, cards: Cards) -> None:
    await publish(a_town, SURVEY)
    citizen = await a_citizen(a_town, cards)
    id = turn_id(await citizen.begin("survey"))
    spoken = await refused(citizen.say("123456789018"))
    counted = await refused(citizen.answer(id, "mark", number=123456789018))
    await citizen.answer(id, "mark", number=1)
    written = await refused(citizen.answer(id, "why", text="番号は1234-5678-9018です"))

    assert {one.reason for one in (spoken, counted, written)} == {"MY_NUMBER_REFUSED"}


@on_sqlite
async def test_words_answer_what_this_contact_was_asked_whatever_another_did_meanwhile(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    line, web = await a_town.channel("line"), await a_town.channel("web")
    card = cards.issue(a_holder())
    chat = Talk(line, (await a_resident(a_town, line, card)).external_id)
    page = Talk(web, (await a_resident(a_town, web, card)).external_id)
    id = turn_id(await chat.begin("survey"))
    await page.answer(id, "mark", number=2)
    await page.answer(id, "why", text="遠い")

    turn = await chat.say("9")

    assert turn.prompt.step == "again"
    await page.answer(id, "again", choice="yes_again")
    await page.submit(id)
    assert (await refused(chat.say("1"))).reason == "NO_CONVERSATION"


@on_sqlite
async def test_a_place_answers_where_one_is_asked_and_no_question_for_words(a_town: Town) -> None:
    await publish(a_town, REPORT, WHERE)
    walker = await a_stranger(a_town)
    await walker.begin("road_damage")
    lost = await walker.show(latitude=34.67, longitude=133.75, address="総社市中央")
    await walker.begin("lost_cat")
    review = await walker.show(latitude=34.67, longitude=133.75, address="総社市中央")

    assert problems(lost) == ["not_understood"]
    assert "総社市中央" in review.review.lines[0].value


@on_sqlite
async def test_what_staff_were_left_with_may_be_taken_back_in_words(a_town: Town) -> None:
    await publish(a_town, LEAVES)
    walker = await a_stranger(a_town)
    id = turn_id(await walker.begin("call_me"))
    left = await walker.say("電話")
    a_town.clock.pass_by(days=60)
    await run_jobs(a_town)
    back = await walker.say("メール")

    assert [choice.value for choice in left.closing.choices] == ["by_mail"]
    assert back.review.application_id == id
