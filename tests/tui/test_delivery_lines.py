"""How fast, how far and until when: what the live screen makes of the core's figures."""

from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from todoke.v1.campaigns_pb2 import (
    CAMPAIGN_STATE_CANCELLED,
    CAMPAIGN_STATE_PAUSED,
    CAMPAIGN_STATE_RUNNING,
    Campaign,
    CampaignPlan,
)
from todoke.v1.dispatches_pb2 import CampaignPace, GetDeliveryStatusResponse, Postponed
from tui.formats import SPARKS, spark
from tui.screens.campaign_plan import begun_lines
from tui.screens.delivery_lines import a_second, done, estimate, lines, total
from tui.wording import Words

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def a_campaign(**deliveries: int) -> Campaign:
    return Campaign(state=CAMPAIGN_STATE_RUNNING, recipients=1_000, deliveries=deliveries)


def test_a_campaign_ends_when_what_is_left_is_done_as_fast_as_in_the_last_minute() -> None:
    campaign = a_campaign(sent=300, failed=100, queued=600)
    pace = CampaignPace(sent_last_minute=250, failed_last_minute=50)
    assert (done(campaign), total(campaign)) == (400, 1_000)
    assert estimate(campaign, pace, NOW) == NOW + timedelta(minutes=2)


def test_while_recipients_are_laid_out_no_number_is_taken_for_all() -> None:
    words = Words("ja")
    plan = CampaignPlan(campaign=Campaign(state=CAMPAIGN_STATE_RUNNING, laying_out=True))
    assert "宛先を並べています(いままでに 0人)" in begun_lines(words, plan)[0]
    plan = CampaignPlan(campaign=Campaign(state=CAMPAIGN_STATE_RUNNING), recipients=3)
    assert "3人へ送り始めました" in begun_lines(words, plan)[0]


def test_of_what_stands_still_no_end_is_foretold() -> None:
    campaign = a_campaign(sent=400, queued=600)
    pace = CampaignPace(sent_last_minute=250)
    paused = a_campaign(sent=400, queued=600)
    paused.state = CAMPAIGN_STATE_PAUSED
    assert estimate(campaign, None, NOW) is None
    assert estimate(campaign, pace, NOW, {campaign.lane}) is None  # It waits for the allowance.
    assert estimate(paused, pace, NOW) is None
    assert estimate(a_campaign(sent=1_000), pace, NOW) is None


@pytest.mark.parametrize(
    ("in_a_minute", "written"),
    [(0, "0"), (1, "<0.1"), (90, "1.5"), (600, "10"), (120_000, "2,000")],
)
def test_a_rate_is_told_a_second(in_a_minute: int, written: str) -> None:
    assert a_second(in_a_minute) == written


def test_what_a_cancelling_dropped_was_not_done() -> None:
    campaign = a_campaign(sent=33, dropped=27)
    assert done(campaign) == 60
    campaign.state = CAMPAIGN_STATE_CANCELLED
    assert done(campaign) == 33
    assert done(a_campaign(sent=33, unknown=27)) == 33  # A person has yet to decide.


def test_what_waits_for_a_time_says_until_when_and_what_the_provider_answered() -> None:
    due = Timestamp(seconds=int(NOW.timestamp()))
    postponed = [
        Postponed(channel="line", provider_message="500 [x]", recipients=80, due_time=due),
        Postponed(channel="line", recipients=1, due_time=due),
    ]
    status = GetDeliveryStatusResponse(quiet=True, quiet_end_time=due, postponed=postponed)
    told = lines(Words("ja"), status, ()).plain
    assert "緊急のほかの配信は 11/24 10:00 まで待ちます" in told
    assert "待機 LINE 80人 11/24 10:00 からまた送ります 返答 500 [x]" in told
    assert "待機 LINE 1人 11/24 10:00 から送ります" in told


@given(st.lists(st.integers(0, 1_000_000), max_size=30))
def test_a_spark_has_a_cell_for_each_figure_and_shows_which_is_nothing_and_which_most(
    figures: list[int],
) -> None:
    drawn = spark(figures)
    assert len(drawn) == len(figures)
    for figure, cell in zip(figures, drawn, strict=True):
        assert (cell == SPARKS[0]) == (figure == 0)
        assert (cell == SPARKS[-1]) >= (figure == max(figures) > 0)
