"""Circulars as members read, answer, talk of and pass on them, by HTTP."""

from pathlib import Path

from grpc import StatusCode

from tests.channels.board.adapter import an_officer, browsing
from tests.channels.board.scripted import (
    CIRCULAR,
    CITYS,
    COMMENT,
    FILE,
    GROUP,
    PNG,
    SURVEY,
    TOWN,
    VOTE,
    Town,
    a_circular,
    an_office,
)
from todoke.v1 import circulars_pb2 as pb


async def test_circulars_are_listed_and_searched(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        await person.get("/")
        assert "未読" in person.page
        assert f'href="/c/{CIRCULAR}"' in person.page
        assert "役員の机" not in person.page
        await person.get("/?q=清掃")
        assert person.asked("ListOwnCirculars").words == "清掃"
        person.core.script["ListOwnCirculars"] = lambda _: pb.ListOwnCircularsResponse()
        await person.get("/?q=<b>")
        assert "「&lt;b&gt;」を含む回覧はありません" in person.page


async def test_a_circular_is_text_first_then_the_pages_of_its_files_with_their_text(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        page = await person.get(f"/c/{CIRCULAR}")
        assert page.index("公民館の前へ") < page.index(f"/files/{FILE}/1")
        assert page.index(f"/files/{FILE}/2") < page.index("集合場所は公民館の前です。")
        await person.get(f"/files/{FILE}/2")
        assert person.answer is not None
        assert person.answer.content == PNG
        assert person.answer.headers["content-disposition"].startswith("inline")
        assert person.asked("DownloadCircularFile").page == 2
        await person.get(f"/files/{FILE}")
        assert person.answer.headers["content-disposition"].startswith("attachment")


async def test_an_address_and_a_number_in_the_text_are_links_and_nothing_else_is_markup(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        body = "申込は<b>https://city.example/a?b=1&c=2</b>、電話0172-31-1111。javascript:alert(1)"
        shown = pb.OwnCircular(
            circular=a_circular(content=pb.CircularContent(title="秋の清掃", body=body))
        )
        person.core.script["OpenCircular"] = lambda _: pb.OpenCircularResponse(circular=shown)

        page = await person.get(f"/c/{CIRCULAR}")

        told = page.partition('<p class="told">')[2].partition("</p>")[0]
        assert told == (
            '申込は&lt;b&gt;<a href="https://city.example/a?b=1&amp;c=2" rel="noopener noreferrer">'
            "https://city.example/a?b=1&amp;c=2</a>&lt;/b&gt;、電話"
            '<a href="tel:0172311111" rel="noopener noreferrer">0172-31-1111</a>。'
            "javascript:alert(1)"
        )


async def test_a_tap_is_sent_once_however_often_the_form_is(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        form = await person.get(f"/c/{CIRCULAR}")
        await person.send("見ました", do="answer")
        assert person.where == f"/c/{CIRCULAR}"
        assert "「見ました」を届けました" in person.page
        person.page = form
        await person.send("見ました", do="answer")
        first, second = person.core.calls["AnswerCircular"]
        assert first == second
        assert first.answer.seen


async def test_attendance_counts_people_as_they_were_typed(tmp_path: Path) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_ATTENDANCE))
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get(f"/c/{CIRCULAR}")
        await person.send('name="comes"', comes="yes", coming="たくさん", do="answer")
        assert '<a href="#coming">' in person.page
        await person.send('name="comes"', comes="yes", coming="3", remark="子ども1人", do="answer")
        answer = person.asked("AnswerCircular").answer
        assert (answer.attendance.coming, answer.attendance.remark) == (3, "子ども1人")
        await person.send('name="comes"', comes="no", coming="3", do="answer")
        assert person.asked("AnswerCircular").answer.attendance.coming == 0


async def test_a_survey_takes_what_is_offered_and_shows_it_again(tmp_path: Path) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_SURVEY))
    town.circular.content.questions.extend(SURVEY)
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get(f"/c/{CIRCULAR}")
        await person.send('name="q.question_1"', {"q.question_1": "none", "do": "answer"})
        assert '<a href="#q.question_1">' in person.page
        said = {"q.question_1": "choice_2", "q.question_2": "賛成です", "do": "answer"}
        await person.send('name="q.question_1"', said)
        answer = person.asked("AnswerCircular").answer
        assert [list(one.choices) for one in answer.survey.answers] == [["choice_2"], []]
        town.own = {"answer": answer, "receipt": pb.RECEIPT_WAY_TAPPED, "answered": True}
        await person.get(f"/c/{CIRCULAR}")
        assert 'value="choice_2" checked' in person.page
        assert "賛成です</textarea>" in person.page


