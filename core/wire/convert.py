"""Times and dates between Python and the contract."""

from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp


def to_timestamp(moment: datetime | None) -> Timestamp | None:
    """Return the message; None stays None, which leaves the field unset."""
    if moment is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def from_timestamp(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(UTC)


def to_date(day: date | None) -> str:
    """Return ISO 8601, or empty for None."""
    return day.isoformat() if day else ""
