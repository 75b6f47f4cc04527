"""Whom conditions find, as it is shown beside them: how many, where, at what cost, and some."""

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.wording import Words


def found_lines(words: Words, found: pb.SegmentPreview) -> list[str]:
    """Say how many are told on each channel, who is not, and what it costs and takes."""
    lines = [words("found.recipients", count=formats.count(found.recipients))]
    of = {one.channel: one for one in found.channels}
    for channel, number in sorted(found.by_channel.items()):
        lines += _channel_lines(words, channel, number, of.get(channel))
    lines += [
        words("found.unreachable", count=formats.count(found.unreachable)),
        words("found.left_out", count=formats.count(found.left_out)),
        words("found.cost", yen=formats.count(found.cost), time=lasting(words, found.seconds)),
    ]
    return lines


def _channel_lines(
    words: Words, channel: str, number: int, comes_to: pb.ChannelPreview | None
) -> list[str]:
    """Say how many are told on a channel, and for how many its allowance is not enough."""
    name = words.find(f"channel.{channel}") or channel
    lines = [words("found.channel", channel=name, count=formats.count(number))]
    if comes_to is not None and comes_to.cost:
        lines = [
            words(
                "found.channel_cost",
                channel=name,
                count=formats.count(number),
                yen=formats.count(comes_to.cost),
            )
        ]
    if comes_to is not None and comes_to.beyond_allowance:
        lines.append(words("found.beyond", count=formats.count(comes_to.beyond_allowance)))
    return lines


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
