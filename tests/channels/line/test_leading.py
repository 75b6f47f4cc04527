"""What officers see in the chat is within LINE's limits, however large an association is."""

import io
from pathlib import Path

import pytest
from grpc import StatusCode
from PIL import Image

from channels.line import postback
from tests.channels.line.adapter import Running, again, an_event, beside, running
from tests.channels.line.chat import Said, happen, register, tap, write
from tests.channels.line.officers import (
    ASKING,
    BALLOT,
    BOARD,
    CODE,
    COUNT,
    DRAFT,
    GROUP,
    HOME,
    MEETING,
    NEXT,
    OUT,
    POLL,
    TOWN,
    a_circular,
    an_id,
    lead,
    poll,
)
from todoke.v1 import circulars_pb2 as pb

OFFICE, COMMENT, SOMEBODY = an_id("9", 0), an_id("8", 0), an_id("e", 0)


STATE = f"123456.20300401.1.{'0' * 8 * 22}"


ALL = f"123456.20300401.1.{'f4'.zfill(8) * 23}"


PRESSES = [
    "lead", f"lead_at:{TOWN}", f"write:{TOWN}", f"write_kind:{TOWN}:notice", f"rounds:{TOWN}:1",
    f"rounds:{TOWN}:3", f"round:{DRAFT}", f"round:{OUT}", f"unread:{OUT}", f"remind:{OUT}",
    f"results:{OUT}", f"written:{OUT}:W10", f"call_back:{OUT}",
    f"call_back_for:{OUT}:twice", f"draft_drop:{DRAFT}",
    f"draft_edit:{DRAFT}", f"draft_ask:{DRAFT}:title", f"draft_stop:{DRAFT}",
    f"draft_to:{DRAFT}:1", f"draft_to:{DRAFT}:3",
    f"draft_group:{DRAFT}:{GROUP}:off:1", f"publish:{DRAFT}", f"newcomers:{TOWN}:2",
    f"newcomer:{TOWN}:{ASKING}", f"homes:{TOWN}:{ASKING}:none:1",
    f"homes:{TOWN}:{ASKING}:{GROUP}:2",
    f"admit:{TOWN}:{ASKING}:{HOME}", f"new_home:{TOWN}:{ASKING}:{GROUP}",
    f"turn_away:{TOWN}:{ASKING}", f"invite:{TOWN}:2", f"invite_to:{TOWN}:all", f"hand:{TOWN}",
    f"hand_to:{TOWN}:{STATE}", f"hand_from:{TOWN}:{STATE}:none:19", f"hand_to:{TOWN}:{ALL}",
    f"desk:{TOWN}:offices", f"desk_at:{OUT}:round",
    f"desk_at:{OUT}:sheet",
    f"write_kind:{TOWN}:survey", f"write_kind:{TOWN}:vote", f"round:{POLL}", f"round:{BALLOT}",
    f"round:{NEXT}", f"correct:{OUT}", f"draft_edit:{POLL}", f"draft_edit:{NEXT}",
    f"draft_ask:{POLL}:question", f"draft_ask:{POLL}:choices", f"draft_ask:{BALLOT}:choices",
    f"draft_ask:{BALLOT}:due", f"draft_ask:{NEXT}:correction", f"draft_ask:{DRAFT}:choices",
    f"draft_less:{POLL}", f"draft_several:{POLL}:on", f"draft_yes_no:{BALLOT}",
    f"draft_next:{POLL}", f"draft_changed:{NEXT}:place", f"publish:{BALLOT}",
    f"house_groups:{TOWN}:2", f"houses:{TOWN}:{GROUP}:1", f"houses:{TOWN}:none:1",
    f"house:{TOWN}:{HOME}", f"house_find:{TOWN}", f"house_rename:{TOWN}:{HOME}",
    f"house_new:{TOWN}:{GROUP}", f"house_care:{TOWN}:{HOME}:on", f"house_gone:{TOWN}:{HOME}",
    f"house_gone_for:{TOWN}:{HOME}:moved", f"offices:{TOWN}:2", f"office_end:{TOWN}:{OFFICE}",
    f"office_end_for:{TOWN}:{OFFICE}:wish", f"appoint:{TOWN}", f"appoint_group:{TOWN}:1",
    f"appoint_from:{TOWN}:group_head:{GROUP}:2", f"appoint_find:{TOWN}:vice:none",
    f"appoint_who:{TOWN}:group_head:{GROUP}:{SOMEBODY}", f"comments:{OUT}:1",
    f"hide:{OUT}:{COMMENT}", f"draft_ask:{BALLOT}:rules", f"draft_rule:{BALLOT}:secret",
    f"draft_comments:{DRAFT}:on",
    f"on_paper:{MEETING}:1", f"on_paper_find:{OUT}", f"on_paper_home:{MEETING}:{HOME}:1",
    f"on_paper_home:{OUT}:{HOME}:1", f"on_paper_home:{COUNT}:{HOME}:1",
    f"on_paper_votes:{COUNT}:{HOME}:3",
    f"on_paper:{OUT}:1", f"off_paper:{OUT}:2", f"off_paper_home:{OUT}:{HOME}:1",
]  # fmt: skip


