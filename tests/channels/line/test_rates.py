"""The adapter sends no more, and no sooner, than the core gave it of LINE's rate."""

import time
from pathlib import Path

from tests.channels.fake_core import a_dispatch
from tests.channels.line.adapter import running, told
from todoke.v1.dispatches_pb2 import (
    OUTCOME_RESULT_ACCEPTED,
    LeaseRateRequest,
    LeaseRateResponse,
)


async def test_nothing_is_sent_beyond_the_share_that_the_core_gave(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        granted = [0, 0, 1]

        def lease(asked: LeaseRateRequest) -> LeaseRateResponse:
            return LeaseRateResponse(
                granted=granted.pop(0), per_second=asked.per_second, retry_after_millis=10
            )

        adapter.core.script["LeaseRate"] = lease
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert (granted, len(adapter.line.sent)) == ([], 1)
        [asked, *_] = adapter.core.calls["LeaseRate"]
        assert (asked.endpoint, asked.wanted, asked.per_second) == ("push", 1, 1_920)


async def test_more_is_asked_for_as_requests_follow_each_other(tmp_path: Path) -> None:
    async with running(tmp_path, push_rate=100) as adapter:
        for number in range(1, 6):
            outcome = await told(adapter, a_dispatch(number))
            assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert [asked.wanted for asked in adapter.core.calls["LeaseRate"]][:2] == [1, 2]


async def test_what_begins_later_is_not_sent_before(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:

        def lease(asked: LeaseRateRequest) -> LeaseRateResponse:
            return LeaseRateResponse(
                granted=asked.wanted, per_second=asked.per_second, begin_after_micros=300_000
            )

        adapter.core.script["LeaseRate"] = lease
        began = time.monotonic()
        outcome = await told(adapter, a_dispatch())
        assert outcome.result == OUTCOME_RESULT_ACCEPTED
        assert time.monotonic() - began >= 0.3
