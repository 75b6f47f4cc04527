"""A dispatch goes to LINE under its retry key, and LINE's answer decides what the core is told."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from channels.line import outcomes
from channels.line.each import tried
from channels.line.outcomes import LineAnswer
from channels.line.quota import renewal
from tests.channels.fake_core import a_dispatch
from tests.channels.line.adapter import HANAKO, TARO, running, told
from todoke.v1.dispatches_pb2 import (
    BLAME_CONTENT,
    BLAME_RECIPIENTS,
    BLAME_UNSPECIFIED,
    NOTICE_KIND_REGISTERED,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_NOT_TAKEN,
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
    WAY_EACH,
    WAY_TOGETHER,
    CampaignTold,
    Dispatch,
    Notice,
    Told,
    Way,
)


async def test_one_recipient_is_pushed_to_under_the_key_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        dispatch = a_dispatch()
        outcome = await told(adapter, dispatch)
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert list(outcome.provider_request_ids) == ["request-1"]
        [sent] = adapter.line.sent
        assert (sent.way, sent.body["to"]) == ("push", HANAKO)
        assert sent.headers["x-line-retry-key"] == dispatch.retry_key
        assert sent.headers["authorization"] == "Bearer the-channel-access-token"
        assert "***4567" in sent.messages


async def test_many_recipients_are_one_multicast(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        notice = Notice(kind=NOTICE_KIND_REGISTERED, language="ja")
        outcome = await told(adapter, a_dispatch(recipients=[HANAKO, TARO], notice=notice))
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        [sent] = adapter.line.sent
        assert (sent.way, sent.body["to"]) == ("multicast", [HANAKO, TARO])
        assert "登録が終わりました" in sent.messages


@pytest.mark.parametrize(
    ("status", "message", "result", "wait"),
    [
        (409, "The retry key is already accepted", OUTCOME_RESULT_ACCEPTED, 0),
        (400, "Failed to send messages", OUTCOME_RESULT_REFUSED, 0),
        (404, "Not found", OUTCOME_RESULT_REFUSED, 0),
        (413, "too large", OUTCOME_RESULT_REFUSED, 0),
        (401, "Authentication failed", OUTCOME_RESULT_NOT_TAKEN, 600),
        (403, "Access to this API is not available", OUTCOME_RESULT_NOT_TAKEN, 600),
        (429, "You have reached your monthly limit.", OUTCOME_RESULT_NOT_TAKEN, 3600),
        (429, "The API rate limit has been exceeded.", OUTCOME_RESULT_TRY_AGAIN, 2),
        (500, "Internal error", OUTCOME_RESULT_TRY_AGAIN, 5),
        (503, "", OUTCOME_RESULT_TRY_AGAIN, 5),
    ],
)
async def test_each_answer_of_line_has_its_outcome(
    tmp_path: Path, status: int, message: str, result: int, wait: int
) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.answers = [(status, message)]
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == result
        assert outcome.retry_after_seconds == wait
        ids = ["request-1", "the-first"] if status == 409 else ["request-1"]
        assert list(outcome.provider_request_ids) == ids
        said = "" if result == OUTCOME_RESULT_ACCEPTED else message
        assert said in outcome.provider_message


@pytest.mark.parametrize("status", [200, 302, 403, 404])
async def test_what_somebody_else_answers_in_lines_place_settles_nothing(
    tmp_path: Path, status: int
) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.is_stranger, adapter.line.answers = True, [(status, "")]
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == OUTCOME_RESULT_TRY_AGAIN
        assert outcome.retry_after_seconds == 5
        assert f"not LINE's: {status}" in outcome.provider_message


async def test_the_wait_grows_with_the_attempts(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.answers = [(500, ""), (500, "")]
        waits = [
            (await told(adapter, a_dispatch(number, attempt=number))).retry_after_seconds
            for number in (3, 20)
        ]
        assert waits == [20, 300]


async def test_a_line_that_says_nothing_is_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, send_timeout=0.1) as adapter:
        adapter.line.hold = asyncio.Event()
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == OUTCOME_RESULT_TRY_AGAIN
        assert "no answer" in outcome.provider_message
        adapter.line.hold.set()


async def test_a_line_that_is_not_there_is_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, api_url="http://127.0.0.1:9") as adapter:
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == OUTCOME_RESULT_TRY_AGAIN


async def test_what_this_adapter_cannot_word_waits_for_a_newer_one(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        outcome = await told(adapter, a_dispatch(prompt=None))
        assert (outcome.result, outcome.retry_after_seconds) == (OUTCOME_RESULT_NOT_TAKEN, 3600)
        assert adapter.line.sent == []


async def test_health_tells_whether_the_core_is_there(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        await told(adapter, a_dispatch())
        async with adapter.http.get(f"{adapter.url}/healthz") as answer:
            assert answer.status == 200


async def test_health_tells_why_not(tmp_path: Path) -> None:
    async with (
        running(tmp_path, core_address="127.0.0.1:9") as adapter,
        adapter.http.get(f"{adapter.url}/healthz") as answer,
    ):
        assert answer.status == 503
        assert (await answer.json())["why"]


@pytest.mark.parametrize(
    ("status", "message", "blame"),
    [
        (400, "The property, to[1], in the request body is invalid", BLAME_RECIPIENTS),
        (400, "Failed to send messages", BLAME_RECIPIENTS),
        (400, "The request body has 1 error(s); messages[0].altText: too long", BLAME_CONTENT),
        (400, "Something that LINE has never said", BLAME_UNSPECIFIED),
        (413, "too large", BLAME_CONTENT),
        (429, "The API rate limit has been exceeded. Try again later.", BLAME_UNSPECIFIED),
    ],
)
def test_what_line_blames_is_told_by_what_it_names(status: int, message: str, blame: int) -> None:
    assert LineAnswer(status, message).blame == blame


def test_too_much_to_one_person_waits_longer_than_too_much_at_once() -> None:
    at_once = outcomes.outcome(LineAnswer(429, "The API rate limit has been exceeded."), 1)
    to_one = outcomes.outcome(LineAnswer(429, "Too many messages to the same user"), 1)
    assert (at_once.retry_after, to_one.retry_after) == (2, 60)


async def test_what_is_personal_goes_ahead_with_one_and_stops_where_line_refuses_what_it_says(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.answers = [(400, "The request body has 1 error(s); messages[0]: wrong")]
        outcome = await told(adapter, a_personal_dispatch())
        assert (outcome.result, outcome.blame) == (OUTCOME_RESULT_REFUSED, BLAME_CONTENT)
        assert len(adapter.line.sent) == 1


async def test_who_is_refused_is_named_by_place_and_the_keys_are_made_of_the_stored_one(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        dispatch = a_personal_dispatch()
        adapter.line.answers = [(409, "already accepted"), (400, "Failed to send messages")]
        outcome = await told(adapter, dispatch)
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert list(outcome.refused_recipients) == [1]
        keys = [sent.headers["x-line-retry-key"] for sent in adapter.line.sent]
        assert keys == [str(uuid5(UUID(dispatch.retry_key), to)) for to in (HANAKO, TARO)]
        assert "花子様" in adapter.line.sent[0].messages
        assert "【テスト送信】" in adapter.line.sent[0].messages
        assert "確認コード:ACDE-3467" in adapter.line.sent[0].messages


async def test_whom_the_allowance_does_not_reach_is_told_apart_from_who_was_told(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.answers = [(409, "accepted"), (429, "You have reached your monthly limit.")]
        some = await told(adapter, a_personal_dispatch())
        adapter.line.answers = [(429, "You have reached your monthly limit.")]
        none = await told(adapter, a_personal_dispatch(2))
        # The second may have been taken before nothing was left.
        limit = (429, "You have reached your monthly limit.")
        adapter.line.answers = [(409, "accepted"), (500, ""), limit]
        doubtful = await told(adapter, a_personal_dispatch(3))

    results = [outcome.result for outcome in (some, none, doubtful)]
    assert results == [OUTCOME_RESULT_ACCEPTED, OUTCOME_RESULT_NOT_TAKEN, OUTCOME_RESULT_TRY_AGAIN]
    assert list(some.untaken_recipients) == [1]
    for renewed in (some, none):
        day = renewed.allowance_renew_time.ToDatetime(UTC) + timedelta(hours=9)
        assert (day.day, day.hour, day.minute) == (1, 0, 0)
    assert not doubtful.HasField("allowance_renew_time")


@pytest.mark.parametrize(
    ("now", "renewed"),
    [
        (datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 30, 15, tzinfo=UTC)),
        (datetime(2026, 11, 30, 14, 59, tzinfo=UTC), datetime(2026, 11, 30, 15, tzinfo=UTC)),
        (datetime(2026, 11, 30, 15, tzinfo=UTC), datetime(2026, 12, 31, 15, tzinfo=UTC)),
    ],
)
def test_the_allowance_is_renewed_with_the_month_in_japan(now: datetime, renewed: datetime) -> None:
    assert renewal(now) == renewed


async def test_whom_line_told_is_not_asked_for_again_when_the_dispatch_is_repeated(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        # The one is told; of the other an answer is lost, and then LINE takes nothing from anybody.
        adapter.line.answers = [(200, ""), (500, ""), (403, "Access to this API is not available")]
        first = await told(adapter, a_personal_dispatch())
        again = await told(adapter, a_personal_dispatch())
        assert first.result == OUTCOME_RESULT_TRY_AGAIN
        assert again.result == OUTCOME_RESULT_ACCEPTED
        assert [sent.body["to"] for sent in adapter.line.sent] == [HANAKO, TARO, TARO, TARO]
        assert len({sent.headers["x-line-retry-key"] for sent in adapter.line.sent[1:]}) == 1


async def test_what_is_not_begun_in_an_attempts_time_is_surely_untold() -> None:
    asked: list[str] = []

    async def ask() -> LineAnswer:
        asked.append("LINE")
        return LineAnswer(200)

    answer = await tried(ask, time.monotonic() - 1)
    assert (answer.is_untaken, asked) == (True, [])


def a_personal_dispatch(number: int = 1) -> Dispatch:
    campaign = CampaignTold(
        campaign_id="0198c0de-0000-7000-8000-000000000009",
        language="ja",
        test=True,
        official_code="ACDE3467",
        each=[Told(title="防災訓練", body=f"{name}様へ") for name in ("花子", "太郎")],
    )
    return a_dispatch(
        number, prompt=None, recipients=[HANAKO, TARO], campaign=campaign, way=WAY_EACH
    )


@pytest.mark.parametrize("way", [WAY_TOGETHER, WAY_EACH])
async def test_a_place_that_is_blank_by_now_is_told_to_nobody_and_spoils_nothing(
    tmp_path: Path, way: Way.ValueType
) -> None:
    same = Told(title="防災訓練", body="日曜日です。")
    each = [Told(), same, same] if way == WAY_EACH else []
    campaign = CampaignTold(language="ja", told=same, each=each)
    async with running(tmp_path) as adapter:
        dispatch = a_dispatch(recipients=["", HANAKO, TARO], way=way, campaign=campaign)
        outcome = await told(adapter, dispatch)
        nobody = await told(adapter, a_dispatch(2, recipients=[""], way=WAY_TOGETHER))

        to = [one.body["to"] for one in adapter.line.sent]
        assert sorted(to if way == WAY_EACH else to[0]) == sorted([HANAKO, TARO])
        assert (outcome.result, list(outcome.refused_recipients)) == (OUTCOME_RESULT_ACCEPTED, [])
        assert nobody.result == OUTCOME_RESULT_ACCEPTED
