"""How figures, moments and long names are written on screens; times are those of Asia/Tokyo."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp
from rich.cells import cell_len, set_cell_size

TOKYO = timezone(timedelta(hours=9), "JST")
"""Japan keeps no summer time, so no time zone data is needed."""

SPARKS = "·▁▂▃▄▅▆▇█"
ELLIPSIS = "…"
NOT_SHOWN = "�"


def count(number: int) -> str:
    return f"{number:,}"


def moment(time: Timestamp) -> str:
    """Month, day, hour and minute; empty where the time is not set."""
    return _local(time).strftime("%m/%d %H:%M") if time.seconds else ""


def moment_of(time: datetime) -> str:
    """Month, day, hour and minute."""
    return time.astimezone(TOKYO).strftime("%m/%d %H:%M")


def day(time: Timestamp) -> str:
    """Year, month and day; empty where the time is not set."""
    return _local(time).date().isoformat() if time.seconds else ""


def second(time: Timestamp) -> str:
    """Hour to second; empty where the time is not set."""
    return _local(time).strftime("%H:%M:%S") if time.seconds else ""


def clock(now: datetime) -> str:
    return now.astimezone(TOKYO).strftime("%H:%M:%S")


def bar(part: int, whole: int, width: int) -> str:
    """Draw a share as a bar of `width` cells; the least share is seen."""
    filled = math.ceil(width * part / whole) if whole else 0
    return "█" * min(filled, width) + "·" * (width - min(filled, width))


def spark(figures: Sequence[int]) -> str:
    """Draw figures as columns, a cell each, the highest the largest; the least that is is seen."""
    highest = max(figures, default=0)
    return "".join(
        SPARKS[math.ceil((len(SPARKS) - 1) * figure / highest)] if highest else SPARKS[0]
        for figure in figures
    )


def plain(text: str) -> str:
    """Replace what a terminal would obey rather than show; line ends become spaces."""
    flat = text.replace("\r\n", " ").replace("\n", " ")
    return "".join(NOT_SHOWN if unicodedata.category(c) == "Cc" else c for c in flat)


def size(of: int) -> str:
    """Write how long a file is."""
    if of < 1024:
        return f"{of}B"
    return f"{of / 1024:.0f}KB" if of < 1024 * 1024 else f"{of / 1024 / 1024:.1f}MB"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Make `text` exactly `width` cells wide, wide characters counted as two."""
    text = plain(text)
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(width - 1, 0)) + ELLIPSIS, width)
    return " " * (width - length) + text if right else text + " " * (width - length)


def _local(time: Timestamp) -> datetime:
    return time.ToDatetime(tzinfo=TOKYO)
