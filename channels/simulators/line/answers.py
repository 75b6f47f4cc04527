"""LINE's answers: status, body and headers, and its words for every refusal.

Source: Messaging API reference, "Error messages".
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

INVALID_REPLY_TOKEN = "Invalid reply token"  # noqa: S105 - an error message.
FAILED_TO_SEND = "Failed to send messages"
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
# LINE says that it may refuse this, but not in which words.
TOO_MANY_TO_ONE = "Too many messages to the same user"
RETRY_KEY_ACCEPTED = "The retry key is already accepted"
NOT_FOUND = "Not found"
INTERNAL = "Internal error"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint says; the request id is added on its way out."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    media_type: str = "application/json"
    raw: bytes | None = None
    """The body as it is, where it is not JSON."""

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return orjson.dumps(self.body)


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing wrong in a request body; `property` is a path such as `messages[0].text`."""

    message: str
    property: str

    def to_json(self) -> dict[str, str]:
        return {"message": self.message, "property": self.property}


class Refused(Exception):  # noqa: N818 - named for the event, not as an error.
    """LINE refuses a request, with a status and words of its own."""

    def __init__(self, status: int, message: str, details: list[Detail] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.details = details or []

    def answer(self) -> Answer:
        body: dict[str, Any] = {"message": str(self)}
        if self.details:
            body["details"] = [detail.to_json() for detail in self.details]
        return Answer(self.status, body)


def body_has_errors(details: list[Detail]) -> Refused:
    return Refused(400, f"The request body has {len(details)} error(s)", details)


def invalid_property(name: str) -> Refused:
    """Refuse a property whose value names nothing LINE knows."""
    return Refused(
        400, f"The property, {name}, in the request body is invalid (line: -, column: -)"
    )


def not_authenticated(reason: str) -> Refused:
    return Refused(401, f"Authentication failed due to the following reason: {reason}")
