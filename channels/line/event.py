"""LINE's webhook events as far as the adapter reads them; whatever else LINE sends is passed over.

LINE adds event types and fields without notice, so only what is used is required.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ID = re.compile(r"[A-Za-z0-9._-]{8,48}")
MESSAGE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
MOST_AT_ONCE = 100
PICKED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2})?")


class NotAWebhook(Exception):  # noqa: N818 - named for the event, not as an error.
    """The body is not a JSON object with a list of events."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that somebody sent."""

    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class ImageSet:
    """The place of a photograph among those that were sent at once; `number` is from 1."""

    id: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something a person did in the chat.

    `id` is the same in every delivery, and so is `reply_token`, which may be empty; `data` is that
    of a postback, `picked` the day or the day and time of LINE's picker. Of a message `message` is
    the type; what was written or sent is never logged.
    """

    id: str
    kind: str
    contact: str
    time: datetime
    is_redelivery: bool = False
    reply_token: str = ""
    data: str = field(default="", repr=False)
    picked: str = field(default="", repr=False)
    message: str = ""
    message_id: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    file_name: str = field(default="", repr=False)
    image_set: ImageSet | None = None
    place: Place | None = field(default=None, repr=False)


def read(body: bytes) -> list[Event]:
    """List the events of a webhook body that can concern us, by their time. Raises NotAWebhook."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise NotAWebhook("the body is not JSON") from wrong
    events = envelope.get("events") if isinstance(envelope, dict) else None
    if not isinstance(events, list):
        raise NotAWebhook("the body has no list of events")
    read = [event for raw in events if (event := _event(raw)) is not None]
    # LINE promises no order; of the same time they stay as they came.
    return sorted(read, key=lambda event: event.time)


def _event(raw: Any) -> Event | None:
    """Read one event; None for one in standby, without a person, or of a shape unknown to us."""
    if not isinstance(raw, dict) or raw.get("mode") != "active":
        return None
    source, context, postback, message = (
        part if isinstance(part := raw.get(name), dict) else {}
        for name in ("source", "deliveryContext", "postback", "message")
    )
    id, contact, time = raw.get("webhookEventId"), source.get("userId"), raw.get("timestamp")
    known = (
        isinstance(id, str)
        and ID.fullmatch(id)
        # In groups the account only listens: what it says there, others would read.
        and source.get("type") == "user"
        and isinstance(contact, str)
        and 1 <= len(contact) <= 128
        and type(time) is int
        and 0 <= time < 10**14
    )
    if not known:
        return None
    return Event(
        id=str(id),
        kind=str(raw.get("type")),
        contact=str(contact),
        time=datetime.fromtimestamp(int(str(time)) / 1000, UTC),
        is_redelivery=context.get("isRedelivery") is True,
        reply_token=_text(raw.get("replyToken")),
        data=_text(postback.get("data")),
        picked=_picked(postback.get("params")),
        message=_text(message.get("type")),
        message_id=_matching(MESSAGE_ID, message.get("id")),
        text=_text(message.get("text")) if message.get("type") == "text" else "",
        file_name=_text(message.get("fileName")),
        image_set=_image_set(message.get("imageSet")),
        place=_place(message) if message.get("type") == "location" else None,
    )


def _picked(params: Any) -> str:
    """Return what was picked of a day, or of a day and a time."""
    if not isinstance(params, dict):
        return ""
    return _matching(PICKED, params.get("date") or params.get("datetime")).upper()


def _place(message: dict[str, Any]) -> Place | None:
    latitude, longitude = message.get("latitude"), message.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    address = _text(message.get("address")) or _text(message.get("title"))
    return Place(float(latitude), float(longitude), address)


def _image_set(found: Any) -> ImageSet | None:
    """Read a photograph's place; None of one alone, and where an old phone tells no number."""
    if not isinstance(found, dict):
        return None
    id, number, total = found.get("id"), found.get("index"), found.get("total")
    if not isinstance(id, str) or not isinstance(number, int) or not isinstance(total, int):
        return None
    if not (1 <= len(id) <= 128 and 1 <= number <= total <= MOST_AT_ONCE):
        return None
    return ImageSet(id, number, total)


def _matching(shape: re.Pattern[str], value: Any) -> str:
    return value if isinstance(value, str) and shape.fullmatch(value) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
