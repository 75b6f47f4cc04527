"""How delivery goes, in lines: by lane and channel; quotas, refusals, and what is amiss."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from textual.content import Content

from todoke.v1.campaigns_pb2 import CAMPAIGN_STATE_CANCELLED, CAMPAIGN_STATE_RUNNING, Campaign
from todoke.v1.dispatches_pb2 import (
    CampaignPace,
    GetDeliveryStatusResponse,
    Lane,
    LaneStatus,
    Quota,
)
from tui import formats
from tui.wording import Words

# The channel and lane, what waits, is in hand, is held, how long, a second, refused; at the
# end stands a column for each slice of the last minute.
WIDTHS = (11, 9, 6, 9, 6, 5, 5)
HEADS = ("channel_lane", "waiting", "in_hand", "held", "oldest", "pace", "refused")
BAR_CELLS = 10
LEAST_RATE = 0.1
SCARCE = 0.9
"""From this share on a quota is told as scarce."""


def lines(words: Words, status: GetDeliveryStatusResponse, quotas: Sequence[Quota]) -> Content:
    """Lay out all that is no campaign's."""
    heads = [words(f"column.{name}") for name in HEADS]
    parts = [
        Content.styled(f"{_row(heads)} {words('column.last_minute')}", "bold $secondary"),
        *(_lane(words, one, status) for one in status.lanes),
        *_quiet(words, status),
        *_awaiting(words, status),
        *_postponed(words, status),
        *_quotas(words, quotas),
        *_refusals(words, status),
        *_amiss(words, status),
    ]
    return Content("\n").join(parts)


def waiting_for_allowance(status: GetDeliveryStatusResponse) -> set[int]:
    """Return the lanes in which something waits until the provider's allowance is renewed."""
    return {one.lane for one in status.lanes if one.awaiting_allowance}


def estimate(
    campaign: Campaign, pace: CampaignPace | None, now: datetime, awaiting: Collection[int] = ()
) -> datetime | None:
    """Return when a campaign would end if it went on as in the last minute; None if it stands.

    Of one in a lane where something waits for the allowance nobody knows.
    """
    if campaign.lane in awaiting:
        return None
    going = pace.sent_last_minute + pace.failed_last_minute if pace else 0
    left = total(campaign) - done(campaign)
    if campaign.state != CAMPAIGN_STATE_RUNNING or not going or left <= 0:
        return None
    return now + timedelta(minutes=left / going)


def total(campaign: Campaign) -> int:
    """Return how many it is for, as far as is known."""
    return max(campaign.recipients, sum(campaign.deliveries.values()))


def done(campaign: Campaign) -> int:
    """Return of how many it is known what became of it; what a cancelling dropped was not done."""
    left = campaign.deliveries.get("queued", 0) + campaign.deliveries.get("unknown", 0)
    if campaign.state == CAMPAIGN_STATE_CANCELLED:
        left += campaign.deliveries.get("dropped", 0)
    return sum(campaign.deliveries.values()) - left


def a_second(in_a_minute: int) -> str:
    """Write a rate a second; a small one to its tenths."""
    rate = in_a_minute / 60
    if 0 < rate < LEAST_RATE:
        return f"<{LEAST_RATE}"
    return f"{rate:.1f}" if 0 < rate < 10 else formats.count(round(rate))


def _lane(words: Words, one: LaneStatus, status: GetDeliveryStatusResponse) -> Content:
    waits = status.time.seconds - one.oldest_time.seconds if one.oldest_time.seconds else None
    cells = (
        f"{words.channel(one.channel)} {words(f'lane.{Lane.Name(one.lane)}')}",
        formats.count(one.waiting),
        formats.count(one.in_hand),
        formats.count(one.held),
        "" if waits is None else _length(words, max(waits, 0)),
        a_second(one.sent_last_minute),
        formats.count(one.failed_last_minute),
    )
    urgent = one.lane == Lane.LANE_EMERGENCY and one.waiting
    tone = "$error" if one.failed_last_minute else "$warning" if urgent else ""
    return Content.assemble(
        (_row(cells), tone), " ", (formats.spark(one.sent_by_slice), "$success")
    )


def _quiet(words: Words, status: GetDeliveryStatusResponse) -> Iterator[Content]:
    if status.quiet:
        text = words("quiet_hours", time=formats.moment(status.quiet_end_time))
        yield Content.styled(text, "$warning")


def _awaiting(words: Words, status: GetDeliveryStatusResponse) -> Iterator[Content]:
    for one in status.lanes:
        if one.awaiting_allowance:
            text = words(
                "awaiting_allowance",
                channel=words.channel(one.channel),
                lane=words(f"lane.{Lane.Name(one.lane)}"),
                count=formats.count(one.awaiting_allowance),
                time=formats.moment(one.renew_time),
            )
            yield Content.styled(formats.plain(text), "$warning")


def _postponed(words: Words, status: GetDeliveryStatusResponse) -> Iterator[Content]:
    for one in status.postponed:
        text = words(
            "tried_again" if one.provider_message else "due_later",
            channel=words.channel(one.channel),
            message=one.provider_message,
            count=formats.count(one.recipients),
            time=formats.moment(one.due_time),
        )
        yield Content.styled(formats.plain(text), "$warning")


def _quotas(words: Words, quotas: Sequence[Quota]) -> Iterator[Content]:
    for one in quotas:
        if not one.limit:
            text = words(
                "quota.free",
                channel=words.channel(one.channel),
                period=one.period,
                used=formats.count(one.used),
            )
        else:
            text = words(
                "quota.of",
                channel=words.channel(one.channel),
                period=one.period,
                used=formats.count(one.used),
                limit=formats.count(one.limit),
                bar=formats.bar(one.used, one.limit, BAR_CELLS),
                share=min(one.used * 100 // one.limit, 100),
            )
        scarce = bool(one.limit) and one.used >= one.limit * SCARCE
        yield Content.styled(formats.plain(text), "$error" if scarce else "")


def _refusals(words: Words, status: GetDeliveryStatusResponse) -> Iterator[Content]:
    for one in status.refusals:
        text = words(
            "refused_lately",
            channel=words.channel(one.channel),
            message=one.provider_message or words("none"),
            count=formats.count(one.recipients),
            time=formats.second(one.last_time),
        )
        yield Content.styled(formats.plain(text), "$error")


def _amiss(words: Words, status: GetDeliveryStatusResponse) -> Iterator[Content]:
    if not status.amiss:
        yield Content.styled(words("amiss_nothing"), "$success")
    for name, number in sorted(status.amiss.items()):
        what = words.find(f"amiss.{name}") or name
        yield Content.styled(words("amiss_line", what=what, count=formats.count(number)), "$error")


def _row(cells: Sequence[str]) -> str:
    first, *figures = zip(cells, WIDTHS, strict=True)
    return " ".join(
        [formats.fit(*first), *(formats.fit(cell, width, right=True) for cell, width in figures)]
    )


def _length(words: Words, seconds: int) -> str:
    """Say how long, in the largest unit that fits."""
    if seconds < 60:
        return words("length.seconds", number=seconds)
    if seconds < 3600:
        return words("length.minutes", number=seconds // 60)
    if seconds < 86_400:
        return words("length.hours", number=seconds // 3600)
    return words("length.days", number=seconds // 86_400)
