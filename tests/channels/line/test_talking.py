"""A conversation by buttons: each tap gives the answer that it says, and old ones do no harm."""

from pathlib import Path
from typing import Any

from grpc import StatusCode

from channels.line import choosing
from tests.channels.fake_core import APPLICATION
from tests.channels.line.adapter import HANAKO, Running, a_press, again, running
from tests.channels.line.chat import happen, register, tap
from tests.channels.line.questions import a_question
from tests.channels.pulls import Refusal
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2
from todoke.v1.procedures_pb2 import Answer, ChosenValues, GivenSlot, Prompt

WEB = "https://city.todoke.example"
PLACE = f"{APPLICATION}:which"


def asks(adapter: Running, prompt: Prompt) -> None:
    """Let the core ask this, whatever it is answered."""
    turn = pb.Turn(prompt=prompt)
    adapter.core.script |= {
        "GetPrompt": lambda _: pb.GetPromptResponse(turn=turn),
        "AnswerPrompt": lambda _: pb.AnswerPromptResponse(turn=turn),
        "ReopenAnswer": lambda _: pb.ReopenAnswerResponse(turn=turn),
    }


ANSWERS: list[tuple[str, dict[str, str], Answer]] = [
    ("read", {}, Answer(read=True)),
    ("skip", {}, Answer(skipped=True)),
    ("agree", {}, Answer(agreed=True)),
    ("slot", {}, Answer(slot=GivenSlot(value="0900", quantity=2))),
    ("pick", {"date": "2026-04-01"}, Answer(date="2026-04-01")),
    ("pick", {"datetime": "2026-04-01t09:30"}, Answer(date_time="2026-04-01T09:30")),
]


