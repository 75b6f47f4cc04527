"""Whom conditions find, as it is shown beside them: how many, where, at what cost, and some."""

from collections.abc import Mapping

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.wording import Words


def found_lines(
    words: Words, found: pb.SegmentPreview, waits: Mapping[str, int] | None = None
) -> list[str]:
    """Say how many are told on each channel, who is not, and what it costs and takes.

    `waits` is for how many a channel's allowance is not enough, where that is not to be as of now.
    """
    lines = [words("found.recipients", count=formats.count(found.recipients))]
    costs = {one.channel: one.cost for one in found.channels}
    if waits is None:
        waits = {one.channel: one.beyond_allowance for one in found.channels}
    for channel, number in sorted(found.by_channel.items()):
        lines += _channel_lines(
            words, channel, number, costs.get(channel, 0), waits.get(channel, 0)
        )
    lines += [
        words("found.unreachable", count=formats.count(found.unreachable)),
        words("found.left_out", count=formats.count(found.left_out)),
        *([words("found.capped", count=formats.count(found.capped))] if found.capped else []),
        words("found.cost", yen=formats.count(found.cost), time=lasting(words, found.seconds)),
    ]
    return lines


def _channel_lines(words: Words, channel: str, number: int, yen: int, waits: int) -> list[str]:
    """Say how many are told on a channel, and for how many its allowance is not enough."""
    said = words(
        "found.channel_cost" if yen else "found.channel",
        channel=words.channel(channel),
        count=formats.count(number),
        yen=formats.count(yen),
    )
    return [said, words("found.beyond", count=formats.count(waits))] if waits else [said]


def sample_lines(words: Words, found: pb.SegmentPreview) -> list[str]:
    """Name those who are shown as samples, and when they were born."""
    if not found.samples:
        return []
    return [
        words("found.samples"),
        *(f"  {formats.plain(f'{one.name} {one.birth_date}')}" for one in found.samples),
    ]


def lasting(words: Words, seconds: int) -> str:
    """Say how long something takes; never less than it does."""
    if seconds < 60:
        return words("lasting.seconds", count=seconds)
    minutes = -(-seconds // 60)
    if minutes < 120:
        return words("lasting.minutes", count=minutes)
    return words("lasting.hours", count=-(-minutes // 60))
