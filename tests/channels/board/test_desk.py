"""The leaders' desk: composing, publishing, following, people and offices, by HTTP."""

from pathlib import Path
from typing import Any

import pytest
from grpc import StatusCode

from tests.channels.board.adapter import (
    CIRCULAR,
    CODE,
    DRAFT,
    GROUP,
    HOME,
    JOINING,
    MEMBER,
    OFFICE,
    OTHER_GROUP,
    OTHER_HOME,
    PNG,
    SURVEY,
    TOWN,
    VOTE,
    Town,
    a_circular,
    an_id,
    an_office,
    an_officer,
    browsing,
)
from todoke.v1 import circulars_pb2 as pb

DESK = f"/desk/{TOWN}"


def a_draft(**more: Any) -> pb.Circular:
    return a_circular(state=pb.CIRCULAR_STATE_DRAFT, households=0, read=0, **more)


async def test_the_desk_tells_who_has_read_and_who_waits(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get("/")
        assert f'href="{DESK}"' in chair.page
        await chair.get(DESK)
        assert "既読1・未読1" in chair.page
        assert "参加の申し込みが1件あります" in chair.page


async def test_whoever_is_in_no_office_is_told_so_and_strangers_find_nothing(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.get(DESK)
        assert person.where == "/join"
        await person.join()
        person.core.refuse("GetAssociation", StatusCode.PERMISSION_DENIED, "NOT_IN_OFFICE")
        await person.get(DESK)
        assert person.status == 422
        person.core.refuse("GetAssociation", StatusCode.NOT_FOUND, "ASSOCIATION_UNKNOWN")
        await person.get(DESK)
        assert person.status == 404


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


async def test_a_file_that_is_refused_is_said_beside_the_field(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        reason = "ATTACHMENT_REFUSED"
        chair.core.refuse("UploadCircularFile", StatusCode.INVALID_ARGUMENT, reason)
        await chair.get(f"{DESK}/new/notice")
        files = [("files", ("a.exe", b"MZ"))]
        await chair.send('name="title"', files=files, title="題", body="文", to="everybody")
        assert '<a href="#files">' in chair.page
        assert 'value="題"' in chair.page


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


async def test_a_group_head_writes_only_to_the_own_group(tmp_path: Path) -> None:
    head = an_office(pb.OFFICE_KIND_GROUP_HEAD, group_id=OTHER_GROUP)
    async with an_officer(tmp_path, head) as person:
        await person.get(f"{DESK}/new/notice")
        assert 'value="everybody"' not in person.page
        assert f'value="{GROUP}"' not in person.page
        assert f'value="{OTHER_GROUP}" checked' in person.page
        await person.get(f"{DESK}/offices")
        assert "handover" not in person.page


async def test_a_treasurer_sees_and_writes_nothing(tmp_path: Path) -> None:
    async with an_officer(tmp_path, an_office(pb.OFFICE_KIND_TREASURER)) as person:
        for path in (DESK, f"{DESK}/households", f"{DESK}/c/{CIRCULAR}"):
            await person.get(path)
            assert person.status == 200
            assert "/new" not in person.page
            assert "/withdraw" not in person.page
        assert not person.core.calls["ListJoinRequests"]


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


async def test_receipts_have_the_unread_first_who_are_reminded_or_read_on_paper(
    tmp_path: Path,
) -> None:
    async with an_officer(tmp_path) as chair:
        here = f"{DESK}/c/{CIRCULAR}/receipts"
        page = await chair.get(here)
        assert page.index("山本") < page.index("届出")
        await chair.send("remind", do="remind")
        assert "1世帯に知らせました" in chair.page
        await chair.send('name="household"', do="paper")
        assert '<a href="#household">' in chair.page
        await chair.send('name="household"', do="paper", household=OTHER_HOME)
        assert list(chair.asked("RecordPaperReceipt").household_ids) == [OTHER_HOME]
        chair.core.refuse("RemindUnread", StatusCode.FAILED_PRECONDITION, "REMINDED_TODAY")
        await chair.send("remind", do="remind")
        assert chair.status == 422


async def test_the_round_is_a_pdf(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/c/{CIRCULAR}/round.pdf?unread=yes&group={GROUP}")
        assert chair.answer is not None
        assert chair.answer.headers["content-type"] == "application/pdf"
        assert chair.answer.content == b"%PDF-1.7"
        asked = chair.asked("PrintRound")
        assert (asked.unread, asked.group_id) == (True, GROUP)


async def test_results_are_counted_and_a_secret_vote_keeps_them_until_its_day(
    tmp_path: Path,
) -> None:
    town = Town(circular=a_circular(kind=pb.CIRCULAR_KIND_VOTE))
    town.circular.content.vote.CopyFrom(VOTE)
    async with an_officer(tmp_path, town=town) as chair:
        page = await chair.get(f"{DESK}/c/{CIRCULAR}/results")
        assert "8のうち6が答えました" in page
        assert "<dt>賛成</dt><dd>4</dd>" in page
        chair.core.refuse("GetCircularResults", StatusCode.FAILED_PRECONDITION, "VOTE_OPEN")
        await chair.get(f"{DESK}/c/{CIRCULAR}/results")
        assert chair.status == 200
        assert "賛成" not in chair.page


async def test_who_asks_to_join_is_confirmed_with_a_household(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/joining")
        assert f'value="{HOME}" selected' in chair.page
        await chair.send(JOINING, do="confirm", household="")
        assert f'<a href="#household-{JOINING}">' in chair.page
        await chair.send(JOINING, do="confirm", household=OTHER_HOME)
        asked = chair.asked("DecideJoinRequest")
        assert (asked.confirmed, asked.household_id) == (True, OTHER_HOME)
        await chair.send(JOINING, do="refuse", household=OTHER_HOME)
        asked = chair.asked("DecideJoinRequest")
        assert (asked.confirmed, asked.household_id) == (False, "")


async def test_an_invitation_is_a_code_with_a_picture_and_stands_in_no_address(
    tmp_path: Path,
) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/invite")
        await chair.send('name="whom"', whom="", days="0")
        assert '<a href="#whom">' in chair.page
        assert '<a href="#days">' in chair.page
        await chair.send('name="whom"', whom=f"group:{GROUP}", days="14")
        assert chair.where == f"{DESK}/invite"
        assert "<svg" in chair.page
        assert f"https://board.todoke.example/join/{CODE}" in chair.page
        asked = chair.asked("CreateInvitation")
        assert (asked.group_id, asked.household_id, asked.days) == (GROUP, "", 14)


async def test_households_are_kept_and_ended_and_so_are_their_members(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/households")
        assert "しばらく読んでいません" in chair.page
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="address"', name="", order="一番", do="save")
        assert '<a href="#name">' in chair.page
        assert '<a href="#order">' in chair.page
        said = {"name": "届出", "order": "7", "group": GROUP, "paper": "yes", "do": "save"}
        await chair.send('name="address"', said)
        kept = chair.asked("SaveHousehold").household
        assert (kept.household_id, kept.round_order, kept.paper) == (HOME, 7, True)
        assert kept.etag == "h1"
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="why"', why="転居", do="end_member")
        assert chair.asked("EndMembership").member_id == MEMBER
        await chair.get(f"{DESK}/households/{HOME}")
        await chair.send('name="reason"', reason="", do="end")
        assert '<a href="#reason">' in chair.page
        assert 'value="届出"' in chair.page
        await chair.send('name="reason"', reason="転居", do="end")
        assert chair.asked("EndHousehold").reason == "転居"


async def test_a_household_and_a_group_are_added(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/households/new")
        await chair.send('name="address"', name="新田", order="", group=GROUP, do="save")
        assert chair.asked("SaveHousehold").household.household_id == ""
        await chair.get(f"{DESK}/groups/{GROUP}")
        await chair.send('name="order"', name="一班", order="3")
        group = chair.asked("SaveGroup").group
        assert (group.group_id, group.round_order, group.etag) == (GROUP, 3, "g1")
        await chair.get(f"{DESK}/groups/{an_id('b', 7)}")
        assert chair.status == 404


async def test_all_offices_are_handed_over_in_one_step(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/handover")
        await chair.send('name="chair"', begin="2027-04-01", end="2027-03-01")
        assert '<a href="#chair">' in chair.page
        assert '<a href="#end">' in chair.page
        said = {"chair": MEMBER, f"head-{GROUP}": MEMBER, "vice-0": ""}
        await chair.send('name="chair"', said, begin="2027-04-01", end="2028-03-31")
        asked = chair.asked("HandOverOffices")
        kinds = [(one.kind, one.group_id) for one in asked.offices]
        assert kinds == [(pb.OFFICE_KIND_CHAIR, ""), (pb.OFFICE_KIND_GROUP_HEAD, GROUP)]
        assert (asked.begin_date, asked.etag) == ("2027-04-01", "e1")


async def test_an_office_is_ended_on_a_day_with_a_reason(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        await chair.get(f"{DESK}/offices")
        await chair.send(OFFICE, end="", reason="")
        assert f'<a href="#end-{OFFICE}">' in chair.page
        await chair.send(OFFICE, end="2026-12-31", reason="転居")
        asked = chair.asked("EndOffice")
        assert (asked.office_id, asked.end_date) == (OFFICE, "2026-12-31")


async def test_what_another_officer_changed_first_is_said(tmp_path: Path) -> None:
    async with an_officer(tmp_path) as chair:
        chair.core.refuse("SaveGroup", StatusCode.FAILED_PRECONDITION, "CHANGED_MEANWHILE")
        await chair.get(f"{DESK}/groups/{GROUP}")
        await chair.send('name="order"', name="新しい名前", order="3")
        assert "ほかの人が先に" in chair.page
        assert 'value="新しい名前"' in chair.page