ASKS_WORDS = (
    "on_paper_find:", "house_find:", "house_rename:", "house_new:", "appoint_find:",
)  # fmt: skip
"""What only asks for words."""


@pytest.mark.parametrize("language", ["ja", "ja-x-easy", "en"])
async def test_all_that_officers_see_is_taken_by_line_and_each_button_is_ours(
    tmp_path: Path, language: str
) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter, language=language)
        lead(adapter.core)
        for press in PRESSES:
            said = await tap(adapter, f"1:{press}")
            assert all(postback.decode(data) for data in said.data), (press, said.data)
            assert said.data or said.links or press.startswith(ASKS_WORDS), press


async def test_what_came_back_on_paper_is_entered_at_the_desk(tmp_path: Path) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter)
        lead(adapter.core)

        circular = await tap(adapter, f"1:round:{OUT}")
        said = await tap(adapter, f"1:desk_at:{OUT}:sheet")
        counted = await tap(adapter, f"1:results:{OUT}")

        assert f"1:desk_at:{OUT}:sheet" in circular.data
        [link] = said.links
        assert link.startswith(f"{BOARD}/link/")
        assert link.endswith(f"?to=/desk/{TOWN}/c/{OUT}/paper")
        assert "自分で答えた世帯の答えは変わりません" in said.words
        assert "そのうち1000世帯は紙の答えです" in counted.words


async def test_an_invitation_shows_a_picture_that_line_can_fetch(tmp_path: Path) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter)
        lead(adapter.core)

        said = await tap(adapter, f"1:invite_to:{TOWN}:{GROUP}")

        [address] = [part["url"] for part in said.parts if part.get("type") == "image"]
        assert address == f"https://line.todoke.example/qr/{CODE}.png"
        assert f"{BOARD}/join/{CODE}" in said.words
        async with adapter.http.get(f"{adapter.url}/qr/{CODE}.png") as answer:
            drawn = Image.open(io.BytesIO(await answer.read()))
        assert drawn.format == "PNG"
        assert 300 < drawn.width < 1_024
        async with adapter.http.get(f"{adapter.url}/qr/nothing.png") as answer:
            assert answer.status == 404


