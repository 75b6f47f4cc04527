"""A provider's rate is shared by all workers of a channel, and its allowance is shown."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core import server
from core.dispatches.rules import AHEAD, KEPT, share
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import activity_pb2
from todoke.v1 import dispatches_pb2 as pb

BEGAN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

ASKED = st.tuples(
    st.integers(0, 3_000),  # Milliseconds since whoever asked before.
    st.integers(-40, 40),  # By how many this worker's clock is wrong.
    st.integers(1, 5_000),
)


@given(st.lists(ASKED, min_size=1, max_size=40), st.integers(1, 3_000))
def test_no_time_of_an_endpoint_is_given_twice(
    asked: list[tuple[int, int, int]], per_second: int
) -> None:
    pace, now, given_until = None, BEGAN, BEGAN - timedelta(days=1)
    for passed, wrong, wanted in asked:
        now += timedelta(milliseconds=passed)
        clock = now + timedelta(milliseconds=wrong)
        pace, got = share(pace, wanted=wanted, per_second=per_second, now=clock)
        begin = clock + got.delay
        assert 0 <= got.granted <= wanted
        assert got.granted == wanted or got.wait > timedelta()
        assert begin >= max(given_until, clock)
        assert got.per_second == per_second
        given_until = begin + timedelta(seconds=got.granted / per_second)
        assert abs(given_until - pace.given_until) <= timedelta(microseconds=1)
        assert given_until - clock <= timedelta(seconds=max(AHEAD, 1 / per_second) + 0.081)


@given(st.integers(1, 3_000), st.integers(1, 5_000))
def test_whoever_waits_as_long_as_was_said_gets_half_of_what_is_given_ahead(
    per_second: int, wanted: int
) -> None:
    pace, _ = share(None, wanted=10_000, per_second=per_second, now=BEGAN)
    pace, none = share(pace, wanted=wanted, per_second=per_second, now=BEGAN)
    later = BEGAN + none.wait + timedelta(microseconds=4)
    _, some = share(pace, wanted=wanted, per_second=per_second, now=later)
    assert some.granted >= min(wanted, max(int(per_second * AHEAD / 2), 1))


@given(st.lists(st.tuples(st.booleans(), ASKED), min_size=1, max_size=40), st.integers(1, 3_000))
def test_while_an_emergency_goes_on_nobody_else_gets_any(
    asked: list[tuple[bool, tuple[int, int, int]]], per_second: int
) -> None:
    pace, now, kept_until = None, BEGAN, BEGAN
    for is_emergency, (passed, _, wanted) in asked:
        now += timedelta(milliseconds=passed)
        pace, got = share(
            pace, wanted=wanted, per_second=per_second, now=now, is_emergency=is_emergency
        )
        if is_emergency:
            kept_until = max(kept_until, now + got.wait + KEPT)
        elif now < kept_until:
            assert (got.granted, now + got.wait) == (0, kept_until)


async def lease(
    core: Core, wanted: int, per_second: int = 200, *, emergency: bool = False
) -> pb.LeaseRateResponse:
    request = pb.LeaseRateRequest(
        endpoint="multicast", wanted=wanted, per_second=per_second, emergency=emergency
    )
    return await core.ask(core.dispatches.LeaseRate, request)


async def test_workers_of_two_cores_share_one_rate(a_town: Town) -> None:
    running = await server.start(a_town.settings, clock=a_town.clock)
    other = Town(running, a_town.settings, a_town.clock)
    line = await a_town.channel()
    workers = [line, other.caller(line.token)]
    try:
        totals = []
        for _ in range(3):
            shares = await asyncio.gather(*(lease(workers[n % 2], 3) for n in range(20)))
            totals.append(sum(one.granted for one in shares))
            a_town.clock.pass_by(seconds=0.025)
    finally:
        await other.close()

    assert totals == [50, 5, 5]
    assert all(one.retry_after_millis for one in shares if one.granted < 3)


async def test_an_emergency_has_the_whole_rate_until_it_needs_no_more(a_town: Town) -> None:
    line = await a_town.channel()
    assert (await lease(line, 30)).granted == 30
    granted, others = [], []
    for _ in range(4):
        granted.append((await lease(line, 20, emergency=True)).granted)
        others.append((await lease(line, 20)).granted)
        a_town.clock.pass_by(seconds=0.1)
    assert (granted, others) == ([20, 20, 20, 20], [0, 0, 0, 0])
    assert (await lease(line, 1, emergency=True)).granted == 1
    assert (await lease(line, 20)).granted == 0
    a_town.clock.pass_by(seconds=0.5)
    assert (await lease(line, 20)).granted == 20


@on_sqlite
async def test_the_least_rate_that_a_worker_names_holds_while_any_asks(a_town: Town) -> None:
    line, web = await a_town.channel(), await a_town.channel("web")
    assert (await lease(line, 1_000, per_second=100)).granted == 25
    a_town.clock.pass_by(seconds=30)
    assert (await lease(line, 1_000, per_second=1_000)).granted == 25
    assert (await lease(web, 1_000, per_second=1_000)).granted == 250
    a_town.clock.pass_by(seconds=61)
    assert (await lease(line, 1_000, per_second=1_000)).granted == 250


@on_sqlite
async def test_a_clock_that_was_set_back_holds_nothing_up(a_town: Town) -> None:
    line = await a_town.channel()
    await lease(line, 3)

    a_town.clock.pass_by(hours=-3)
    again = await lease(line, 3)

    assert (again.granted, again.begin_after_micros) == (3, 0)


async def test_an_allowance_is_shown_as_last_reported_and_noted_once_when_it_ends(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    for used in (120, 200, 200):
        request = pb.ReportQuotaRequest(
            limit=200, used=used, period="2026-11", request_id=a_request_id()
        )
        await line.ask(line.dispatches.ReportQuota, request)

    quotas = (await staff.ask(staff.dispatches.ListQuotas, pb.ListQuotasRequest())).quotas
    assert [(one.channel, one.limit, one.used, one.period) for one in quotas] == [
        ("line", 200, 200, "2026-11")
    ]
    assert await events(staff, "quota.used_up") == 1


async def events(staff: Core, kind: str) -> int:
    request = activity_pb2.ListEventsRequest(page_size=200)
    found = await staff.ask(staff.activity.ListEvents, request)
    return sum(one.kind == kind for one in found.events)
