"""Language and topics are chosen in the chat; a tap says what shall be, so twice is once."""

import asyncio
from pathlib import Path
from typing import Any

from grpc import StatusCode

from tests.channels.line.adapter import Running, a_press, again, running
from tests.channels.line.chat import happen, hold, register, tap
from tests.channels.pulls import Refusal
from todoke.v1.procedures_pb2 import Text
from todoke.v1.residents_pb2 import (
    Choices,
    ChooseTopicsRequest,
    ChooseTopicsResponse,
    ListTopicsRequest,
    ListTopicsResponse,
    Topic,
)


def a_topic(key: str, **titles: str) -> Topic:
    first = key == "disaster"
    by = titles or {"ja": f"話題{key}", "en": f"topic {key}"}
    return Topic(key=key, title=Text(by_language=by), chosen_at_first=first)


def a_town_hall(adapter: Running, topics: list[Topic], chosen: Choices) -> Choices:
    """Let the core keep choices under an etag, and give its first answer to a repeat."""
    record = hold(adapter, choices=chosen)
    answers: dict[str, tuple[Any, ChooseTopicsResponse]] = {}

    def choose(request: ChooseTopicsRequest) -> ChooseTopicsResponse:
        if request.request_id in answers:
            before, answer = answers[request.request_id]
            if before != request:
                raise Refusal(StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
            return answer
        if request.etag != record.choices.etag:
            raise Refusal(StatusCode.FAILED_PRECONDITION, "CHANGED_MEANWHILE")
        now = Choices(
            language=request.language,
            topics=request.topics,
            etag=str(int(request.etag or "0") + 1),
        )
        record.choices.CopyFrom(now)
        answer = ChooseTopicsResponse(choices=now)
        answers[request.request_id] = request, answer
        return answer

    def listed(request: ListTopicsRequest) -> ListTopicsResponse:
        begin = int(request.page_token or "0")
        after = str(begin + 8) if len(topics) > begin + 8 else ""
        return ListTopicsResponse(topics=topics[begin : begin + 8], next_page_token=after)

    adapter.core.script.update({"ChooseTopics": choose, "ListTopics": listed})
    return record.choices


async def test_a_first_choice_keeps_what_was_chosen_at_first(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        choices = a_town_hall(adapter, [a_topic("child"), a_topic("disaster")], Choices())

        said = await tap(adapter, "1:topics:1")
        assert said.data == ["1:topic:child:on:1", "1:topic:disaster:off:1", "1:menu:1"]
        assert "選ぶ:話題child" in said.words
        said = await tap(adapter, "1:topic:child:on:1")

        assert list(choices.topics) == ["child", "disaster"]
        assert choices.language == "ja"
        assert said.data[0] == "1:topic:child:off:1"
        assert "やめる:話題child" in said.words
        await tap(adapter, "1:topic:disaster:off:1")
        assert list(choices.topics) == ["child"]


async def test_two_taps_of_one_button_change_once(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        choices = a_town_hall(adapter, [a_topic("child")], Choices(language="ja", etag="3"))
        for _ in range(2):
            said = await tap(adapter, "1:topic:child:on:1")
            assert said.data[0] == "1:topic:child:off:1"
        assert len(adapter.core.calls["ChooseTopics"]) == 1
        assert choices.etag == "4"


async def test_a_redelivery_changes_nothing_that_was_changed_since(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        choices = a_town_hall(adapter, [a_topic("child")], Choices(language="ja", etag="1"))
        on = a_press("1:topic:child:on:1")
        adapter.line.answers = [(503, "")]
        assert await adapter.deliver(on) == 503
        await tap(adapter, "1:topic:child:off:1")

        said = await happen(adapter, again(on))

        assert said.data[0] == "1:topic:child:on:1"
        assert list(choices.topics) == []


async def test_taps_of_two_topics_at_once_are_both_taken(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        topics = [a_topic("child"), a_topic("waste")]
        choices = a_town_hall(adapter, topics, Choices(language="ja", etag="1"))
        usual = adapter.core.script["ChooseTopics"]
        both = asyncio.Barrier(2)

        async def together(request: ChooseTopicsRequest) -> Any:
            if request.etag == "1":
                await both.wait()
            return usual(request)

        adapter.core.script["ChooseTopics"] = together
        presses = [a_press(f"1:topic:{key}:on:1") for key in ("child", "waste")]
        statuses = await asyncio.gather(*(adapter.deliver(press) for press in presses))
        assert statuses == [200, 200]
        assert sorted(choices.topics) == ["child", "waste"]


async def test_many_topics_are_turned_page_by_page_within_line_s_limits(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        topics = [a_topic(f"topic_{number:02}", ja="長い題" * 300) for number in range(25)]
        a_town_hall(adapter, topics, Choices(language="ja", etag="1"))
        seen = []
        said = await tap(adapter, "1:topics:1")
        while True:
            seen += [data.split(":")[2] for data in said.data if data.startswith("1:topic:")]
            after = [data for data in said.data if data.startswith("1:topics:")]
            assert len(said.messages[-1]["quickReply"]["items"]) <= 13
            if len(seen) >= 25:
                break
            said = await tap(adapter, after[-1])
        assert seen == [topic.key for topic in topics]
        said = await tap(adapter, "1:topic:topic_12:on:2")
        assert "1:topic:topic_12:off:2" in said.data


async def test_there_may_be_no_topics(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        a_town_hall(adapter, [], Choices())
        assert "話題がありません" in (await tap(adapter, "1:topics:1")).words


async def test_a_topic_that_is_gone_is_refused_in_words(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        a_town_hall(adapter, [a_topic("child")], Choices())
        adapter.core.refuse("ChooseTopics", StatusCode.NOT_FOUND, "TOPIC_UNKNOWN")
        assert "この話題はなくなりました" in (await tap(adapter, "1:topic:gone:on:1")).words


async def test_a_language_is_chosen_and_spoken_at_once_and_topics_stay(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        choices = a_town_hall(adapter, [a_topic("disaster")], Choices())

        said = await tap(adapter, "1:languages")
        assert said.data == ["1:speak:ja", "1:speak:ja-x-easy", "1:speak:en", "1:menu:1"]
        for _ in range(2):
            said = await tap(adapter, "1:speak:en")
            assert "From now on we write to you in this language" in said.words

        assert (choices.language, list(choices.topics)) == ("en", ["disaster"])
        assert len(adapter.core.calls["ChooseTopics"]) == 1
        said = await tap(adapter, "1:speak:ja-x-easy")
        assert "このことばで" in said.words
        assert choices.language == "ja-x-easy"


async def test_topics_are_titled_in_the_nearest_language(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        topics = [a_topic("child", ja="子育て"), a_topic("waste", ja="ごみ", en="Waste")]
        for language, titles in (("en", ("子育て", "Waste")), ("ja-x-easy", ("子育て", "ごみ"))):
            register(adapter, language=language)
            a_town_hall(adapter, topics, Choices())
            said = await tap(adapter, "1:topics:1")
            assert all(title in said.words for title in titles)


async def test_who_is_not_registered_chooses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.core.refuse("GetRecord", StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED")
        for data in ("1:topics:1", "1:topic:child:on:1", "1:languages", "1:speak:en"):
            assert (await tap(adapter, data)).data == ["1:register"]