async def test_words_that_line_delivers_again_are_not_taken_for_the_next_question(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        _ask(adapter, "title")
        event = an_event("message", message={"type": "text", "text": "総会"})
        asked = await happen(adapter, event)
        assert asked.data
        _ask(adapter, "body")
        adapter.core.refuse("SaveCircular", StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")

        async with beside(tmp_path, adapter.core, adapter.line) as other:  # It knows nothing.
            said = await happen(other, {**again(event), "replyToken": "another"})

        first, second = adapter.core.calls["SaveCircular"]
        assert (first.content.title, first.asked) == ("総会", "")
        assert first.request_id == second.request_id
        assert "本文を送ってください" in said.words


def _ask(adapter: Running, what: str) -> pb.Circular:
    draft = a_circular(DRAFT, asked=what)
    adapter.core.script["GetAsked"] = lambda _: pb.GetAskedResponse(circular=draft)
    adapter.core.script["GetCircular"] = lambda _: pb.GetCircularResponse(circular=draft)
    return draft


@pytest.mark.parametrize(
    ("asked", "sent", "said"),
    [
        ("question", "問" * 501, "質問は500文字までに"),
        ("choices", "短い\n" + "長" * 101, "選ぶ言葉は100文字までに"),
        ("due", "来週", "いまは期限の日をお待ちしています"),
    ],
)
async def test_what_does_not_fit_is_asked_again_and_nothing_is_kept(
    tmp_path: Path, asked: str, sent: str, said: str
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        draft = poll()
        draft.asked = asked
        adapter.core.script["GetAsked"] = lambda _: pb.GetAskedResponse(circular=draft)

        answer = await write(adapter, sent)

        assert said in answer.words
        assert adapter.core.calls["SaveCircular"] == []


async def test_a_twenty_first_choice_is_not_taken(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        draft = poll()
        draft.content.questions[-1].options.add(value="more", label="二十")
        draft.asked = "choices"
        adapter.core.script["GetAsked"] = lambda _: pb.GetAskedResponse(circular=draft)

        answer = await write(adapter, "二十一")

        assert "選ぶ言葉は20までです" in answer.words
        assert adapter.core.calls["SaveCircular"] == []


async def test_who_goes_on_with_a_procedure_puts_the_draft_down(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        _ask(adapter, "body")

        said = await tap(adapter, "1:waiting")

        assert said.messages
        [kept] = adapter.core.calls["SaveCircular"]
        assert kept.asked == ""
        assert kept.content.title == "題" * 100


async def test_a_title_that_is_too_long_is_asked_again_and_nothing_is_kept(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        _ask(adapter, "title")

        said = await write(adapter, "長" * 101)

        assert "100文字まで" in said.words
        assert adapter.core.calls["SaveCircular"] == []


async def test_without_a_desk_it_is_said_plainly_that_it_cannot_be_done_here(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)

        kinds = await tap(adapter, f"1:write:{TOWN}")
        page = await tap(adapter, f"1:desk:{TOWN}:households")

        assert not [data for data in kinds.data if data.startswith("1:desk")]
        assert "役員のページがない" in page.words
        assert page.links == []


async def test_who_leads_finds_it_in_the_menu_and_who_does_not_finds_nothing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        without: Said = await tap(adapter, "1:menu:1")
        none = await write(adapter, "役員")
        lead(adapter.core)
        with_it = await tap(adapter, "1:menu:1")

        assert "1:lead" not in without.data
        assert "1:lead" in with_it.data
        assert "役員になっていません" in none.words


@pytest.mark.parametrize(
    "press",
    [
        f"hand:{TOWN}", f"hand_to:{TOWN}:{STATE}", f"hand_from:{TOWN}:{STATE}:none:1",
        f"write:{TOWN}", f"write_kind:{TOWN}:notice", f"invite:{TOWN}:1", f"invite_to:{TOWN}:all",
        f"call_back:{OUT}", f"call_back_for:{OUT}:twice", f"offices:{TOWN}:1",
        f"appoint:{TOWN}", f"office_end:{TOWN}:{OFFICE}", f"house_new:{TOWN}:{GROUP}",
        f"house_gone:{TOWN}:{HOME}",
    ],
)  # fmt: skip
async def test_a_button_of_an_office_that_ended_says_who_to_ask_and_changes_nothing(
    tmp_path: Path, press: str
) -> None:
    async with running(tmp_path, board_url=BOARD) as adapter:
        register(adapter)
        lead(adapter.core)
        found = adapter.core.script["GetAssociation"](None)
        found.ClearField("rights")  # Such as of a treasurer, who was chair yesterday.
        out = pb.GetCircularResponse(
            circular=a_circular(OUT, state=pb.CIRCULAR_STATE_PUBLISHED, can_change=False)
        )
        adapter.core.script["GetCircular"] = lambda _: out

        said = await tap(adapter, f"1:{press}")

        assert "いまの役職では、これはできません" in said.words
        assert "会長の名名" in said.words
        assert said.data == [f"1:lead_at:{TOWN}"]
        for method in ("SaveCircular", "CreateInvitation", "HandOverOffices", "WithdrawCircular"):
            assert not adapter.core.calls[method]


async def test_a_photograph_that_cannot_be_taken_is_told_and_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lead(adapter.core)
        draft = _ask(adapter, "files")
        del draft.content.file_ids[:]
        sent = {"type": "image", "id": "1", "contentProvider": {"type": "line"}}
        adapter.line.content_statuses = [404]
        gone = await happen(adapter, an_event("message", message=sent))
        adapter.core.refuse("UploadCircularFile", StatusCode.INVALID_ARGUMENT, "ATTACHMENT_REFUSED")
        refused = await happen(adapter, an_event("message", message=sent))

        assert "もう一度送ってください" in gone.words
        assert "このファイルは使えません" in refused.words
        assert f"1:draft_stop:{DRAFT}" in refused.data
        assert adapter.core.calls["SaveCircular"] == []
