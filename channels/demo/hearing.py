"""What a message is, to the one who reads it: told by its looks, as a resident tells it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from channels.demo.wording import catalogue


class Kind(StrEnum):
    """The messages a resident can get on the way from registration to money, and a circular."""

    GREETING = "greeting"
    CHALLENGE = "challenge"
    REGISTERED = "registered"
    PROMPT = "prompt"
    HANDED_OVER = "handed_over"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    RENEWAL = "renewal"
    """The roster has another home: is what was registered still so? Asked by day, once an hour."""
    CIRCULAR = "circular"
    OTHER = "other"


NOTICES = frozenset({Kind.REGISTERED, Kind.PROMPT, Kind.APPROVED, Kind.REJECTED, Kind.RENEWAL})
"""What the city sends of its own accord; all else answers a tap."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message in a chat."""

    id: str
    kind: Kind
    text: str


def heard(message: dict[str, Any], id: str = "") -> Heard:
    """Tell what a message is: by its words, or a question by its two buttons."""
    kinds = [part["type"] for part in parts(message) if part.get("type") in {"postback", "uri"}]
    text = "\n".join(str(part["text"]) for part in parts(message) if "text" in part)
    known = next((Kind(name) for name, words in _phrases() if words in text), None)
    if known is None:
        known = Kind.PROMPT if kinds.count("postback") == 2 else Kind.OTHER
    return Heard(id, known, text)


def _phrases() -> list[tuple[str, str]]:
    return list(catalogue("heard").items())


def parts(value: Any) -> list[dict[str, Any]]:
    """List every object of a message, the whole first."""
    if isinstance(value, list):
        return [part for each in value for part in parts(each)]
    if not isinstance(value, dict):
        return []
    return [value, *(part for each in value.values() for part in parts(each))]