async def test_a_secret_vote_says_so_before_it_is_cast_and_is_not_asked_again(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_VOTE))
    town.circular.content.vote.CopyFrom(VOTE)
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get(f"/c/{CIRCULAR}")
        assert "秘密投票です" in person.page
        await person.send('name="vote"', vote="choice_1", do="answer")
        assert person.asked("AnswerCircular").answer.vote == "choice_1"
        town.own = {"receipt": pb.RECEIPT_WAY_TAPPED, "answered": True}
        await person.get(f"/c/{CIRCULAR}")
        assert "投票は済んでいます" in person.page
        assert 'name="vote"' not in person.page


async def test_a_correction_and_a_withdrawal_are_said(tmp_path: Path) -> None:
    town = Town(circular=a_circular(version=2, correction="時刻を直しました"))
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get(f"/c/{CIRCULAR}")
        assert "訂正がありました: 時刻を直しました" in person.page
        town.circular = a_circular(state=pb.CIRCULAR_STATE_WITHDRAWN, withdrawn="中止")
        await person.get(f"/c/{CIRCULAR}")
        assert "取り下げられました" in person.page
        assert "公民館" not in person.page


async def test_comments_are_written_and_taken_away_where_they_are_allowed(tmp_path: Path) -> None:
    town = Town()
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get(f"/c/{CIRCULAR}")
        assert 'name="comment"' not in person.page
        town.circular.content.comments_allowed = True
        await person.get(f"/c/{CIRCULAR}")
        await person.send('name="comment"', comment="", do="comment")
        assert '<a href="#comment">' in person.page
        await person.send('name="comment"', comment="行きます", do="comment")
        assert person.asked("AddComment").text == "行きます"
        await person.send('name="comment_id"', do="hide")
        assert person.asked("HideComment").comment_id == COMMENT
        others = pb.Comment(comment_id=COMMENT, display_name="太郎", text="休みます")
        answer = pb.ListCommentsResponse(comments=[others])
        person.core.script["ListComments"] = lambda _: answer
        await person.get(f"/c/{CIRCULAR}")
        assert "休みます" in person.page
        assert 'name="comment_id"' not in person.page


async def test_only_who_may_pass_the_citys_circular_on_is_offered_to(tmp_path: Path) -> None:
    town = Town(circular=a_circular(circular_id=CITYS, association_id=""))
    async with an_officer(tmp_path, an_office(), town=town) as person:
        await person.get(f"/c/{CITYS}")
        assert "/forward/" not in person.page
        await person.get(f"/desk/{TOWN}/forward/{CITYS}")
        assert person.status == 404
        town.own = {"leaders_only": True}
        await person.get(f"/c/{CITYS}")
        assert "会員には回しません" in person.page
        assert "/forward/" not in person.page
        town.own = {"can_forward": True}
        await person.get(f"/c/{CITYS}")
        assert f"/desk/{TOWN}/forward/{CITYS}" in person.page
        await person.send('value="everybody"', to="everybody")
        assert person.asked("ForwardCircular").targets.everybody
        await person.get(f"/desk/{TOWN}/forward/{CITYS}")
        await person.send('name="remark"', to="groups", group=GROUP, remark="ご覧ください")
        asked = person.asked("ForwardCircular")
        assert list(asked.targets.group_ids) == [GROUP]
        assert asked.remark == "ご覧ください"


async def test_what_does_not_exist_and_what_one_may_not_know_look_the_same(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        pages = []
        for reason in ("CIRCULAR_UNKNOWN", "ASSOCIATION_UNKNOWN"):
            person.core.refuse("OpenCircular", StatusCode.NOT_FOUND, reason)
            pages.append(await person.get(f"/c/{CIRCULAR}"))
            assert person.status == 404
        assert "このページは見つかりません" in pages[0]
        person.core.refuse("OpenCircular", StatusCode.UNAVAILABLE)
        await person.get(f"/c/{CIRCULAR}")
        assert person.status == 503


async def test_what_was_corrected_since_one_read_it_stands_out_until_it_is_read(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_circular(version=2), own={"answered": True, "read_version": 1})
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get("/")
        assert "読んだあとに訂正がありました" in person.page
        town.own["read_version"] = 2
        await person.get("/")
        assert "読んだあとに訂正がありました" not in person.page
        assert "訂正あり" in person.page


async def test_a_members_own_vote_waits_until_it_is_cast_whatever_the_household_did(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_VOTE))
    town.circular.content.vote.CopyFrom(VOTE)
    town.circular.content.vote.electorate = pb.ELECTORATE_MEMBERS
    town.own = {"receipt": pb.RECEIPT_WAY_TAPPED}
    async with browsing(tmp_path, town=town) as person:
        await person.join()
        await person.get("/")
        assert "未読" in person.page
        town.own["answered"] = True
        await person.get(f"/c/{CIRCULAR}")
        assert "投票は済んでいます" in person.page
        assert "答えました" in person.page
        assert 'name="vote"' not in person.page
