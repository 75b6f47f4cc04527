"""Once a circular is out: who has read, the round, comments and results, by HTTP."""

from pathlib import Path

from grpc import StatusCode

from tests.channels.board.adapter import an_officer
from tests.channels.board.scripted import (
    CIRCULAR,
    COMMENT,
    DESK,
    GROUP,
    OTHER_GROUP,
    VOTE,
    Town,
    a_circular,
    an_office,
)
from todoke.v1 import circulars_pb2 as pb


async def test_receipts_have_the_unread_first_who_are_reminded(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        here = f"{DESK}/c/{CIRCULAR}/receipts"
        page = await chair.get(here)
        assert page.index("山本") < page.index("届出")
        assert f'href="{DESK}/c/{CIRCULAR}/paper"' in chair.page
        await chair.send("もう一度知らせる")
        assert "1世帯に知らせました" in chair.page
        chair.core.refuse("RemindUnread", StatusCode.FAILED_PRECONDITION, "REMINDED_TODAY")
        await chair.send("もう一度知らせる")
        assert chair.status == 422


async def test_the_round_is_a_pdf(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/round.pdf?unread=yes&group={GROUP}")
        assert chair.answer is not None
        assert chair.answer.headers["content-type"] == "application/pdf"
        assert chair.answer.content == b"%PDF-1.7"
        asked = chair.asked("PrintRound")
        assert (asked.unread, asked.group_id) == (True, GROUP)


async def test_the_round_is_printed_for_one_group_from_the_page_of_receipts(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/receipts")
        assert f'action="{DESK}/c/{CIRCULAR}/round.pdf"' in chair.page
        assert f'<option value="{OTHER_GROUP}">' in chair.page
    head = an_office(pb.OFFICE_KIND_GROUP_HEAD, group_id=GROUP)
    async with an_officer(tmp_path, head) as person:
        await person.get(f"{DESK}/c/{CIRCULAR}/receipts")
        assert f'<option value="{OTHER_GROUP}">' not in person.page


async def test_officers_see_comments_at_the_desk_and_take_them_away(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        here = f"{DESK}/c/{CIRCULAR}"
        await chair.get(here)
        assert f'href="{here}/comments"' not in chair.page
        chair.town.circular.content.comments_allowed = True
        await chair.get(here)
        assert f'href="{here}/comments"' in chair.page
        await chair.get(f"{here}/comments")
        await chair.send('name="comment_id"', do="hide")
        assert chair.asked("HideComment").comment_id == COMMENT
        assert chair.where == f"{here}/comments"
        chair.core.refuse("HideComment", StatusCode.NOT_FOUND, "COMMENT_UNKNOWN")
        await chair.send('name="comment_id"', do="hide")
        assert chair.status == 422


async def test_what_was_written_goes_on_from_page_to_page(tmp_path: Path) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_SURVEY))
    town.circular.content.questions.add(key="why", text="ご意見")
    texts = [f"意見{number}" for number in range(3)]

    def counted(asked: pb.GetCircularResultsRequest) -> pb.GetCircularResultsResponse:
        shown, token = (texts[2:], "") if asked.page_token else (texts[:2], "W10")
        result = pb.QuestionResult(question="why", texts=shown, written=3)
        return pb.GetCircularResultsResponse(results=[result], next_page_token=token)

    async with an_officer(tmp_path, town=town) as chair:
        chair.core.script["GetCircularResults"] = counted
        page = await chair.get(f"{DESK}/c/{CIRCULAR}/results")
        assert "意見1" in page
        assert "意見2" not in page
        assert "書かれた3件のうち、このページにあるのは2件です" in page
        assert 'href="?from=W10"' in page
        page = await chair.get(f"{DESK}/c/{CIRCULAR}/results?from=W10")
        assert "意見2" in page
        assert "意見1" not in page
        assert "はじめのページにもどる" in page
        assert 'href="?from=W10"' not in page


async def test_results_are_counted_and_a_secret_vote_keeps_them_until_its_day(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_VOTE))
    town.circular.content.vote.CopyFrom(VOTE)
    async with an_officer(tmp_path, town=town) as chair:
        page = await chair.get(f"{DESK}/c/{CIRCULAR}/results")
        assert "8世帯のうち6世帯が答えました" in page
        assert "<dt>賛成</dt><dd>4</dd>" in page
        chair.core.refuse("GetCircularResults", StatusCode.FAILED_PRECONDITION, "VOTE_OPEN")
        await chair.get(f"{DESK}/c/{CIRCULAR}/results")
        assert chair.status == 200
        assert "賛成" not in chair.page
