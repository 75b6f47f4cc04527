"""An answer is said once: by reply while the token lives, by push when it is past its end."""

import asyncio
from pathlib import Path

import pytest

from tests.channels.line.adapter import again, an_event, running


async def test_a_reply_whose_answer_was_lost_is_found_given(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = an_event("follow")
        adapter.line.answers = [(500, "")]
        assert await adapter.deliver(follow) == 503
        assert await adapter.deliver(again(follow)) == 200
        assert [sent.way for sent in adapter.line.sent] == ["reply", "reply"]


@pytest.mark.parametrize("status", [429, 500, 503, 401, 403])
async def test_a_reply_that_line_did_not_take_is_given_at_the_redelivery(
    tmp_path: Path, status: int
) -> None:
    async with running(tmp_path) as adapter:
        follow = an_event("follow")
        adapter.line.answers = [(status, "no")]
        assert await adapter.deliver(follow) == 503
        assert await adapter.deliver(again(follow)) == 200
        assert len(adapter.line.sent) == 2


async def test_a_reply_that_line_never_answers_is_not_taken_for_given(tmp_path: Path) -> None:
    async with running(tmp_path, send_timeout=2) as adapter:
        adapter.line.hold = asyncio.Event()
        follow = an_event("follow")
        assert await adapter.deliver(follow) == 503
        adapter.line.hold.set()
        adapter.line.hold = None
        assert await adapter.deliver(again(follow)) == 200


async def test_a_reply_that_line_refuses_for_good_is_not_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        adapter.line.answers = [(400, "The request body has 1 error(s)")]
        assert await adapter.deliver(an_event("follow")) == 200


async def test_past_the_token_s_end_the_answer_is_pushed_under_one_key(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = again(an_event("follow", minutes_ago=21))
        adapter.line.answers = [(400, "Invalid reply token"), (500, "")]
        assert await adapter.deliver(follow) == 503
        adapter.line.answers = [(400, "Invalid reply token"), (409, "already")]
        assert await adapter.deliver(follow) == 200
        pushes = [sent for sent in adapter.line.sent if sent.way == "push"]
        first, second = (sent.headers["x-line-retry-key"] for sent in pushes)
        assert first == second
        assert all("x-line-retry-key" not in sent.headers for sent in adapter.line.sent[::2])


async def test_a_reply_in_doubt_is_never_doubled_by_a_push(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = again(an_event("follow", minutes_ago=21))
        adapter.line.answers = [(500, "")]
        assert await adapter.deliver(follow) == 503
        adapter.line.answers = [(400, "Invalid reply token")]
        assert await adapter.deliver(follow) == 200
        assert [sent.way for sent in adapter.line.sent] == ["reply", "reply"]


async def test_an_event_without_a_token_is_answered_by_push(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        assert await adapter.deliver(an_event("follow", replyToken=None)) == 200
        assert [sent.way for sent in adapter.line.sent] == ["push"]


async def test_a_day_later_nothing_is_pushed_any_more(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        follow = an_event("follow", replyToken=None, minutes_ago=24 * 60)
        assert await adapter.deliver(again(follow)) == 200
        assert adapter.line.sent == []