async def test_each_button_gives_the_answer_that_it_says(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        asks(adapter, a_question(2))
        for verb, params, answer in ANSWERS:
            press = a_press(f"1:{verb}:{PLACE}" + (":0900:2" if verb == "slot" else ""))
            press["postback"] |= {"params": params} if params else {}
            await happen(adapter, press)
            assert adapter.core.calls["AnswerPrompt"][-1] == pb.AnswerPromptRequest(
                external_id=HANAKO, application_id=APPLICATION, step="which", given=answer,
                request_id=press["webhookEventId"],
            )  # fmt: skip


async def test_a_picker_that_says_no_day_answers_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        for params in ({}, {"date": "tomorrow"}, {"time": "09:30"}, "2026-04-01"):
            press = a_press(f"1:pick:{PLACE}")
            press["postback"]["params"] = params
            assert "古くなりました" in (await happen(adapter, press)).words
        assert not adapter.core.calls["AnswerPrompt"]


async def test_several_are_chosen_one_after_the_other_and_given_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        asked = a_question(12, "choices")
        asks(adapter, asked)
        said = await tap(adapter, f"1:ask:{APPLICATION}")
        said = await tap(adapter, said.data[1])
        said = await tap(adapter, next(one for one in said.data if one.endswith(":2")))
        assert "選んだもの:選択肢1" in said.words
        said = await tap(adapter, said.data[0])
        assert "選んだもの:選択肢1、選択肢9" in said.words
        assert not adapter.core.calls["AnswerPrompt"]
        await tap(adapter, next(one for one in said.data if one.startswith("1:decide:")))
        [request] = adapter.core.calls["AnswerPrompt"]
        assert request.given.choices == ChosenValues(values=["value_1", "value_9"])


async def test_what_was_chosen_stands_when_it_is_not_taken(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(3, "choices")
        asks(adapter, asked)
        problem = procedures_pb2.AnswerProblem(problem="too_few", metadata={"limit": "2"})
        again = Prompt()
        again.CopyFrom(asked)
        again.problems.append(problem)
        turn = pb.Turn(prompt=again)
        adapter.core.script["AnswerPrompt"] = lambda _: pb.AnswerPromptResponse(turn=turn)
        said = await tap(adapter, f"1:decide:{PLACE}:{choosing.sum_of(asked)}:4")
        assert "足りません。2つ以上必要です。" in said.words
        assert "選んだもの:選択肢2" in said.words


async def test_buttons_of_other_choices_than_there_are_now_choose_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asks(adapter, a_question(3, "choices"))
        for verb in ("toggle", "decide"):
            more = ":1" if verb == "toggle" else ""
            said = await tap(adapter, f"1:{verb}:{PLACE}:00000000:7{more}")
            assert "まだ選んでいません" in said.words
        assert not adapter.core.calls["AnswerPrompt"]


async def test_an_old_button_goes_back_to_its_question(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(20)
        asks(adapter, asked)
        review = pb.Turn(review=procedures_pb2.Review(application_id=APPLICATION, title="題"))
        adapter.core.script["GetPrompt"] = lambda _: pb.GetPromptResponse(turn=review)
        said = await tap(adapter, f"1:look:{PLACE}:2")
        assert f"1:answer:{PLACE}:value_9" in said.data
        [request] = adapter.core.calls["ReopenAnswer"]
        assert (request.step, request.speaker.external_id) == ("which", HANAKO)


async def test_where_it_is_filed_old_buttons_change_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(3, "choices")
        asks(adapter, asked)
        closing = pb.Turn(closing=pb.Closing(application_id=APPLICATION, text="提出済みです。"))
        adapter.core.script["GetPrompt"] = lambda _: pb.GetPromptResponse(turn=closing)
        said = await tap(adapter, f"1:decide:{PLACE}:{choosing.sum_of(asked)}:1")
        assert "提出済みです。" in said.words
        assert not adapter.core.calls["ReopenAnswer"]


async def test_how_many_of_a_slot_is_asked_where_several_may_be_taken(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        asked = a_question(2, "slot")
        asked.input.slot.most = 3
        asks(adapter, asked)
        said = await tap(adapter, f"1:ask:{APPLICATION}")
        assert said.data == [f"1:how_many:{PLACE}:value_0", f"1:how_many:{PLACE}:value_1"]
        said = await tap(adapter, said.data[0])
        assert "「選択肢0」を、いくつ" in said.words
        assert said.data == [f"1:slot:{PLACE}:value_0:{count}" for count in (1, 2, 3)]
        gone = await tap(adapter, f"1:how_many:{PLACE}:gone")
        assert "どれですか" in gone.words


async def test_the_review_is_looked_through_mended_and_filed(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        lines = [
            procedures_pb2.ReviewLine(step="mark", label="点数", value="3", changeable=True),
            procedures_pb2.ReviewLine(step="secret", label="口座", value="***1", sensitive=True),
        ]
        review = procedures_pb2.Review(
            application_id=APPLICATION, title="調査", lines=lines, language="ja",
            previous_step="mark",
        )  # fmt: skip
        asks(adapter, a_question(2))
        turn = pb.Turn(review=review)
        adapter.core.script["GetPrompt"] = lambda _: pb.GetPromptResponse(turn=turn)
        said = await tap(adapter, f"1:ask:{APPLICATION}")
        reopen, submit = f"1:reopen:{APPLICATION}:mark", f"1:submit:{APPLICATION}"
        assert sorted(said.data) == [reopen, reopen, submit]
        assert "点数" in said.words
        assert "***1" not in said.words
        await tap(adapter, reopen)
        assert adapter.core.calls["ReopenAnswer"][0].step == "mark"
        closing = pb.Closing(application_id=APPLICATION, text="受け付けました。", language="ja")
        filed = pb.SubmitApplicationResponse(turn=pb.Turn(closing=closing))
        adapter.core.script["SubmitApplication"] = lambda _: filed
        press = a_press(submit)
        assert "受け付けました。" in (await happen(adapter, press)).words
        assert await adapter.deliver(again(press)) == 200
        [request] = adapter.core.calls["SubmitApplication"]
        assert request.request_id == press["webhookEventId"]


REASONS = (
    "SLOT_FULL",
    "COUPON_REFUSED",
    "ANSWERS_MISSING",
    "PROGRAM_CLOSED",
    "APPLICATION_UNKNOWN",
)


async def test_each_refusal_is_worded(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        heard = set()
        for reason in REASONS:
            adapter.core.refuse("SubmitApplication", StatusCode.FAILED_PRECONDITION, reason)
            heard.add((await tap(adapter, f"1:submit:{APPLICATION}")).words)
        assert len(heard) == len(REASONS)


async def test_the_page_opens_by_a_link_that_works_once(tmp_path: Path) -> None:
    async with running(tmp_path, web_url=WEB) as adapter:
        begun = pb.BeginHandoverResponse(token="t" * 43)
        begun.expire_time.FromJsonString("2026-11-23T01:30:00Z")
        adapter.core.script["BeginHandover"] = lambda _: begun
        said = await tap(adapter, f"1:on_page:{APPLICATION}")
        assert said.links == [f"{WEB}/go/{'t' * 43}"]
        assert "10時30分まで、1回だけ" in said.words
    async with running(tmp_path) as adapter:
        said = await tap(adapter, f"1:on_page:{APPLICATION}")
        assert "窓口でお答えください" in said.words
        assert not adapter.core.calls["BeginHandover"]


async def test_while_the_core_is_away_a_tap_comes_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:

        def away(_: Any) -> Any:
            raise Refusal(StatusCode.UNAVAILABLE)

        asks(adapter, a_question(2))
        core = adapter.core.script.pop("AnswerPrompt")
        adapter.core.script["AnswerPrompt"] = away
        press = a_press(f"1:read:{PLACE}")
        assert await adapter.deliver(press) == 503
        adapter.core.script["AnswerPrompt"] = core
        assert "どれですか" in (await happen(adapter, again(press))).words
