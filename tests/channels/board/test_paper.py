"""The round sheet comes back and is typed in: only what was changed goes to the core, by HTTP."""

import html
import re
from pathlib import Path

import pytest
from grpc import StatusCode

from tests.channels.board.adapter import Person, an_officer
from tests.channels.board.scripted import (
    CIRCULAR,
    GROUP,
    HOME,
    HOMES,
    OTHER_HOME,
    SURVEY,
    TOWN,
    VOTE,
    Town,
    a_circular,
    an_office,
    at,
)
from todoke.v1 import circulars_pb2 as pb

SHEET = f"/desk/{TOWN}/c/{CIRCULAR}/paper"


def lines(*receipts: pb.Receipt, asked: bool = True, more: str = "") -> dict:
    found = pb.ListReceiptsResponse(
        receipts=receipts, households=2, asked_on_paper=asked, next_page_token=more
    )
    return {"ListReceipts": lambda _: found}


def unread(at_home: int) -> pb.Receipt:
    return pb.Receipt(household=HOMES[at_home])


def on_paper(at_home: int, coming: int) -> pb.Receipt:
    answer = pb.HouseholdAnswer(attendance=pb.Attendance(coming=coming))
    receipt = pb.Receipt(
        household=HOMES[at_home], way=pb.RECEIPT_WAY_PAPER, answer=answer, entered_by="花子"
    )
    return at(receipt, "enter_time", "2026-11-27T03:00:00Z")


def asking(kind: pb.CircularKind.ValueType) -> Town:
    town = Town(circular=a_circular(kind=kind))
    if kind == pb.CIRCULAR_KIND_SURVEY:
        town.circular.content.questions.extend(SURVEY)
    if kind == pb.CIRCULAR_KIND_VOTE:
        town.circular.content.vote.CopyFrom(VOTE)
    return town


async def enter(chair: Person, **fields: object) -> list[pb.PaperLine]:
    """Send the page's form with what it says, but for what is changed in it."""
    given: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", chair.page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_set = 'type="hidden"' in tag or " checked" in tag or "type=" not in tag
        if name and is_set and "." in name[1]:
            given[name[1]] = html.unescape(value[1]) if value else ""
    before = len(chair.core.calls.get("RecordPaperReceipt", []))
    changed = {name: value for name, value in {**given, **fields}.items() if value is not None}
    await chair.send('value="save"', changed)
    calls = chair.core.calls.get("RecordPaperReceipt", [])
    return list(calls[-1].lines) if len(calls) > before else []


async def test_who_comes_is_entered_and_only_what_was_changed_is_sent(tmp_path: Path) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(unread(0), on_paper(1, 3)))
        await chair.get(SHEET)
        assert "花子さんが書き入れました" in chair.page
        assert f'name="{OTHER_HOME}.coming" value="3"' in chair.page
        assert await enter(chair) == []
        assert "変わったところはありませんでした" in chair.page

        [line] = await enter(chair, **{f"{HOME}.coming": "2"})
        assert (line.household_id, line.answer.attendance.coming) == (HOME, 2)
        assert "1世帯を書き入れました" in chair.page

        [line] = await enter(chair, **{f"{OTHER_HOME}.coming": "0"})
        assert line.WhichOneof("said") == "answer"
        assert line.answer.attendance.coming == 0
        [line] = await enter(chair, **{f"{OTHER_HOME}.coming": ""})
        assert (line.WhichOneof("said"), line.read) == ("read", True)
        nothing = {f"{OTHER_HOME}.coming": "", f"{OTHER_HOME}.read": None}
        [line] = await enter(chair, **nothing)
        assert (line.WhichOneof("said"), line.read) == ("read", False)


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(tmp_path: Path) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(unread(0), unread(1)))
        await chair.get(SHEET)
        typed = {f"{HOME}.coming": "たくさん", f"{OTHER_HOME}.coming": "2"}
        assert await enter(chair, **typed) == []
        assert chair.status == 422
        assert f'<a href="#{HOME}.coming">' in chair.page
        assert 'value="たくさん"' in chair.page

        # What is full-width is read, and what was right is still there to be sent.
        sent = await enter(chair, **{f"{HOME}.coming": "1"})
        assert [one.answer.attendance.coming for one in sent] == [1, 2]
        chair.core.refuse("RecordPaperReceipt", StatusCode.FAILED_PRECONDITION, "CIRCULAR_CLOSED")
        await chair.get(SHEET)
        await enter(chair, **{f"{HOME}.coming": "4"})
        assert chair.status == 422
        assert f'name="{HOME}.coming" value="4"' in chair.page


