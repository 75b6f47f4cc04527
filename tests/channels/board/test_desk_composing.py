"""What the desk writes and sends round: drafts with files, surveys, votes; corrected, withdrawn."""

from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from tests.channels.board.adapter import an_officer
from tests.channels.board.scripted import (
    CIRCULAR,
    DESK,
    DRAFT,
    PNG,
    SURVEY,
    TOWN,
    VOTE,
    Town,
    a_circular,
    a_draft,
)
from tests.channels.fake_core import Refusal
from todoke.v1 import circulars_pb2 as pb


async def test_a_notice_with_a_file_is_saved_as_a_draft(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/new/notice")
        files = [("files", ("地図.png", PNG)), ("files", ("空", b""))]
        await chair.send(
            'name="title"', files=files, title="秋の清掃", body="朝8時", to="everybody",
            options="on_board", do="save",
        )  # fmt: skip
        assert chair.where == f"{DESK}/c/{DRAFT}"
        asked = chair.asked("SaveCircular")
        assert asked.association_id == TOWN
        assert asked.content.title == "秋の清掃"
        assert asked.content.on_board
        assert not asked.content.comments_allowed
        assert asked.targets.everybody
        assert len(asked.content.file_ids) == 2
        assert chair.town.uploads[0] == PNG


async def test_what_is_wrong_leads_to_its_field_and_files_stay(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/new/vote")
        files = [("files", ("地図.png", PNG))]
        await chair.send(
            'name="title"', files=files, title="", vote_options="賛成", to="groups", do="save"
        )
        assert chair.status == 422
        for field in ("title", "vote_options", "due", "to"):
            assert f'<a href="#{field}">' in chair.page
            assert f'id="{field}-wrong"' in chair.page
        assert "つけておく:地図.png" in chair.page
        assert not chair.core.calls["SaveCircular"]


async def test_a_file_that_is_refused_is_named_and_nothing_else_is_lost(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        taking = chair.core.script["UploadCircularFile"]

        def only_pictures(parts: list[Any]) -> Any:
            if parts[1].chunk != PNG:
                raise Refusal(StatusCode.INVALID_ARGUMENT, "ATTACHMENT_REFUSED")
            return taking(parts)

        chair.core.script["UploadCircularFile"] = only_pictures
        await chair.get(f"{DESK}/new/notice")
        files = [
            ("files", ("a.exe", b"MZ")),
            ("files", ("地図.png", PNG)),
            # As a browser sends them: what stands below the files comes behind them.
            ("to", (None, b"everybody")),
            ("due", (None, b"2099-12-01")),
            ("options", (None, b"on_board")),
        ]
        await chair.send('name="title"', files=files, title="題", body="文")
        assert '<a href="#files">a.exe:このファイルは受け取れません' in chair.page
        assert not chair.core.calls["SaveCircular"]
        for kept in ("つけておく:地図.png", 'value="題"', 'value="2099-12-01"'):
            assert kept in chair.page
        for chosen in ("everybody", "on_board"):
            assert f'value="{chosen}" checked' in chair.page


async def test_a_survey_grows_by_a_button_and_a_vote_has_its_rules(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/new/survey")
        said = {
            "title": "祭り", "body": "希望", "to": "everybody", "q.0.text": "どの日",
            "q.0.options": "土曜\n日曜\n\n土曜", "several": "q.0", "q.2.text": "ご意見",
        }  # fmt: skip
        await chair.send('name="title"', said, do="add")
        assert 'name="q.2.text"' in chair.page
        assert "土曜\n日曜" in chair.page
        await chair.send('name="title"', said, do="save")
        first, second = chair.asked("SaveCircular").content.questions
        assert [one.label for one in first.options] == ["土曜", "日曜"]
        assert first.several
        assert (second.text, list(second.options)) == ("ご意見", [])
        await chair.get(f"{DESK}/new/vote")
        rules = {"vote_options": "賛成\n反対", "quorum": "50", "electorate": "members"}
        more = {"title": "役員", "body": "選ぶ", "to": "everybody", "due": "2099-01-31"}
        await chair.send('name="title"', {**rules, **more, "options": "secret"}, do="save")
        vote = chair.asked("SaveCircular").content.vote
        assert (vote.secret, vote.quorum_percent) == (True, 50)
        assert vote.electorate == pb.ELECTORATE_MEMBERS
        assert chair.asked("SaveCircular").due_date == "2099-01-31"


@pytest.mark.parametrize("kind", ["survey", "vote"])
async def test_a_draft_is_changed_by_the_form_it_was_written_in(tmp_path: Path, kind: str) -> None:
    wanted = {"survey": pb.CIRCULAR_KIND_SURVEY, "vote": pb.CIRCULAR_KIND_VOTE}[kind]
    draft = a_draft(kind=wanted, due_date="2099-01-31")
    if kind == "survey":
        draft.content.questions.extend(SURVEY)
    else:
        draft.content.vote.CopyFrom(VOTE)
    async with an_officer(tmp_path, town=Town(circular=draft)) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/edit")
        again: dict[str, Any] = {
            "title": draft.content.title, "body": draft.content.body, "to": "everybody",
            "due": "2099-01-31", "file": list(draft.content.file_ids), "do": "save",
            "q.0.text": "どの日がよいですか", "q.0.options": "土曜\n日曜", "q.1.text": "ご意見",
            "vote_options": "賛成\n反対", "quorum": "50", "options": "secret",
        }  # fmt: skip
        for shown in ("秋の清掃", "土曜\n日曜" if kind == "survey" else "賛成\n反対"):
            assert shown in chair.page
        await chair.send('name="title"', again)
        asked = chair.asked("SaveCircular")
        assert asked.content == draft.content
        assert (asked.circular_id, asked.etag) == (CIRCULAR, "c1")


async def test_a_draft_is_seen_as_on_a_phone_and_published_now_or_at_a_time(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_draft())
    async with an_officer(tmp_path, town=town) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}")
        assert "2世帯" in chair.page
        assert 'class="phone"' in chair.page
        await chair.send('name="when"', when="at", day="2020-01-01", time="09:00")
        assert '<a href="#day">' in chair.page
        await chair.send('name="when"', when="at", day="2099-01-01", time="09:00")
        asked = chair.asked("PublishCircular")
        assert asked.publish_time.ToJsonString() == "2099-01-01T00:00:00Z"
        await chair.send('name="when"', when="now", day="2099-01-01", time="09:00")
        assert not chair.asked("PublishCircular").HasField("publish_time")
        assert chair.asked("PublishCircular").etag == "c1"


async def test_a_correction_says_what_changed_and_leaves_what_was_asked(tmp_path: Path) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_SURVEY))
    town.circular.content.questions.extend(SURVEY)
    async with an_officer(tmp_path, town=town) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/correct")
        assert 'name="q.0.text"' not in chair.page
        await chair.send('name="title"', title="秋の清掃", body="朝9時", do="save")
        assert '<a href="#correction">' in chair.page
        await chair.send('name="title"', title="秋", body="朝9時", correction="時刻", do="save")
        asked = chair.asked("CorrectCircular")
        assert (asked.correction, asked.content.body) == ("時刻", "朝9時")
        assert list(asked.content.questions) == SURVEY


async def test_a_circular_is_withdrawn_with_a_reason(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/withdraw")
        await chair.send('name="reason"', reason="")
        assert '<a href="#reason">' in chair.page
        await chair.send('name="reason"', reason="中止")
        assert chair.asked("WithdrawCircular").reason == "中止"


async def test_a_draft_is_thrown_away_without_a_reason(tmp_path: Path) -> None:
    async with an_officer(tmp_path, town=Town(circular=a_draft())) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}")
        assert "下書きを捨てる" in chair.page
        await chair.get(f"{DESK}/c/{CIRCULAR}/withdraw")
        assert 'name="reason"' not in chair.page
        await chair.send("捨てる</button>")
        assert chair.asked("WithdrawCircular").etag == "c1"
        assert chair.where == DESK
        assert "下書きを捨てました" in chair.page
