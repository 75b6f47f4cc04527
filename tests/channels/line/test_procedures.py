"""手続き and 申請の状況: what may be begun, what became of it, and taking it back."""

from pathlib import Path
from typing import Any

from grpc import StatusCode

from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import HANAKO, Running, a_press, running
from tests.channels.line.chat import happen, register, tap
from tests.channels.line.questions import a_question
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2
from todoke.v1.procedures_pb2 import OfferedProcedure

PROGRAM = "0198c0de-0000-7000-8000-0000000000e1"


def offers(adapter: Running, *procedures: OfferedProcedure) -> None:
    response = procedures_pb2.ListOfferedProceduresResponse(procedures=procedures)
    adapter.core.script["ListOfferedProcedures"] = lambda _: response


def holds(adapter: Running, *applications: pb.OwnApplication) -> None:
    response = pb.ListOwnApplicationsResponse(applications=applications)
    adapter.core.script["ListOwnApplications"] = lambda _: response


def an_application(**more: Any) -> pb.OwnApplication:
    given: dict[str, Any] = {
        "application_id": APPLICATION, "title": "給付金",
        "state": pb.APPLICATION_STATE_SUBMITTED,
    }  # fmt: skip
    return pb.OwnApplication(**{**given, **more})


async def test_what_may_be_begun_is_begun_gone_on_with_or_needs_registration(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        offers(
            adapter,
            OfferedProcedure(key="survey", title="アンケート", about="3分で終わります。"),
            OfferedProcedure(key="grant", program_id=PROGRAM, title="給付金"),
            OfferedProcedure(key="begun", title="途中のもの", application_id=APPLICATION),
            OfferedProcedure(key="card", title="証明書", needs_registration=True),
        )
        said = await tap(adapter, "1:procedures:1")
        assert said.data == [
            "1:start:survey", f"1:start_program:{PROGRAM}", f"1:ask:{APPLICATION}", "1:register",
            "1:own:1",
        ]  # fmt: skip
        assert "3分で終わります。" in said.words
        turn = pb.Turn(prompt=a_question(2))
        response = pb.StartApplicationResponse(turn=turn)
        adapter.core.script["StartApplication"] = lambda _: response
        press = a_press(said.data[0])
        assert "どれですか" in (await happen(adapter, press)).words
        await tap(adapter, said.data[1])
        first, second = adapter.core.calls["StartApplication"]
        assert (first.procedure, first.speaker.external_id) == ("survey", HANAKO)
        assert first.request_id == press["webhookEventId"]
        assert second.program_id == PROGRAM
        adapter.core.refuse("StartApplication", StatusCode.FAILED_PRECONDITION, "ASSURANCE_TOO_LOW")
        assert "本人確認" in (await tap(adapter, said.data[0])).words


async def test_long_lists_are_turned_page_by_page(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        many = [OfferedProcedure(key=f"key_{n}", title="長い題" * 99) for n in range(12)]
        offers(adapter, *many)
        said = await tap(adapter, "1:procedures:2")
        assert {"1:procedures:1", "1:procedures:3", "1:start:key_5"} <= set(said.data)
        offers(adapter)
        assert "いま始められる手続きはありません" in (await tap(adapter, "1:procedures:1")).words


async def test_own_applications_are_listed_with_their_states(tmp_path: Path) -> None:
    async with running(tmp_path, web_url="https://city.todoke.example") as adapter:
        register(adapter)
        filed = an_application(state=pb.APPLICATION_STATE_APPROVED, notice=True)
        filed.submit_time.FromJsonString("2026-04-01T03:00:00Z")
        returned = an_application(
            application_id=PROGRAM, title="調査", state=pb.APPLICATION_STATE_RETURNED,
            reason="数が違います。",
        )  # fmt: skip
        holds(adapter, filed, returned)
        listed = await tap(adapter, "1:own:1")
        assert "給付金\\n支給が決まりました" in listed.words
        assert listed.data[:2] == [f"1:own_one:{APPLICATION}", f"1:own_one:{PROGRAM}"]
        first = await tap(adapter, listed.data[0])
        assert first.data == ["1:web", "1:own:1"]
        assert "提出した日:2026年4月1日" in first.words
        second = await tap(adapter, listed.data[1])
        assert second.data == [f"1:ask:{PROGRAM}", f"1:take_back:{PROGRAM}", "1:own:1"]
        assert "理由:数が違います。" in second.words
        holds(adapter)
        assert "申請はまだありません" in (await tap(adapter, "1:own:1")).words
        assert "見つかりません" in (await tap(adapter, listed.data[0])).words


async def test_an_application_is_taken_back_by_a_second_tap(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        holds(adapter, an_application())
        adapter.core.script["WithdrawApplication"] = lambda _: pb.WithdrawApplicationResponse()
        asked = await tap(adapter, f"1:take_back:{APPLICATION}")
        assert "「給付金」を取り下げます" in asked.words
        keep, sure = asked.data
        assert keep == f"1:own_one:{APPLICATION}"
        assert not adapter.core.calls["WithdrawApplication"]
        late = await tap(adapter, f"1:take_back_sure:{APPLICATION}:0000000001")
        assert late.data[0] == keep
        assert "取り下げました" in (await tap(adapter, sure)).words
        [request] = adapter.core.calls["WithdrawApplication"]
        assert request.application_id == APPLICATION


async def test_who_wants_to_stop_is_offered_to_take_it_back(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(2)
        asked.problems.add(problem="stopping")
        turn = pb.GetPromptResponse(turn=pb.Turn(prompt=asked))
        adapter.core.script["GetPrompt"] = lambda _: turn
        said = await tap(adapter, "1:waiting")
        assert "答えは残してあります" in said.words
        assert f"1:take_back:{APPLICATION}" in said.data


async def test_where_nothing_waits_it_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        said = await tap(adapter, "1:waiting")
        assert "いま、お答えをお待ちしている質問はありません" in said.words
        assert said.data == ["1:procedures:1"]