async def test_a_survey_is_entered_as_far_as_it_was_answered(tmp_path: Path) -> None:
    async with an_officer(tmp_path, town=asking(pb.CIRCULAR_KIND_SURVEY)) as chair:
        chair.core.script.update(lines(unread(0), unread(1)))
        await chair.get(SHEET)
        chosen = {f"{HOME}.q.question_1": "choice_2", f"{OTHER_HOME}.q.question_2": "雨のとき"}
        first, second = await enter(chair, **chosen)
        [answer] = first.answer.survey.answers
        assert (answer.question, list(answer.choices)) == ("question_1", ["choice_2"])
        [answer] = second.answer.survey.answers
        assert (answer.question, answer.text) == ("question_2", "雨のとき")


async def test_who_answered_themselves_has_no_fields_and_is_said_to_stand(tmp_path: Path) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    async with an_officer(tmp_path, town=town) as chair:
        tapped = pb.Receipt(household=HOMES[0], way=pb.RECEIPT_WAY_TAPPED)
        chair.core.script.update(lines(tapped, unread(1)))
        await chair.get(SHEET)
        assert "自分で答えています" in chair.page
        assert f"{HOME}." not in chair.page
        done = pb.RecordPaperReceiptResponse(answered_themselves=[OTHER_HOME])
        chair.core.script["RecordPaperReceipt"] = lambda _: done
        await enter(chair, **{f"{OTHER_HOME}.coming": "2"})
        assert chair.asked("RecordPaperReceipt").circular_id == CIRCULAR
        assert "自分で答えた1世帯は、その答えのままです" in chair.page


async def test_what_the_core_knew_already_is_said_to_be_nothing_new(tmp_path: Path) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(on_paper(1, 3)))
        chair.core.script["RecordPaperReceipt"] = lambda _: pb.RecordPaperReceiptResponse()
        await chair.get(SHEET)
        [line] = await enter(chair, **{f"{OTHER_HOME}.read": None})
        assert line.answer.attendance.coming == 3
        assert "変わったところはありませんでした" in chair.page


async def test_long_rounds_go_on_page_by_page_within_a_group(tmp_path: Path) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(unread(0), more="after this"))
        await chair.get(f"{SHEET}?group={GROUP}")
        assert chair.asked("ListReceipts").group_id == GROUP
        await chair.send('value="save"', {f"{HOME}.read": "yes"}, do="next")
        asked = chair.asked("ListReceipts")
        assert (asked.group_id, asked.page_token) == (GROUP, "after this")
        assert chair.asked("RecordPaperReceipt").lines[0].read
        # One types on where one was.
        assert re.search(rf'<input[^>]*name="{HOME}.coming"[^>]* autofocus', chair.page)


@pytest.mark.parametrize(
    ("secret", "why"), [(True, "秘密投票は、紙では受け付けません"), (False, "会員1人に1票の投票は")]
)
async def test_what_is_not_taken_on_paper_is_said_and_why(
    tmp_path: Path, *, secret: bool, why: str
) -> None:
    town = asking(pb.CIRCULAR_KIND_VOTE)
    town.circular.content.vote.secret = secret
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(unread(0), asked=False))
        await chair.get(SHEET)
        assert why in chair.page
        assert ".vote" not in chair.page
        [line] = await enter(chair, **{f"{HOME}.read": "yes"})
        assert line.read


async def test_after_the_due_date_answers_stand_and_reading_is_still_entered(
    tmp_path: Path,
) -> None:
    town = asking(pb.CIRCULAR_KIND_ATTENDANCE)
    town.circular.state = pb.CIRCULAR_STATE_CLOSED
    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script.update(lines(unread(0), on_paper(1, 3)))
        await chair.get(SHEET)
        assert "3人参加" in chair.page
        assert ".coming" not in chair.page
        [line] = await enter(chair, **{f"{HOME}.read": "yes"})
        assert line.household_id == HOME
        town.circular.state = pb.CIRCULAR_STATE_WITHDRAWN
        await chair.get(SHEET)
        assert 'value="save"' not in chair.page


async def test_results_say_how_many_came_on_paper_and_heads_see_their_groups(
    tmp_path: Path,
) -> None:
    head = an_office(pb.OFFICE_KIND_GROUP_HEAD, group_id=GROUP)
    async with an_officer(tmp_path, head, town=asking(pb.CIRCULAR_KIND_ATTENDANCE)) as person:
        person.core.script["GetCircularResults"] = lambda _: pb.GetCircularResultsResponse(
            answered=3, electorate=4, on_paper=2
        )
        await person.get(f"/desk/{TOWN}/c/{CIRCULAR}/results")
        assert "このうち2世帯は紙の答えです" in person.page
        await person.get(SHEET)
        assert "すべての班" not in person.page
