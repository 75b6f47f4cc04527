"""What members read and answer, the archive, and who may know of what."""

from datetime import timedelta

import pytest

from tests.core.associations.makers import Neighbour, appoint, end_office, joins
from tests.core.circulars.makers import a_block, refusal_of
from tests.makers import a_contact
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

NOBODYS = "0192f0c1-2f8e-7b6a-9c00-000000000000"


async def test_a_tap_is_the_households_and_no_opening_undoes_it(a_town: Town) -> None:
    block = await a_block(a_town)
    member = block.of.plain
    family = await joins(a_town, block.staff, block.line, block.of, member.household_id)
    sent = await block.send()

    opened = await block.open(member, sent.circular_id)
    tapped = await block.answer(family, sent.circular_id)
    again = await block.open(member, sent.circular_id)

    ways = [one.receipt for one in (opened, tapped, again)]
    assert ways == [pb.RECEIPT_WAY_OPENED, pb.RECEIPT_WAY_TAPPED, pb.RECEIPT_WAY_TAPPED]
    counted = await block.receipts(block.of.chair, sent.circular_id)
    assert (counted.households, counted.read) == (4, 2)


async def test_unanswered_come_first_and_words_are_found_wherever_they_stand(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    member = block.of.plain
    titles = {}
    for title, body in (("総会", "ＡＢＣ会館で"), ("夏祭り", "屋台"), ("清掃", "公園にて")):
        a_town.clock.pass_by(minutes=1)
        titles[title] = (await block.send(title=title, body=body)).circular_id
    await block.answer(member, titles["清掃"])

    first = await block.own(member, page_size=2)
    rest = await block.own(member, page_size=2, page_token=first.next_page_token)
    found = await block.own(member, words="abc 会館")

    shown = [one.circular.content.title for page in (first, rest) for one in page.circulars]
    assert shown == ["夏祭り", "総会", "清掃"]
    assert [one.circular.content.title for one in found.circulars] == ["総会"]
    assert not (await block.own(member, words="花火")).circulars


@on_sqlite
async def test_what_may_not_be_known_of_is_answered_as_what_is_nobodys(a_town: Town) -> None:
    block = await a_block(a_town)
    other = await a_block(a_town, line=block.line)
    stranger = Neighbour((await a_contact(a_town, block.line)).external_id, "", "", "")
    sent = await block.send()
    draft = await block.save(block.of.chair)
    to_group = await block.send(targets=pb.Targets(group_ids=[block.of.groups[0].group_id]))

    for who, circular_id in (
        (other.of.chair, sent.circular_id),
        (stranger, sent.circular_id),
        (block.of.plain, draft.circular_id),
        (block.of.plain, to_group.circular_id),
    ):
        for ask in (block.open, block.answer, block.receipts, block.results):
            refused = await refusal_of(lambda a=ask, w=who, c=circular_id: a(w, c))
            nobodys = await refusal_of(lambda a=ask, w=who: a(w, NOBODYS))
            assert (refused.reason, str(refused)) == (nobodys.reason, str(nobodys))
            assert refused.reason == "CIRCULAR_UNKNOWN"
        assert not (await block.own(who, words="ない")).circulars
    for who in (other.of.chair, stranger):
        with pytest.raises(CoreError, match="ASSOCIATION_UNKNOWN"):
            await block.listed(who)
        with pytest.raises(CoreError, match="ASSOCIATION_UNKNOWN"):
            await block.save(who)
    with pytest.raises(CoreError, match="NOT_IN_OFFICE"):
        await block.receipts(block.of.plain, sent.circular_id)


@on_sqlite
async def test_an_office_that_ended_opens_nothing_from_the_next_request_on(a_town: Town) -> None:
    block = await a_block(a_town)
    vice = block.of.members[1]
    office = await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)
    sent, draft = await block.send(vice), await block.save(vice)

    await end_office(a_town, block.staff, office)

    for asked in (
        lambda: block.receipts(vice, sent.circular_id),
        lambda: block.results(vice, sent.circular_id),
        lambda: block.publish(vice, draft),
        lambda: block.save(vice),
        lambda: block.listed(vice),
    ):
        assert (await refusal_of(asked)).reason == "NOT_IN_OFFICE"
    assert (await block.open(vice, sent.circular_id)).circular.content.title == "清掃のお知らせ"


async def test_who_comes_is_counted_and_can_be_changed_until_the_due_date(a_town: Town) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=3)).date().isoformat()
    sent = await block.send(
        kind=pb.CIRCULAR_KIND_ATTENDANCE, due_date=due, answers_shown=True, title="総会"
    )
    chair, one, two = block.of.chair, block.of.members[1], block.of.members[2]

    await block.answer(one, sent.circular_id, coming(3))
    await block.answer(two, sent.circular_id, coming(1))
    await block.answer(one, sent.circular_id, coming(2))
    with pytest.raises(CoreError, match="CIRCULAR_ANSWER_INVALID"):
        await block.answer(two, sent.circular_id, pb.HouseholdAnswer(seen=True))

    counted = await block.results(chair, sent.circular_id)
    assert dict(counted.results[0].counts) == {"coming": 3}
    assert (counted.electorate, counted.answered) == (4, 2)
    shown = await block.receipts(chair, sent.circular_id)
    assert [line.answer.attendance.coming for line in shown.receipts] == [0, 2, 1, 0]
    a_town.clock.pass_by(days=4)
    with pytest.raises(CoreError, match="CIRCULAR_CLOSED"):
        await block.answer(one, sent.circular_id, coming(0))


def coming(number: int) -> pb.HouseholdAnswer:
    return pb.HouseholdAnswer(attendance=pb.Attendance(coming=number))


@on_sqlite
async def test_a_survey_is_held_against_its_questions(a_town: Town) -> None:
    block = await a_block(a_town)
    options = [pb.CircularOption(value=name, label=name) for name in ("park", "hall")]
    sent = await block.send(
        kind=pb.CIRCULAR_KIND_SURVEY,
        questions=[
            pb.CircularQuestion(key="place", text="どこで", options=options),
            pb.CircularQuestion(key="wish", text="ご希望"),
        ],
    )
    member = block.of.plain

    def answer(*answers: tuple[str, list[str], str]) -> pb.HouseholdAnswer:
        given = [pb.SurveyAnswer(question=q, choices=c, text=t) for q, c, t in answers]
        return pb.HouseholdAnswer(survey=pb.SurveyAnswers(answers=given))

    for wrong, problem in (
        (answer(("place", ["park", "hall"], "")), "CHOICE"),
        (answer(("place", ["pool"], "")), "CHOICE"),
        (answer(("nothing", [], "")), "QUESTION"),
        (answer(("wish", [], "花火")), "MISSING"),
    ):
        refused = await refusal_of(lambda w=wrong: block.answer(member, sent.circular_id, w))
        assert (refused.reason, refused.metadata["problem"]) == ("CIRCULAR_ANSWER_INVALID", problem)
    await block.answer(
        member, sent.circular_id, answer(("place", ["hall"], ""), ("wish", [], "花火"))
    )

    counted = (await block.results(block.of.chair, sent.circular_id)).results
    assert dict(counted[0].counts) == {"park": 0, "hall": 1}
    assert list(counted[1].texts) == ["花火"]
    assert (
        not (await block.receipts(block.of.chair, sent.circular_id)).receipts[3].HasField("answer")
    )
