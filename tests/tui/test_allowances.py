"""How far an allowance reaches: whom it does not, when they are told, and when nobody can say."""

from datetime import datetime

import pytest

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import Quota
from tui import allowances
from tui.formats import TOKYO

NIGHT = ("21:00", "08:00")
NOON = datetime(2026, 11, 27, 12, tzinfo=TOKYO)
FIRST = datetime(2026, 12, 1, tzinfo=TOKYO)


def found(*channels: tuple[str, int, int]) -> pb.SegmentPreview:
    return pb.SegmentPreview(
        channels=[
            pb.ChannelPreview(channel=channel, recipients=number, seconds=seconds)
            for channel, number, seconds in channels
        ]
    )


def a_quota(used: int, limit: int = 1_000) -> Quota:
    return Quota(channel="line", limit=limit, used=used, period="2026-11")


def test_what_is_enough_ends_as_fast_as_it_goes() -> None:
    end, waits = allowances.done(found(("line", 100, 60)), [a_quota(900)], NOON, NIGHT)
    assert (end, waits) == (NOON.replace(minute=1), {})


def test_whom_it_does_not_reach_are_told_from_the_first_of_the_next_month_after_the_night() -> None:
    end, waits = allowances.done(found(("line", 100, 100)), [a_quota(970)], NOON, NIGHT)
    assert (waits["line"].recipients, waits["line"].begins) == (70, FIRST)
    assert end == FIRST.replace(hour=8, minute=1, second=10)


def test_another_channel_and_one_without_a_limit_wait_for_nothing() -> None:
    both = found(("line", 100, 60), ("sms", 100, 120))
    end, waits = allowances.done(both, [a_quota(1_000, limit=0)], NOON, NIGHT)
    assert (end, waits) == (NOON.replace(minute=2), {})


@pytest.mark.parametrize(
    ("begin", "left", "renewed"),
    [
        (NOON, 10, FIRST),
        (FIRST, 1_000, datetime(2027, 1, 1, tzinfo=TOKYO)),
        (datetime(2027, 3, 5, tzinfo=TOKYO), 1_000, datetime(2027, 4, 1, tzinfo=TOKYO)),
    ],
)
def test_a_month_has_its_own_allowance(begin: datetime, left: int, renewed: datetime) -> None:
    quota = a_quota(990)
    assert allowances.left(quota, begin) == left
    assert allowances.renewal(quota, begin) == renewed


def test_where_the_next_month_is_not_enough_either_nobody_can_say() -> None:
    end, waits = allowances.done(found(("line", 2_001, 60)), [a_quota(0)], NOON, NIGHT)
    assert (end, waits["line"].ends) == (None, None)
